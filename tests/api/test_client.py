"""The clients: generated from the contract, called against a real server, and against one that stumbles."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import venv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from cx_kb_client import AsyncClient, Client, Problem

from api.app import create_app
from api.http.limits import RequestLimits
from api.jobs.runner import JobRunner
from api.routes import all_routes
from clients.generation.__main__ import generated
from clients.generation.contract import document, read_contract
from kb.records.operation import Scope
from kb.records.search import Query
from kb.store import Store
from tests.api.conftest import bearer, knowledge_base_of, pipeline_of

ROOT = Path(__file__).parents[2]
CALLS = Path(__file__).with_name("forty_calls.py")
TYPESCRIPT = Path(__file__).with_name("forty_calls.ts")


@dataclass(frozen=True, slots=True)
class Running:
    """A server that runs, and a key with every scope."""

    url: str
    key: str


@pytest.fixture
def running(store: Store) -> Iterator[Running]:
    intake = JobRunner(store, lambda: pipeline_of(store))
    app = create_app(knowledge_base_of(store), limits=RequestLimits(rate_per_minute=0), intake=intake)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Running(f"http://127.0.0.1:{port}", bearer(store, Scope.ADMIN)["Authorization"].split()[1])
    server.should_exit = True
    thread.join(10)


def test_what_is_generated_is_that_of_the_contract() -> None:
    """``python -m clients.generation`` was run after the last change of a route or a record."""
    assert {path: path.read_text(encoding="utf-8") for path in generated()} == generated()


def test_every_route_is_an_operation_of_its_own_name() -> None:
    """None is left out, and no two share a name."""
    operations = read_contract(document()).operations
    routes = {(method, route.path) for route in all_routes() for method in route.methods or ()}

    assert {(one.method, one.path) for one in operations} == routes
    assert len({one.name for one in operations}) == len(operations)


def called(command: list[str], folder: Path, environment: dict[str, str]) -> dict[str, int]:
    """What the forty calls print; the whole of what they said when they end otherwise."""
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found: dict[str, int] = json.loads(done.stdout)
    return found


def test_both_python_clients_make_their_calls(running: Running, tmp_path: Path) -> None:
    """In a process that sees the client, httpx and pydantic; what comes back is looked at there."""
    seen = {"PYTHONPATH": str(ROOT / "clients" / "python" / "src"), "PATH": os.environ["PATH"]}
    made = called([sys.executable, "-P", str(CALLS), running.url, running.key, str(tmp_path)], tmp_path, seen)

    assert set(made) == {"Client", "AsyncClient"}
    assert min(made.values()) >= 40


@pytest.mark.slow
def test_the_python_client_needs_nothing_of_the_product(running: Running, tmp_path: Path) -> None:
    """Installed by pip into an environment of its own, where no room of the product can be imported."""
    environment = tmp_path / "environment"
    shutil.copytree(ROOT / "clients" / "python", tmp_path / "client")
    venv.create(environment, with_pip=True)
    python = str(environment / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "-qq", str(tmp_path / "client")], check=True)
    product = subprocess.run([python, "-c", "import kb, api"], capture_output=True, check=False, cwd=tmp_path)
    installed = subprocess.run([python, "-m", "pip", "freeze"], capture_output=True, text=True, check=True).stdout
    made = called([python, str(CALLS), running.url, running.key, str(tmp_path)], tmp_path, {"PATH": "/usr/bin:/bin"})

    assert product.returncode != 0
    assert "torch" not in installed
    assert min(made.values()) >= 40


@pytest.mark.slow
def test_the_retrievers_work_in_their_frameworks(running: Running, store: Store, tmp_path: Path) -> None:
    """LangChain, LlamaIndex and Haystack from the package index, all with the same passages in the same order."""
    environment = tmp_path / "environment"
    shutil.copytree(ROOT / "clients" / "python", tmp_path / "client")
    venv.create(environment, with_pip=True)
    python = str(environment / "bin" / "python")
    wanted = f"{tmp_path / 'client'}[langchain,llama-index,haystack]"
    subprocess.run([python, "-m", "pip", "install", "-qq", wanted], check=True)
    environ = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "HAYSTACK_TELEMETRY_ENABLED": "False"}
    (shown,) = re.findall(r"```python\n([^`]*for_haystack[^`]*)```", (ROOT / "docs" / "api.md").read_text("utf-8"))
    subprocess.run([python, "-c", shown], cwd=tmp_path, env=environ, check=True)
    command = [python, str(Path(__file__).with_name("retriever_calls.py")), running.url, running.key]
    done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    hits = knowledge_base_of(store).search(Query("customer effort", limit=2)).hits
    expected = [[hit.passage.id, hit.passage.text, hit.document.title] for hit in hits]

    assert json.loads(done.stdout) == {"langchain": expected * 3, "llama_index": expected, "haystack": expected}


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("npm") is None, reason="npm is not here: the TypeScript client is not compiled")
def test_the_typescript_client_compiles_and_makes_its_calls(running: Running, tmp_path: Path) -> None:
    """By tsc, strictly, with the calls beside it; run by node."""
    package = tmp_path / "client"
    shutil.copytree(ROOT / "clients" / "typescript", package, ignore=shutil.ignore_patterns("node_modules", "dist"))
    shutil.copy(TYPESCRIPT, package / "src")
    subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=package, check=True)
    compiled = subprocess.run(["npx", "tsc"], cwd=package, capture_output=True, text=True, check=False)
    assert compiled.returncode == 0, compiled.stdout
    command = ["node", str(package / "dist" / "forty_calls.js"), running.url, running.key]

    assert called(command, package, {"PATH": os.environ["PATH"]})["Client"] >= 40


def stumbling(*answers: httpx.Response | Exception) -> tuple[httpx.MockTransport, list[httpx.Request], list[float]]:
    """A server that gives these answers, one after the other; what it was asked, and room for how long was slept."""
    left = list(answers)
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        one = left.pop(0)
        if isinstance(one, Exception):
            raise one
        return one

    return httpx.MockTransport(answer), asked, []


JOB = {"id": "j1", "state": "queued", "created": "2026-11-21T10:00:00Z", "total": 1}


@pytest.mark.parametrize("waits", [False, True])
def test_what_may_pass_is_tried_again(waits: bool) -> None:
    """429 after as long as the server says, 503, a lost connection; a write keeps its key."""
    transport, asked, slept = stumbling(
        httpx.Response(429, headers={"Retry-After": "7"}), httpx.ConnectError("gone"), httpx.Response(202, json=JOB)
    )

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    async def awaited() -> str:
        async with AsyncClient("http://test", transport=transport, sleep=sleep) as client:
            return (await client.add_documents([{"id": "a", "text": "b"}])).id

    def plain() -> str:
        with Client("http://test", transport=transport, sleep=slept.append) as client:
            return client.add_documents([{"id": "a", "text": "b"}]).id

    assert (asyncio.run(awaited()) if waits else plain()) == "j1"
    assert slept == [7.0, 2.0]
    assert len({request.headers["idempotency-key"] for request in asked}) == 1
    assert [json.loads(request.content) for request in asked] == [{"documents": [{"id": "a", "text": "b"}]}] * 3


def test_what_stays_wrong_is_a_problem() -> None:
    """No second try for a 4xx; after the last try the problem as it is, also when it is no JSON."""
    refused, asked, _ = stumbling(httpx.Response(422, json={"code": "invalid_input", "title": "No"}))
    down, tries, _ = stumbling(*[httpx.Response(503, text="<html>") for _ in range(3)])
    with pytest.raises(Problem, match="422 invalid_input: No"):
        Client("http://test", transport=refused).search("a")
    with pytest.raises(Problem, match="503 http_error"):
        Client("http://test", transport=down, attempts=3, sleep=lambda _: None).search("a")

    assert (len(asked), len(tries)) == (1, 3)


def test_an_id_is_no_path() -> None:
    """An id that would lead elsewhere stays in its place."""
    transport, asked, _ = stumbling(httpx.Response(404, json={}))
    with pytest.raises(Problem):
        Client("http://test", transport=transport).get_document("../keys")

    assert asked[0].url.raw_path == b"/v1/documents/..%2Fkeys"


def test_a_null_is_sent_and_what_is_left_out_is_not() -> None:
    """A record's field is emptied by null, and left as it is where nothing is said of it."""
    transport, asked, _ = stumbling(httpx.Response(404, json={}))
    with pytest.raises(Problem):
        Client("http://test", transport=transport).correct_record("d1", publisher=None, revision=0)

    assert json.loads(asked[0].content) == {"publisher": None, "revision": 0}


@pytest.mark.parametrize(("call", "given"), [("save_search", {"name": "a"}), ("delete_webhook", {"webhook_id": "w1"})])
def test_what_is_made_or_removed_carries_a_key_of_its_own(call: str, given: dict[str, Any]) -> None:
    """A lost answer is asked for again under the same name, nothing is done twice; the next call has another."""
    lost, problem = httpx.ReadError("gone"), httpx.Response(422, json={})
    transport, asked, _ = stumbling(lost, problem, lost, problem)
    client = Client("http://test", transport=transport, sleep=lambda _: None)
    for _ in range(2):
        with pytest.raises(Problem):
            getattr(client, call)(**given)
    keys = [request.headers["idempotency-key"] for request in asked]

    assert keys[::2] == keys[1::2]
    assert len(set(keys)) == 2
