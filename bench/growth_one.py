"""One kind of index at one size, in a process of its own: python -m bench.growth_one FOLDER KIND; JSON on stdout.

The folder holds what ``growth`` prepared: vectors, store, questions, truth. A search asks both languages, as the
product does.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.index_kinds import Kind, made
from index.vectors.parts import Keys
from kb.records.ports import FloatArray

Task = dict[str, NDArray[Any]]
LANGUAGES = ("es", "en")
RECALL = 0.99
# Questions on which an effort is chosen; all are asked in the end.
_CHOOSING = 40


class StoredVectors:
    """Vectors by key out of SQLite, read as the store reads them."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)

    def read(self, keys: Sequence[int]) -> FloatArray:
        """The vectors of these keys, in their order."""
        blobs: dict[int, bytes] = {}
        for start in range(0, len(keys), 500):
            part = keys[start : start + 500]
            marks = ", ".join("?" * len(part))
            blobs.update(self._connection.execute(f"SELECT key, passage FROM vectors WHERE key IN ({marks})", part))  # noqa: S608
        return np.stack([np.frombuffer(blobs[key], "<f4") for key in keys])


def main(folder: Path, name: str) -> dict[str, Any]:
    """What was measured: seconds of building, bytes, latencies and recalls."""
    stored = StoredVectors(folder / "stored.sqlite")
    with np.load(folder / "task.npz") as kept:
        task = dict(kept)
    vectors = {code: np.load(folder / f"{code}.npy", mmap_mode="r") for code in LANGUAGES}
    before, started = _own_megabytes(), time.perf_counter()
    kinds = {}
    for code in LANGUAGES:
        kinds[code] = made(name, stored.read)
        kinds[code].build(task[f"{code}_keys"], vectors[code])
    seconds = time.perf_counter() - started
    memory = _own_megabytes() - before
    setting = _chosen(kinds, task, filtered=False)
    plain = _measured(kinds, task, filtered=False)
    setting_filtered = _chosen(kinds, task, filtered=True)
    filtered = _measured(kinds, task, filtered=True)
    size = sum(kind.size() for kind in kinds.values()) / 2**20
    return {
        "build_s": round(seconds, 1),
        "index_mb": round(size, 1),
        "memory_mb": round(memory),
        "setting": setting,
        "setting_filtered": setting_filtered,
        **plain,
        **{f"filtered_{key}": value for key, value in filtered.items()},
    }


def _chosen(kinds: dict[str, Kind], task: Task, *, filtered: bool) -> str:
    """The cheapest setting that reaches RECALL on the first questions; the best there is if none does."""
    chosen = ""
    for setting, _ in zip(kinds["es"].settings(), kinds["en"].settings(), strict=True):
        chosen = setting
        if _measured(kinds, task, filtered=filtered, questions=_CHOOSING)["recall"] >= RECALL:
            break
    return chosen


def _measured(kinds: dict[str, Kind], task: Task, *, filtered: bool, questions: int | None = None) -> dict[str, float]:
    asked = task["questions"][:questions]
    _asked(kinds, asked[0], task, filtered)
    seconds, recalls = [], []
    for row, question in enumerate(asked):
        start = time.perf_counter()
        found = _asked(kinds, question, task, filtered)
        seconds.append(time.perf_counter() - start)
        for code in LANGUAGES:
            truth = task[f"{code}_filtered_truth" if filtered else f"{code}_truth"][row]
            recalls.append(len(np.intersect1d(truth, found[code])) / max(len(truth), 1))
    return {
        "p50_ms": round(1000 * float(np.quantile(seconds, 0.5)), 2),
        "p95_ms": round(1000 * float(np.quantile(seconds, 0.95)), 2),
        "recall": round(float(np.mean(recalls)), 4),
    }


def _asked(kinds: dict[str, Kind], question: FloatArray, task: Task, filtered: bool) -> dict[str, Keys]:
    """The ten nearest of each language; the filter is handed over whole, as the searcher does."""
    allowed = task["allowed"] if filtered else None
    return {code: kind.nearest(question, 10, allowed) for code, kind in kinds.items()}


def _own_megabytes() -> float:
    """The memory of this process that is not mapped from files (Linux)."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("RssAnon")) / 1024


if __name__ == "__main__":
    sys.stdout.write(json.dumps(main(Path(sys.argv[1]), sys.argv[2])) + "\n")
