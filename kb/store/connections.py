"""Connections to the SQLite file of a base: one writer, a reader for each thread.

The settings follow measured facts: WAL with ``synchronous=FULL``; ``BEGIN IMMEDIATE`` (plain BEGIN gave
457 of 600 "database is locked" with four writers, IMMEDIATE none); only the writer checkpoints.
"""

from __future__ import annotations

import fcntl
import hashlib
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet

from kb.errors import BaseError
from kb.store import filtering, identities, labels, operating, schema
from kb.store.acknowledged import Acknowledged, Change, number_in, number_of
from kb.store.acknowledging import acknowledged_in
from kb.store.files import SET_ASIDE

_BUSY_SECONDS = 30.0
_LOOK_SECONDS = 0.005
_log = logging.getLogger("kb.store")
TO_LOST = "See which with kb doctor, and bring back what can be: kb doctor --fix"
# What to do about a file that is no base any more.
NOT_TOUCHED = "It was left as it is. Restore a backup, or ingest the sources into a new base: kb ingest PATH --base NEW"


class _Reader:
    """The reader of one thread, closed when the thread has ended: a server's threads come and go, and each left two
    open files behind."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def __del__(self) -> None:
        self.connection.close()


class Connections:
    """Opens the database file of a base and hands out its writer and its readers."""

    def __init__(self, path: Path, *, despite_loss: bool = False) -> None:
        """Open the file; BaseError where it cannot be, or lacks what was acknowledged.

        ``despite_loss`` is for looking at what is missing and for bringing it back: nothing that is written then is
        counted, until ``settle``.
        """
        self._path = path
        self._acknowledged = Acknowledged(path)
        self._counts = not despite_loss
        self._noted: list[Change] = []
        if despite_loss:
            _keep_log(path, self._acknowledged)
        else:
            _refuse_loss(path, self._acknowledged)
        self._lock = threading.RLock()
        self._local = threading.local()
        # A lock of their own: a thread's first question must not wait while another waits for its turn to write.
        self._readers_lock = threading.Lock()
        self._readers: WeakSet[_Reader] = WeakSet()
        self._turn: int | None = None
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
            identities.complete(self._writer)
        except sqlite3.DatabaseError as error:
            self._writer.close()
            raise _damaged(path, error) from error
        except BaseError:
            self._writer.close()
            raise

    def _connect(self) -> sqlite3.Connection:
        try:
            if not self._path.exists():
                # Only while nothing is connected: closing a file drops every POSIX lock that the process has on it,
                # SQLite's too, and then the next process to close takes itself for the last and removes the WAL.
                os.close(os.open(self._path, os.O_CREAT | os.O_RDWR, 0o600))
            made = sqlite3.connect(self._path, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            made.create_function("folded", 1, filtering.folded, deterministic=True)
            return made
        except (OSError, sqlite3.Error) as error:
            raise BaseError(
                f"base {self._path.parent}", f"cannot be opened ({error})", "Check the folder and its permissions"
            ) from error

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction of the one writer: committed at the end, rolled back whole on any error."""
        with self._lock, self._alone():
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise BaseError(
                    f"base {self._path.parent}",
                    f"cannot be written ({error})",
                    "Try again when the other run has ended",
                ) from error
            self._noted.clear()
            try:
                yield self._writer
                number = self._count() if self._noted and self._counts else None
                self._writer.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                self._roll_back()
                raise BaseError(
                    f"base {self._path.parent}", f"could not be written ({error})", "Nothing of this document was kept"
                ) from error
            except BaseException:
                self._roll_back()
                raise
            if number is not None:
                self._acknowledge(number)

    def note(self, *changes: Change) -> None:
        """Say, inside a transaction, what it does that somebody will be told is done."""
        self._noted.extend(changes)

    def acknowledged(self) -> Acknowledged:
        """The file of what was acknowledged."""
        return self._acknowledged

    def settle(self, but: Sequence[Change] = ()) -> None:
        """Take the base as it is now for all that was acknowledged, with what it still lacks (``but``), and count again
        from here on; BaseError where that cannot be written."""
        try:
            with self._lock, self._alone():
                known = self._acknowledged.number() or 0
                self._writer.execute("BEGIN IMMEDIATE")
                number = self._count(known)
                self._writer.execute("COMMIT")
                self._acknowledged.write_anew(number, [*acknowledged_in(self._writer), *but])
                self._counts = True
        except (OSError, sqlite3.Error) as error:
            self._roll_back()
            raise BaseError(
                f"base {self._path.parent}", f"could not be written ({error})", "Free some space, then try again"
            ) from error

    def _count(self, known: int = 0) -> int:
        """The number of this transaction, ``known`` plus one at least."""
        number = max(known, number_of(self._writer)) + 1
        self._writer.execute("INSERT OR REPLACE INTO meta VALUES ('acknowledged', ?)", (str(number),))
        return number

    def _acknowledge(self, number: int) -> None:
        """Write down what was committed. The data is safe without that, so a full disk is no failure of it: the file
        is behind then, which the next transaction sees and mends."""
        try:
            if not self._acknowledged.add(number, self._noted):
                self._acknowledged.write_anew(number, acknowledged_in(self._writer))
        except (OSError, sqlite3.Error, ValueError, TypeError) as error:
            _log.warning("%s cannot be written (%s)", self._acknowledged.path, error)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """No other process writes or checkpoints until the block ends; BaseError when one does for too long.

        SQLite up to 3.51.2 can corrupt a base when two connections commit and checkpoint at the same instant; a killed
        process loses its lock.
        """
        with suppress(OSError):  # a folder that cannot be written says so when the transaction begins
            if self._turn is None:
                self._turn = os.open(f"{self._path}.writer", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        if self._turn is None:
            yield
            return
        self._wait_for_turn(self._turn)
        try:
            yield
        finally:
            fcntl.flock(self._turn, fcntl.LOCK_UN)

    def _wait_for_turn(self, turn: int) -> None:
        until = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                fcntl.flock(turn, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError as error:
                if time.monotonic() > until:
                    raise BaseError(
                        f"base {self._path.parent}",
                        "cannot be written (another run is writing)",
                        "Try again when the other run has ended",
                    ) from error
                time.sleep(_LOOK_SECONDS)
            else:
                return

    def _roll_back(self) -> None:
        if self._writer.in_transaction:
            self._writer.execute("ROLLBACK")

    def read(self) -> sqlite3.Connection:
        """This thread's reader; it cannot change anything."""
        reader: _Reader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = _Reader(self._connect())
            reader.connection.execute("PRAGMA query_only = ON")
            reader.connection.execute("PRAGMA wal_autocheckpoint = 0")
            self._local.reader = reader
            with self._readers_lock:
                self._readers.add(reader)
        return reader.connection

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What this thread reads inside the block is one moment of the base, whatever others write meanwhile."""
        reader = self.read()
        reader.execute("BEGIN")
        try:
            yield
        finally:
            if reader.in_transaction:
                reader.execute("ROLLBACK")

    def fetch(self, query: str, values: Sequence[object] = ()) -> list[Any]:
        """The rows of a query, read by this thread's reader; BaseError when they cannot be read."""
        try:
            return self.read().execute(query, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            base = self._path.parent
            raise BaseError(f"base {base}", f"could not be read ({error})", "Check it: kb doctor") from error

    def close(self) -> None:
        """Close every connection; the writer goes last and empties the WAL."""
        with self._lock, self._readers_lock:
            for reader in list(self._readers):
                reader.connection.close()
            self._readers.clear()
            self._local = threading.local()
            self._writer.close()
            if self._turn is not None:
                os.close(self._turn)
                self._turn = None


def _refuse_loss(path: Path, acknowledged: Acknowledged) -> None:
    """Nothing; BaseError where the database has fewer acknowledged transactions than were written down."""
    known = acknowledged.number()  # before the database: who writes commits first
    found = None if known is None else number_in(path)
    if known is not None and found is not None and found < known:
        raise BaseError(
            f"base {path.parent}",
            f"its database lacks the last {known - found} changes that were acknowledged: its log was damaged, or an "
            "older copy was put in its place",
            f"{TO_LOST} --base {path.parent}",
        )


def _keep_log(path: Path, acknowledged: Acknowledged) -> None:
    """Copy a log that lacks something, as it is, before SQLite cuts it off at the first byte that it does not trust."""
    log = path.with_name(f"{path.name}-wal")
    if not log.exists() or (number_in(path) or 0) >= (acknowledged.number() or 0):
        return
    with suppress(OSError):  # a base that cannot be written is looked at all the same
        data = log.read_bytes()
        kept = path.parent / SET_ASIDE / f"{log.name}.{hashlib.sha256(data).hexdigest()[:16]}"
        kept.parent.mkdir(mode=0o700, exist_ok=True)
        if data and not kept.exists():
            kept.write_bytes(data)
            kept.chmod(0o600)


def _damaged(path: Path, error: sqlite3.DatabaseError) -> BaseError:
    return BaseError(f"base {path.parent}", f"its file {path.name} cannot be read ({error})", NOT_TOUCHED)
