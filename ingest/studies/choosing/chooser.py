"""The trained choice between a field's candidates: small trees over the features of each pair, calibrated.

Owns the arrays (npz without objects) and their reading; ``bench.fit_attribution`` learns them. Knows no texts.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from kb.records.errors import ModelError
from kb.records.messages import say
from kb.records.ports import FloatArray

DEPTH = 3
FIELDS = ("source", "period", "sample_size")
"""What of a figure is chosen."""
AGAIN = "again_"
"""Before the name of a field: its second look."""
SHORT = "short_"
"""Before the name of a field or of its second look: that of a text of a few sentences."""
_NAMES = tuple(f"{size}{look}{field}" for size in ("", SHORT) for look in ("", AGAIN) for field in FIELDS)
_FORMAT = "attribution-3"
_DAMAGED = (ValueError, OSError, EOFError, KeyError, TypeError, RuntimeError, zipfile.BadZipFile, zlib.error)
_BLOCK = 100
"""Rows at once: ten times as fast as tree by tree for 60 rows, slower from about 500."""


@dataclass(frozen=True, slots=True)
class Chooser:
    """Trees of one depth for one field; ``threshold`` is the probability from which its choice is given.

    ``feature`` and ``split`` have a row a tree and a column an inner node (children of n: 2n+1, 2n+2), ``leaf`` a
    column a leaf, in log-odds; ``base`` is where the sum starts.
    """

    feature: NDArray[np.int16]
    split: FloatArray
    leaf: FloatArray
    base: float
    threshold: float

    def probabilities(self, rows: FloatArray) -> FloatArray:
        """The probability (0 to 1) of each row of features; raises ModelError where the trees ask for more features."""
        if rows.shape[1] <= int(self.feature.max(initial=0)):
            raise _fault(say("is_not_of_the_format", format=_FORMAT))
        blocks = [self._odds(rows[first : first + _BLOCK]) for first in range(0, len(rows), _BLOCK)]
        odds = np.concatenate(blocks) if blocks else np.zeros(0)
        chances: FloatArray = (1.0 / (1.0 + np.exp(-odds))).astype(np.float32)
        return chances

    def _odds(self, rows: FloatArray) -> FloatArray:
        """The log-odds of each row: all trees at once, a level at a time."""
        count, inner = len(rows), self.feature.shape[1]
        columns, line = np.ascontiguousarray(rows.T).ravel(), np.arange(count)
        place, split = self.feature.astype(np.intp).ravel() * count, self.split.ravel()
        tree = np.arange(len(self.feature))[:, None]
        at, down = np.repeat(tree * inner, count, axis=1), 1 - tree * inner
        for _ in range(self.leaf.shape[1].bit_length() - 1):
            at += at + down + (columns.take(place.take(at) + line) > split.take(at))
        odds: FloatArray = self.base + self.leaf.ravel().take(at + tree - inner).sum(axis=0)
        return odds


def company(chances: FloatArray) -> FloatArray:
    """What the choices of the other figures say of each: (figures x candidates, 14) features from the probabilities
    (figures, candidates) of a first look: its own, the best other, its share; the same candidate's and the best other's
    at the figure before and behind (-1: none); over the document its mean, most, how often it leads, the best other
    mean; how many figures and candidates, and the sum of all.
    """
    figures, candidates = chances.shape
    rivals = _rivals(chances)
    total, mean = chances.sum(axis=1, keepdims=True), chances.mean(axis=0, keepdims=True)
    none = np.full((1, candidates), -1.0)
    leads = np.bincount(chances.argmax(axis=1), minlength=candidates) / figures
    every = [
        chances,
        rivals,
        chances / (total + 1e-6),
        np.vstack([none, chances[:-1]]),
        np.vstack([chances[1:], none]),
        np.vstack([none, rivals[:-1]]),
        np.vstack([rivals[1:], none]),
        mean,
        chances.max(axis=0),
        leads,
        _rivals(mean),
        figures,
        candidates,
        total,
    ]
    stacked = np.stack([np.broadcast_to(np.asarray(one, dtype=np.float32), chances.shape) for one in every], axis=-1)
    return stacked.reshape(figures * candidates, len(every))


def _rivals(chances: FloatArray) -> FloatArray:
    """For each place of a row the most of the other places; 0 where there is none."""
    if chances.shape[1] == 1:
        return np.zeros_like(chances)
    ordered = np.sort(chances, axis=1)
    first, second = ordered[:, -1:], ordered[:, -2:-1]
    leader = np.arange(chances.shape[1]) == chances.argmax(axis=1)[:, None]
    return np.where(leader, second, first).astype(np.float32)


def chances_of(first: Chooser, again: Chooser, rows: FloatArray, candidates: int) -> FloatArray:
    """The probabilities (figures, candidates) of a field: the first look's, then a second that knows what the first
    chose for the other figures."""
    chances = first.probabilities(rows).reshape(-1, candidates)
    return again.probabilities(np.hstack([rows, company(chances)])).reshape(-1, candidates)


def to_bytes(choosers: Mapping[str, Chooser]) -> bytes:
    """The choosers by field as an npz file; the same choosers give the same bytes."""
    arrays: dict[str, NDArray[np.generic]] = {"format": np.array(_FORMAT), "fields": np.array(sorted(choosers))}
    for name, one in sorted(choosers.items()):
        arrays |= {f"{name}_feature": one.feature, f"{name}_split": one.split, f"{name}_leaf": one.leaf}
        arrays[f"{name}_numbers"] = np.array([one.base, one.threshold])
    buffer = io.BytesIO()
    np.savez_compressed(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def from_bytes(data: bytes) -> dict[str, Chooser]:
    """The choosers of ``to_bytes``; raises ModelError when the file is damaged or of another format."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
        if str(arrays.get("format")) != _FORMAT:
            raise _fault(say("is_not_of_the_format", format=_FORMAT))
        return {name: _chooser(arrays, name) for name in _NAMES}
    except _DAMAGED as error:
        raise _fault(say("cannot_be_read", error=f"{type(error).__name__}: {error}")) from error


def _chooser(arrays: Mapping[str, NDArray[np.generic]], name: str) -> Chooser:
    """The chooser of this name; raises ValueError where its arrays do not fit together or hold what is no number."""
    feature, split = arrays[f"{name}_feature"].astype(np.int16), arrays[f"{name}_split"].astype(np.float32)
    leaf, numbers = arrays[f"{name}_leaf"].astype(np.float32), arrays[f"{name}_numbers"].astype(float)
    trees, inner = feature.shape
    fits = split.shape == (trees, inner) and leaf.shape == (trees, inner + 1) and numbers.shape == (2,)
    if not fits or (inner + 1) & inner or feature.min(initial=0) < 0:
        raise ValueError(name)
    if np.isnan(split).any() or not np.isfinite(leaf).all() or not np.isfinite(numbers).all():
        raise ValueError(name)
    return Chooser(feature, split, leaf, *numbers.tolist())


def _fault(reason: str) -> ModelError:
    return ModelError(say("attribution_model"), reason, say("run_bench_fit_attribution"))


@cache
def shipped() -> dict[str, Chooser]:
    """The choosers that come with the project, read once."""
    try:
        data = (resources.files("ingest") / "data" / "attribution.npz").read_bytes()
    except OSError as error:
        raise _fault(say("cannot_be_read", error=type(error).__name__)) from error
    return from_bytes(data)
