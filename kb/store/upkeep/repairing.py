"""Repairs what can be made again out of what is whole: words, vectors, labels, jobs, permissions, stray files; and puts
back lost originals, found by their SHA-256 in backups and in folders that are named.

Never deletes a document, a passage, a statistic or an original that a document has; what it moves or changes is
set aside first. Analysed words and vectors come ready-made from whoever calls.
"""

import hashlib
import json
import shutil
import sqlite3
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from kb.records.document import Passage
from kb.records.errors import BaseError, KnowledgeBaseError
from kb.records.language import Language
from kb.records.messages import Message, say, told
from kb.records.ports import PassageVectors, WordAnalyser
from kb.store import writing
from kb.store.base import DATABASE, Store
from kb.store.disk.acknowledged import ENDING
from kb.store.disk.copies import copy_database
from kb.store.disk.originals import SET_ASIDE
from kb.store.tables import columns, labels, rows, steps
from kb.store.tables.cells import Cell, select, text
from kb.store.tables.steps import Sql
from kb.store.upkeep.checking import DERIVED, wrong_labels, wrong_vectors
from kb.store.upkeep.checking_rows import (
    StoreFault,
    StoreFinding,
    Widths,
    damaged_rows,
    left_over_files,
    lost_uploads,
    no_runner,
    open_to_others,
    stray_originals,
)
from kb.store.upkeep.mending import Makers, Repair, RowMender

LOST = say("its_files_are_gone_send_them")
_IN_DATABASE = {
    StoreFault.ROW,
    StoreFault.RECORD,
    StoreFault.FOREIGN_ROW,
    StoreFault.WORDS,
    StoreFault.VECTORS,
    StoreFault.LABELS,
    StoreFault.STALE_JOB,
    StoreFault.LOST_UPLOAD,
}

_Embed = Callable[[Sequence[Passage]], Sequence[PassageVectors]]
"""Passages to what the model of the base makes of them; raises ModelError where there is another model."""


