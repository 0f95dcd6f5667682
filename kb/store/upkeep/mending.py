"""The mending of damaged rows: what a record says is written anew, a document is read again from its original, and
what nothing can make again is taken out, its bytes kept in the copy that was set aside.

Owns which of these holds for which table. How a document is read or a model is told comes from whoever calls.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from kb.records.document import Document, Passage
from kb.records.errors import KnowledgeBaseError
from kb.records.messages import say, told
from kb.records.operation import OPERATOR, Job, JobState
from kb.records.ports import FloatArray, ModelStamp
from kb.store import writing
from kb.store.base import Store
from kb.store.disk.originals import INCOMING
from kb.store.entry import StoredFingerprint
from kb.store.tables import columns, rows, steps
from kb.store.tables.cells import UNFIT, blob, lenient, named
from kb.store.tables.steps import Sql
from kb.store.upkeep.checking import unlawful, whole
from kb.store.upkeep.checking_rows import AGAIN, RESTORE, DamagedRow, Widths, damaged_rows

_TEXTS = ("documents", "passages", "statistics")
_MADE_AGAIN = say("it_is_made_again")
_AGAIN = {
    "aliases": say("its_source_is_looked_at_again"),
    "sources": say("its_source_is_known_by_name_alone"),
    "places": say("it_is_written_again_when"),
    "failures": say("its_source_is_tried_again_when"),
    "keys": say("make_another_one_kb_key_create"),
    "replies": say("a_repeated_request_is_taken"),
    "searches": say("save_the_search_again"),
    "webhooks": say("add_the_webhook_again_kb_webhook"),
    "deliveries": say("that_message_is_not_sent"),
    "own_topics": say("apply_your_topics_again_kb_topics"),
    "taggings": say("the_topics_of_that_document_count"),
    "jobs": say("its_files_are_gone_send_them"),
}
_OLD_READING = "0"
# Current documents whose fingerprint, or a part of its sample, is not there.
_WITHOUT_FINGERPRINT = f"""
SELECT record FROM documents LEFT JOIN fingerprints ON document_id = id
WHERE current = 1 AND (document_id IS NULL OR min({steps.SAMPLE}, length(runs) / 4) >
    (SELECT count(*) FROM fingerprint_samples WHERE fingerprint_samples.document_id = documents.id))
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Repair:
    """What was done about a kind of fault, or why it was not."""

    thing: str
    done: bool
    what: str


@dataclass(frozen=True, slots=True)
class Makers:
    """What makes again what the store cannot: ``fingerprint`` of a document; ``model``, which tells whose a vector of
    a passage is, null for nobody's; ``reread``, which reads the original of a source again, with what was known of it
    (null where that is lost), and writes the document unless it is only tried."""

    fingerprint: Callable[[Document], StoredFingerprint]
    model: Callable[[Passage, FloatArray], ModelStamp | None]
    reread: Callable[[str, bytes, Document | None, bool], None]


