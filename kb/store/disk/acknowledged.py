"""What was acknowledged to somebody, in a file of its own beside the database: a line for each such transaction.

SQLite leaves out what a damaged write-ahead log says from its first bad byte on, without a word. The database counts
the transactions that were acknowledged and this file holds the same count, so a base that went back is known when it
is opened, and what is missing has a name. Knows lines and files; what is missing is ``kb.store.upkeep.losses``'.
"""

import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any

from kb.records.document import Document
from kb.records.document import document_id as content_document_id
from kb.records.errors import BaseError
from kb.records.messages import Message, say
from kb.records.operation import Job
from kb.records.source import Claim, Correction, KnownSource
from kb.store.disk.frozen import reading
from kb.store.disk.space import sync
from kb.store.tables import rows
from kb.store.tables.cells import lenient
from kb.store.tables.labels import claims_in
from kb.store.tables.steps import Sql

ENDING = ".acknowledged"
_TAIL_BYTES = 1 << 16


class Did(Enum):
    """What a transaction did, by the code of the words that come after the name of a thing."""

    ADDED = "was_added"
    NAMED = "got_another_source"
    REMOVED = "was_removed"
    QUEUED = "was_queued"
    ENDED = "ended"
    MADE = "was_made"
    CHANGED = "was_changed"
    CORRECTED = "was_corrected"

    @property
    def said(self) -> Message:
        """The words."""
        return say(self.value)


