"""The application over a small base of exact vectors on a free port, for tools that ask over a network.

Run: python -m tests.api.fuzz.serving PORT. Every scope is open without a key, so that no route is out of reach.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import uvicorn

from api.app import create_app
from api.auth import Access
from api.jobs import JobRunner
from api.limits import Limits
from ingest.sources import find_sources
from kb.access import Scope
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
        app = create_app(
            knowledge_base_of(store),
            access=Access(without_key=frozenset(Scope)),
            limits=Limits(rate_per_minute=0),
            intake=JobRunner(store, lambda: pipeline_of(store)),
        )
        uvicorn.run(app, port=port, log_level="warning", access_log=False)
        store.close()


if __name__ == "__main__":
    main(int(sys.argv[1]))
