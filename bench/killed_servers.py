"""Several servers on one base in PostgreSQL, killed one after another: nothing acknowledged is lost or doubled.

    python -m bench.killed_servers [--seconds 60] [--servers 4] [--readers 16] [--ingesters 2] [--every 5]
        [--store ADDRESS]

Each ``kb serve`` has a folder of its own, as on a machine of its own, and a worker beside it that runs jobs. Every few
seconds one of these processes, a server or a worker, is killed with SIGKILL, and a server is started again as a service
would be. Readers ask some server each time, ingesters send a document to some server and again, under the same
Idempotency-Key, where a killed one did not answer. An error is any answer that is not right, and any cut of a server
that was not killed then. In the end every acknowledged document has to be there once, whole, and no other. Without
``--store`` (an empty database) a PostgreSQL of its own is started.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from api.http.auth import create_key
from bench.clients import QUESTIONS, Tally, document, search
from bench.database import postgresql_here
from bench.output import say
from bench.serving import KB, ROOT, SAMPLES, descendants, until_ready
from kb.outside.processes import python_environment
from kb.records.operation import Scope
from kb.store import Store
from kb.store.postgresql.opening import open_postgresql

# What was under way when a process was killed may end so much later; a server that starts is not asked.
_AFTER = 10.0


@dataclass(slots=True)
class Server:
    """One of the servers: where it listens, its process now, when it was last killed, and whether it is ready."""

    number: int
    folder: Path
    port: int
    store: str
    process: subprocess.Popen[bytes] | None = None
    killed: float = 0.0
    ready: threading.Event = field(default_factory=threading.Event)

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it, and wait until it is ready."""
        said = (self.folder.parent / f"server-{self.number}.log").open("ab")
        environment = {
            **python_environment(), "KB_STORE": self.store, "KB_BASE": str(self.folder), "KB_RATE_PER_MINUTE": "0",
        }  # fmt: skip
        command = [*KB, "serve", "--port", str(self.port)]
        self.process = subprocess.Popen(command, cwd=ROOT, env=environment, stderr=said)  # noqa: S603 - our own program
        said.close()
        until_ready(self.process, self.address, time.perf_counter())
        self.ready.set()

    def kill(self, *, worker: bool) -> None:
        """Kill the server, and start it again, or its worker, which it starts again itself."""
        if self.process is None:
            return
        self.killed = time.monotonic()
        if worker:
            for one in descendants(self.process.pid)[:1]:
                with suppress(ProcessLookupError):
                    os.kill(one, signal.SIGKILL)
            return
        self.ready.clear()
        self.process.kill()
        self.process.wait()
        self.start()


@dataclass(slots=True)
class Sent:
    """What was acknowledged: the text of each document by its name, and the job that has it."""

    texts: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str] = field(default_factory=dict)