@dataclass(frozen=True, slots=True)
class Change:
    """One thing ("document d…", "job j…", "key k…") and what was done to it; ``facts`` are what is needed to do it
    again."""

    thing: str
    did: Did
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The last word of the thing."""
        return self.thing.rpartition(" ")[2]


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """The changes of one transaction and its number, counted from 1."""

    number: int
    changes: tuple[Change, ...]


class Acknowledged:
    """The file beside a database. Whoever writes to it holds the turn to write to the base."""

    def __init__(self, database: Path) -> None:
        self.path = database.with_name(database.name + ENDING)

    def number(self) -> int | None:
        """The number of the last whole line; null where there is no file or no such line."""
        return self._end()[0]

    def add(self, number: int, changes: Sequence[Change]) -> bool:
        """Add a line durably; False, and nothing written, when the file does not end with the number before."""
        if self._end() != (number - 1, True):
            return False
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        try:
            _write_all(handle, _dumped(LedgerLine(number, tuple(changes))))
            os.fsync(handle)
        finally:
            os.close(handle)
        return True

    def write_anew(self, number: int, changes: Sequence[Change]) -> None:
        """Put a file with these changes, all of this number, in place of the one that is there."""
        part = self.path.with_name(f"{self.path.name}.{os.getpid()}.part")
        handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        try:
            _write_all(handle, b"".join(_dumped(LedgerLine(number, (change,))) for change in changes))
            _write_all(handle, _dumped(LedgerLine(number, ())))
            os.fsync(handle)
        finally:
            os.close(handle)
        part.replace(self.path)
        sync(self.path.parent)

    def lines(self) -> Iterator[LedgerLine | None]:
        """Every line in order, null for one that was damaged; none where there is no file. BaseError when the disk
        does not give it."""
        try:
            with suppress(FileNotFoundError), self.path.open("rb") as file:
                for row in file:
                    if row.endswith(b"\n"):  # the last may be on its way
                        yield _loaded(row)
        except OSError as error:
            cure = say("check_the_folder_and_its_disk")
            raise BaseError(str(self.path), say("cannot_be_read", error=error.strerror), cure) from error

    def _end(self) -> tuple[int | None, bool]:
        """The number of the last whole line, and whether the file ends with it."""
        size = _TAIL_BYTES
        try:
            with self.path.open("rb") as file:
                end = file.seek(0, os.SEEK_END)
                while True:
                    file.seek(max(0, end - size))
                    rows = file.read(end - file.tell()).split(b"\n")
                    for place, row in enumerate(reversed(rows[:-1] if end <= size else rows[1:-1])):
                        if (line := _loaded(row)) is not None:
                            return line.number, place == 0 and not rows[-1]
                    if end <= size:
                        return None, False
                    size *= 8
        except OSError:
            return None, False


def number_in(database: Path) -> int | None:
    """How many acknowledged transactions a database has, looked at without changing it; null where that cannot be
    read (who opens it then says why)."""
    try:
        with reading(database) as connection:
            return number_of(connection)
    except sqlite3.Error:
        return None


def number_of(connection: Sql) -> int:
    """How many acknowledged transactions an open database has; 0 without tables, and where that is no number."""
    if connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'meta'").fetchone()[0] == 0:
        return 0
    row = connection.execute("SELECT CAST(value AS BLOB) FROM meta WHERE key = 'acknowledged'").fetchone()
    return int(row[0]) if row is not None and row[0] is not None and row[0].isdigit() else 0


def _dumped(line: LedgerLine) -> bytes:
    changes = [[change.thing, change.did.name, change.facts] for change in line.changes]
    return json.dumps([line.number, changes], ensure_ascii=True).encode() + b"\n"


def _loaded(row: bytes) -> LedgerLine | None:
    """The line in a row of the file; null for one that was damaged or cut off."""
    try:
        number, changes = json.loads(row)
        found = tuple(Change(str(thing), Did[did], dict(facts)) for thing, did, facts in changes)
        return LedgerLine(int(number), found)
    except (ValueError, TypeError, KeyError, RecursionError):
        return None


def _write_all(handle: int, data: bytes) -> None:
    while data:
        data = data[os.write(handle, data) :]


# What is known of a document beside its bytes; the rest follows from them.
_FIELDS = ("title", "authors", "publisher", "published", "url", "series", "origins")


def added(document: Document, reading: str, claim: Claim | None = None) -> Change:
    """That a document was added: what it takes to read its original again as it was read, and which source it is."""
    return _added(document.id, document.source_id, document.sha256, document.media_type, reading, _of(document), claim)


def corrected(document: Document, reading: str, claim: Claim | None = None) -> Change:
    """That the record of a document was corrected: all of ``added``, as it is from then on."""
    return replace(added(document, reading, claim), did=Did.CORRECTED)


def _of(document: Document) -> dict[str, Any]:
    about = {name: getattr(document, name) for name in _FIELDS}
    about["origins"] = [[origin.field, origin.origin] for origin in document.origins]
    about["corrections"] = json.loads(rows.CORRECTIONS.dump(document.corrections))
    return about


def corrections_of(change: Change) -> tuple[Correction, ...]:
    """What had been corrected in the record of a document that was acknowledged; ValueError where that is damaged."""
    return rows.CORRECTIONS.load(json.dumps((change.facts.get("about") or {}).get("corrections") or []))


def _added(
    identity: str,
    source_id: str,
    sha256: str,
    media_type: str | None,
    reading: str,
    about: dict[str, Any],
    claim: Claim | None,
) -> Change:
    facts = {"source": source_id, "sha256": sha256, "media_type": media_type, "reading": reading, "about": about}
    facts |= _claimed(claim)
    return Change(f"document {identity}", Did.ADDED, facts)


def named(source_id: str, document_id: str, claim: Claim | None = None) -> Change:
    """That another source has the bytes of a document."""
    return Change(f"document {document_id}", Did.NAMED, {"source": source_id, **_claimed(claim)})


def _claimed(claim: Claim | None) -> dict[str, Any]:
    if claim is None:
        return {}
    return {"claim": [claim.source.identity, claim.source.owner, claim.place, claim.file, claim.folded]}


def claim_of(change: Change) -> Claim | None:
    """Which source it is that was acknowledged, where that was written down."""
    if "claim" not in change.facts:
        return None
    identity, owner, place, file, folded = change.facts["claim"]
    return Claim(KnownSource(identity, str(change.facts["source"]), owner), place, file, folded)


def removed(document_id: str, source_id: str) -> Change:
    """That a document was removed."""
    return Change(f"document {document_id}", Did.REMOVED, {"source": source_id})


def queued(job: Job, caller: str, record: str) -> Change:
    """That a job was taken in; ``record`` is its row."""
    return Change(f"job {job.id}", Did.QUEUED, {"caller": caller, "record": record})


def ended(job: Job, record: str) -> Change:
    """That a job ended; ``record`` is its row."""
    return Change(f"job {job.id}", Did.ENDED, {"record": record})


def _about(row: str | None) -> tuple[str | None, dict[str, Any]]:
    """The media type of a document and what is known of it, by the members of its record; nulls where it is damaged."""
    try:
        media_type, *values = json.loads(row or "")
        about = dict(zip((*_FIELDS, "corrections"), values, strict=True))
        about["origins"] = [[one["field"], one["origin"]] for one in about["origins"] or ()]
        about["corrections"] = about["corrections"] or []
    except (ValueError, TypeError, KeyError):
        return None, {**dict.fromkeys(_FIELDS), "origins": []}
    return media_type, about


def acknowledged_in(connection: Sql) -> list[Change]:
    """What a base holds now, as if all of it had just been acknowledged: documents of every version but former
    readings, further sources, and jobs that have not ended."""
    members = ", ".join(f"'$.{name}'" for name in ("media_type", *_FIELDS, "corrections"))
    query = (
        "SELECT id, source_id, sha256, reading, CASE WHEN json_valid(record) "  # noqa: S608
        f"THEN json_extract(record, {members}) END FROM documents ORDER BY rowid"
    )
    with lenient(connection):  # a damaged row hides no other; kb doctor names it
        return _held(connection, query)


def _held(connection: Sql, query: str) -> list[Change]:
    claims, changes = claims_in(connection), []
    for identity, source_id, sha256, read_as, row in connection.execute(query):
        if isinstance(sha256, str) and identity == content_document_id(sha256):
            media_type, about = _about(row)
            changes.append(_added(identity, source_id, sha256, media_type, read_as, about, claims.get(source_id)))
    aliases = connection.execute("SELECT source_id, document_id FROM aliases ORDER BY source_id")
    changes += [named(source_id, document_id, claims.get(source_id)) for source_id, document_id in aliases]
    waiting = connection.execute(
        "SELECT id, caller, record FROM jobs WHERE state IN ('queued', 'running') ORDER BY number"
    )
    changes += [
        Change(f"job {identity}", Did.QUEUED, {"caller": caller, "record": record})
        for identity, caller, record in waiting
    ]
    return changes
