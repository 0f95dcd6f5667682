"""A writer in a process of its own that is killed with SIGKILL, and where the bases of such rows lie.

A killed process loses nothing that it handed to the kernel, on whatever file system: such bases lie in memory where
the machine has room for files there, so that thousands of kills take minutes.
"""

from __future__ import annotations

import os
import random
import shutil
import signal
import tempfile
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

_MEMORY = Path("/dev/shm")  # noqa: S108 - not a fixed name in it

Say = Callable[[int], None]


@contextmanager
def in_memory(left: Path) -> Iterator[Path]:
    """A new folder in memory; what is in it is copied to ``left`` when the block ends with an error."""
    place = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    folder = Path(tempfile.mkdtemp(prefix="kb-torture-", dir=place))
    try:
        yield folder
    except BaseException:
        shutil.copytree(folder, left / "left", dirs_exist_ok=True)
        raise
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def killed(work: Callable[[Say], None], seconds: float, chosen: random.Random, most: int = 1) -> list[int]:
    """Run the work in a fork, kill it up to so many seconds after it said that something is done, for the first time or
    up to the ``most``-th, and give every number that it said; an error of the work is one of this call."""
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        try:
            work(lambda number: _say(writer, number))
        except BaseException:  # noqa: BLE001 - told by the parent
            os.write(2, traceback.format_exc().encode())
            os._exit(1)
        os._exit(0)
    os.close(writer)
    with os.fdopen(reader, "rb") as said:
        first = said.read(8 * chosen.randint(1, most))
        if first:
            time.sleep(seconds * chosen.random())
            os.kill(child, signal.SIGKILL)
        rest = said.read()
    status = os.waitpid(child, 0)[1]
    if os.WIFEXITED(status) and os.WEXITSTATUS(status):
        raise AssertionError("the writer ended with an error")
    data = first + rest
    return [int.from_bytes(data[at : at + 8], "big") for at in range(0, len(data) - 7, 8)]


def _say(writer: int, number: int) -> None:
    os.write(writer, number.to_bytes(8, "big"))
