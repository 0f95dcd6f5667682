"""A base in PostgreSQL, opened as the store that everything else knows."""

from __future__ import annotations

from pathlib import Path

from kb.records.errors import BaseError
from kb.records.messages import say
from kb.store.base import Store
from kb.store.postgresql.connections import PostgresConnections
from kb.store.postgresql.originals import PostgresOriginals
from kb.store.postgresql.uploads import PostgresUploads


def open_postgresql(address: str, folder: Path, *, create: bool = False) -> Store:
    """The base at an address (``postgresql://user@host:port/database``); BaseError when it cannot be opened, or there
    is none and it is not to be made.

    ``folder`` takes what is this machine's alone: the vector index, which follows from the base, and uploads that wait.
    """
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise BaseError(
            say("base", folder=folder), say("cannot_be_made", error=error.strerror), say("choose_another_base")
        ) from error
    connections = PostgresConnections(address, create=create)
    return Store(folder, connections, PostgresOriginals(connections), PostgresUploads(connections))