class RowMender:
    """Mends the damaged rows of an open base; ``now`` is the time."""

    def __init__(self, store: Store, makers: Makers | None, now: datetime) -> None:
        self._store = store
        self._makers = makers
        self._now = now

    def read_unlawful(self) -> Iterator[Repair]:
        """A line for each document that is read again, for a passage or statistic is not what stands in its text."""
        for document_id in unlawful(self._store):
            yield self._read_again(document_id)

    def mend(self) -> Iterator[Repair]:
        """A line for each row that was mended, taken out or left."""
        reader = self._store._connections.read()
        found = [row for row in damaged_rows(reader, Widths()) if row.table != "vectors"]
        again: dict[str, None] = {}
        for row in found:
            if row.table in _TEXTS and row.record is None:
                again |= dict.fromkeys(self._documents_of(row))
            else:
                yield self._mended(row)
        # Reading one looks at the records of all: first none of them may be in the way.
        aside = {document_id: raw for document_id in again if (raw := self._stand_in(document_id)) is not None}
        for document_id in again:
            repair = self._read_again(document_id, lost=document_id in aside)
            if not repair.done and document_id in aside:
                self._put_back(document_id, aside[document_id])
            yield repair

    def _mended(self, row: DamagedRow) -> Repair:
        thing = named(row.table, row.name, ", ".join(row.faults))
        try:
            with self._store._connections.write() as connection:
                done, what = self._do(connection, row)
                writing.bump_version(connection)
        except (KnowledgeBaseError, *UNFIT) as error:
            return Repair(thing, False, told(error))
        return Repair(thing, done, what)

    def _do(self, connection: Sql, row: DamagedRow) -> tuple[bool, str]:
        if row.table == "meta":
            return self._meta(connection, row)
        if row.table in ("fingerprints", "fingerprint_samples"):
            return self._fingerprint(connection, row)
        if row.table == "sources" and row.faults.keys() == {"owner"}:
            _update(connection, row, {"owner": OPERATOR.owner})
            return True, say("belongs_to_the_operator_a_key")
        if row.table == "jobs" and row.record is None:
            return self._job(connection, row)
        if row.record is not None and (wanted := self._wanted(connection, row)) is not None:
            _update(connection, row, wanted)
            return True, say("written_anew_from_its_record")
        _delete(connection, row)
        return True, say("set_aside", then=_AGAIN.get(row.table, _MADE_AGAIN))

    def _wanted(self, connection: Sql, row: DamagedRow) -> dict[str, object] | None:
        """What the damaged columns have to be, by the record of the row; null where it does not say it of one."""
        known = columns.repeated(row.table, row.record)
        if row.table in _TEXTS:
            known |= _placed(connection, row)
        if row.table == "jobs":
            known |= {"caller": "unknown"}
        return {column: known[column] for column in row.faults} if row.faults.keys() <= known.keys() else None

    # -- tables of their own kind -------------------------------------------------------------

    def _meta(self, connection: Sql, row: DamagedRow) -> tuple[bool, str]:
        key = row.values["key"]
        if key == "model":
            return self._model(connection)
        if key == "acknowledged":
            _delete(connection, row)
            return True, say("counted_again_from_what_was_acknowledged")
        if key in ("version", "added"):
            # Beyond every count of changes there was, so that nothing takes the base for one it has seen.
            writing.write_meta(connection, "version", str(int(self._now.timestamp())))
            writing.write_meta(connection, "added", "0")
            return True, say("counted_from_now")
        _delete(connection, row)
        return True, say("set_aside_it_is_no_value")

    def _model(self, connection: Sql) -> tuple[bool, str]:
        query = "SELECT record, passage FROM passages JOIN vectors USING (key) WHERE live = 1 ORDER BY key"
        with lenient(connection):
            found = connection.execute(query).fetchall()
        for record, value in found if self._makers else ():
            try:
                passage, vector = rows.PASSAGE.load(record), rows.load_passage_blob(blob(value))
            except UNFIT:
                continue
            stamp = self._makers.model(passage, vector) if self._makers else None
            if stamp is None:
                break
            writing.write_meta(connection, "model", rows.STAMP.dump(stamp))
            return True, say("the_vectors_are_those", stamp=stamp.name)
        return False, say("the_vectors_are_not_those")

    def _fingerprint(self, connection: Sql, row: DamagedRow) -> tuple[bool, str]:
        _delete(connection, row)
        with lenient(connection):
            found = connection.execute(_WITHOUT_FINGERPRINT).fetchall()
        for (record,) in found if self._makers else ():
            document = rows.DOCUMENT.load(record)
            if self._makers is not None:
                connection.execute("DELETE FROM fingerprints WHERE document_id = ?", (document.id,))
                writing.insert_fingerprint(connection, document.id, self._makers.fingerprint(document))
        return True, say("made_anew_from_the_text")

    def _job(self, connection: Sql, row: DamagedRow) -> tuple[bool, str]:
        """A job whose files are there waits again, whatever was known of it: they are not to be lost."""
        folder = self._store.folder / INCOMING / str(row.values["id"])
        if not {"id", "number"} & row.faults.keys() and _is_inside(folder, self._store.folder / INCOMING):
            job = Job(folder.name, JobState.QUEUED, self._now, max(1, sum(1 for _ in folder.iterdir())))
            caller = "unknown" if "caller" in row.faults else row.values["caller"]
            wanted = {"state": job.state.value, "caller": caller, "record": columns.JOB.dump(job)}
            _update(connection, row, wanted)
            return True, say("waits_again_its_files_are_there")
        _delete(connection, row)
        return True, say("set_aside", then=_AGAIN["jobs"])

    # -- documents ---------------------------------------------------------------------------

    def _documents_of(self, row: DamagedRow) -> Sequence[str]:
        """The ids of the documents that a damaged row is a part of."""
        connection = self._store._connections.read()
        if row.table == "documents":
            return [str(row.values["id"])]
        if row.table == "passages":
            return [str(row.values["document_id"])]
        query = "SELECT document_id FROM passages WHERE key IS ?"
        with lenient(connection):
            return [str(document) for (document,) in connection.execute(query, (row.values["key"],)).fetchall()]

    def _stand_in(self, document_id: str) -> bytes | None:
        """Put a record without a text in place of a damaged one of a current document; the bytes that stood there,
        null where the record is whole or cannot be read again."""
        query = "SELECT CAST(record AS BLOB), source_id, version, sha256 FROM documents WHERE id = ? AND current = 1"
        with self._store._connections.write() as connection:
            with lenient(connection):
                found = connection.execute(query, (document_id,)).fetchone()
            try:
                raw, source_id, version, sha256 = found
                rows.DOCUMENT.load(raw)
            except UNFIT:
                if found is None:
                    return None
            else:
                return None
            empty = Document(document_id, source_id, None, (), None, None, None, "text/plain", sha256, "", (), ())
            record = rows.DOCUMENT.dump(replace(empty, version=version))
            connection.execute("UPDATE documents SET record = ? WHERE id = ?", (record, document_id))
            writing.bump_version(connection)
        return bytes(raw)

    def _put_back(self, document_id: str, raw: bytes) -> None:
        with self._store._connections.write() as connection:
            connection.execute("UPDATE documents SET record = CAST(? AS TEXT) WHERE id = ?", (raw, document_id))
            writing.bump_version(connection)

    def _read_again(self, document_id: str, *, lost: bool = False) -> Repair:
        """Read the original again and write the document anew, its damaged rows taken out; ``lost`` says that nothing
        is known of it but its original and its name."""
        thing = say("document", document=document_id)
        query = "SELECT source_id, sha256, current, record FROM documents WHERE id = ?"
        kept = columns.DOCUMENTS
        try:
            found = self._store._all(
                query, (document_id,), *(kept[name] for name in ("source_id", "sha256", "current", "record"))
            )
            if self._makers is None:
                return Repair(thing, False, say("is_not_read_again_here", again=AGAIN))
            if not found or not found[0][2]:
                return Repair(thing, False, say("is_no_current_document", restore=RESTORE))
            source_id, sha256, _, document = found[0]
            original, known = self._store.original(sha256), None if lost else document
            self._as_old(document_id)
            self._makers.reread(source_id, original, known, True)
            self._take_out(document_id)
            self._makers.reread(source_id, original, known, False)
            self._forget_stand_ins(sha256)
        except (KnowledgeBaseError, *UNFIT) as error:
            return Repair(thing, False, say("cannot_be_read_again", error=told(error)))
        again = say("read_again_from_its_original_what") if lost else say("read_again_from_its_original")
        return Repair(thing, True, again)

    def _as_old(self, document_id: str) -> None:
        """Have a document taken for one of an older reading; the cleaning rules it was read with stay noted."""
        rules = "CASE WHEN instr(reading, '+') THEN substr(reading, instr(reading, '+')) ELSE '' END"
        with self._store._connections.write() as connection:
            update = f"UPDATE documents SET reading = ? || {rules} WHERE id = ?"  # noqa: S608
            connection.execute(update, (_OLD_READING, document_id))
            writing.bump_version(connection)

    def _take_out(self, document_id: str) -> None:
        """Take out the damaged passages and statistics of a document."""
        of_passages = "key IN (SELECT key FROM passages WHERE document_id = ?)"
        with self._store._connections.write() as connection:
            for row in list(damaged_rows(connection, Widths())):
                where, values = row.where
                if row.table == "passages" and row.values["document_id"] == document_id:
                    connection.execute(f"DELETE FROM passages WHERE {where}", values)  # noqa: S608
                elif row.table == "statistics":
                    delete = f"DELETE FROM statistics WHERE {where} AND {of_passages}"  # noqa: S608
                    connection.execute(delete, [*values, document_id])
            writing.bump_version(connection)

    def _forget_stand_ins(self, sha256: str) -> None:
        """Former readings of a document whose text is lost say nothing."""
        empty = "DELETE FROM documents WHERE current = 0 AND sha256 = ? AND json_extract(record, '$.text') = ''"
        with self._store._connections.write() as connection:
            connection.execute(empty, (sha256,))


