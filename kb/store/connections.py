"""Connections to the SQLite file of a base: one writer, a reader for each thread.

The settings follow measured facts: WAL with ``synchronous=FULL``; ``BEGIN IMMEDIATE`` (plain BEGIN gave
457 of 600 "database is locked" with four writers, IMMEDIATE none); only the writer checkpoints.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.errors import BaseError
from kb.store import labels, operating, schema

_BUSY_SECONDS = 30.0


class Connections:
    """Opens the database file of a base and hands out its writer and its readers."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers: list[sqlite3.Connection] = []
        self._writer = self._connect()
        try:
            self._writer.execute("PRAGMA journal_mode = WAL")
            self._writer.execute("PRAGMA synchronous = FULL")
            self._writer.execute("PRAGMA foreign_keys = ON")
            if schema.version_of(self._writer) == 0:
                schema.create(self._writer)
            schema.check_version(self._writer, str(path.parent))
            operating.complete(self._writer)
            labels.complete(self._writer)
        except sqlite3.DatabaseError as error:
            self._writer.close()
            raise _damaged(path, error) from error
        except BaseError:
            self._writer.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        try:
            handle = os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600)
            os.close(handle)
            return sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
        except (OSError, sqlite3.Error) as error:
            raise BaseError(
                f"base {self._path.parent}", f"cannot be opened ({error})", "Check the folder and its permissions"
            ) from error

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction of the one writer: committed at the end, rolled back whole on any error."""
        with self._lock:
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise BaseError(
                    f"base {self._path.parent}",
                    f"cannot be written ({error})",
                    "Try again when the other run has ended",
                ) from error
            try:
                yield self._writer
                self._writer.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                self._roll_back()
                raise BaseError(
                    f"base {self._path.parent}", f"could not be written ({error})", "Nothing of this document was kept"
                ) from error
            except BaseException:
                self._roll_back()
                raise

    def _roll_back(self) -> None:
        if self._writer.in_transaction:
            self._writer.execute("ROLLBACK")

    def read(self) -> sqlite3.Connection:
        """This thread's reader; it cannot change anything."""
        reader: sqlite3.Connection | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = self._connect()
            reader.execute("PRAGMA query_only = ON")
            reader.execute("PRAGMA wal_autocheckpoint = 0")
            self._local.reader = reader
            with self._lock:
                self._readers.append(reader)
        return reader

    def close(self) -> None:
        """Close every connection; the writer goes last and empties the WAL."""
        with self._lock:
            for reader in self._readers:
                reader.close()
            self._readers.clear()
            self._local = threading.local()
            self._writer.close()


def _damaged(path: Path, error: sqlite3.DatabaseError) -> BaseError:
    return BaseError(
        f"base {path.parent}",
        f"its file {path.name} cannot be read ({error})",
        "It was left as it is. Restore a backup, or ingest the sources into a new base: kb ingest PATH --base NEW",
    )
