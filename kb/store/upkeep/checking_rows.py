"""Every value of every table against what its column holds, and against the record beside it; and the closed list of
what can be wrong with a base. Changes nothing.

A damaged row never hides another: text comes whatever its bytes, and each value is looked at by itself.
"""

import fcntl
import os
import stat
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Any

from kb.records.errors import BaseError, NotFoundError
from kb.records.messages import say
from kb.records.operation import JobState
from kb.store.base import DATABASE, Store
from kb.store.disk.acknowledged import ENDING
from kb.store.disk.originals import INCOMING, LEFT_OVER_SECONDS, LOCK
from kb.store.disk.space import disk_time
from kb.store.tables import columns
from kb.store.tables.cells import KEYS, UNFIT, Cell, lenient, name, named, printable, reason_of, text, utf8
from kb.store.tables.steps import Sql


class StoreFault(Enum):
    """The kinds of fault. What is derived from something whole can be repaired; documents and originals cannot."""

    FILE = "file"
    ROW = "row"
    LOSS = "loss"
    FOREIGN_ROW = "foreign_row"
    WORDS = "words"
    VECTORS = "vectors"
    LABELS = "labels"
    RECORD = "record"
    ORIGINAL = "original"
    STRAY_ORIGINAL = "stray_original"
    TEMPORARY = "temporary"
    PERMISSIONS = "permissions"
    STALE_JOB = "stale_job"
    LOST_UPLOAD = "lost_upload"
    INDEX = "index"

    @property
    def repairable(self) -> bool:
        """Whether ``kb doctor --fix`` can mend it without losing anything."""
        return self not in (StoreFault.FILE, StoreFault.ORIGINAL)


@dataclass(frozen=True, slots=True)
class StoreFinding:
    """Something that is not as it should be: the thing, the fault, what to do, and which kind of fault it is."""

    thing: str
    fault: str
    cure: str
    kind: StoreFault


REPAIR = say("repair_it_kb_doctor_fix")
BY_HAND = say("do_it_again_what_that_takes")
RESEND = say("send_its_files_again")
AGAIN = say("ingest_its_source_again_kb_ingest")
RESTORE = say("restore_a_backup_kb_restore_folder")


_AT_ONCE = 256
# Tables whose rows follow from passages: what is wrong with one is a fault of that kind, and repaired as one.
_KINDS = {
    "vectors": StoreFault.VECTORS,
    "passage_topics": StoreFault.LABELS,
    "passage_subtopics": StoreFault.LABELS,
    "passage_own_topics": StoreFault.LABELS,
}


@dataclass(frozen=True, slots=True)
class DamagedRow:
    """A row with values that are none: ``values`` as they stand there by column, ``faults`` the reasons by column,
    ``record`` what its record says, null where that is damaged too or there is none."""

    table: str
    values: Mapping[str, object]
    faults: Mapping[str, str]
    record: Any = field(default=None)

    @property
    def name(self) -> str:
        """What the row is called."""
        return printable(self.values.get(KEYS[self.table]))

    @property
    def where(self) -> tuple[str, list[object]]:
        """The SQL condition that exactly this row fulfils, with its values."""
        conditions, values = [], []
        for column, value in self.values.items():
            is_text = isinstance(value, str)
            conditions.append(f"{column} IS {'CAST(? AS TEXT)' if is_text else '?'}")
            values.append(value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value)
        return " AND ".join(conditions), values


@dataclass(frozen=True, slots=True)
class Widths:
    """How long vectors and packed tokens have to be: the dimension of the model, and the bytes of one token, null
    where they are not known or there are none."""

    dimension: int | None = None
    token: int | None = None


def row_findings(connection: Sql, widths: Widths) -> Iterator[StoreFinding]:
    """A finding for each damaged value."""
    for row in damaged_rows(connection, widths):
        for column, reason in row.faults.items():
            yield StoreFinding(
                named(row.table, row.name, column), reason, REPAIR, _KINDS.get(row.table, StoreFault.ROW)
            )


