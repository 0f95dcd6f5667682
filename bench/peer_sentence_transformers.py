"""Plain sentence-transformers in float32 and a flat FAISS index: what most programs would write first."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import faiss
import numpy as np
from sentence_transformers import SentenceTransformer

from bench.peer_task import DEPTH, Result, Task, run


class Plain:
    """The model as it is published, every vector compared."""

    def __init__(self, variant: str) -> None:
        self._prompt = ""
        self._ids: list[str] = []

    def load(self, task: Task) -> None:
        """The model from its folder."""
        self._model = SentenceTransformer(task.model, device="cpu", local_files_only=True)
        self._prompt = task.query_prompt
        self._vectors(task.texts[:1], task.passage_prompt)

    def build(self, task: Task, work: Path, result: Result) -> None:
        """Encode, add, save."""
        started = time.perf_counter()
        vectors = self._vectors(task.texts, task.passage_prompt)
        result.encode_s = time.perf_counter() - started
        self._index: faiss.Index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)
        self._ids = task.ids
        work.mkdir(parents=True, exist_ok=True)
        faiss.write_index(self._index, str(work / "index.faiss"))
        (work / "ids.json").write_text(json.dumps(self._ids), encoding="utf-8")
        np.save(work / "vectors.npy", vectors)
        tokens = self._model.tokenizer([task.passage_prompt + text for text in task.texts], verbose=False)
        result.tokens = [len(ids) for ids in tokens["input_ids"]]

    def open(self, task: Task, work: Path) -> None:
        """Model and index from disk."""
        self.load(task)
        self._index = faiss.read_index(str(work / "index.faiss"))
        self._ids = json.loads((work / "ids.json").read_text(encoding="utf-8"))

    def search(self, text: str) -> Sequence[str]:
        """By cosine."""
        _, rows = self._index.search(self._vectors([text], self._prompt), DEPTH)
        return [self._ids[row] for row in rows[0] if row >= 0]

    def _vectors(self, texts: list[str], prompt: str) -> np.ndarray[tuple[int, int], np.dtype[np.float32]]:
        made = self._model.encode(texts, prompt=prompt, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(made, np.float32)


if __name__ == "__main__":
    run(Plain, sys.argv[1:])
