"""A server in a process of its own for measurements: ``kb serve`` on a copy of a base, and what it takes.

Processor time, waiting and memory are read off Linux; elsewhere they are 0.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx

from api.http.auth import create_key
from kb.outside.processes import python_command, python_environment
from kb.records.operation import Scope
from kb.store import Store

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "samples" / "articles"
KB = python_command("api.cli")


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds that the threads of a process ran, and seconds that they were ready to and waited for a processor."""

    running: float
    waiting: float

    def __sub__(self, before: Spent) -> Spent:
        return Spent(self.running - before.running, self.waiting - before.waiting)


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is ready: its process, address, the key that may ingest, and the seconds until it was ready."""

    process: subprocess.Popen[bytes]
    address: str
    key: str
    ready_after: float

    def spent(self) -> Spent:
        """What the server itself has taken so far, without the processes it has started."""
        return Spent(*_on_processor(self.process.pid))

    def open_files(self) -> int:
        """How many files and sockets the server has open (Linux)."""
        try:
            return sum(1 for _ in Path(f"/proc/{self.process.pid}/fd").iterdir())
        except OSError:
            return 0

    def megabytes(self) -> tuple[float, float]:
        """The memory that the server holds, and that of the processes it has started (Linux)."""
        children = [_megabytes(one) for one in descendants(self.process.pid)]
        return _megabytes(self.process.pid), sum(children)


def fill(base: Path, given: Path | None) -> None:
    """Put a copy of the given base here, or one made of the bundled samples."""
    if given is not None:
        shutil.copytree(given, base)
        return
    subprocess.run(  # noqa: S603 - our own program
        [*KB, "ingest", str(SAMPLES), "--base", str(base)],
        cwd=ROOT,
        env=python_environment(),
        check=True,
        stdout=subprocess.DEVNULL,
    )


@contextmanager
def serving(base: Path, other: Store | None = None) -> Iterator[Running]:
    """``kb serve`` on the base in this folder until the block ends, or on the ``other`` one that ``KB_STORE`` names."""
    store = other or Store.open(base)
    key = create_key(store.keys, "load", frozenset({Scope.READ, Scope.INGEST}), None)[1]
    store.close()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    started = time.perf_counter()
    command = [*KB, "serve", *(() if other else ("--base", str(base))), "--port", str(port)]
    log = (base.parent / "server.log").open("wb")
    process = subprocess.Popen(command, cwd=ROOT, env={**python_environment(), "KB_RATE_PER_MINUTE": "0"}, stderr=log)  # noqa: S603 - our own program
    address = f"http://127.0.0.1:{port}"
    try:
        yield Running(process, address, key, until_ready(process, address, started))
    finally:
        process.terminate()
        process.wait(60)
        log.close()


def until_ready(process: subprocess.Popen[bytes], address: str, started: float) -> float:
    """The seconds since ``started`` (``perf_counter``) when a server that starts answers."""
    # One client: to make one loads the certificates of the machine, which takes the server's processor from it.
    with httpx.Client(base_url=address) as client:
        while time.perf_counter() - started < 120 and process.poll() is None:
            try:
                if client.get("/readyz").status_code == 200:
                    return time.perf_counter() - started
            except httpx.TransportError:
                time.sleep(0.02)
    raise SystemExit("the server did not become ready")


def _on_processor(process: int) -> tuple[float, float]:
    """Seconds running, of every thread there was, and seconds waiting, of those there are now (Linux)."""
    folder = Path(f"/proc/{process}")
    waiting = 0
    for thread in folder.glob("task/*/schedstat"):
        with suppress(OSError):  # it has ended
            waiting += int(thread.read_text(encoding="ascii").split()[1])
    try:
        fields = (folder / "stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0, 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), waiting / 1e9


def _megabytes(process: int) -> float:
    try:
        return int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1]) * 4096 / 2**20
    except OSError:  # it has ended
        return 0.0


def descendants(process: int) -> list[int]:
    """The processes that any thread of this one, or of those, has started (Linux)."""
    try:
        lists = [found.read_text(encoding="ascii") for found in Path(f"/proc/{process}/task").glob("*/children")]
    except OSError:
        return []
    return [each for child in map(int, " ".join(lists).split()) for each in (child, *descendants(child))]
