"""What the routes need of whoever takes in files: a name for it, so that HTTP does not know ingestion."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Protocol

# The name under which an address is kept; the inbox takes no file whose name begins with a full stop.
ADDRESS = ".address"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file that was sent: its name, its bytes, and what its sender says of it; or the address of a page, then
    ``is_address`` and the bytes are the address."""

    name: str
    data: IO[bytes]
    metadata: Mapping[str, Any] | None = None
    is_address: bool = False

    @classmethod
    def at(cls, url: str, metadata: Mapping[str, Any] | None) -> Incoming:
        """The page at an address."""
        return cls(ADDRESS, io.BytesIO(url.encode()), metadata, is_address=True)


class Intake(Protocol):
    """Keeps files for a job that someone runs."""

    def start(self) -> None:
        """Begin to run jobs."""
        ...

    def stop(self) -> None:
        """Put what is not done back, and end."""
        ...

    def keep(self, job_id: str, files: Iterable[Incoming]) -> None:
        """Write the files durably; raises InputError for a name that is none."""
        ...

    def failed(self, job_id: str) -> list[Incoming]:
        """The files of an ended job of which something failed, to be sent again; empty once they are gone."""
        ...

    def move(self, job_id: str, other: str) -> None:
        """Make the files kept for a job those of another one."""
        ...

    def fault(self) -> str | None:
        """Why no job runs though some may wait, null when nothing is wrong."""
        ...

    def discard(self, job_id: str) -> None:
        """Remove what was kept for a job."""
        ...

    def wake(self) -> None:
        """Say that a job was queued."""
        ...