class Repairer:
    """Repairs an open base; ``now`` names the folder in which what was there before is set aside. ``makers`` make again
    what damaged rows held, ``token_bytes`` tells what one token of a passage takes."""

    def __init__(
        self,
        store: Store,
        words: WordAnalyser,
        embed: _Embed,
        now: datetime,
        makers: Makers | None = None,
        token_bytes: Callable[[], int | None] = lambda: None,
    ) -> None:
        self._rows = RowMender(store, makers, now)
        self._token_bytes = token_bytes
        self._store = store
        self._words = words
        self._embed = embed
        self._now = now
        self.folder = folder_aside(store.folder, now)
        # Whether anything was put there.
        self.set_aside = False

    def repair(self, findings: Sequence[StoreFinding]) -> list[Repair]:
        """A line for each thing that was done or refused, in the order of the findings; BaseError when what is
        there cannot be set aside: then nothing is touched."""
        kinds = list(dict.fromkeys(finding.kind for finding in findings))
        if _IN_DATABASE & set(kinds):
            self._copy_aside()
        refused = [
            Repair(one.thing, False, say("reason_and_hint", first=one.fault, then=one.cure))
            for one in findings
            if not one.kind.repairable
        ]
        return [*(line for kind in kinds if kind in self._actions for line in self._done(kind)), *refused]

    @property
    def _actions(self) -> dict[StoreFault, Callable[[], Iterable[Repair]]]:
        return {
            StoreFault.ROW: self._rows.mend,
            StoreFault.RECORD: self._rows.read_unlawful,
            StoreFault.FOREIGN_ROW: self._drop_foreign_rows,
            StoreFault.WORDS: self._make_words,
            StoreFault.VECTORS: self._make_vectors,
            StoreFault.LABELS: self._write_labels,
            StoreFault.STALE_JOB: self._queue_jobs,
            StoreFault.LOST_UPLOAD: self._end_lost_jobs,
            StoreFault.STRAY_ORIGINAL: self._move_strays,
            StoreFault.TEMPORARY: self._remove_left_over,
            StoreFault.PERMISSIONS: self._close_to_others,
        }

    def _done(self, kind: StoreFault) -> list[Repair]:
        try:
            return list(self._actions[kind]())
        except (KnowledgeBaseError, OSError) as error:
            return [Repair(kind.value, False, told(error))]

    def set_aside_all(self) -> None:
        """Copy the database and the file of what was acknowledged."""
        self._copy_aside()
        if (self._store.folder / f"{DATABASE}{ENDING}").exists():
            shutil.copyfile(self._store.folder / f"{DATABASE}{ENDING}", self.folder / f"{DATABASE}{ENDING}")
            (self.folder / f"{DATABASE}{ENDING}").chmod(0o600)

    def _copy_aside(self) -> None:
        self._aside()
        if (self.folder / DATABASE).exists():
            return
        try:
            copy_database(self._store.folder / DATABASE, self.folder / DATABASE)
        except (OSError, sqlite3.Error) as error:
            with suppress(OSError):  # half a copy would pass for one
                (self.folder / DATABASE).unlink(missing_ok=True)
            raise self._not_aside(say("could_not_be_written", error=error)) from error

    def _aside(self) -> None:
        self.set_aside = True
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise self._not_aside(say("cannot_be_made", error=error.strerror)) from error

    def _not_aside(self, reason: Message) -> BaseError:
        return BaseError(say("folder", parent=self.folder), reason, say("nothing_was_changed_free_some_space"))

    # -- what is derived in the database ---------------------------------------------------

    def _drop_foreign_rows(self) -> Iterable[Repair]:
        with self._store._connections.write() as connection:
            for table, (column, parent) in DERIVED.items():
                wanted = "key" if parent == "passages" else "id"
                count = connection.execute(
                    f"DELETE FROM {table} WHERE {column} NOT IN (SELECT {wanted} FROM {parent})"  # noqa: S608
                ).rowcount
                if count:
                    yield Repair(say("table", row=table), True, say("removed_rows_that_belong_to_nothing", count=count))

    def _make_words(self) -> Iterable[Repair]:
        """The word tables anew: a damaged one cannot be trusted to delete a row."""
        with self._store._connections.write() as connection:
            for language in Language:
                passages = _live(connection, language)
                steps.renew_word_table(connection, language)
                for key, passage in passages:
                    plain, stemmed = self._words.plain(passage.text), self._words.analyse(passage.text, language)
                    writing.insert_words(connection, key, language, plain, stemmed)
                yield Repair(
                    say("word_index", language=language.value),
                    True,
                    say("made_anew_from_passages", count=len(passages)),
                )
            writing.bump_version(connection)

    def _make_vectors(self) -> Iterable[Repair]:
        keys = wrong_vectors(self._store, self._token_bytes())
        passages = self._store.passages(keys)
        made = dict(zip(passages, self._embed(list(passages.values())), strict=True)) if passages else {}
        with self._store._connections.write() as connection:
            over = "DELETE FROM vectors WHERE key IN (SELECT key FROM passages WHERE live = 0)"
            removed = connection.execute(over).rowcount
            for key, one in made.items():
                connection.execute("INSERT OR REPLACE INTO vectors VALUES (?, ?, ?, ?)", rows.vector_row(key, one))
            writing.bump_version(connection)
        yield Repair(say("vectors"), True, say("made_anew_and_removed", count=len(made), removed=removed))

    def _write_labels(self) -> Iterable[Repair]:
        keys = wrong_labels(self._store)
        passages = self._store.passages(keys)
        with self._store._connections.write() as connection:
            for row in list(damaged_rows(connection, Widths())):
                if row.table in labels.OF_PASSAGES:
                    where, values = row.where
                    connection.execute(f"DELETE FROM {row.table} WHERE {where}", values)  # noqa: S608
            for key, passage in passages.items():
                labels.replace(connection, key, passage)
            writing.bump_version(connection)
        yield Repair(say("labels"), True, say("written_anew_for_passages_from_their", count=len(passages)))

    # -- jobs ------------------------------------------------------------------------------

    def _queue_jobs(self) -> Iterable[Repair]:
        with no_runner(self._store) as alone:
            if alone:
                yield Repair(say("jobs"), True, say("queued_again_kb_serve_goes", count=self._store.jobs.put_back()))
            else:
                yield Repair(say("jobs"), False, say("a_server_runs_them_now"))

    def _end_lost_jobs(self) -> Iterable[Repair]:
        with no_runner(self._store) as alone:
            for job in lost_uploads(self._store) if alone else ():
                self._store.jobs.finish(job, self._now, LOST)
                yield Repair(say("job", job=job), True, say("ended_as_failed", lost=LOST))

    # -- files -----------------------------------------------------------------------------

    def _move_strays(self) -> Iterable[Repair]:
        self._aside()
        with self._store._connections.write() as connection:  # nobody adds a document with these bytes meanwhile
            for path in stray_originals(self._store, connection):
                path.rename(self.folder / path.name)
                yield Repair(say("original", sha256=path.name), True, say("moved_to", folder=self._named(self.folder)))

    def _remove_left_over(self) -> Iterable[Repair]:
        for path in left_over_files(self._store):
            for part in sorted(path.rglob("*"), reverse=True) if path.is_dir() else ():
                part.rmdir() if part.is_dir() else part.unlink()
            path.rmdir() if path.is_dir() else path.unlink()
            yield Repair(say("file", target=self._named(path)), True, say("removed_the_run_that_wrote"))

    def _close_to_others(self) -> Iterable[Repair]:
        for path in open_to_others(self._store):
            path.chmod(0o700 if path.is_dir() else 0o600)
            yield Repair(say("file", target=self._named(path)), True, say("only_its_owner_can_read"))

    def _named(self, path: Path) -> str:
        return str(path.relative_to(self._store.folder))


