"""Who alone does something for a base, of all the processes that have it open: a lock on a file in its folder.

A killed process loses its lock, so nobody has to clear anything up.
"""

from __future__ import annotations

import fcntl
from pathlib import Path
from typing import IO

from kb.records.messages import say
from kb.store.disk.space import cannot_write


class Sole:
    """A place that one process holds at a time, named by a file."""

    def __init__(self, folder: Path, name: str) -> None:
        self._folder = folder
        self._name = name
        self._file: IO[bytes] | None = None

    @property
    def taken(self) -> bool:
        """Whether this process has the place already."""
        return self._file is not None

    def held(self) -> bool:
        """Whether this process holds the place now, taking it when it is free; BaseError when it cannot be written."""
        if self._file is not None:
            return True
        try:
            self._folder.mkdir(mode=0o700, exist_ok=True)
            handle = (self._folder / self._name).open("wb")
            (self._folder / self._name).chmod(0o600)
        except OSError as error:
            raise cannot_write(say("folder", parent=self._folder), error) from error
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            handle.close()
            return False
        self._file = handle
        return True

    def let_go(self) -> None:
        """Leave the place to others."""
        if self._file is not None:
            self._file.close()
            self._file = None
