"""A server killed in the middle of jobs: every acknowledged document is there in the end, once and whole."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from cx_kb_client import Client

from kb.records.access import Scope
from kb.store import Store
from tests.api.conftest import bearer

ROOT = Path(__file__).parents[2]
KILLS = 3
SERVER = """
import sys, uvicorn
from pathlib import Path
from api.app import create_app
from api.jobs.runner import JobRunner
from kb.store import Store
from tests.api.conftest import knowledge_base_of, pipeline_of
store = Store.open(Path(sys.argv[1]))
app = create_app(knowledge_base_of(store), intake=JobRunner(store, lambda: pipeline_of(store)))
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False)
"""


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A server that is ready."""
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(folder), str(port)], cwd=ROOT)
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return server
        except httpx.TransportError:
            time.sleep(0.05)
    server.kill()
    raise AssertionError("the server did not start")


@pytest.mark.slow
def test_no_acknowledged_document_is_lost(store: Store) -> None:
    """Uploads with their keys, a kill -9 after each, and a client that asks again."""
    key = bearer(store, Scope.INGEST, Scope.READ)["Authorization"].split()[1]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    jobs = []
    for kill in range(KILLS):
        server = started(store.folder, port)
        documents = [{"id": f"k{kill}-{n}", "text": f"Churn and loyalty, note {kill}-{n}."} for n in range(20)]
        with Client(f"http://127.0.0.1:{port}", key) as client:
            jobs.append(client.add_documents(documents, idempotency_key=f"kill-{kill}").id)
        time.sleep(0.02 * kill)
        server.kill()
        server.wait()
    server = started(store.folder, port)
    try:
        with Client(f"http://127.0.0.1:{port}", key) as client:
            again = client.add_documents(documents, idempotency_key=f"kill-{KILLS - 1}")
            ended = [client.wait(client.get_job(job), every=0.1) for job in jobs]
            found = {hit.document.source_id for hit in client.search("lealtad", limit=100, source=["k"]).hits}
    finally:
        server.terminate()
        server.wait(30)

    assert again.id == jobs[-1]
    assert [job.state for job in ended] == ["done"] * KILLS
    assert [len(job.files) for job in ended] == [20] * KILLS
    sources = [document.source_id for document in store.documents()]
    assert len(sources) == len(set(sources)) == 4 + 20 * KILLS
    assert {f"k{kill}-{n}" for kill in range(KILLS) for n in range(20)} <= found
