"""What a disk does to a base: files that are there after a power cut, and why it refuses to write.

A new file is on disk once its bytes are synced and so is the folder that names it; a new folder counts as a file.
"""

import errno
import os
import shutil
import sqlite3
import tempfile
import time
from pathlib import Path
from typing import IO

from kb.records.errors import BaseError, NoSpaceError, ReadOnlyError
from kb.records.messages import say

_ROOM = say("free_some_space_then_try_again")
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_CLOSED = frozenset({errno.EROFS, errno.EACCES, errno.EPERM})
# What SQLite says when the system takes no more bytes: a quota or a limit on files is a write that fails to it.
_SQLITE_FULL = frozenset(
    {
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR_WRITE,
        sqlite3.SQLITE_IOERR_SHMSIZE,
        sqlite3.SQLITE_IOERR_TRUNCATE,
        sqlite3.SQLITE_IOERR_FSYNC,
        sqlite3.SQLITE_IOERR_DIR_FSYNC,
    }
)


def write_synced(path: Path, data: IO[bytes]) -> None:
    """Write a file that only its owner reads, synced; OSError. Its name is on disk after ``sync`` of its folder."""
    with path.open("wb") as file:
        path.chmod(0o600)
        shutil.copyfileobj(data, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())


def sync(path: Path) -> None:
    """Put what is in a file, or the names in a folder, on disk; OSError."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folder(folder: Path) -> None:
    """Make a folder that is on disk, unless it is there; OSError. Those above it must be there."""
    folder.mkdir(mode=0o700, exist_ok=True)
    sync(folder.parent)


def disk_time(folder: Path) -> float:
    """What time it is by the disk of a folder, which is what the times of its files can be compared with: the clock of
    the program may be days off. That of the program where nothing can be written."""
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            return os.fstat(file.fileno()).st_mtime
    except OSError:
        return time.time()


def cannot_write(thing: str, error: OSError) -> BaseError:
    """Why this could not be written: NoSpaceError and ReadOnlyError where it is that."""
    reason = say("cannot_be_written", error=error.strerror or error)
    if error.errno in _FULL:
        return NoSpaceError(thing, reason, _ROOM)
    if error.errno in _CLOSED:
        return ReadOnlyError(thing, reason, say("check_its_permissions_and_its_disk"))
    return BaseError(thing, reason, say("check_the_folder_and_its_disk"))


def could_not_commit(thing: str, error: sqlite3.Error, hint: str) -> BaseError:
    """Why a transaction of this base did not come about, of the same classes as ``cannot_write``."""
    code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
    reason = say("could_not_be_written", error=error)
    if code in _SQLITE_FULL:
        return NoSpaceError(thing, reason, _ROOM)
    if code & 0xFF == sqlite3.SQLITE_READONLY:
        return ReadOnlyError(thing, reason, say("check_its_permissions_and_its_disk"))
    return BaseError(thing, reason, hint)


def is_full(error: BaseException) -> bool:
    """Whether the disk is what this error comes from: there may be room for the same thing later."""
    return isinstance(error, NoSpaceError) or (isinstance(error, OSError) and error.errno in _FULL)
