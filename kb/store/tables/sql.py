"""What a statement is run on, whichever engine it is: the SQL of this room is what SQLite and PostgreSQL both read.

Values are bound by ``?`` or ``?1``. Transactions are the connections' business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol


class Rows(Protocol):
    """What a statement gives."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""
        ...

    def fetchone(self) -> Any:
        """The next row, null after the last."""
        ...

    def fetchmany(self, size: int = ..., /) -> list[Any]:
        """The next rows, at most so many."""
        ...

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Sql(Protocol):
    """An open connection."""

    text_factory: Any

    def execute(self, query: str, values: Any = ..., /) -> Rows:
        """Run a statement; the engine's own error where it cannot be."""
        ...

    def executemany(self, query: str, values: Iterable[Any], /) -> object:
        """Run a statement once for each of these values."""
        ...
