"""Connections to a base in PostgreSQL: one writer, a reader for each thread, as on disk.

Whoever writes holds a lock of the whole base until COMMIT (an advisory one, which a killed process loses): keys are
given inside it, so that a later transaction has higher keys, on however many machines. What takes long (reading,
embedding) is done before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any
from weakref import WeakSet

import numpy as np
import psycopg
from numpy.typing import NDArray

from kb.records.errors import BaseError, ReadOnlyError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import WordQuery
from kb.store.disk.acknowledged import Change
from kb.store.postgresql import dialect, problems
from kb.store.postgresql.words import met_words
from kb.store.tables import cells, columns
from kb.store.tables.cells import Cell
from kb.store.tables.sql import Rows
from kb.store.tables.steps import FORMAT

_KEY, _SCORE = columns.PASSAGES["key"], Cell("", "", float)
_CONNECT_SECONDS = 10
_WAIT_SECONDS = 30
_OLDEST = 160000
# Any number that nobody else in the database uses.
_WRITER = 0x6B62_7772


class PostgresSql:
    """A connection that takes the statements of the store (a ``Sql``)."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        # SQLite's; text comes as text here, or not at all.
        self.text_factory: Any = str

    def execute(self, query: str, values: Any = (), /) -> Rows:
        """Run a statement."""
        made, numbered = dialect.translated(query)
        return self.connection.execute(made, dialect.bound_values(values, numbered=numbered) if values else None)

    def executemany(self, query: str, values: Iterable[Any], /) -> None:
        """Run a statement once for each of these values."""
        made, numbered = dialect.translated(query)
        with self.connection.cursor() as cursor:
            cursor.executemany(made, [dialect.bound_values(each, numbered=numbered) for each in values])

    def __del__(self) -> None:
        with suppress(psycopg.Error):
            self.connection.close()


class PostgresReader(PostgresSql):
    """The reader of one thread, made anew where the server cut it off between two statements."""

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], address: str) -> None:
        super().__init__(connect())
        self._connect = connect
        self._address = address
        # Whether it is at one moment of the base, which a new connection would not be at.
        self.held = False

    def execute(self, query: str, values: Any = (), /) -> Rows:
        """Run a statement; BaseError where it cannot be."""
        try:
            return super().execute(query, values)
        except psycopg.Error as error:
            if self.held or not self.connection.closed:
                raise problems.failed(self._address, error, say("look_at_what_the_server_says")) from error
        self.connection = self._connect()
        return self.execute(query, values)


class PostgresPlace:
    """A place that one program holds at a time, named by an advisory lock, which goes with its connection."""

    def __init__(self, connect: Callable[[], PostgresSql], name: str) -> None:
        self._connect = connect
        self._name = name
        self._session: PostgresSql | None = None

    @property
    def taken(self) -> bool:
        """Whether this program has the place: a connection that was cut has lost it."""
        if self._session is None:
            return False
        try:
            self._session.execute("SELECT 1")
        except psycopg.Error:
            self.let_go()
        return self._session is not None

    def held(self) -> bool:
        """Whether this program has the place now, taking it when it is free; BaseError when the server has gone."""
        if self.taken:
            return True
        session = self._connect()
        query = "SELECT pg_try_advisory_lock(hashtextextended(?, 0))"
        if session.execute(query, (f"kb {self._name}",)).fetchone()[0]:
            self._session = session
        else:
            session.connection.close()
        return self._session is not None

    def let_go(self) -> None:
        """Leave the place to others."""
        if self._session is not None:
            self._session.connection.close()
            self._session = None


