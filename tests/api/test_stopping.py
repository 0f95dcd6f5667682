"""A real server process: ready soon, stopped and killed in the middle of jobs, ended without a process left behind."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest
from cx_kb_client import Client

from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import bearer
from tests.torture.servers import children_of

ROOT = Path(__file__).parents[2]
# The server of the command line with the small base's model, whose job process is the one that is shipped but for that.
SERVER = """
import sys
from pathlib import Path
import uvicorn
from api.app import create_app
from api.jobs.apart import JobsApart
from api.jobs import apart as jobs_apart
from kb.store import Store
from tests.api.conftest import knowledge_base_of
jobs_apart._MODULE = "tests.api.slow_jobs"
store = Store.open(Path(sys.argv[1]))
app = create_app(knowledge_base_of(store), intake=JobsApart(store))
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False, timeout_graceful_shutdown=5)
"""


@contextmanager
def serving(folder: Path) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A server that is ready, and its address; ended when the block ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(folder), str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        until = time.monotonic() + 60
        while time.monotonic() < until and server.poll() is None:
            try:
                if httpx.get(f"{address}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.05)
        yield server, address
    finally:
        server.kill()
        server.wait()


def is_alive(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="ascii").split()[2] != "Z"
    except OSError:
        return False


def ended(process: int, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while is_alive(process) and time.monotonic() < until:
        time.sleep(0.05)
    return not is_alive(process)


def some_done(client: Client, job: str, count: int) -> None:
    """Wait until so many files of the job are done."""
    until = time.monotonic() + 60
    while len(client.get_job(job).files) < count:
        assert time.monotonic() < until
        time.sleep(0.05)


HOW = [signal.SIGTERM, *(pytest.param(one, marks=pytest.mark.slow) for one in (signal.SIGINT, signal.SIGKILL))]


@pytest.mark.parametrize("how", HOW)
def test_a_stopped_server_puts_its_job_back_and_the_next_one_ends_it(store: Store, how: signal.Signals) -> None:
    """Every file once; the job process ends with its server, however that ends."""
    key = bearer(store, Scope.INGEST, Scope.READ)["Authorization"].split()[1]
    documents = [{"id": f"d{number}", "text": f"Churn and loyalty, note {number}."} for number in range(8)]
    with serving(store.folder) as (server, address):
        with Client(address, key) as client:
            job = client.add_documents(documents).id
            some_done(client, job, 2)
        (runner,) = children_of(server.pid)
        policy = os.sched_getscheduler(runner)
        processors = sorted(os.sched_getaffinity(0))
        has_half = os.sched_getaffinity(runner) == set(processors[len(processors) // 2 :])
        # A session of its own would have a share of the processors of its own, whatever its priority.
        beside = os.getsid(runner) == os.getsid(server.pid), os.getpgid(runner) == runner
        server.send_signal(how)
        code = server.wait(30)
        left = ended(runner, 30)
    put_back = store.jobs.get(job)
    with serving(store.folder) as (_, address), Client(address, key) as client:
        done = client.wait(client.get_job(job), every=0.1)

    assert code == (-signal.SIGKILL if how is signal.SIGKILL else code)
    assert (left, policy, beside, has_half) == (True, os.SCHED_IDLE, (True, True), True)
    assert put_back.state.value == "queued"
    assert 2 <= len(put_back.files) < 8
    assert (done.state, done.attempt) == ("done", 2)
    assert sorted(file.source_id for file in done.files) == sorted(document["id"] for document in documents)
    assert {file.outcome for file in done.files} == {"added"}


@pytest.mark.slow
def test_a_job_process_that_dies_is_started_again(store: Store) -> None:
    """The job goes on; the server never stopped answering."""
    key = bearer(store, Scope.INGEST, Scope.READ)["Authorization"].split()[1]
    documents = [{"id": f"d{number}", "text": f"Churn and loyalty, note {number}."} for number in range(6)]
    with serving(store.folder) as (server, address), Client(address, key) as client:
        job = client.add_documents(documents).id
        some_done(client, job, 1)
        (runner,) = children_of(server.pid)
        os.kill(runner, signal.SIGKILL)
        status = httpx.get(f"{address}/readyz").status_code
        done = client.wait(client.get_job(job), every=0.1)

    assert (status, done.state, len(done.files)) == (200, "done", 6)