def damaged_rows(connection: Sql, widths: Widths) -> Iterator[DamagedRow]:
    """Every row with a damaged value, table by table."""
    yield from _meta(connection)
    homes, misplaced = _homes(connection), _misplaced(connection)
    for table, cells in columns.TABLES.items():
        cells = {**cells, **_vectors(widths)} if table == "vectors" else cells
        for values in _rows(connection, table, cells):
            faults = {column: reason for column, cell in cells.items() if (reason := _fault(cell, values[column]))}
            record = cells["record"].load(values["record"]) if "record" in cells and "record" not in faults else None
            faults |= _unlike(table, values, record, faults)
            if table == "passages" and values["key"] in misplaced and "position" not in faults:
                faults |= {"position": say("is_not_its_place")}
            if table == "statistics" and record is not None and homes.get(record.passage_id) != values["key"]:
                faults |= {"key": say("is_not_that_of_its_passage")}
            if faults:
                yield DamagedRow(table, values, faults, record)


def _homes(connection: Sql) -> dict[object, object]:
    """The keys of the passages by their ids, whatever these are."""
    with lenient(connection):
        return dict(connection.execute("SELECT id, key FROM passages").fetchall())


def _misplaced(connection: Sql) -> set[object]:
    """The keys of passages whose positions do not rise as their spans do, where both can be read."""
    start = "json_extract(CASE WHEN json_valid(record) THEN record END, '$.span.start')"
    ordered = "OVER (PARTITION BY document_id ORDER BY "
    query = (
        f"SELECT key FROM (SELECT key, document_id, rank() {ordered} position) AS by_position, "  # noqa: S608
        f"rank() {ordered} {start}) AS by_span FROM passages) WHERE by_position <> by_span "
        f"AND document_id NOT IN (SELECT document_id FROM passages WHERE {start} IS NULL)"
    )
    with lenient(connection):
        return {key for (key,) in connection.execute(query).fetchall()}


def _vectors(widths: Widths) -> columns.Columns:
    if widths.dimension is None:
        return {}
    found = {
        "passage": Cell("vectors", "passage", columns.vector(widths.dimension)),
        "sentences": Cell("vectors", "sentences", columns.sentences(widths.dimension)),
    }
    if widths.token is not None:
        found["tokens"] = Cell("vectors", "tokens", columns.tokens(widths.token))
    return found


def _meta(connection: Sql) -> Iterator[DamagedRow]:
    found = {values["key"]: values for values in _rows(connection, "meta", ("key", "value"))}
    for key, values in found.items():
        load = columns.META.get(str(key), text)
        faults = {
            column: reason
            for column, cell in (("key", Cell("meta", "key", name)), ("value", Cell("meta", "value", load)))
            if (reason := _fault(cell, values[column]))
        }
        if faults:
            yield DamagedRow("meta", values, faults)
    passages = connection.execute("SELECT EXISTS (SELECT 1 FROM passages)").fetchone()[0]
    for key in columns.META if passages else ():
        if key not in found and key in ("version", "model"):
            yield DamagedRow("meta", {"key": key, "value": None}, {"value": "is missing"})


def _rows(connection: Sql, table: str, names: Any) -> Iterator[dict[str, object]]:
    """The rows of a table by column, each text whatever its bytes."""
    cursor = connection.execute(f"SELECT {', '.join(names)} FROM {table}")  # noqa: S608
    while True:
        with lenient(connection):
            some = cursor.fetchmany(_AT_ONCE)
        if not some:
            return
        yield from (dict(zip(names, values, strict=True)) for values in some)


def _fault(cell: Cell[Any], value: object) -> str | None:
    try:
        if isinstance(value, str):
            utf8(value)
        cell.load(value)
    except UNFIT as error:
        return reason_of(error)
    return None


def _unlike(table: str, values: Mapping[str, object], record: Any, faults: Mapping[str, str]) -> dict[str, str]:
    """The columns that are not what the record beside them says."""
    wanted = {} if record is None else columns.repeated(table, record)
    return {
        column: "is not what its record says"
        for column, value in wanted.items()
        if column not in faults and values[column] != value
    }


