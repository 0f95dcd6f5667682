"""A base of four small documents made by the real steps over exact fake vectors, served by the real application."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.auth import Access, create_key
from api.http.limits import RequestLimits
from api.jobs.runner import JobRunner
from api.service.knowledge_base import KnowledgeBase
from index.search import lexical
from index.search.glossary import Glossary
from index.search.searcher import Searcher
from index.vectors.sync import IndexKeeper
from ingest.analysis import Analyser
from ingest.pipeline import Pipeline
from ingest.sources.pages import Fetcher
from ingest.sources.sources import find_sources
from ingest.tagging import Tagger
from ingest.text.detect import text_language
from kb.records.operation import Scope
from kb.records.ports import Embedder
from kb.store import Store
from tests.fakes import FakeEmbedder, exact_prior

SAMPLES = Path(__file__).parents[2] / "samples" / "articles"
CORPUS = {
    "es-esfuerzo.md": (
        "---\ntitle: El esfuerzo del cliente\npublisher: Ejemplo\npublished: 2025-03-01\n---\n\n"
        "# El esfuerzo del cliente\n\n"
        "El esfuerzo del cliente explica el abandono mejor que la sorpresa. "
        "Según Ejemplo, el 37,5 % de los clientes se marchó tras un solo fallo en 2024.\n"
    ),
    "en-effort.md": (
        "---\ntitle: Customer effort\npublisher: Example\npublished: 2024\n---\n\n"
        "# Customer effort\n\n"
        "Customer effort explains churn better than delight does. "
        "Almost 40% of customers left after one failure, says Example.\n"
    ),
    "en-rain.txt": "Rain fell on the dogs of the town. Nobody measured anything that day.\n",
}


def tagger_of(embedder: Embedder) -> Tagger:
    return Tagger.load(embedder.stamp)


def pipeline_of(store: Store) -> Pipeline:
    return Pipeline(store, FakeEmbedder, lexical, tagger_of)


def knowledge_base_of(store: Store) -> KnowledgeBase:
    def searcher() -> Searcher:
        keeper = IndexKeeper(store, store.folder / "index")
        return Searcher(store, keeper, FakeEmbedder(), exact_prior(), Glossary([]))

    return KnowledgeBase(store, searcher, text_language, lambda: Analyser(FakeEmbedder, tagger_of))


@pytest.fixture(scope="session")
def corpus_base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a base that no test changes."""
    sources = tmp_path_factory.mktemp("corpus")
    for name, text in CORPUS.items():
        (sources / name).write_text(text, encoding="utf-8")
    folder = tmp_path_factory.mktemp("made") / "base"
    store = Store.open(folder, create=True)
    paths = sorted(sources.iterdir())
    report = pipeline_of(store).run(find_sources([*paths, SAMPLES / "es-tres-preguntas-nps-csat-ces.md"]))
    store.close()

    assert [file.outcome.value for file in report.files] == ["added"] * 4

    return folder


Serve = Callable[..., TestClient]


@pytest.fixture
def store(corpus_base: Path, tmp_path: Path) -> Iterator[Store]:
    """An open copy of the base, free to change."""
    shutil.copytree(corpus_base, tmp_path / "base")
    opened = Store.open(tmp_path / "base")
    yield opened
    opened.close()


@pytest.fixture
def serve(store: Store) -> Iterator[Serve]:
    """Starts the application over the base; errors come as responses, as over a network."""
    clients: list[TestClient] = []

    def start(
        access: Access | None = None,
        limits: RequestLimits | None = None,
        run_jobs: bool = True,
        network: bool = False,
        fetcher: Fetcher | None = None,
    ) -> TestClient:
        intake = JobRunner(store, lambda: pipeline_of(store), fetcher=fetcher)
        if not run_jobs:
            intake.start = lambda: None  # type: ignore[method-assign]
        app = create_app(knowledge_base_of(store), access=access, limits=limits, intake=intake, network=network)
        client = TestClient(app, raise_server_exceptions=False)
        client.__enter__()
        clients.append(client)
        return client

    yield start
    for client in clients:
        client.__exit__(None, None, None)


@pytest.fixture
def client(serve: Serve) -> TestClient:
    """The application as it stands on loopback, without limits of rate."""
    return serve(limits=RequestLimits(rate_per_minute=0))


def bearer(store: Store, *scopes: Scope) -> dict[str, str]:
    """The header of a new key with these scopes."""
    return {"Authorization": f"Bearer {create_key(store.keys, 'test', frozenset(scopes), None)[1]}"}


JSON = {"Content-Type": "application/json"}
