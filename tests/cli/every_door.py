"""A base with something in every table, and everything that reads it: what each gives, or the error that it names."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.cli.program import EXIT_CODES
from api.cli.wiring import Wiring
from api.http.auth import secret_hash
from api.http.limits import RequestLimits
from api.jobs.runner import JobRunner
from api.page import mount
from api.service.knowledge_base import KnowledgeBase
from api.service.schemas import to_wire
from api.settings import Settings
from api.watching.saved_searches import make_search, new_hits
from index.model.parity import prior_means
from index.model.token_space import load_token_space
from index.search.glossary import Glossary
from index.search.searcher import Searcher
from index.vectors.sync import IndexKeeper
from ingest.readers.dispatch import read_document
from ingest.sources.sources import SourceFile, find_sources
from ingest.tagging import read_own_topics, retag
from ingest.text.detect import text_language
from kb.records.errors import KnowledgeBaseError
from kb.records.operation import Job, JobState, Key, Scope, Webhook
from kb.records.search import Filters
from kb.store import Store
from kb.store.operation.replies import KeptReply
from kb.store.upkeep.backup import back_up

SAMPLES = Path(__file__).parents[2] / "samples" / "articles"
ARTICLES = ("en-first-contact-resolution.txt", "es-tres-preguntas-nps-csat-ces.md")
NAMES = (*ARTICLES, "report.md", "copy.md", "some-of-it.txt")
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
SECRET = "kb_" + "a" * 43
KEY = {"Authorization": f"Bearer {SECRET}"}
PASSAGE, STATISTIC = "p744a86c5c9e4280c", "s627a14ce01a8baeb"
QUESTION = "What is first contact resolution?"


def wiring_of(base: Path) -> Wiring:
    return Wiring(Settings(), base)


def make_base(base: Path, sources: Path) -> None:
    """A base with documents old and new, an alias, a failure, topics of its own, a key, jobs, a reply, a saved search,
    webhooks and deliveries."""
    for name in ARTICLES:
        shutil.copy(SAMPLES / name, sources / name)
    first = (SAMPLES / ARTICLES[0]).read_text("utf-8").split("\n\n")
    (sources / "some-of-it.txt").write_text("\n\n".join(first[:9]), "utf-8")
    (sources / "report.md").write_text("# Report\n\nIn 2020, 12% of customers left after one call.\n", "utf-8")
    (sources / "broken.pdf").write_bytes(b"%PDF-1.4 no more of it")
    wiring = wiring_of(base)
    store = wiring.store(create=True)
    pipeline = wiring.pipeline(create=False, store=store)
    pipeline.run(find_sources(sorted(sources.iterdir())))
    data = b"# Report\n\nIn 2021, 14% of customers left after one call, says Example.\n"
    pipeline.run([SourceFile.of("report.md", data, "text/markdown"), SourceFile.of("copy.md", data, "text/markdown")])
    quotes = [passage.text for passage in store.passages_of("d01f2b6f21a89b925")[:3]]
    topics = sources / "topics.json"
    topics.write_text(json.dumps({"topics": [
        {"name": "calls", "lang": "en", "definition": "Resolving calls.", "examples": quotes}]}))  # fmt: skip
    own = read_own_topics(topics)
    retag(store, wiring.tagger, own, wiring.tagger.own(own, wiring.embedder))
    _add_server_rows(store)
    IndexKeeper(store, base / "index").save()
    store.close()


def _add_server_rows(store: Store) -> None:
    store.keys.add(Key("k1", "newsroom", frozenset(Scope), NOW), secret_hash(SECRET))
    search = make_search("calls", "first contact resolution", Filters(), 3)
    store.saved_searches.add(search)
    for number, search_id in enumerate((None, search.id)):
        webhook = Webhook(f"w{number}", "http://127.0.0.1:9/hook", NOW, search_id)
        store.webhooks.add(webhook, "secret", 0)
    for number in (1, 2, 3):
        reply = KeptReply("key:k1", f"request-{number}", "0" * 64, 202, "{}", NOW)
        store.jobs.queue(Job(f"j{number}", JobState.QUEUED, NOW, 1), "key:k1", reply)
        sent = store.folder / "incoming" / f"j{number}" / "0000"
        sent.mkdir(mode=0o700, parents=True)
        (sent / "sent.txt").write_text("Customers call twice.\n")
    (store.folder / "incoming").chmod(0o700)
    store.jobs.take(NOW)
    shutil.rmtree(store.folder / "incoming" / "j1")
    store.jobs.finish("j1", NOW)


class Remembering:
    """A model, or a tagger, that is asked for the same things once: a few hundred bases are asked the same."""

    def __init__(self, model: Any) -> None:
        self._model = model
        self._known: dict[tuple[object, ...], Any] = {}

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._model, name)
        if not name.startswith(("encode_", "figure_words", "own")):
            return found

        def told(*asked: Any) -> Any:
            key = (name, *(tuple(one) if isinstance(one, list) else one for one in asked))
            if key not in self._known:
                self._known[key] = found(*asked)
            return self._known[key]

        return told


class Doors:
    """The doors of a base, each with its name; the models are loaded once for all bases."""

    def __init__(self, base: Path) -> None:
        wiring = wiring_of(base)
        self._embedder: Any = Remembering(wiring.question_embedder(serving=False))
        self._passages: Any = Remembering(wiring.embedder)
        self._prior = prior_means(self._embedder)
        self._space = load_token_space(self._embedder.stamp)
        self._glossary = Glossary.shipped()
        self._tagger_for = cache(lambda stamp: Remembering(wiring.tagger_for(stamp)))

    def knowledge_base(self, store: Store) -> KnowledgeBase:
        def searcher() -> Searcher:
            keeper = IndexKeeper(store, store.folder / "index")
            model, prior, space = self._embedder, self._prior, self._space
            return Searcher(store, keeper, model, prior, self._glossary, tokens=store, space=space)

        return KnowledgeBase(store, searcher, text_language, lambda: self.wiring(store).analyser)

    def wiring(self, store: Store) -> Wiring:
        """The parts of the program with the models that are loaded, and files read in this process."""
        wiring = wiring_of(store.folder)
        reader = SimpleNamespace(read=read_document)
        wiring.__dict__.update(embedder=self._passages, tagger_for=self._tagger_for, reader=reader)
        return wiring

    def outcomes(self, base: Path) -> dict[str, Any]:
        """What each door gives: its records, or ``named: CLASS``; any other error is ``crash: …``."""
        try:
            store = Store.open(base)
        except KnowledgeBaseError as error:
            return {"open": f"named: {type(error).__name__}"}
        try:
            return {name: _tried(call) for name, call in self._calls(store)}
        finally:
            store.close()

    def _calls(self, store: Store) -> Iterator[tuple[str, Callable[[], Any]]]:
        knowledge = self.knowledge_base(store)
        app = create_app(knowledge, limits=RequestLimits(rate_per_minute=0), intake=_idle(store))
        mount(app)
        app.state.page_today = NOW.date
        with TestClient(app, raise_server_exceptions=False) as client:
            for method, path, body in REQUESTS:
                yield f"{method} {path}", partial(_asked, client, method, path, body)
        yield "failures", lambda: store.failures()
        yield "aliases", lambda: store.names_of(store.document_ids())
        yield "sources", lambda: [(store.sources.named(one), store.sources.places_of(one)) for one in NAMES]
        yield "versions", lambda: [one.id for one in store.documents(all_versions=True)]
        yield "keys", lambda: [(one.id, store.keys.get(one.id).name) for one in store.keys.all()]
        yield "jobs", lambda: store.jobs.newest(100)
        yield "callers", lambda: [store.jobs.caller_of(f"j{number}") for number in (1, 2, 3)]
        yield "reply", lambda: [store.jobs.reply("key:k1", f"request-{number}") for number in (1, 2, 3)]
        yield "taggings", lambda: (store.tagging.versions(), store.tagging.own_topics(), store.tagging.facts())
        yield "searches", lambda: [new_hits(knowledge, one, 5).hits for one in store.saved_searches.all()]
        yield "deliveries", lambda: [store.webhooks.deliveries(one.id, 9) for one in store.webhooks.all()]
        yield "due", lambda: (store.webhooks.due(datetime.now(UTC)),)
        yield "backup", lambda: _backed_up(store)
        yield "ingest", lambda: self._ingested(store)
        yield "retag", lambda: self._retagged(store)
        yield "take", lambda: (store.jobs.take(NOW), store.jobs.put_back())

    def _ingested(self, store: Store) -> object:
        """A new document, compared with those that are there, then a new version of one, and a removal."""
        wiring = self.wiring(store)
        text = (SAMPLES / ARTICLES[1]).read_bytes()
        sources = [
            SourceFile.of("new.md", text + b"\nOne more line.\n", "text/markdown"),
            SourceFile.of("report.md", b"# Report\n\nIn 2022, 15% of customers left.\n", "text/markdown"),
        ]
        lines = wiring.pipeline(create=False, store=store).run(sources).files
        for document in store.documents():
            if document.source_id in ("new.md", "copy.md"):
                store.remove(document.id)
        return [(line.source_id, line.outcome.value, line.duplicate_of, line.reason) for line in lines]

    def _retagged(self, store: Store) -> object:
        wiring = self.wiring(store)
        topics = store.tagging.own_topics()
        tagger = wiring.tagger_for(store.stamp())
        return retag(store, tagger, topics, tagger.own(topics, self._passages) if topics else None)


def _idle(store: Store) -> JobRunner:
    """Takes in, and runs nothing."""
    intake = JobRunner(store, lambda: pytest.fail("a job was run"))
    intake.start = lambda: None  # type: ignore[method-assign]
    return intake


_FILTERS = "topic=metrics&subtopic=fcr&language=en&has_statistic=true"
REQUESTS: tuple[tuple[str, str, Any], ...] = (
    ("GET", "/v1/search?q=first+contact+resolution&limit=5", None),
    ("GET", f"/v1/search?q=resoluci%C3%B3n+en+el+primer+contacto&{_FILTERS}", None),
    ("GET", "/v1/search?q=customers&year_from=2020&source=samples&topic=calls", None),
    ("POST", "/v1/answers", {"question": QUESTION}),
    ("POST", "/v1/answers", {"question": "¿Qué mide el NPS?"}),
    ("GET", "/v1/statistics?q=first+contact+resolution", None),
    ("GET", "/v1/statistics?kind=percent&min=0.1&year_from=2000", None),
    ("GET", "/v1/documents", None),
    ("GET", f"/v1/passages/{PASSAGE}", None),
    ("GET", "/v1/documents/d01f2b6f21a89b925", None),
    ("GET", "/v1/documents/d01f2b6f21a89b925/original", None),
    ("GET", "/v1/topics", None),
    ("GET", "/v1/coverage", None),
    ("POST", "/v1/citations", {"ids": [PASSAGE, STATISTIC, "d01f2b6f21a89b925"], "style": "apa"}),
    ("POST", "/v1/drafts", {"text": "A team that closes 70 of 100 issues has a rate of 70%."}),
    ("GET", "/v1/export?what=documents&format=jsonl", None),
    ("GET", "/v1/export?what=passages&format=csv", None),
    ("GET", "/v1/export?what=statistics&format=md", None),
    ("GET", "/v1/searches", None),
    ("GET", "/v1/webhooks", None),
    ("GET", "/v1/webhooks/w0/deliveries", None),
    ("GET", "/v1/jobs/j1", None),
    ("GET", "/v1/jobs/j2", None),
    ("GET", "/metrics", None),
    ("GET", "/readyz", None),
    ("GET", "/?q=first+contact+resolution", None),
    ("GET", f"/passages/{PASSAGE}", None),
    ("GET", "/documents", None),
)
# What tells how often something was asked, or when.
_COUNTED = ("/metrics", "/readyz")


def _asked(client: TestClient, method: str, path: str, body: Any) -> object:
    answer = client.request(method, path, json=body, headers=KEY)
    content = answer.headers.get("content-type", "")
    if answer.status_code >= 500 and "problem+json" in content and answer.json()["code"] != "internal_error":
        return f"named: {answer.json()['code']}"
    if answer.status_code == 503 and "text/html" in content:
        return "named: page"
    if answer.status_code >= 500:
        raise AssertionError(f"{answer.status_code} {content} {answer.text[:200]}")
    if answer.status_code in (401, 404):
        return f"named: {answer.status_code}"
    return answer.status_code if path in _COUNTED else answer.text


def _backed_up(store: Store) -> object:
    target = store.folder.parent / f"{store.folder.name}-backup"
    try:
        return back_up(store, target).documents
    finally:
        shutil.rmtree(target, ignore_errors=True)


def _tried(call: Callable[[], Any]) -> object:
    try:
        return json.loads(json.dumps(to_wire(call()), default=str))
    except KnowledgeBaseError as error:
        return f"named: {EXIT_CODES[type(error)]}"
    except Exception as error:  # noqa: BLE001 - that is what is looked for
        import traceback

        frames = traceback.extract_tb(error.__traceback__)
        own = [frame for frame in frames if "/site-packages/" not in frame.filename and "/tests/" not in frame.filename]
        at = f"{own[-1].filename}:{own[-1].lineno}" if own else ""
        return f"crash: {type(error).__name__}: {error} {at}"
