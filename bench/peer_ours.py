"""The product: ingested as ``kb ingest`` does, asked through the service; ``encode`` measures its encoder alone."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path

# As ``kb`` itself does; read when numpy loads.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np

from api.cli.wiring import Wiring
from api.settings import Settings
from bench.peer_task import DEPTH, Result, Task, run
from ingest.pipeline import BULK_TEXTS
from ingest.sources.sources import find_sources
from kb.records.search import Query


class Product:
    """A base below the work folder; ``variant`` ``encode`` only encodes the passages."""

    def __init__(self, variant: str) -> None:
        self._only_encode = variant == "encode"

    def load(self, task: Task) -> None:
        """The encoders for passages and for questions, each once used."""
        self._wiring = Wiring(Settings())
        self._wiring.embedder.encode_passages(task.texts[:1])
        if not self._only_encode:
            self._wiring.question_embedder(serving=True).encode_queries(task.texts[:1])

    def build(self, task: Task, work: Path, result: Result) -> None:
        """Ingest the texts as documents, each with cleaning, language, topics, figures, vectors and words."""
        if self._only_encode:
            self._encode(task, work, result)
            return
        self._wiring.base = work / "base"
        lines = [json.dumps({"id": passage["id"], "text": passage["text"]}) for passage in task.passages]
        work.mkdir(parents=True, exist_ok=True)
        (work / "corpus.jsonl").write_text("\n".join(lines), encoding="utf-8")
        pipeline = self._wiring.pipeline(create=True)
        report = pipeline.run(find_sources([work / "corpus.jsonl"]), texts_together=BULK_TEXTS)
        outcomes = [file.outcome.value for file in report.files]
        result.notes.append(", ".join(f"{outcomes.count(each)} {each}" for each in sorted(set(outcomes))))
        self._knowledge_base = self._wiring.knowledge_base(serving=True)

    def open(self, task: Task, work: Path) -> None:
        """The base as it is on disk."""
        self._knowledge_base = Wiring(Settings(), work / "base").knowledge_base(serving=True)

    def search(self, text: str) -> Sequence[str]:
        """Through the service: the documents of its hits, best first."""
        if self._only_encode:
            return []
        hits = self._knowledge_base.search(Query(text, limit=DEPTH)).hits
        return list(dict.fromkeys(hit.document.source_id for hit in hits))

    def _encode(self, task: Task, work: Path, result: Result) -> None:
        started = time.perf_counter()
        vectors = self._wiring.embedder.encode_passages(task.texts)
        result.encode_s = time.perf_counter() - started
        work.mkdir(parents=True, exist_ok=True)
        np.save(work / "vectors.npy", vectors)


if __name__ == "__main__":
    run(Product, sys.argv[1:])
