"""What the store asks of the connections to a base, whichever engine keeps it."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from threading import Event
from typing import Any, Protocol

from kb.store.disk.acknowledged import Change
from kb.store.disk.word_memory import WordSource
from kb.store.tables.cells import Cell
from kb.store.tables.steps import Sql


class KeptOriginals(Protocol):
    """The original bytes of the documents by their SHA-256."""

    def keep(self, data: bytes) -> str:
        """Write the bytes durably, by the end of the transaction at the latest; returns their SHA-256 in hex."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes with this SHA-256; NotFoundError if not kept, BaseError if they changed."""
        ...

    def fault_of(self, sha256: str) -> str | None:
        """Why these bytes cannot be had, as the end of a sentence; null when they are whole."""
        ...

    def discard(self, sha256: str) -> None:
        """Remove the bytes, if they are there."""
        ...


class Uploads(Protocol):
    """What was sent for jobs that wait, where that is no folder: files by their places ("0000/report.pdf")."""

    def places(self, job_id: str) -> list[str]:
        """The places of the files of a job, in order."""
        ...

    def get(self, job_id: str, place: str) -> bytes:
        """The bytes of a file; KeyError when it went meanwhile."""
        ...

    def put(self, job_id: str, files: Mapping[str, bytes]) -> None:
        """Keep these files for a job, in place of those it had."""
        ...

    def drop(self, job_id: str) -> None:
        """Forget the files of a job."""
        ...


class BasePlace(Protocol):
    """What one program does for a base, of all that have it open; a killed one loses its place."""

    @property
    def taken(self) -> bool:
        """Whether this program has the place."""
        ...

    def held(self) -> bool:
        """Whether this program has the place now, taking it when it is free; BaseError when that cannot be told."""
        ...

    def let_go(self) -> None:
        """Leave the place to others."""
        ...


class Engine(Protocol):
    """An open base. Safe to share between threads."""

    @property
    def named(self) -> str:
        """What the base is called to people."""
        ...

    @property
    def words(self) -> WordSource:
        """What it says of the words of the base."""
        ...

    @property
    def read_only(self) -> bool:
        """Whether nothing of it can be changed."""
        ...

    def write(self) -> AbstractContextManager[Sql]:
        """A transaction, committed at the end and rolled back whole on any error; no two at a time, so that what is
        written later has higher keys. BaseError, NoSpaceError, ReadOnlyError when it cannot be."""
        ...

    def share(self) -> AbstractContextManager[Sql]:
        """A transaction like ``write``, at the same time as those of others where the engine can: for rows that are
        each locked by whoever changes them, and whose keys tell nobody what came later."""
        ...

    def note(self, *changes: Change) -> None:
        """Say, inside a transaction, what it does that somebody will be told is done."""
        ...

    def then(self, do: Callable[[], None]) -> None:
        """Say, inside a transaction, what is done once it is committed and before anybody else writes."""
        ...

    def read(self) -> Sql:
        """This thread's reader, which sees what is committed."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """What this thread reads inside the block is one moment of the base."""
        ...

    def fetch(self, query: str, values: Sequence[object], *columns: Cell[Any]) -> list[tuple[Any, ...]]:
        """The rows of a query, each value as the cell of its column gives it; BaseError that names a damaged one."""
        ...

    def last_key(self, table: str) -> int:
        """The highest key that a row of a table ever had, of those that count theirs; 0 before the first."""
        ...

    def go_on(self, table: str, key: int) -> None:
        """Inside a transaction, have the next row of a table get a key beyond this one."""
        ...

    def listen(self, heard: Callable[[], None], until: Event) -> None:
        """Call ``heard`` whenever some program queues a job, until the event; returns at once where none tells."""
        ...

    def place(self, name: str) -> BasePlace:
        """The place of this name (".lock")."""
        ...

    def settle(self, but: Sequence[Change] = ()) -> None:
        """Take the base as it is for all that was acknowledged, but for these changes."""
        ...

    def close(self) -> None:
        """Close every connection."""
        ...