class PostgresConnections:
    """Opens a base in PostgreSQL, makes its tables where there are none, and hands out its writer and its readers."""

    def __init__(self, address: str, *, create: bool) -> None:
        """BaseError where the server cannot be reached, is too old, or has another format or nothing (unless
        ``create``)."""
        self._address = address
        self._lock = threading.RLock()
        self._local = threading.local()
        self._readers_lock = threading.Lock()
        self._readers: WeakSet[PostgresReader] = WeakSet()
        self._writer = self._connect()
        self._writing = False
        try:
            self._look(create)
        except psycopg.Error as error:
            self.close()
            raise problems.failed(address, error, say("look_at_what_the_server_says")) from error
        except BaseError:
            self.close()
            raise

    @property
    def named(self) -> str:
        """How people are told of this base."""
        return problems.named(self._address)

    def _connect(self) -> PostgresSql:
        return PostgresSql(self._open())

    def _open(self) -> psycopg.Connection[Any]:
        try:
            return psycopg.connect(
                self._address,
                autocommit=True,
                connect_timeout=_CONNECT_SECONDS,
                application_name="kb",
                client_encoding="UTF8",
                options=f"-c search_path={dialect.SCHEMA},pg_catalog -c lock_timeout={_WAIT_SECONDS}s",
            )
        except psycopg.Error as error:
            # Not "from": what libpq says can hold what was typed for an address.
            raise problems.unreachable(self._address, error) from None

    def _look(self, create: bool) -> None:
        writer = self._writer
        version = writer.connection.info.server_version
        if version < _OLDEST:
            raise BaseError(
                self.named,
                say("its_server_is_too_old", found=version // 10000, oldest=_OLDEST // 10000),
                say("update_the_server"),
            )
        if writer.execute("SELECT getdatabaseencoding() <> 'UTF8' OR lower('Ñ') <> 'ñ'").fetchone()[0]:
            raise BaseError(self.named, say("its_letters_are_not_all_known"), say("make_it_createdb_in_utf_8"))
        closed = "SELECT current_setting('transaction_read_only') = 'on' OR pg_is_in_recovery()"
        self.read_only = bool(writer.execute(closed).fetchone()[0])
        if self._format() is None:
            if not create or self.read_only:
                raise BaseError(self.named, say("there_is_no_base_here"), say("make_one_kb_ingest_path"))
            self._make()
        found = self._format()
        if found != FORMAT:
            raise BaseError(
                self.named,
                say("is_in_newer_format", found=found, newest=FORMAT),
                say("update_the_program_git_pull_make"),
            )
        # A user who may only read has what a replica has.
        self.read_only |= not writer.execute("SELECT has_table_privilege('meta', 'UPDATE')").fetchone()[0]

    def _format(self) -> int | None:
        """The format of the base that is there, null for none."""
        known = self._writer.execute(f"SELECT to_regclass('{dialect.SCHEMA}.meta')").fetchone()[0]
        if known is None:
            return None
        row = self._writer.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
        return None if row is None else int(row[0])

    def _make(self) -> None:
        with self._writer.connection.transaction():
            self._writer.execute(f"SELECT pg_advisory_xact_lock({_WRITER})")
            if self._format() is None:  # another server may have made it meanwhile
                for statement in dialect.statements():
                    self._writer.connection.execute(statement)
                self._writer.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT),))

    @contextmanager
    def write(self) -> Iterator[PostgresSql]:
        """A transaction of the one writer of the base: committed at the end, rolled back whole on any error.

        BaseError when it cannot be: NoSpaceError on a full server, ReadOnlyError on one that takes no changes.
        """
        if self.read_only:
            raise ReadOnlyError(self.named, say("its_server_takes_no_changes"), say("name_the_primary_in_kb_store"))
        with self._lock:
            outermost = not self._writing
            if outermost:  # inside another one a new writer would commit a part of it
                self._require_writer()
            self._writing = True
            try:
                with self._writer.connection.transaction():  # inside another one: a part of it
                    self._writer.execute(f"SELECT pg_advisory_xact_lock({_WRITER})")
                    yield self._writer
                    if self._writer.connection.broken:  # psycopg ends such a transaction without a word
                        raise psycopg.OperationalError("the connection was lost")
            except psycopg.Error as error:
                raise problems.failed(self._address, error, say("nothing_of_this_document_was_kept")) from error
            finally:
                self._writing = not outermost

    def _require_writer(self) -> None:
        """Have a writer that the server answers, made anew where it was cut off between two transactions."""
        try:
            self._writer.execute("SELECT 1")
        except psycopg.Error:
            self._writer = self._connect()

    def note(self, *changes: Change) -> None:
        """What is committed is the server's to keep: nothing is written down beside it."""

    def then(self, do: Callable[[], None]) -> None:
        """Done at once: originals are in the database, and what is done with them is a part of the transaction."""
        do()

    def settle(self, but: Sequence[Change] = ()) -> None:
        """Nothing: a server's log is its own business."""

    def read(self) -> PostgresReader:
        """This thread's reader."""
        reader: PostgresReader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = PostgresReader(self._open, self._address)
            with self._readers_lock:
                self._readers.add(reader)
            self._local.reader = reader
        return reader

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """What this thread reads inside the block is one moment of the base, whatever others write meanwhile."""
        reader = self.read()
        reader.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        reader.held = True
        try:
            yield
        finally:
            with suppress(BaseError):
                reader.execute("ROLLBACK")
            reader.held = False

    def fetch(self, query: str, values: Sequence[object], *columns: Cell[Any]) -> list[tuple[Any, ...]]:
        """The rows of a query, each value as the cell of its column gives it; BaseError when they cannot be read."""
        return cells.select(self.read(), query, values, *columns)

    def words_met(
        self, words: WordQuery, language: Language, limit: int, among: NDArray[np.int64] | None
    ) -> list[tuple[int, float]]:
        """Keys and BM25 scores of the passages with any of the words, best first, equal ones by ascending key; only
        ``among`` these (ascending)."""
        return self.fetch(*met_words(words, language, limit, among), _KEY, _SCORE)

    def last_key(self, table: str) -> int:
        """The highest key that a row of a table ever had, of those that count theirs; 0 before the first."""
        query = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {self._counter(table)}"  # noqa: S608
        return int(self.read().execute(query).fetchone()[0])

    def go_on(self, table: str, key: int) -> None:
        """Inside a transaction, have the next row of a table get a key beyond this one."""
        self._writer.execute("SELECT setval(CAST(? AS regclass), ?, ?)", (self._counter(table), max(key, 1), key > 0))

    def _counter(self, table: str) -> str:
        query = (
            "SELECT pg_get_serial_sequence(?, column_name) FROM information_schema.columns "
            "WHERE table_schema = ? AND table_name = ? AND is_identity = 'YES'"
        )
        named = f"{dialect.SCHEMA}.{table}"
        return str(self.read().execute(query, (named, dialect.SCHEMA, table)).fetchone()[0])

    def place(self, name: str) -> PostgresPlace:
        """The place of this name, a lock of a connection of its own."""
        return PostgresPlace(self._connect, name)

    def close(self) -> None:
        """Close every connection."""
        with self._lock, self._readers_lock:
            for reader in list(self._readers):
                reader.connection.close()
            self._readers.clear()
            self._local = threading.local()
            self._writer.connection.close()
