"""txtai with the same model, as its documentation shows: dense, or hybrid (dense and BM25)."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from txtai import Embeddings  # type: ignore[import-not-found]  # it stands in .venv-peers alone

from bench.peer_task import DEPTH, Result, Task, run


class Txtai:
    """An Embeddings database; ``variant`` is ``dense`` or ``hybrid``."""

    def __init__(self, variant: str) -> None:
        self._hybrid = variant == "hybrid"

    def load(self, task: Task) -> None:
        """An empty database with its model."""
        self._embeddings = Embeddings(
            path=task.model,
            instructions={"query": task.query_prompt, "data": task.passage_prompt},
            hybrid=self._hybrid,
            gpu=False,
        )
        self._embeddings.batchtransform(task.texts[:1], "data")

    def build(self, task: Task, work: Path, result: Result) -> None:
        """Index and save."""
        self._embeddings.index((passage["id"], passage["text"], None) for passage in task.passages)
        self._embeddings.save(str(work))

    def open(self, task: Task, work: Path) -> None:
        """The saved database, which loads its model."""
        self._embeddings = Embeddings()
        self._embeddings.load(str(work))

    def search(self, text: str) -> Sequence[str]:
        """As it ranks."""
        return [str(found[0]) for found in self._embeddings.search(text, DEPTH)]


if __name__ == "__main__":
    run(Txtai, sys.argv[1:])
