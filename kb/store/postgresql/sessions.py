"""Connections to a PostgreSQL, each for one use: a writer, the reader of a thread, a place that one program holds.
What the server refuses becomes an error of ours, with its reason and the next step; never a password."""

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from kb.records.errors import BaseError, NoSpaceError, ReadOnlyError
from kb.records.messages import Message, say
from kb.store.postgresql import dialect
from kb.store.tables import cells
from kb.store.tables.steps import Rows

_FULL = (errors.DiskFull, errors.OutOfMemory)
_CLOSED = (errors.ReadOnlySqlTransaction, errors.InsufficientPrivilege)
# What ends a connection: it was lost, or the server was told to stop.
_GONE = ("08", "57P")
_REFUSED = (errors.InvalidPassword, errors.InvalidAuthorizationSpecification)
# How libpq begins where it did not get as far as a server: a port that is none, a value that no option has.
_NO_ADDRESS = "connection is bad: invalid"
_REFUSED_WORDS = ("authentication failed", "no password supplied", 'role "')


def named(address: str) -> Message:
    """The base at an address, as people are told of it: host, port and database, without user and password."""
    try:
        known = conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return say("base_in_postgresql", place="?")
    host, port, database = (known.get(name) for name in ("host", "port", "dbname"))
    # A password with "/" or "@" that was not escaped is taken for host and database by libpq, up to the last "@".
    place = f"{host or 'localhost'}:{port or 5432}/{database or ''}".rpartition("@")[2]
    return say("base_in_postgresql", place=place)


def unreachable(address: str, error: psycopg.Error) -> BaseError:
    """Why no connection came about."""
    text = _first_line(error)
    if isinstance(error, psycopg.ProgrammingError) or text.startswith(_NO_ADDRESS):
        return BaseError(named(address), say("is_no_postgresql_address"), say("look_at_kb_store"))
    if isinstance(error, _REFUSED) or any(said in text for said in _REFUSED_WORDS):
        return BaseError(named(address), say("its_server_refuses_user_or_password"), say("look_at_kb_store"))
    if "does not exist" in text:
        return BaseError(named(address), say("its_server_has_no_such_database"), say("make_it_createdb"))
    return BaseError(named(address), say("its_server_cannot_be_reached"), say("start_it_or_look_at_kb_store"))


def failed(address: str, error: psycopg.Error, hint: Message) -> BaseError:
    """Why a statement or a transaction did not come about."""
    if isinstance(error, _FULL):
        return NoSpaceError(named(address), say("its_server_is_full"), say("free_some_space_then_try_again"))
    if isinstance(error, _CLOSED):
        return ReadOnlyError(named(address), say("its_server_takes_no_changes"), say("name_the_primary_in_kb_store"))
    if isinstance(error, errors.LockNotAvailable):
        return BaseError(named(address), say("cannot_be_written_another_run"), say("try_again_when_the_other_run"))
    if isinstance(error, errors.QueryCanceled):
        return BaseError(named(address), say("its_server_takes_too_long"), say("look_at_what_its_server_does"))
    if isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08").startswith(_GONE):
        return BaseError(named(address), say("its_server_has_gone"), say("start_it_or_look_at_kb_store"))
    return BaseError(named(address), say("could_not_be_read", error=_first_line(error)), hint)


def _first_line(error: psycopg.Error) -> str:
    """The server's own words; libpq names address and user in them, and never the password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]


class PostgresSql:
    """A connection that takes the statements of the store (a ``Sql``)."""

    # Whether values come as the server has them: a search reads 4 MB of vectors and tokens, twice as much in hex.
    _binary = False

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self.connection = connection
        # SQLite's; text comes as text here, or not at all.
        self.text_factory: Any = str

    def execute(self, query: str, values: Any = (), /) -> Rows:
        """Run a statement."""
        made, binding = dialect.translated(query)
        bound = binding(dialect.bound_values(values)) if values else None
        return self.connection.execute(made, bound, binary=self._binary)

    def executemany(self, query: str, values: Iterable[Any], /) -> None:
        """Run a statement once for each of these values."""
        made, binding = dialect.translated(query)
        with self.connection.cursor() as cursor:
            cursor.executemany(made, [binding(dialect.bound_values(each)) for each in values])

    def __del__(self) -> None:
        with suppress(psycopg.Error, AttributeError):  # a reader that could not be connected has none
            self.connection.close()


class PostgresReader(PostgresSql):
    """The reader of one thread, made anew where the server cut it off between two statements."""

    _binary = True

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
                raise failed(self._address, error, say("look_at_what_the_server_says")) from error
        self.connection = self._connect()
        return self.execute(query, values)


class PostgresWriter:
    """A connection that writes, a transaction at a time; ``begun`` is run in each of them first."""

    def __init__(
        self,
        connect: Callable[[], PostgresSql],
        address: str,
        begun: Callable[[PostgresSql], object] = lambda sql: None,
    ) -> None:
        self._connect = connect
        self._address = address
        self._begun = begun
        self._lock = threading.RLock()
        self._inside = False
        self._after: list[Callable[[], None]] = []
        self.sql = connect()

    @contextmanager
    def transaction(self) -> Iterator[PostgresSql]:
        """A transaction, committed at the end and rolled back whole on any error; inside another one of this thread, a
        part of it. BaseError when it cannot be."""
        with self._lock:
            outermost = not self._inside
            if outermost:  # inside another one a new connection would commit a part of it
                self._require()
            self._inside = True
            try:
                with self.sql.connection.transaction():
                    if outermost:
                        self._begun(self.sql)
                    yield self.sql
                    if self.sql.connection.broken:  # psycopg ends such a transaction without a word
                        raise psycopg.OperationalError("the connection was lost")
            except psycopg.Error as error:
                raise failed(self._address, error, say("nothing_of_this_document_was_kept")) from error
            except cells.REFUSED as error:
                raise cells.refused(error) from error
            finally:
                self._inside = not outermost
                after, self._after = ([], self._after) if self._inside else (self._after, [])
        for do in after:  # of what was rolled back nothing is done: an error has left this block
            do()

    def afterwards(self, do: Callable[[], None]) -> None:
        """Inside a transaction, have this done once it is committed, whatever others write meanwhile."""
        self._after.append(do)

    def _require(self) -> None:
        """Have a connection that the server answers, made anew where it was cut off between two transactions."""
        try:
            self.sql.execute("SELECT 1")
        except psycopg.Error:
            self.sql = self._connect()

    def close(self) -> None:
        """Close the connection, once the transaction under way has ended."""
        with self._lock:
            self.sql.connection.close()


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
