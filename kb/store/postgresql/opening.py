"""A base in PostgreSQL, opened as the store that everything else knows."""

from pathlib import Path

from kb.records.errors import BaseError, InputError, KnowledgeBaseError
from kb.records.messages import say
from kb.store.base import Store
from kb.store.disk.engine import KeptOriginals
from kb.store.postgresql.connections import PostgresConnections
from kb.store.postgresql.originals import PostgresOriginals, PostgresUploads
from kb.store.tables.cells import Cell, text
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