def folder_aside(base: Path, now: datetime) -> Path:
    """Where what a repair of this moment changes is put first."""
    return base / SET_ASIDE / now.strftime("%Y%m%dT%H%M%SZ")


def _live(connection: Sql, language: Language) -> list[tuple[int, Passage]]:
    query = "SELECT key, record FROM passages WHERE live = 1 AND language = ? ORDER BY key"
    return select(connection, query, (language.value,), columns.PASSAGES["key"], columns.PASSAGES["record"])


# Where the backups of a base were written is remembered for this many.
_REMEMBERED = 20
_PLACES = "backups"
_VALUE = Cell("meta", "value", text)


def remember_backup(store: Store, folder: Path) -> None:
    """Write down where a backup is; the oldest of many are forgotten."""
    places = [str(folder.resolve()), *(str(place) for place in _known_backups(store) if place != folder.resolve())]
    with store._connections.write() as connection:
        row = (_PLACES, json.dumps(places[:_REMEMBERED]))
        connection.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", row)


def _known_backups(store: Store) -> list[Path]:
    """Where the backups of this base were written, the newest first."""
    rows = store._all("SELECT value FROM meta WHERE key = ?", (_PLACES,), _VALUE)
    try:
        return [Path(place) for place in json.loads(rows[0][0])] if rows else []
    except (ValueError, TypeError):
        return []


def put_back(store: Store, documents: Collection[str], folders: Sequence[Path]) -> list[Repair]:
    """A line for each of these documents (ids) whose original was found in a backup of this base or below one of the
    folders, and is put back."""
    wanted = {document_id: store.document(document_id) for document_id in documents}
    repairs = []
    for identity, document in wanted.items():
        found = _found(document.sha256, [*_known_backups(store), *folders])
        if found is None:
            continue
        data, place = found
        thing = say("document_of_source", document=identity, source=document.source_id)
        try:
            store.put_back_original(data)
            repairs.append(Repair(thing, True, say("its_original_was_put_back", place=place)))
        except KnowledgeBaseError as error:
            repairs.append(Repair(thing, False, told(error)))
    return repairs


def _found(sha256: str, folders: Sequence[Path]) -> tuple[bytes, Path] | None:
    """The bytes with this hash and where they lie, first where a backup keeps them."""
    for folder in folders:
        for path in _candidates(sha256, folder):
            try:
                data = path.read_bytes()
            except OSError:
                continue
            if hashlib.sha256(data).hexdigest() == sha256:
                return data, path
    return None


def _candidates(sha256: str, folder: Path) -> Iterator[Path]:
    kept = folder / "originals" / sha256[:2] / sha256
    if (folder / "originals").is_dir():
        yield kept
        return
    yield from (path for path in sorted(folder.rglob("*")) if path.is_file()) if folder.is_dir() else [folder]
