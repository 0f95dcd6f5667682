"""A small bilingual base over exact fake vectors, and the page over it: as a client, and in a real browser."""

from __future__ import annotations

import contextlib
import shutil
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.auth import Access, create_key
from api.http.limits import RequestLimits
from api.jobs.runner import JobRunner
from api.page import mount
from api.service.knowledge_base import KnowledgeBase
from ingest.sources.sources import find_sources
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import knowledge_base_of, pipeline_of

TODAY = date(2026, 11, 21)
HERE = "http://testserver"
OWN = {"Origin": HERE, "Accept": "text/html"}
Visit = Callable[..., TestClient]
CORPUS = {
    "es-esfuerzo.md": (
        "---\ntitle: El esfuerzo del cliente\npublisher: Ejemplo\npublished: 2025-03-01\n"
        "url: https://example.org/esfuerzo\n---\n\n# El esfuerzo del cliente\n\n"
        "El esfuerzo del cliente explica el abandono mejor que la sorpresa. "
        "Según Ejemplo, el 37,5 % de los clientes se marchó tras un solo fallo en 2024.\n\n"
        "## Qué hacer\n\n- Medir el esfuerzo.\n- Escuchar con empatía al cliente.\n"
    ),
    "en-effort.md": (
        "---\ntitle: Customer effort\npublisher: Example\npublished: 2024\nauthors: [Ana Pérez, John Smith]\n---\n\n"
        "# Customer effort\n\nCustomer effort explains churn better than delight does. "
        "Almost 40% of customers left after one failure, says Example. Up to 12% of customers came back.\n\n"
        "A survey of 1,200 customers found the NPS to be higher where effort was low.\n"
    ),
    "es-madurez.txt": (
        "La madurez del cliente\n\nLa madurez pide empatía y lealtad. "
        "Nueve de cada diez clientes lo notan, según Ejemplo.\n"
    ),
    "en-rain.txt": "Rain fell on the dogs of the town. Nobody measured anything that day.\n",
}


def make_base(folder: Path, sources: Path) -> None:
    """Make a base in ``folder`` of the files in ``sources``, by the real steps."""
    store = Store.open(folder, create=True)
    report = pipeline_of(store).run(find_sources(sorted(sources.iterdir())))
    store.close()

    assert report.failures == ()


def application(knowledge_base: KnowledgeBase) -> FastAPI:
    """The whole application with the page, on a fixed day."""
    app = create_app(knowledge_base, limits=RequestLimits(rate_per_minute=0))
    if not any(getattr(route, "path", "") == "/search" for route in app.routes):
        mount(app)
    app.state.page_today = lambda: TODAY
    return app


@pytest.fixture(scope="session")
def page_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a base that no test changes."""
    sources = tmp_path_factory.mktemp("page-corpus")
    for name, text in CORPUS.items():
        (sources / name).write_text(text, encoding="utf-8")
    folder = tmp_path_factory.mktemp("page-made") / "base"
    make_base(folder, sources)
    return folder


@pytest.fixture(scope="session")
def knowledge_base(page_base: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[KnowledgeBase]:
    """An open copy of the base."""
    folder = tmp_path_factory.mktemp("page-open") / "base"
    shutil.copytree(page_base, folder)
    store = Store.open(folder)
    yield knowledge_base_of(store)
    store.close()


@pytest.fixture(scope="session")
def client(knowledge_base: KnowledgeBase) -> Iterator[TestClient]:
    """The page as a Spanish browser sees it."""
    with TestClient(application(knowledge_base), headers={"Accept-Language": "es"}) as opened:
        yield opened


@pytest.fixture
def store(page_base: Path, tmp_path: Path) -> Iterator[Store]:
    """An open copy of the base that a test may change."""
    shutil.copytree(page_base, tmp_path / "base")
    opened = Store.open(tmp_path / "base")
    yield opened
    opened.close()


@pytest.fixture
def visit(store: Store) -> Iterator[Visit]:
    """Opens the whole application with its job runner; signed in with a key of this scope where one is named."""
    opened: list[TestClient] = []

    def start(
        scope: Scope | None = None,
        language: str = "es",
        *,
        access: Access | None = None,
        limits: RequestLimits | None = None,
    ) -> TestClient:
        limits = limits or RequestLimits(rate_per_minute=0)
        intake = JobRunner(store, lambda: pipeline_of(store))
        app = create_app(knowledge_base_of(store), access=access, limits=limits, intake=intake)
        mount(app)
        client = TestClient(app, headers={"Accept-Language": language, "Accept": "text/html"}, base_url=HERE)
        opened.append(client.__enter__())
        if scope is not None:
            key = create_key(store.keys, "test", frozenset([scope]), None)[1]
            client.post("/session", data={"key": key, "next": "/"}, headers=OWN)
        return client

    yield start
    for client in opened:
        client.__exit__(None, None, None)


@pytest.fixture(scope="session")
def address(knowledge_base: KnowledgeBase) -> Iterator[str]:
    """The address of the page on a real server on this machine."""
    with serving(application(knowledge_base)) as started:
        yield started


@pytest.fixture
def own_address(store: Store) -> Iterator[str]:
    """The address of the page on a base that a test may change."""
    with serving(application(knowledge_base_of(store))) as started:
        yield started


@contextlib.contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """A real server on this machine; its address."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = uvicorn.Config(app, host="127.0.0.1", port=port, log_level="error", ws="none")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + 20
    while not server.started and time.monotonic() < deadline:
        time.sleep(0.05)

    assert server.started

    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(10)
