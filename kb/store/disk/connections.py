"""Connections to the SQLite file of a base: one writer, a reader for each thread.

The settings follow measured facts: WAL with ``synchronous=FULL``; ``BEGIN IMMEDIATE`` (plain BEGIN gave
457 of 600 "database is locked" with four writers, IMMEDIATE none); only the writer checkpoints. A base that
cannot be written has readers only.
"""

import fcntl
import hashlib
import logging
import os
import shutil
import sqlite3
import threading
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path
from typing import Any
from weakref import WeakSet, finalize

from kb.records.errors import BaseError, NoSpaceError, ReadOnlyError
from kb.records.messages import say
from kb.store.disk import frozen, migrating
from kb.store.disk.acknowledged import Acknowledged, Change, acknowledged_in, number_in, number_of
from kb.store.disk.frozen import Sole
from kb.store.disk.fts5_words import Fts5Words, tables_of_words
from kb.store.disk.originals import INCOMING, SET_ASIDE
from kb.store.disk.space import cannot_write, could_not_commit
from kb.store.tables import cells, steps
from kb.store.tables.cells import Cell

_BUSY_SECONDS = 30.0
_LOOK_SECONDS = 0.005
# What a reader keeps of the file, as far as it is asked for: the inner pages of a million rows are 10 MB, and with less
# than these every row is looked for anew (800 vectors: 6.0 ms of a processor, 2.8 with them). All readers of a program
# together keep no more than the second: then each makes room in its own.
_CACHE_KB = 16_384
_CACHES_KB = 98_304
_log = logging.getLogger("kb.store")
_TO_LOST = say("see_which_with_kb_doctor")
# What to do about a file that is no base any more.
_NOT_TOUCHED = say("it_was_left")


class _Reader:
    """The reader of one thread, closed when the thread has ended: a server's threads come and go, and each left two
    open files behind."""

    def __init__(self, connection: sqlite3.Connection, moment: frozen.Moment | None) -> None:
        self.connection = connection
        # Of a base that only others write: when it was opened.
        self.moment = moment

    def __del__(self) -> None:
        self.connection.close()