def _placed(connection: Sql, row: DamagedRow) -> dict[str, object]:
    """What the columns of a row have to be that say where it stands among others."""
    one = row.record
    if row.table == "documents":
        live = "SELECT EXISTS (SELECT 1 FROM passages WHERE document_id = ? AND live = 1)"
        return {"current": connection.execute(live, (one.id,)).fetchone()[0], "reading": _OLD_READING}
    if row.table == "passages":
        query = "SELECT record FROM passages WHERE document_id = ?"
        before = "SELECT current FROM documents WHERE id = ?"
        current = connection.execute(before, (one.document_id,)).fetchone()
        others = _loaded(connection, rows.PASSAGE, query, one.document_id)
        position = sum(other.span.start < one.span.start for other in others)
        return {"position": position, "live": current[0] if current else 0}
    home = connection.execute("SELECT key FROM passages WHERE id = ?", (one.passage_id,)).fetchone()
    if home is None:
        return {}
    beside = _loaded(connection, rows.STATISTIC, "SELECT record FROM statistics WHERE key = ?", home[0])
    position = sum((other.span, other.id) < (one.span, one.id) for other in beside)
    return {"key": home[0], "position": position}


def _loaded(connection: Sql, form: rows.RowFormat[rows.Record], query: str, value: object) -> list[rows.Record]:
    """The records of these rows that are whole."""
    with lenient(connection):
        return list(whole(form, connection.execute(query, (value,)).fetchall()))


def _update(connection: Sql, row: DamagedRow, wanted: dict[str, object]) -> None:
    where, values = row.where
    assigned = ", ".join(f"{column} = ?" for column in wanted)
    connection.execute(f"UPDATE {row.table} SET {assigned} WHERE {where}", [*wanted.values(), *values])  # noqa: S608


def _delete(connection: Sql, row: DamagedRow) -> None:
    where, values = row.where
    connection.execute(f"DELETE FROM {row.table} WHERE {where}", values)  # noqa: S608


def _is_inside(folder: Path, parent: Path) -> bool:
    return folder.parent == parent and folder.name not in ("", ".", "..") and folder.is_dir()
