"""A database that this process may read and not write: its files, its folder or its disk are closed to writing; and who
alone does something for a base (``Sole``).

SQLite wants to write beside every database in WAL mode, if only to read it. What can be read in place is; what cannot
(a write-ahead log without its index) is read from a private copy, for leaving the log out would lose what it holds.
"""

import fcntl
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import IO

from kb.records.errors import ReadOnlyError
from kb.records.messages import say
from kb.store.disk.space import cannot_write

_WAL, _SHM = "-wal", "-shm"
Moment = tuple[int, int, bool]


def can_be_written(path: Path) -> bool:
    """Whether this process may write the database and the files that SQLite keeps beside it."""
    files = [_beside(path, ending) for ending in ("", _WAL, _SHM)]
    folders = (path.parent, files[0].parent)
    return all(os.access(one, os.W_OK | os.X_OK) for one in folders) and all(
        os.access(one, os.W_OK) for one in files if one.exists()
    )


def address(path: Path) -> str | None:
    """The URI at which the database can be read in place; null where only a copy has all that it holds."""
    if not _has_log(path):
        return f"{path.absolute().as_uri()}?immutable=1"
    return f"{path.absolute().as_uri()}?mode=ro" if _beside(path, _SHM).exists() else None


def moment(path: Path) -> Moment | None:
    """What changes when somebody else writes a database that is read as one that never changes; null when gone."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, _has_log(path)


def copied(path: Path) -> Path:
    """A new folder with a copy of the database and its log, for the caller to remove; ReadOnlyError without room."""
    folder = None
    try:
        folder = Path(tempfile.mkdtemp(prefix="kb-read-only-"))
        _copy(path, folder)
    except OSError as error:
        if folder is not None:
            shutil.rmtree(folder, ignore_errors=True)
        raise ReadOnlyError(
            say("base", folder=path.parent),
            say("can_only_be_read", error=error.strerror or error),
            say("set_tmpdir_to_a_folder"),
        ) from error
    return folder


@contextmanager
def reading(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads the database, in place where that is possible; sqlite3.Error."""
    uri = f"{path.absolute().as_uri()}?mode=ro" if can_be_written(path) else address(path)
    if uri is not None:
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            yield connection
        return
    folder = copied(path)
    try:
        with closing(sqlite3.connect(folder / path.name)) as connection:
            yield connection
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _copy(path: Path, folder: Path) -> None:
    uri = address(path)
    if uri is not None:
        with suppress(sqlite3.Error), closing(sqlite3.connect(uri, uri=True)) as source:
            with closing(sqlite3.connect(folder / path.name)) as copy:
                source.backup(copy)
            return
    # Nobody writes a log that has no index; a damaged file is copied as it is.
    for ending in ("", _WAL):
        if _beside(path, ending).exists():
            shutil.copyfile(_beside(path, ending), folder / f"{path.name}{ending}")


def _beside(path: Path, ending: str) -> Path:
    """What SQLite keeps of a database: beside the file itself, where a link leads to it."""
    file = path.resolve()
    return file.with_name(file.name + ending)


def _has_log(path: Path) -> bool:
    log = _beside(path, _WAL)
    return log.exists() and log.stat().st_size > 0


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
