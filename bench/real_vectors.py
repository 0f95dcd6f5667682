"""Real vectors of the texts at hand, and as many more made of them as a size asks for.

A made vector is a real one, moved: how far is drawn from how far real ones stand from their nearest neighbours,
where to from how those differ. Owns that law and its figures; knows no index.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bench.corpora import Texts
from index.model.parity import PriorMeans, centred, centred_question, shipped_means
from kb.records.language import Language
from kb.records.ports import Embedder, FloatArray

PAIR = (Language.ES, Language.EN)
_SLAB = 50_000
# A pair nearer than this is one text twice (a sentence and its paragraph, a reprint).
_SAME = 0.98
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True, slots=True)
class RealVectors:
    """Unit vectors of passages by language, and centred question vectors as search asks with, float32."""

    name: str
    passages: dict[Language, FloatArray]
    questions: FloatArray


@dataclass(frozen=True, slots=True)
class Likeness:
    """How near things stand: quantiles (of QUANTILES) of the cosine of a vector and its nearest neighbour."""

    real: tuple[float, ...]
    made: tuple[float, ...]


def read_or_encode(texts: Texts, embedder: Embedder, cache: Path) -> RealVectors:
    """The vectors of these texts, encoded once and then read from a file named by what was encoded."""
    stamp = embedder.stamp
    told = hashlib.sha256(f"{stamp.name}{stamp.revision}".encode())
    for text in (*texts.passages, *texts.questions):
        told.update(f"{text.language.value}\0{text.text}\0".encode())
    path = cache / f"bench-vectors-{told.hexdigest()[:16]}.npz"
    if not path.is_file():
        cache.mkdir(parents=True, exist_ok=True)
        passages = embedder.encode_passages([passage.text for passage in texts.passages])
        questions = embedder.encode_queries([question.text for question in texts.questions])
        np.savez(path, passages=passages, questions=questions)
    with np.load(path, allow_pickle=False) as kept:
        passages, questions = kept["passages"], kept["questions"]
    rows = {
        language: [row for row, passage in enumerate(texts.passages) if passage.language is language]
        for language in PAIR
    }
    prior = _prior(embedder)
    asked = np.stack([centred_question(question, prior) for question in questions])
    return RealVectors(texts.name, {language: passages[chosen] for language, chosen in rows.items()}, asked)


class Multiplier:
    """Makes vectors of one language out of its real ones; the same ones for the same seed."""

    def __init__(self, real: FloatArray) -> None:
        self.real = real
        self.mean = np.asarray(real.mean(axis=0, dtype=np.float64), np.float32)
        self._units = centred(real, self.mean)
        self._lengths = np.linalg.norm(real - self.mean, axis=1)
        cosines = self._units @ self._units.T
        np.fill_diagonal(cosines, -1)
        cosines[cosines > _SAME] = -1
        nearest = cosines.argmax(axis=1)
        # How near a real vector's nearest neighbour is, and in which direction it differs.
        self.nearness = cosines[np.arange(len(real)), nearest]
        self._ways = self._units[nearest] - self.nearness[:, None] * self._units

    def made(self, count: int, seed: int) -> Iterator[FloatArray]:
        """``count`` unit vectors, the real ones first, float32 (up to 50,000, dimension) at a time."""
        random = np.random.default_rng(seed)
        if count <= len(self.real):
            yield self.real[:count]
            return
        yield self.real
        left = count - len(self.real)
        while left:
            yield self._slab(min(left, _SLAB), random)
            left -= min(left, _SLAB)

    def _slab(self, count: int, random: np.random.Generator) -> FloatArray:
        return self.moved(random.integers(0, len(self.real), count), random)

    def moved(self, seeds: NDArray[np.int64], random: np.random.Generator) -> FloatArray:
        """The real vectors of these rows turned away by the angle of a neighbour, in a direction mixed of theirs."""
        count = len(seeds)
        cosine = self.nearness[random.integers(0, len(self.real), count)].astype(np.float32)[:, None]
        units = self._units[seeds]
        ways = np.zeros_like(units)
        for _ in range(_MIXED):
            chosen = random.integers(0, len(self.real), count)
            ways += random.standard_normal((count, 1), np.float32) * self._ways[chosen]
        ways -= np.einsum("ij,ij->i", ways, units)[:, None] * units
        ways /= np.linalg.norm(ways, axis=1, keepdims=True)
        moved = cosine * units + np.sqrt(1 - cosine**2) * ways
        lengths = self._lengths[random.integers(0, len(self.real), count)].astype(np.float32)[:, None]
        whole = moved * lengths + self.mean
        return np.asarray(whole / np.linalg.norm(whole, axis=1, keepdims=True), np.float32)

    def likeness(self, made: FloatArray, sample: int, seed: int) -> Likeness:
        """The nearest neighbours of real vectors among real ones, and of ``sample`` made ones among the made."""
        units = centred(made, self.mean)
        chosen = np.sort(np.random.default_rng(seed).choice(len(made), min(sample, len(made)), replace=False))
        best = np.full(len(chosen), -1.0, np.float32)
        for start in range(0, len(units), _SLAB):
            cosines = units[chosen] @ units[start : start + _SLAB].T
            own = (chosen >= start) & (chosen < start + cosines.shape[1])
            cosines[np.flatnonzero(own), chosen[own] - start] = -1
            best = np.maximum(best, cosines.max(axis=1))
        return Likeness(_quantiles(self.nearness), _quantiles(best))


# Directions mixed in one step: of a handful of neighbours, so that made vectors vary in as many ways as real ones.
_MIXED = 8


def _quantiles(values: FloatArray) -> tuple[float, ...]:
    return tuple(round(float(value), 3) for value in np.quantile(values, QUANTILES))


def _prior(embedder: Embedder) -> PriorMeans:
    prior = shipped_means(embedder.stamp)
    if prior is None:
        raise SystemExit("the benchmarks run with the bundled model")
    return prior
