"""A base copied into an empty one, of the same engine or another, and the proof that both hold the same.

Every row of every table goes over as it stands, keys too, so that permalinks and places in lists stay. The vector index
follows from the base and is made anew.
"""

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kb.records.errors import BaseError, InputError
from kb.records.messages import say
from kb.store.base import Store
from kb.store.disk.originals import INCOMING
from kb.store.disk.space import cannot_write, sync, write_synced
from kb.store.tables import columns
from kb.store.tables.steps import WORD_TABLES, Sql

_AT_ONCE = 500
# Whose first column alone does not name a row.
_PAIRS = ("fingerprint_samples", "passage_topics", "passage_subtopics", "passage_own_topics", "replies")
# In the order in which rows may refer to each other; words and the base's own values beside them.
_TABLES = {
    "meta": ("key", "value"),
    **{table: tuple(cells) for table, cells in columns.TABLES.items()},
    **dict.fromkeys(WORD_TABLES.values(), ("rowid", "plain", "stemmed")),
}
# Of the base alone that they stand in: which format its tables have, what was written down beside it, where its
# originals are.
_OWN = ("format", "acknowledged", "originals")
# Whose keys are counted and never used again.
_COUNTED = ("passages", "jobs", "searches", "webhooks", "deliveries")


@dataclass(frozen=True, slots=True)
class MovedTable:
    """A table that was copied: how many rows, and the SHA-256 of them in the order of their first column."""

    table: str
    rows: int
    sha256: str


@dataclass(frozen=True, slots=True)
class MoveReport:
    """What was copied and found to be the same in both bases: tables, originals, and files of jobs that wait."""

    tables: tuple[MovedTable, ...]
    originals: int
    uploads: int


def move(source: Store, target: Store) -> MoveReport:
    """Copy a base into an empty one in one transaction and compare them; the source is not changed.

    InputError for a target with something in it, BaseError when an original is lost or what was written is not what was
    read.
    """
    if any(some for table in _TABLES for some in _batches(target._connections.read(), table)):
        raise InputError(target.name, say("is_not_empty"), say("name_a_new_base"))
    with source._connections.snapshot():
        reader = source._connections.read()
        with target._connections.write() as writer:
            for table in _TABLES:
                _copy(reader, writer, table)
            originals = _originals(source, reader, target)
            uploads = _uploads(source, reader, target)
            for table in _COUNTED:
                target._connections.go_on(table, source._connections.last_key(table))
        expected = tuple(_moved(reader, table) for table in _TABLES)
    with target._connections.snapshot():
        found = tuple(_moved(target._connections.read(), table) for table in _TABLES)
    for mine, other in zip(expected, found, strict=True):
        if mine != other:
            raise BaseError(target.name, say("table_is_not_what_was_copied", table=mine.table), say("move_it_again"))
    target.settle()
    return MoveReport(expected, originals, uploads)


def _copy(reader: Sql, writer: Sql, table: str) -> None:
    names = _TABLES[table]
    marks = ", ".join("?" * len(names))
    insert = f"INSERT INTO {table} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    for some in _batches(reader, table):
        writer.executemany(insert, some)


def _batches(reader: Sql, table: str) -> Iterator[list[tuple[object, ...]]]:
    """The rows of a table, so many at once, in the order of what names them."""
    names = _TABLES[table]
    place = names[: 2 if table in _PAIRS else 1]
    marks, order = ", ".join("?" * len(place)), ", ".join(place)
    after: tuple[object, ...] = ()
    while True:
        beyond = f" WHERE ({order}) > ({marks})" if after else ""
        query = f"SELECT {', '.join(names)} FROM {table}{beyond} ORDER BY {order} LIMIT {_AT_ONCE}"  # noqa: S608
        some = reader.execute(query, after).fetchall()
        if not some:
            return
        yield [row for row in some if table != "meta" or row[0] not in _OWN]
        after = tuple(some[-1][: len(place)])


def _moved(reader: Sql, table: str) -> MovedTable:
    digest, rows = hashlib.sha256(), 0
    for some in _batches(reader, table):
        for row in some:
            rows += 1
            digest.update(repr(tuple(row)).encode("utf-8", "backslashreplace"))
    return MovedTable(table, rows, digest.hexdigest())


def _originals(source: Store, reader: Sql, target: Store) -> int:
    hashes = reader.execute("SELECT DISTINCT sha256 FROM documents ORDER BY sha256").fetchall()
    for (sha256,) in hashes:
        if target._originals.keep(source.original(sha256)) != sha256:
            raise BaseError(say("original", sha256=sha256), say("was_changed_on_disk"), say("restore_it_from_a_backup"))
    return len(hashes)


def _uploads(source: Store, reader: Sql, target: Store) -> int:
    """Copy what was sent for the jobs that have not ended; how many files that were."""
    unended = "SELECT id FROM jobs WHERE state IN ('queued', 'running') ORDER BY id"
    count = 0
    for (job_id,) in reader.execute(unended).fetchall():
        files = _sent(source, job_id)
        if target.uploads is not None:
            target.uploads.put(job_id, files)
        else:
            _write(target.folder / INCOMING, job_id, files)
        count += len(files)
    return count


def _sent(store: Store, job_id: str) -> dict[str, bytes]:
    if store.uploads is not None:
        return {place: store.uploads.get(job_id, place) for place in store.uploads.places(job_id)}
    folder = store.folder / INCOMING / job_id
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.glob("*/*"))}


def _write(folder: Path, job_id: str, files: dict[str, bytes]) -> None:
    try:
        for place, data in files.items():
            path = folder / job_id / place
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_synced(path, io.BytesIO(data))
            sync(path.parent)
    except OSError as error:
        raise cannot_write(say("folder", parent=folder), error) from error