class Torture:
    """The servers, those who use them, and what went wrong."""

    def __init__(self, servers: list[Server], key: str, until: float) -> None:
        self.servers = servers
        self.until = until
        self.tally = Tally()
        self.sent = Sent()
        self.cuts = 0
        self.kills = 0
        self._headers = {"Authorization": f"Bearer {key}"}

    def read(self, number: int) -> None:
        """Ask some server again and again."""
        chosen = random.Random(number)  # noqa: S311 - the same questions in every run
        while time.monotonic() < self.until:
            server = self._some(chosen)
            with httpx.Client(base_url=server.address, timeout=60) as client:
                self._judge(server, search(client, self.tally, chosen.choice(QUESTIONS)))
            time.sleep(chosen.uniform(0.5, 1.5))

    def ingest(self, number: int) -> None:
        """Send one document after another, each until it is acknowledged."""
        chosen = random.Random(1000 + number)  # noqa: S311 - the same documents in every run
        turn = 0
        while time.monotonic() < self.until:
            made = document(number, turn)
            turn += 1
            while (job := self._send(self._some(chosen), made)) is None:
                pass
            self.sent.texts[made["id"]], self.sent.jobs[made["id"]] = made["text"], job
            time.sleep(chosen.uniform(1, 3))

    def _send(self, server: Server, made: dict[str, str]) -> str | None:
        headers = {**self._headers, "Idempotency-Key": made["id"]}
        try:
            answer = httpx.post(
                f"{server.address}/v1/documents", json={"documents": [made]}, headers=headers, timeout=60
            )
        except httpx.TransportError as error:
            self._judge(server, [f"ingest: {type(error).__name__}"])
            return None
        if answer.status_code != 202:
            self.tally.errors.append(f"ingest: {answer.status_code} {answer.text[:200]}")
            return None
        return str(answer.json()["id"])

    def _some(self, chosen: random.Random) -> Server:
        while True:
            server = chosen.choice(self.servers)
            if server.ready.wait(0.05):
                return server

    def _judge(self, server: Server, errors: list[str]) -> None:
        """An error is what a server answers, and a cut that has nothing to do with its end."""
        for error in errors:
            if error.endswith("Error") and time.monotonic() - server.killed < _AFTER:
                self.cuts += 1
            else:
                self.tally.errors.append(f"server {server.number}: {error}")

    def kill(self, every: float) -> None:
        """Kill the worker of a server, then the server, of each in turn, every so many seconds."""
        while time.monotonic() + every < self.until:
            time.sleep(every)
            server, worker = self.servers[self.kills // 2 % len(self.servers)], not self.kills % 2
            self.kills += 1
            say(f"  kill -9: {'the worker of ' if worker else ''}server {server.number}")
            threading.Thread(target=server.kill, kwargs={"worker": worker}).start()


def main(argv: list[str]) -> int:
    """Run, print; 1 where there was an error or anything lost or doubled."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--servers", type=int, default=4)
    parser.add_argument("--readers", type=int, default=16)
    parser.add_argument("--ingesters", type=int, default=2)
    parser.add_argument("--every", type=float, default=5)
    parser.add_argument("--drained", type=float, default=240, help="seconds for jobs to end afterwards")
    parser.add_argument("--store", help="the address of an empty database")
    asked = parser.parse_args(argv)
    with ExitStack() as stack:
        address = asked.store or stack.enter_context(postgresql_here("max_connections=400")) + "/postgres"
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kb-torture-")))
        return _told(*tortured(address, folder, asked))


def tortured(address: str, folder: Path, asked: argparse.Namespace) -> tuple[Outcome, float]:
    """What became of a base in this empty database, and the seconds until all its jobs had ended; ``folder`` is for
    the folders and logs of the servers, and ``asked`` has ``seconds``, ``servers``, ``readers``, ``ingesters``,
    ``every`` and ``drained``."""
    with ExitStack() as stack:
        store = open_postgresql(address, folder / "own", create=True)
        stack.callback(store.close)
        _fill(address, folder / "own")
        key = create_key(store.keys, "torture", frozenset({Scope.READ, Scope.INGEST}), None)[1]
        before = {one.source_id for one in store.documents()}
        servers = [Server(number, folder / str(number), _free_port(), address) for number in range(asked.servers)]
        for server in servers:
            server.start()
            stack.callback(_end, server)
        say(f"{asked.servers} servers with a worker each are ready; {len(before)} documents are in the base")
        torture = Torture(servers, key, time.monotonic() + asked.seconds)
        _run(torture, asked)
        drained = _drained(store, torture.sent, asked.drained)
        return _outcome(store, torture, before), drained


def _run(torture: Torture, asked: argparse.Namespace) -> None:
    threads = [
        *(threading.Thread(target=torture.read, args=(number,)) for number in range(asked.readers)),
        *(threading.Thread(target=torture.ingest, args=(number,)) for number in range(asked.ingesters)),
        threading.Thread(target=torture.kill, args=(asked.every,)),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _drained(store: Store, sent: Sent, most: float) -> float:
    """The seconds after which every acknowledged job has ended."""
    started, waiting = time.monotonic(), list(sent.jobs.values())
    while time.monotonic() - started < most:
        waiting = [job for job in waiting if not store.jobs.get(job).state.ended]
        if not waiting:
            break
        time.sleep(1)
    if waiting:
        say(f"{len(waiting)} jobs have not ended after {most:.0f} s")
    return time.monotonic() - started


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of everything that was acknowledged, and every answer that was not right."""

    kills: int
    cuts: int
    tally: Tally
    acknowledged: int
    retried: int
    lost: list[str]
    doubled: list[str]
    undone: list[str]

    @property
    def wrong(self) -> list[str]:
        """A line for each thing that is wrong."""
        named = (("lost", self.lost), ("doubled", self.doubled), ("not done", self.undone))
        return [*self.tally.errors, *(f"{what}: {one}" for what, every in named for one in every)]


def _outcome(store: Store, torture: Torture, before: set[str]) -> Outcome:
    sent = torture.sent
    states = [store.jobs.get(job) for job in sent.jobs.values()]
    found: dict[str, list[str]] = {}
    for one in store.documents():
        if one.source_id not in before:
            found.setdefault(one.source_id.rpartition("/")[2].rpartition(":")[2], []).append(one.text)
    each = "SELECT document_id, position FROM passages WHERE live = 1 GROUP BY 1, 2 HAVING count(*) > 1"
    twice = store._connections.read().execute(each).fetchall()
    undone = [job for job in states if job.state.value != "done" or any(file.outcome == "failed" for file in job.files)]
    return Outcome(
        torture.kills,
        torture.cuts,
        torture.tally,
        len(sent.texts),
        sum(job.attempt > 1 for job in states),
        [name for name in sent.texts if name not in found],
        [name for name, texts in found.items() if len(texts) > 1 or name not in sent.texts]
        + [f"passage {position} of {document}" for document, position in twice],
        [repr(job) for job in undone],
    )


def _told(found: Outcome, drained: float) -> int:
    """Print it; 0 where nothing is wrong."""
    tally = found.tally
    say(f"searches {len(tally.seconds)}: p50 {tally.at(0.5):.0f} ms, p95 {tally.at(0.95):.0f} ms")
    say(f"killed {found.kills}; connections of killed servers cut {found.cuts}; other errors {len(tally.errors)}")
    say(f"documents acknowledged {found.acknowledged}; jobs begun twice {found.retried}")
    say(f"all ended {drained:.0f} s later")
    say(f"lost {len(found.lost)}; doubled {len(found.doubled)}; jobs not done {len(found.undone)}")
    for line in found.wrong[:20]:
        say(f"  {line}")
    return int(bool(found.wrong))


def _fill(address: str, folder: Path) -> None:
    environment = {**python_environment(), "KB_STORE": address, "KB_BASE": str(folder)}
    command = [*KB, "ingest", str(SAMPLES)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - ours


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def _end(server: Server) -> None:
    if server.process is not None:
        server.process.terminate()
        server.process.wait(60)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
