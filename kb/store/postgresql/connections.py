"""Connections to a base in PostgreSQL: one writer, a reader for each thread, as on disk.

Whoever writes holds a lock of the whole base until COMMIT (an advisory one, which a killed process loses): keys are
given inside it, so that a later transaction has higher keys, on however many machines. What takes long (reading,
embedding) is done before.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any
from weakref import WeakSet

import psycopg
from psycopg import errors

from kb.records.errors import BaseError, ReadOnlyError
from kb.records.messages import say
from kb.store.disk.acknowledged import Change
from kb.store.postgresql import dialect, sessions
from kb.store.postgresql.sessions import PostgresPlace, PostgresReader, PostgresSql, PostgresWriter
from kb.store.postgresql.words import IndexedWords
from kb.store.tables import cells
from kb.store.tables.cells import Cell
from kb.store.tables.steps import FORMAT, STEPS

_CONNECT_SECONDS = 10
_WAIT_SECONDS = 30
_LISTEN_SECONDS = 1.0
# A server that went without a word (its machine, its network) is given up after 30 s; by itself Linux waits two hours
# for an answer, and a quarter of an hour for what was asked to arrive.
_PATIENCE: dict[str, Any] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 4,
    "tcp_user_timeout": 30_000,
}
_OLDEST = 160000
# Any number that nobody else in the database uses.
_WRITER = 0x6B62_7772


class PostgresConnections:
    """Opens a base in PostgreSQL, makes its tables where there are none, and hands out its writer and its readers."""

    def __init__(self, address: str, *, create: bool, wait_seconds: int = _WAIT_SECONDS) -> None:
        """BaseError where the server cannot be reached, is too old, or has another format or nothing (unless
        ``create``). Nobody waits longer than ``wait_seconds`` for what another has locked, no reader longer than twice
        that for an answer."""
        self._address = address
        self._wait_seconds = wait_seconds
        self._local = threading.local()
        self._readers_lock = threading.Lock()
        self._readers: WeakSet[PostgresReader] = WeakSet()
        self._writer = PostgresWriter(self._connect, address, self._alone)
        self.words = IndexedWords(self.fetch)
        self._sharer: PostgresWriter | None = None
        try:
            self._look(create)
        except psycopg.Error as error:
            self.close()
            raise sessions.failed(address, error, say("look_at_what_the_server_says")) from error
        except BaseError:
            self.close()
            raise

    @property
    def named(self) -> str:
        """How people are told of this base."""
        return sessions.named(self._address)

    def _connect(self) -> PostgresSql:
        return PostgresSql(self._open())

    def _open_reader(self) -> psycopg.Connection[Any]:
        return self._open(f" -c statement_timeout={2 * self._wait_seconds}s")

    def _open(self, settings: str = "") -> psycopg.Connection[Any]:
        patience = f"-c lock_timeout={self._wait_seconds}s{settings}"
        try:
            return psycopg.connect(
                self._address,
                autocommit=True,
                connect_timeout=_CONNECT_SECONDS,
                application_name="kb",
                client_encoding="UTF8",
                options=f"-c search_path={dialect.SCHEMA},pg_catalog {patience}",
                **_PATIENCE,
            )
        except psycopg.Error as error:
            # Not "from": what libpq says can hold what was typed for an address.
            raise sessions.unreachable(self._address, error) from None

    def _look(self, create: bool) -> None:
        writer = self._writer.sql
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
        found = _format(writer)
        if found is None and (not create or self.read_only):
            raise BaseError(self.named, say("there_is_no_base_here"), say("make_one_kb_ingest_path"))
        if found is None or found < FORMAT:
            self._bring_forward(found)
        self._refuse_newer(writer)
        # A user who may only read has what a replica has.
        self.read_only |= not writer.execute("SELECT has_table_privilege('meta', 'UPDATE')").fetchone()[0]

    def _bring_forward(self, found: int | None) -> None:
        """Make the tables, or give those of an older format what the newest has, in one transaction; BaseError where
        this server or this user cannot."""
        if found is not None and self.read_only:
            raise self._older(found)
        try:
            with self._writer.sql.connection.transaction():
                writer = self._writer.sql
                writer.execute(f"SELECT pg_advisory_xact_lock({_WRITER})")
                found = _format(writer)  # another server may have done it meanwhile
                if found is None:
                    for statement in dialect.statements():
                        writer.connection.execute(statement)
                    writer.execute("INSERT INTO meta VALUES ('format', ?)", (str(FORMAT),))
                elif found < FORMAT:
                    for number in range(found + 1, FORMAT + 1):
                        STEPS[number](dialect.Changing(writer))
                        for statement in dialect.BESIDE[number]:
                            writer.connection.execute(statement)
                    writer.execute("UPDATE meta SET value = ? WHERE key = 'format'", (str(FORMAT),))
        except errors.InsufficientPrivilege:
            if found is None:
                raise
            raise self._older(found) from None

    def _older(self, found: int) -> BaseError:
        reason = say("is_in_older_format", found=found, newest=FORMAT)
        return BaseError(self.named, reason, say("open_it_once_as_its_owner"))

    def _refuse_newer(self, sql: PostgresSql) -> None:
        """Nothing for a base of this program's format; BaseError, with the way out, for a newer one."""
        found = _format(sql)
        if found != FORMAT:
            raise BaseError(
                self.named,
                say("is_in_newer_format", found=found, newest=FORMAT),
                say("update_the_program"),
            )

    def _alone(self, sql: PostgresSql) -> None:
        sql.execute(f"SELECT pg_advisory_xact_lock({_WRITER})")
        self._refuse_newer(sql)  # a newer program may have come meanwhile

    def write(self) -> AbstractContextManager[PostgresSql]:
        """A transaction of the one writer of the base: committed at the end, rolled back whole on any error.

        BaseError when it cannot be: NoSpaceError on a full server, ReadOnlyError on one that takes no changes.
        """
        self._require_open()
        return self._writer.transaction()

    def share(self) -> AbstractContextManager[PostgresSql]:
        """The same beside the one writer, for rows that are each locked by whoever changes them."""
        self._require_open()
        with self._readers_lock:
            if self._sharer is None:
                self._sharer = PostgresWriter(self._connect, self._address, self._refuse_newer)
        return self._sharer.transaction()

    def _require_open(self) -> None:
        if self.read_only:
            raise ReadOnlyError(self.named, say("its_server_takes_no_changes"), say("name_the_primary_in_kb_store"))

    def note(self, *changes: Change) -> None:
        """What is committed is the server's to keep: nothing is written down beside it."""

    def then(self, do: Callable[[], None]) -> None:
        """Done at once: what is done with originals is written in the database, as a part of the transaction."""
        do()

    def afterwards(self, do: Callable[[], None]) -> None:
        """Say, inside a transaction, what is done once it is committed; others may have written by then."""
        self._writer.afterwards(do)

    def settle(self, but: Sequence[Change] = ()) -> None:
        """Have the server count what was brought, which it plans by: it does so by itself a minute later."""
        with self.write() as sql:
            sql.execute("ANALYZE")

    def read(self) -> PostgresReader:
        """This thread's reader."""
        reader: PostgresReader | None = getattr(self._local, "reader", None)
        if reader is None:
            reader = PostgresReader(self._open_reader, self._address)
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

    def last_key(self, table: str) -> int:
        """The highest key that a row of a table ever had, of those that count theirs; 0 before the first."""
        query = f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {self._counter(table)}"  # noqa: S608
        return int(self.read().execute(query).fetchone()[0])

    def go_on(self, table: str, key: int) -> None:
        """Inside a transaction, have the next row of a table get a key beyond this one."""
        self._writer.sql.execute(
            "SELECT setval(CAST(? AS regclass), ?, ?)", (self._counter(table), max(key, 1), key > 0)
        )

    def _counter(self, table: str) -> str:
        query = (
            "SELECT pg_get_serial_sequence(?, column_name) FROM information_schema.columns "
            "WHERE table_schema = ? AND table_name = ? AND is_identity = 'YES'"
        )
        named = f"{dialect.SCHEMA}.{table}"
        return str(self.read().execute(query, (named, dialect.SCHEMA, table)).fetchone()[0])

    def listen(self, heard: Callable[[], None], until: threading.Event) -> None:
        """Call ``heard`` whenever a job is queued on any machine, until the event; what was not heard while the server
        was gone is found by looking."""
        while not until.is_set():
            try:
                with self._open() as connection:
                    connection.execute(f"LISTEN {dialect.JOBS}")
                    while not until.is_set():
                        for _ in connection.notifies(timeout=_LISTEN_SECONDS, stop_after=1):
                            heard()
            except (psycopg.Error, BaseError):
                until.wait(_LISTEN_SECONDS)

    def place(self, name: str) -> PostgresPlace:
        """The place of this name, a lock of a connection of its own."""
        return PostgresPlace(self._connect, name)

    def close(self) -> None:
        """Close every connection."""
        with self._readers_lock:
            for reader in list(self._readers):
                reader.connection.close()
            self._readers.clear()
            self._local = threading.local()
            for writer in (self._writer, self._sharer):
                if writer is not None:
                    writer.close()


def _format(sql: PostgresSql) -> int | None:
    """The format of the base that is there, null for none."""
    if sql.execute(f"SELECT to_regclass('{dialect.SCHEMA}.meta')").fetchone()[0] is None:
        return None
    row = sql.execute("SELECT value FROM meta WHERE key = 'format'").fetchone()
    return None if row is None else int(row[0])
