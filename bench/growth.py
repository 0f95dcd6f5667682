"""How vector indexes grow: 1,000 to 1,000,000 vectors, each kind built and asked in a process of its own.

Owns the making of the task (vectors, store, questions, truth by comparing all) and the table. Knows no FAISS.
"""

from __future__ import annotations

import json
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bench.corpora import ROOT
from bench.growth_one import LANGUAGES
from bench.index_kinds import NAMES
from bench.output import say
from bench.real_vectors import PAIR, QUANTILES, Likeness, Multiplier, RealVectors
from kb.outside.processes import python_command, python_environment
from kb.records.ports import FloatArray

SIZES = (1_000, 10_000, 100_000, 1_000_000)
QUESTIONS = 200
FILTER = 0.05
# A kind whose last size took so long that the next would take longer than this is left out, and said so.
PATIENCE_S = 300.0
_SLAB = 50_000


@dataclass(frozen=True, slots=True)
class Row:
    """One kind at one size; ``figures`` is null when it was left out, for the ``reason``."""

    kind: str
    size: int
    figures: dict[str, Any] | None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Grown:
    """All rows, and how alike the made vectors are to real ones, by size."""

    source: str
    real: int
    questions: int
    rows: tuple[Row, ...]
    likeness: dict[int, dict[str, Likeness]]


def measure(real: RealVectors, sizes: Sequence[int], kinds: Sequence[str] = tuple(NAMES)) -> Grown:
    """Every kind at every size, the smallest first."""
    rows: list[Row] = []
    likeness: dict[int, dict[str, Likeness]] = {}
    for size in sorted(sizes):
        with tempfile.TemporaryDirectory(prefix="kb-growth-") as name:
            folder = Path(name)
            likeness[size] = prepare(folder, real, size)
            for kind in kinds:
                before = [row for row in rows if row.kind == kind]
                rows.append(_one(folder, kind, size, before[-1] if before else None))
                say(f"  {size:>9,} {kind:<9} {rows[-1].figures or rows[-1].reason}")
    passages = sum(len(each) for each in real.passages.values())
    return Grown(real.name, passages, min(QUESTIONS, len(real.questions)), tuple(rows), likeness)


def _one(folder: Path, kind: str, size: int, before: Row | None) -> Row:
    """The row of a kind; left out when by its last size it would take too long."""
    if before is not None:
        if before.figures is None:
            return Row(kind, size, None, before.reason)
        # Graphs take a little more than their share; nothing here takes less.
        expected = before.figures["build_s"] * size / before.size
        if expected > PATIENCE_S:
            return Row(kind, size, None, f"left out: building would take about {expected / 60:.0f} minutes")
    command = python_command("bench.growth_one", str(folder), kind)
    try:
        done = subprocess.run(  # noqa: S603 - our own program
            command,
            cwd=ROOT,
            env=python_environment(),
            capture_output=True,
            text=True,
            timeout=3 * PATIENCE_S,
            check=True,
        )
    except subprocess.TimeoutExpired:
        return Row(kind, size, None, f"stopped after {3 * PATIENCE_S / 60:.0f} minutes")
    except subprocess.CalledProcessError as error:
        return Row(kind, size, None, f"failed: {(error.stderr.strip().splitlines() or ['?'])[-1][:200]}")
    return Row(kind, size, json.loads(done.stdout))


def prepare(folder: Path, real: RealVectors, size: int) -> dict[str, Likeness]:
    """Write the vectors of both languages, the store, the questions and the truth; how alike vectors are to real."""
    started = time.perf_counter()
    chosen = np.random.default_rng(size).choice(len(real.questions), min(QUESTIONS, len(real.questions)), replace=False)
    questions = real.questions[np.sort(chosen)]
    keys = {code: np.arange(place, size + 1, 2, dtype=np.int64) for place, code in enumerate(LANGUAGES, start=1)}
    every = np.arange(1, size + 1, dtype=np.int64)
    allowed = np.sort(np.random.default_rng(7).choice(every, max(10, int(FILTER * size)), replace=False))
    task: dict[str, NDArray[Any]] = {"questions": questions, "allowed": allowed}
    likeness = {}
    with closing(sqlite3.connect(folder / "stored.sqlite")) as store, store:
        store.execute("CREATE TABLE vectors (key INTEGER PRIMARY KEY, passage BLOB NOT NULL)")
        for language in PAIR:
            code = language.value
            multiplier = Multiplier(real.passages[language])
            vectors = np.concatenate(list(multiplier.made(len(keys[code]), seed=size + len(code))))
            np.save(folder / f"{code}.npy", vectors)
            store.executemany("INSERT INTO vectors VALUES (?, ?)", _rows(keys[code], vectors))
            likeness[code] = multiplier.likeness(vectors, 200, seed=3)
            within = np.isin(keys[code], allowed)
            task[f"{code}_keys"] = keys[code]
            task[f"{code}_truth"] = _truth(questions, keys[code], vectors)
            task[f"{code}_filtered_truth"] = _truth(questions, keys[code][within], vectors[within])
    np.savez(folder / "task.npz", **task)  # type: ignore[arg-type]  # its stub takes any keyword for allow_pickle
    say(f"{size:>11,} vectors made and stored in {time.perf_counter() - started:.0f} s; {_nearness(likeness)}")
    return likeness


def _rows(keys: NDArray[np.int64], vectors: FloatArray) -> Iterator[tuple[int, bytes]]:
    return ((int(key), vector.tobytes()) for key, vector in zip(keys, vectors, strict=True))


def _truth(questions: FloatArray, keys: NDArray[np.int64], vectors: FloatArray) -> NDArray[np.int64]:
    """The keys of the ten nearest of each question by comparing all, (questions, 10)."""
    best = np.zeros((len(questions), 0), np.float32)
    found = np.zeros((len(questions), 0), np.int64)
    for start in range(0, len(keys), _SLAB):
        scores = np.concatenate([best, questions @ vectors[start : start + _SLAB].T], axis=1)
        names = np.concatenate([found, np.tile(keys[start : start + _SLAB], (len(questions), 1))], axis=1)
        order = np.argpartition(-scores, min(10, scores.shape[1] - 1), axis=1)[:, :10]
        best, found = np.take_along_axis(scores, order, 1), np.take_along_axis(names, order, 1)
    return found


def _nearness(likeness: dict[str, Likeness]) -> str:
    middle = QUANTILES.index(0.5)
    return "nearest neighbour (median cosine, centred) " + ", ".join(
        f"{code}: real {one.real[middle]:.2f}, here {one.made[middle]:.2f}" for code, one in likeness.items()
    )
