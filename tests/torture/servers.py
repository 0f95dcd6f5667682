"""``kb serve`` as it is shipped, with the bundled model, in a process of its own that can be killed."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from api.http.auth import create_key
from bench.serving import KB, ROOT, SAMPLES, Running, fill, until_ready
from kb.outside.processes import python_environment
from kb.records.operation import Scope
from kb.store import Store
from kb.store.postgresql.opening import open_postgresql
from tests.torture.ledger import FOLDER, program


def sample_base(base: Path) -> Path:
    """A copy of the base of the bundled samples, which is made once for each state of the program."""
    whole = FOLDER / f"samples-{program()}"
    if not whole.exists():
        for old in FOLDER.glob("samples-*"):
            shutil.rmtree(old)
        part = whole.with_suffix(".part")
        fill(part, None)
        part.rename(whole)
    return Path(shutil.copytree(whole, base))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a base is: its folder, and the address of the database where it is not in that folder."""

    folder: Path
    address: str | None = None

    def open(self, *, create: bool = False) -> Store:
        """The store of the base."""
        if self.address is None:
            return Store.open(self.folder, create=create)
        return open_postgresql(self.address, self.folder, create=create)

    def settings(self) -> dict[str, str]:
        """What tells the program where it is."""
        return {"KB_BASE": str(self.folder)} | ({"KB_STORE": self.address} if self.address else {})


def filled(place: Place) -> Place:
    """The same with the bundled samples in it."""
    if place.address is None:
        sample_base(place.folder)
        return place
    place.open(create=True).close()
    command = [*KB, "ingest", str(SAMPLES)]
    environment = {**python_environment(), **place.settings()}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return place


def key_of(base: Path | Place, *scopes: Scope) -> str:
    """The secret of a new key."""
    store = (base if isinstance(base, Place) else Place(base)).open()
    secret = create_key(store.keys, "torture", frozenset(scopes or {Scope.READ, Scope.INGEST, Scope.ADMIN}), None)[1]
    store.close()
    return secret


def started(base: Path | Place, key: str, log: Path, **settings: str) -> Running:
    """A server that is ready; AssertionError when it does not become so."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    place = base if isinstance(base, Place) else Place(base)
    began, address = time.perf_counter(), f"http://127.0.0.1:{port}"
    environment = {**python_environment(), "KB_RATE_PER_MINUTE": "0", **place.settings(), **settings}
    with log.open("ab") as file:
        command = [*KB, "serve", "--port", str(port)]
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=file, stdout=file)
    try:
        return Running(process, address, key, until_ready(process, address, began))
    except SystemExit as error:
        process.kill()
        raise AssertionError(f"{error}: {log.read_text(encoding='utf-8')[-500:]}") from None


@contextmanager
def serving(base: Path | Place, log: Path, **settings: str) -> Iterator[tuple[Running, httpx.Client]]:
    """A server with a key of every scope, and a client that has it; ended in order when the block ends."""
    server = started(base, key_of(base), log, **settings)
    headers = {"Authorization": f"Bearer {server.key}"}
    try:
        with httpx.Client(base_url=server.address, headers=headers, timeout=120) as client:
            yield server, client
    finally:
        server.process.terminate()
        server.process.wait(60)


def children_of(process: int) -> list[int]:
    """The processes that any thread of this one has started (Linux)."""
    lists = Path(f"/proc/{process}/task").glob("*/children")
    return [int(one) for found in lists for one in found.read_text(encoding="ascii").split()]


def kill(process: int) -> bool:
    """Kill one process with SIGKILL; whether it was there."""
    try:
        os.kill(process, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def sent(client: httpx.Client, documents: list[dict[str, Any]], key: str | None = None) -> dict[str, Any]:
    """The job of these documents, once it is acknowledged."""
    headers = {"Idempotency-Key": key} if key else {}
    response = client.post("/v1/documents", json={"documents": documents}, headers=headers)
    assert response.status_code == 202, response.text
    return dict(response.json())


def ended(client: httpx.Client, job: str, seconds: float = 600) -> dict[str, Any]:
    """The job when it has ended."""
    until = time.monotonic() + seconds
    while True:
        found = client.get(f"/v1/jobs/{job}").json()
        if found["state"] not in ("queued", "running"):
            return dict(found)
        assert time.monotonic() < until, f"the job did not end: {found}"
        time.sleep(0.05)