class Connections:
    """Opens the database file of a base and hands out its writer and its readers.

    Where it cannot be written it is read in place, or from a private copy, and ``read_only`` says so. A full disk that
    has not even room for what SQLite keeps beside it is read in place until a write finds room. With ``apart`` it is a
    copy that takes writes, and is gone when it is closed.
    """

    def __init__(self, path: Path, *, despite_loss: bool = False, apart: bool = False) -> None:
        """Open the file; BaseError where it cannot be, or lacks what was acknowledged.

        ``despite_loss`` is for looking at what is missing and for bringing it back: nothing that is written then is
        counted, until ``settle``.
        """
        self._path = self._file = path
        self._acknowledged = Acknowledged(path)
        self._counts = not despite_loss and not apart
        self._noted: list[Change] = []
        self._then: list[Callable[[], None]] = []
        if despite_loss:
            _keep_log(path, self._acknowledged)
        else:
            _refuse_loss(path, self._acknowledged)
        self.read_only = not apart and path.exists() and not frozen.can_be_written(path)
        self._in_place = self.read_only and _is_whole_in_place(path)
        self._drop_copy: Callable[[], object] | None = None
        if apart or (self.read_only and not self._in_place):
            folder = frozen.copied(path)
            self._file = folder / path.name
            # Called at the end of the program at the latest.
            self._drop_copy = finalize(self, shutil.rmtree, folder, ignore_errors=True)
        self._lock = threading.RLock()
        self._local = threading.local()
        # A lock of their own: a thread's first question must not wait while another waits for its turn to write.
        self._readers_lock = threading.Lock()
        self._readers: WeakSet[_Reader] = WeakSet()
        self.words = Fts5Words(self.fetch)
        self._turn: int | None = None
        try:
            self._writer = self._connect() if self._in_place else self._prepared()
        except NoSpaceError:
            if not _is_whole_in_place(path):
                raise
            self._in_place = True
            self._writer = self._connect()
        try:
            migrating.refuse_newer(self._writer, path.parent)
        except sqlite3.DatabaseError as error:
            self.close()
            raise _unusable(path, error) from error
        except BaseError:
            self.close()
            raise

    def _prepared(self) -> sqlite3.Connection:
        """The writer of a file, which has the settings and tables of this program by then; BaseError."""
        writer = self._connect(to_write=True)
        try:
            writer.execute("PRAGMA journal_mode = WAL")
            writer.execute("PRAGMA synchronous = FULL")
            writer.execute("PRAGMA foreign_keys = ON")
            if steps.version_of(writer) < steps.FORMAT:
                with self._alone():
                    migrating.bring_forward(writer, self._file, keep=self._file == self._path)
            migrating.refuse_newer(writer, self._path.parent)
        except sqlite3.DatabaseError as error:
            writer.close()
            raise _unusable(self._path, error) from error
        except BaseError:
            writer.close()
            raise
        return writer

    def _connect(self, *, to_write: bool = False) -> sqlite3.Connection:
        try:
            if self._in_place and not to_write:
                uri = frozen.address(self._path)
                if uri is None:
                    raise ReadOnlyError(
                        say("base", folder=self._path.parent),
                        say("is_written_by_another_program"),
                        say("open_it_again"),
                    )
                return knowing_names(
                    sqlite3.connect(uri, uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
                )
            if not self._file.exists():
                # Only while nothing is connected: closing a file drops every POSIX lock that the process has on it,
                # SQLite's too, and then the next process to close takes itself for the last and removes the WAL.
                os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
            return knowing_names(
                sqlite3.connect(self._file, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False)
            )
        except OSError as error:
            raise cannot_write(say("base", folder=self._path.parent), error) from error
        except sqlite3.Error as error:
            raise BaseError(
                say("base", folder=self._path.parent),
                say("cannot_be_opened", error=error),
                say("check_the_folder_and_its_permissions"),
            ) from error

    @contextmanager
    def write(self) -> Iterator[sqlite3.Connection]:
        """A transaction of the one writer: committed at the end, rolled back whole on any error.

        BaseError when it cannot be: NoSpaceError on a full disk, ReadOnlyError where nothing can be written.
        """
        base = say("base", folder=self._path.parent)
        if self.read_only:
            raise ReadOnlyError(base, say("can_be_read_and_not"), say("check_its_permissions_and_its_mount"))
        with self._lock, self._alone():
            if self._in_place:  # the disk was full when it was opened, and may have room by now
                self._writer, before = self._prepared(), self._writer
                self._in_place = False
                before.close()
            try:
                self._writer.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError as error:
                raise could_not_commit(base, error, say("try_again_when_the_other_run")) from error
            self._noted.clear()
            self._then.clear()
            try:
                migrating.refuse_newer(self._writer, self._path.parent)  # a newer program may have come meanwhile
                yield self._writer
                number = self._count() if self._noted and self._counts else None
                self._writer.execute("COMMIT")
            except sqlite3.DatabaseError as error:
                self._roll_back()
                raise could_not_commit(base, error, say("nothing_of_this_document_was_kept")) from error
            except cells.REFUSED as error:
                self._roll_back()
                raise cells.refused(error) from error
            except BaseException:
                self._roll_back()
                raise
            if number is not None:
                self._acknowledge(number)
            for do in self._then:
                do()

    def share(self) -> AbstractContextManager[sqlite3.Connection]:
        """The same: there is one writer at a time."""
        return self.write()

    def listen(self, heard: Callable[[], None], until: threading.Event) -> None:
        """Nothing: a file tells nobody what is written into it."""

    def note(self, *changes: Change) -> None:
        """Say, inside a transaction, what it does that somebody will be told is done."""
        self._noted.extend(changes)

    def then(self, do: Callable[[], None]) -> None:
        """Say, inside a transaction, what is done once it is committed and before anybody else writes: whoever looks
        at the files never sees those of a document that is gone."""
        self._then.append(do)

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
        except OSError as error:
            raise cannot_write(say("base", folder=self._path.parent), error) from error
        except sqlite3.Error as error:
            self._roll_back()
            raise could_not_commit(
                say("base", folder=self._path.parent), error, say("free_some_space_then_retry")
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
                self._turn = os.open(f"{self._file}.writer", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
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
                        say("base", folder=self._path.parent),
                        say("cannot_be_written_another_run"),
                        say("try_again_when_the_other_run"),
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
        if reader is not None and reader.moment is not None and self._was_written(reader):
            reader = None
        if reader is None:
            moment = frozen.moment(self._path) if self._in_place else None
            reader = _Reader(self._connect(), moment)
            for made in tables_of_words():
                reader.connection.execute(made)
            reader.connection.execute("PRAGMA query_only = ON")
            reader.connection.execute("PRAGMA wal_autocheckpoint = 0")
            reader.connection.execute(f"PRAGMA cache_size = -{_CACHE_KB}")
            reader.connection.execute(f"PRAGMA soft_heap_limit = {1024 * _CACHES_KB}")
            self._local.reader = reader
            with self._readers_lock:
                self._readers.add(reader)
        return reader.connection

    def _was_written(self, reader: _Reader) -> bool:
        """Whether somebody wrote a base that SQLite was told never changes; not inside a snapshot."""
        changed = not self._in_place or frozen.moment(self._path) != reader.moment
        return changed and not reader.connection.in_transaction

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

    def fetch(self, query: str, values: Sequence[object], *columns: Cell[Any]) -> list[tuple[Any, ...]]:
        """The rows of a query, read by this thread's reader, each value as the cell of its column gives it; BaseError
        when they cannot be read, naming the value where one is damaged."""
        try:
            return cells.select(self.read(), query, values, *columns)
        except sqlite3.DatabaseError as error:
            base = self._path.parent
            raise BaseError(
                say("base", folder=base), say("could_not_be_read", error=error), say("check_it_kb_doctor")
            ) from error

    @property
    def named(self) -> str:
        """What the base is called to people: its folder."""
        return str(self._path.parent)

    def last_key(self, table: str) -> int:
        """The highest key that a row of a table ever had, of those that count theirs; 0 before the first."""
        found = self.read().execute("SELECT seq FROM sqlite_sequence WHERE name = ?", (table,)).fetchone()
        return 0 if found is None else int(found[0])

    def go_on(self, table: str, key: int) -> None:
        """Inside a transaction, have the next row of a table get a key beyond this one."""
        self._writer.execute("DELETE FROM sqlite_sequence WHERE name = ?", (table,))
        self._writer.execute("INSERT INTO sqlite_sequence VALUES (?, ?)", (table, key))

    def place(self, name: str) -> Sole:
        """The place of this name, a locked file beside the uploads."""
        return Sole(self._path.parent / INCOMING, name)

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
            if self._drop_copy is not None:
                self._drop_copy()


def _is_whole_in_place(path: Path) -> bool:
    """Whether a base that cannot be written has the newest format and can be read where it is."""
    uri = frozen.address(path)
    if uri is None:
        return False
    try:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            return steps.version_of(connection) >= steps.FORMAT
    except sqlite3.Error:
        return False


def _refuse_loss(path: Path, acknowledged: Acknowledged) -> None:
    """Nothing; BaseError where the database has fewer acknowledged transactions than were written down."""
    known = acknowledged.number()  # before the database: who writes commits first
    found = None if known is None else number_in(path)
    if known is not None and found is not None and found < known:
        raise BaseError(
            say("base", folder=path.parent),
            say("its_database_lacks_the_last_changes", count=known - found),
            say("with_base", to_lost=_TO_LOST, parent=path.parent),
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


def _unusable(path: Path, error: sqlite3.DatabaseError) -> BaseError:
    refused = could_not_commit(say("base", folder=path.parent), error, "")
    if type(refused) is not BaseError:  # the disk is at fault, not the file
        return refused
    return BaseError(
        say("base", folder=path.parent), say("its_file_cannot_be_read", path=path.name, error=error), _NOT_TOUCHED
    )


def folded(text: str | None) -> str:
    """ "Comisión Nacional" as "comision nacional"; nothing as an empty text."""
    bare = unicodedata.normalize("NFD", (text or "").casefold())
    return "".join(mark for mark in bare if not unicodedata.combining(mark))


def knowing_names(connection: sqlite3.Connection) -> sqlite3.Connection:
    """The connection with the function ``folded``."""
    connection.create_function("folded", 1, folded, deterministic=True)
    return connection
