"""What every column of a base holds, and the one way in which a value becomes something to work with.

A query is read with a ``Cell`` for each of its columns: a value that is none of its kind is an error of ours that names
table, row and column, wherever it was met. ``kb doctor`` walks over the same cells (``kb.store.upkeep.checking_rows``).
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from kb.records.errors import BaseError, InputError
from kb.records.messages import say
from kb.store.tables.steps import Sql

Value = TypeVar("Value")
Choice = TypeVar("Choice", bound=Enum)
# Whatever a value of a damaged row can raise where it is read.
UNFIT = (ValueError, TypeError, OverflowError, RecursionError)
# What a driver raises for a value that no engine takes: a number beyond 64 bits, half a character.
REFUSED = (OverflowError, UnicodeEncodeError)
_AROUND = 20
_SHA256_DIGITS = 64
_YEAR_MOST = 9999
# The greatest integer of SQLite is far beyond: what is near it was not written by this program.
_COUNT_MOST = 2**53


@dataclass(frozen=True, slots=True)
class Cell(Generic[Value]):
    """A column of a table; ``load`` gives what its value means, or raises ValueError with the reason why it is none.

    ``expression`` is what a query takes out of the column, where that is not the whole of it.
    """

    table: str
    column: str
    load: Callable[[Any], Value]
    expression: str | None = None

    @property
    def or_null(self) -> Cell[Value | None]:
        """The same where a query may find no value."""
        return Cell(self.table, self.column, or_null(self.load))

    def damaged(self, row: object, reason: str) -> BaseError:
        """The error that names the value in this row."""
        return BaseError(named(self.table, row, self.column), reason, say("repair_it_kb_doctor_fix"))


def named(table: str, row: object, column: str) -> str:
    """How a value of the base is named to people."""
    return say("table_row_column", table=table, row=row, column=column)


def reason_of(error: BaseException) -> str:
    """Why a value is none of its kind, in words for people; nothing of the value itself, which may be a secret."""
    return error.args[0] if type(error) is ValueError else say("holds_no_such_record", error=type(error).__name__)


def refused(error: OverflowError | UnicodeEncodeError) -> InputError:
    """The error of ours for a value that no base can hold or be asked for, which it names."""
    if isinstance(error, OverflowError):
        return InputError(say("a_number"), say("is_beyond_64_bits"), say("give_a_smaller_number"))
    near = error.object[max(0, error.start - _AROUND) : error.end + _AROUND].encode("utf-8", "replace").decode()
    return InputError(say("value_named", text=near), say("is_not_text_in_valid_unicode"), say("write_it_in_utf_8"))


# -- kinds of values -----------------------------------------------------------------------


def text(value: Any) -> str:
    """Any text."""
    if type(value) is not str:
        raise ValueError(say("holds_no_text") if value is not None else say("is_empty"))
    return value if value.isascii() else utf8(value)


def name(value: Any) -> str:
    """A text that is not empty."""
    if not text(value):
        raise ValueError(say("is_empty"))
    return str(value)


def sha256(value: Any) -> str:
    """A SHA-256 in hex."""
    if len(text(value)) != _SHA256_DIGITS or value.strip("0123456789abcdef"):
        raise ValueError(say("is_no_sha_256"))
    return str(value)


def moment(value: Any) -> datetime:
    """A time with its zone, in ISO 8601."""
    try:
        found = datetime.fromisoformat(text(value))
    except ValueError:
        raise ValueError(say("is_no_time")) from None
    if found.tzinfo is None:
        raise ValueError(say("is_no_time_with_a_zone"))
    return found


def blob(value: Any) -> bytes:
    """Any bytes."""
    if type(value) is not bytes:
        raise ValueError(say("holds_no_bytes") if value is not None else say("is_empty"))
    return value


def count_written(value: Any) -> int:
    """A number, not negative, written as text."""
    if not text(value).isascii() or not value.isdigit() or len(value) > len(str(_COUNT_MOST)):
        raise ValueError(say("is_no_number"))
    return int(value)


def integer(low: int, high: int = _COUNT_MOST) -> Callable[[Any], int]:
    """A whole number of this range, both ends included."""

    def load(value: Any) -> int:
        if type(value) is not int:
            raise ValueError(say("is_no_whole_number") if value is not None else say("is_empty"))
        if not low <= value <= high:
            raise ValueError(say("is_not_between", low=low, high=high))
        return value

    return load


def number(value: Any) -> float:
    """A finite number."""
    if type(value) not in (int, float) or value - value != 0:
        raise ValueError(say("is_no_number"))
    return float(value)


def member(choice: type[Choice]) -> Callable[[Any], Choice]:
    """A word of a closed list."""
    known: dict[object, Choice] = {one.value: one for one in choice}

    def load(value: Any) -> Choice:
        try:
            return known[value]
        except (KeyError, TypeError):
            raise ValueError(say("is_none", known=", ".join(map(str, known)))) from None

    return load


def or_null(load: Callable[[Any], Value]) -> Callable[[Any], Value | None]:
    """The same, or no value."""
    return lambda value: None if value is None else load(value)


year = integer(0, _YEAR_MOST)
flag = integer(0, 1)
# What SQLite worked out itself, which needs no check.
COUNTED: Cell[int] = Cell("", "", int)


# -- reading ---------------------------------------------------------------------------------


def select(connection: Sql, query: str, values: Sequence[object], *cells: Cell[Any]) -> list[tuple[Any, ...]]:
    """The rows of a query, each value as its cell gives it; BaseError that names the first value that is damaged,
    InputError for a value that nothing can be asked by.

    Raises sqlite3.DatabaseError when the file itself cannot be read.
    """
    try:
        found = connection.execute(query, tuple(values)).fetchall()
    except REFUSED as error:
        raise refused(error) from error
    except (sqlite3.OperationalError, UnicodeDecodeError):
        read = _read_leniently(connection, query, values)
        if read is None:
            raise
        found = read
    if not found:
        return []
    columns = [_loaded(connection, cell, column) for cell, column in zip(cells, zip(*found, strict=True), strict=True)]
    return list(zip(*columns, strict=True))


def _loaded(connection: Sql, cell: Cell[Any], values: Sequence[object]) -> list[Any]:
    try:
        return [*map(cell.load, values)]
    except UNFIT:
        pass
    for value in values:  # once more, to find out which
        try:
            cell.load(value)
        except UNFIT as error:
            raise cell.damaged(_row_with(connection, cell, value), reason_of(error)) from error
    raise cell.damaged("?", "changed while it was read")


def _row_with(connection: Sql, cell: Cell[Any], value: object) -> object:
    """What the first row is called that has this value in this column: its key in the table."""
    key = KEYS.get(cell.table, "rowid")
    written = value.encode("utf-8", "surrogateescape") if isinstance(value, str) else value
    asked = "CAST(? AS TEXT)" if isinstance(value, str) else "?"
    query = f"SELECT {key} FROM {cell.table} WHERE {cell.expression or cell.column} IS {asked} LIMIT 1"  # noqa: S608
    with lenient(connection):
        row = connection.execute(query, (written,)).fetchone()
    return "?" if row is None else printable(row[0])


def printable(value: object) -> str:
    """A value as it can be shown, whatever its bytes."""
    return ascii(value)[1:-1] if isinstance(value, str) and not value.isprintable() else str(value)


@contextmanager
def lenient(connection: Sql) -> Iterator[None]:
    """Inside, text that is no UTF-8 comes with a lone surrogate for each such byte, in place of an error."""
    usual = connection.text_factory
    connection.text_factory = _undecoded
    try:
        yield
    finally:
        connection.text_factory = usual


def _undecoded(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")


def utf8(value: str) -> str:
    """The text; ValueError when its bytes are no UTF-8."""
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ValueError(say("is_no_utf_8")) from None
    return value


def _read_leniently(connection: Sql, query: str, values: Sequence[object]) -> list[tuple[Any, ...]] | None:
    """The rows of a query that could not be read, where its text can be read after all; raises BaseError when a
    record in the tables that SQL looks into is no JSON; null when neither is the reason."""
    for table in ("documents", "passages", "statistics"):
        query_bad = f"SELECT id FROM {table} WHERE NOT json_valid(CAST(record AS TEXT)) LIMIT 1"  # noqa: S608
        with lenient(connection):
            bad = connection.execute(query_bad).fetchone()
        if bad is not None and table in query:
            raise Cell(table, "record", text).damaged(printable(bad[0]), "is no JSON")
    try:
        with lenient(connection):
            return connection.execute(query, tuple(values)).fetchall()
    except sqlite3.OperationalError:
        return None


# By what a row of each table is called; others by their number.
KEYS = {
    "meta": "key",
    "documents": "id",
    "aliases": "source_id",
    "sources": "identity",
    "places": "place",
    "fingerprints": "document_id",
    "fingerprint_samples": "document_id",
    "failures": "source_id",
    "passages": "id",
    "passage_topics": "key",
    "passage_subtopics": "key",
    "passage_own_topics": "key",
    "own_topics": "position",
    "taggings": "document_id",
    "statistics": "id",
    "vectors": "key",
    "keys": "id",
    "jobs": "id",
    "replies": "name",
    "searches": "id",
    "webhooks": "id",
    "deliveries": "id",
}
