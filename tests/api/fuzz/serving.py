"""The application over a small base of exact vectors on a free port, for tools that ask over a network.

Run: python -m tests.api.fuzz.serving PORT. Every scope is open without a key, so that no route is out of reach.
"""

from __future__ import annotations

import sys
import tempfile
from dataclasses import replace
from pathlib import Path

import uvicorn

from api.app import create_app
from api.http.auth import Access, utc_now
from api.http.limits import RequestLimits
from api.jobs.runner import JobRunner
from api.watching.courier import MessageSender, new_secret
from api.watching.saved_searches import make_search
from ingest.sources.sources import find_sources
from kb.records.operation import Job, JobState, Scope, Webhook
from kb.records.search import Filters
from kb.store import Store
from tests.api.conftest import CORPUS, SAMPLES, knowledge_base_of, pipeline_of


def main(port: int) -> None:
    """Serve until stopped; the base goes with the process."""
    with tempfile.TemporaryDirectory(prefix="kb-fuzz-") as folder:
        sources = Path(folder) / "sources"
        sources.mkdir()
        for name, text in CORPUS.items():
            (sources / name).write_text(text, encoding="utf-8")
        store = Store.open(Path(folder) / "base", create=True)
        paths = [*sorted(sources.iterdir()), SAMPLES / "es-tres-preguntas-nps-csat-ces.md"]
        pipeline_of(store).run(find_sources(paths))
        _come_back(store)
        app = create_app(
            knowledge_base_of(store),
            access=Access(without_key=frozenset(Scope)),
            limits=RequestLimits(rate_per_minute=0),
            intake=JobRunner(store, lambda: pipeline_of(store)),
            network=True,  # addresses become jobs; their runner has nothing to fetch with
        )
        # Webhooks can be made without a network; nobody delivers to them.
        app.state.sender = MessageSender(private=True)
        uvicorn.run(app, port=port, log_level="warning", access_log=False)
        store.close()


def _come_back(store: Store) -> None:
    """A saved search, a webhook and a job that has ended under the ids of schemathesis.toml."""
    search = replace(make_search("effort", "customer effort", Filters(), 0), id="q0123456789")
    store.saved_searches.add(search)
    store.webhooks.add(Webhook("w0123456789", "http://127.0.0.1:9/", utc_now(), search.id), new_secret(), 0)
    store.jobs.queue(Job("j0123456789abcdef", JobState.QUEUED, utc_now(), 1), "fuzz")
    store.jobs.take(utc_now())
    store.jobs.finish("j0123456789abcdef", utc_now())


if __name__ == "__main__":
    main(int(sys.argv[1]))
