"""A base in PostgreSQL, opened as the store that everything else knows; and what lies in the database itself beside its
tables: the original bytes of every document by their SHA-256, and what was sent for jobs that wait.
"""

import hashlib
from collections.abc import Mapping
from pathlib import Path

from kb.records.errors import BaseError, InputError, KnowledgeBaseError, NotFoundError
from kb.records.messages import say
from kb.store.base import Store
from kb.store.disk.engine import KeptOriginals
from kb.store.postgresql.connections import PostgresConnections
from kb.store.tables.cells import COUNTED, Cell, blob, name, text
from kb.store.writing import write_meta

_KEY = "originals"
_PLACE = Cell("meta", "value", text)


def open_postgresql(address: str, folder: Path, *, create: bool = False, originals: str | None = None) -> Store:
    """The base at an address (``postgresql://user@host:port/database``); BaseError when it cannot be opened, or there
    is none and it is not to be made.

    ``originals`` is where a base that holds nothing yet keeps its originals from now on, in place of the database
    (``s3://bucket/prefix``); any other knows where they are: BaseError for one that has them elsewhere, InputError
    where boto3 is missing. ``folder`` takes what is this machine's alone: the vector index, which follows from the
    base, and uploads that wait.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BaseError(
            say("base", folder=folder), say("cannot_be_made", error=error.strerror), say("choose_another_base")
        ) from error
    connections = PostgresConnections(address, create=create)
    try:
        kept = _originals(connections, originals)
    except KnowledgeBaseError:
        connections.close()
        raise
    return Store(folder, connections, kept, PostgresUploads(connections))


def _originals(connections: PostgresConnections, wanted: str | None) -> KeptOriginals:
    place = _place(connections, wanted)
    if place is None:
        return PostgresOriginals(connections)
    try:
        from kb.store.postgresql.bucket import BucketOriginals
    except ImportError:
        raise InputError("KB_ORIGINALS", say("needs_boto3"), say("install_the_extra_s3")) from None
    return BucketOriginals(connections, place)


def _place(connections: PostgresConnections, wanted: str | None) -> str | None:
    """Where the originals of a base are, which is written down for one that holds nothing; null for the database."""
    known = _written(connections)
    if known is None and wanted is not None and not connections.read_only:
        with connections.write() as connection:
            known = _written(connections)  # another program may have done it meanwhile
            if known is None and connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone() is None:
                write_meta(connection, _KEY, wanted)
                known = wanted
    if wanted not in (None, known):
        reason = say("keeps_its_originals_in", place=known or say("its_own_tables"))
        raise BaseError(connections.named, reason, say("unset_kb_originals_or_move_it"))
    return known


def _written(connections: PostgresConnections) -> str | None:
    found = connections.fetch("SELECT value FROM meta WHERE key = ?", (_KEY,), _PLACE)
    return str(found[0][0]) if found else None


_DATA = Cell("originals", "data", blob)


class PostgresOriginals:
    """Originals of an open base; what is kept or discarded belongs to the transaction of the caller."""

    def __init__(self, connections: PostgresConnections) -> None:
        self._connections = connections

    def keep(self, data: bytes) -> str:
        """Write the bytes, in place of what was damaged under their hash; returns their SHA-256 in hex."""
        sha256 = hashlib.sha256(data).hexdigest()
        with self._connections.write() as connection:
            connection.execute(
                "INSERT INTO originals VALUES (?, ?) ON CONFLICT (sha256) DO UPDATE SET data = excluded.data "
                "WHERE originals.data <> excluded.data",
                (sha256, data),
            )
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes with this SHA-256; NotFoundError if not kept, BaseError if they changed."""
        found = self._connections.fetch("SELECT data FROM originals WHERE sha256 = ?", (sha256,), _DATA)
        if not found:
            raise NotFoundError(
                say("original", sha256=sha256), say("is_not_kept_in_this_base"), say("restore_it_from_a_backup")
            )
        data = bytes(found[0][0])
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BaseError(say("original", sha256=sha256), say("was_changed_on_disk"), say("restore_it_from_a_backup"))
        return data

    def fault_of(self, sha256: str) -> str | None:
        """Why the bytes with this SHA-256 cannot be had, as the end of a sentence; null when they are whole."""
        query = "SELECT CAST(encode(sha256(data), 'hex') = sha256 AS INTEGER) FROM originals WHERE sha256 = ?"
        found = self._connections.fetch(query, (sha256,), COUNTED)
        if not found:
            return say("is_not_kept_in_this_base")
        return None if found[0][0] else say("was_changed_on_disk")

    def discard(self, sha256: str) -> None:
        """Remove the bytes, if they are there."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM originals WHERE sha256 = ?", (sha256,))


_PLACE, _UPLOAD = Cell("uploads", "place", name), Cell("uploads", "data", blob)


class PostgresUploads:
    """The files of jobs by their places ("0000/report.pdf")."""

    def __init__(self, connections: PostgresConnections) -> None:
        self._connections = connections

    def places(self, job_id: str) -> list[str]:
        """The places of the files of a job, in order."""
        query = "SELECT place FROM uploads WHERE job = ? ORDER BY place"
        return [place for (place,) in self._connections.fetch(query, (job_id,), _PLACE)]

    def get(self, job_id: str, place: str) -> bytes:
        """The bytes of a file; KeyError when it went meanwhile."""
        query = "SELECT data FROM uploads WHERE job = ? AND place = ?"
        for (data,) in self._connections.fetch(query, (job_id, place), _UPLOAD):
            return bytes(data)
        raise KeyError(place)

    def put(self, job_id: str, files: Mapping[str, bytes]) -> None:
        """Keep these files for a job, in place of those it had."""
        with self._connections.share() as connection:
            connection.execute("DELETE FROM uploads WHERE job = ?", (job_id,))
            connection.executemany(
                "INSERT INTO uploads VALUES (?, ?, ?)", [(job_id, place, data) for place, data in files.items()]
            )

    def drop(self, job_id: str) -> None:
        """Forget the files of a job."""
        with self._connections.share() as connection:
            connection.execute("DELETE FROM uploads WHERE job = ?", (job_id,))