_PARTS = ("index/*.partial", "originals/*/*.part", f"{DATABASE}{ENDING}.*.part", f"{DATABASE}.*.rebuilding*")


def check_files(store: Store, *, strays: bool = True) -> Iterator[StoreFinding]:
    """Every fault of the files, those of permissions first; without ``strays`` no original is called one, for what a
    document is made of stands in its row."""
    for path in open_to_others(store):
        if stated := _stat(path):
            mode = stat.S_IMODE(stated.st_mode)
            yield StoreFinding(
                _named(store, path), say("can_be_read_by_others_mode", mode=mode), REPAIR, StoreFault.PERMISSIONS
            )
    with store._connections.write() as connection:
        found = stray_originals(store, connection) if strays else []
    for path in found:
        yield StoreFinding(_named(store, path), say("belongs_to_no_document"), REPAIR, StoreFault.STRAY_ORIGINAL)
    for path in left_over_files(store):
        yield StoreFinding(_named(store, path), say("was_left_over_by_a_run"), REPAIR, StoreFault.TEMPORARY)
    yield from _jobs(store)


def open_to_others(store: Store) -> list[Path]:
    """The base, its database and its folders where anyone but their owner may read or write them."""
    names = ("", DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}{ENDING}", "originals", INCOMING, "index")
    paths = [store.folder / name for name in names]
    return [path for path in paths if (found := _stat(path)) and found.st_mode & 0o077]


def stray_originals(store: Store, connection: Sql) -> list[Path]:
    """Files among the originals that no document has, of whichever version.

    ``connection`` is in a write transaction, so that nobody else writes: an original is on disk before its
    document is.
    """
    known = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM documents")}
    found = [path for path in (store.folder / "originals").rglob("*") if path.is_file()]
    return sorted(path for path in found if path.name not in known and path.suffix != ".part")


def left_over_files(store: Store) -> list[Path]:
    """Half-written files and uploads of jobs that have ended, an hour old at least: nobody works with them."""
    found = [path for pattern in _PARTS for path in store.folder.glob(pattern)]
    found += [path for path in (store.folder / INCOMING).glob("*") if path.is_dir() and _ended(store, path.name)]
    latest = disk_time(store.folder) - LEFT_OVER_SECONDS if found else 0.0
    return sorted(path for path in found if (stated := _stat(path)) and stated.st_mtime < latest)


def _stat(path: Path) -> os.stat_result | None:
    """What the system says of a file; null for one that is gone, as half-written files are a moment later."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _ended(store: Store, job_id: str) -> bool:
    try:
        return store.jobs.get(job_id).state.ended
    except NotFoundError:
        return True
    except BaseError:  # its row is damaged, which is named: what was sent for it stays
        return False


def _jobs(store: Store) -> Iterator[StoreFinding]:
    with no_runner(store) as alone:
        stale = store.jobs.ids_in_state(JobState.RUNNING) if alone else []
        for job_id in stale:
            yield StoreFinding(say("job", job=job_id), say("is_running_and_nobody_runs"), REPAIR, StoreFault.STALE_JOB)
        for job_id in lost_uploads(store) if alone else ():
            yield StoreFinding(
                say("job", job=job_id), say("waits_and_its_files_are_gone"), REPAIR, StoreFault.LOST_UPLOAD
            )


def lost_uploads(store: Store) -> list[str]:
    """The ids of jobs that have not ended and whose files are gone."""
    waiting = [job for state in (JobState.QUEUED, JobState.RUNNING) for job in store.jobs.ids_in_state(state)]
    return [job for job in waiting if not (store.folder / INCOMING / job).is_dir()]


@contextmanager
def no_runner(store: Store) -> Iterator[bool]:
    """Whether no server runs the jobs of the base; none can begin to while the block runs."""
    path = store.folder / INCOMING / LOCK
    if not path.exists():
        yield True
        return
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _named(store: Store, path: Path) -> str:
    return f"file {path.relative_to(store.folder)}" if path != store.folder else f"folder {path}"
