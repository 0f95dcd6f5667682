"""Texts longer than a model reads at once: cut into windows, their vectors joined again.

No text is cut short: a vector stands for the whole of it. Knows tokens only as character offsets.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from kb.records.ports import FloatArray


@dataclass(frozen=True, slots=True)
class Window:
    """A piece of text number ``owner``, and its weight: the tokens in it."""

    owner: int
    text: str
    weight: float


def windows_of(owner: int, text: str, offsets: Sequence[tuple[int, int]], limit: int) -> list[Window]:
    """The text in windows of at most ``limit`` tokens, cut where tokens begin.

    ``offsets`` are the (start, end) characters of its tokens; a text that fits is one window.
    """
    if len(offsets) <= limit:
        return [Window(owner, text, float(max(len(offsets), 1)))]
    # Equal windows: a last one of three words would be a vector of nothing in particular.
    count = -(-len(offsets) // limit)
    cuts = [len(offsets) * index // count for index in range(count)]
    starts = [0, *(offsets[cut][0] for cut in cuts[1:]), len(text)]
    sizes = np.diff([*cuts, len(offsets)])
    return [
        Window(owner, text[start:end], float(size)) for (start, end), size in zip(pairwise(starts), sizes, strict=True)
    ]


def joined(windows: Sequence[Window], vectors: FloatArray, count: int) -> FloatArray:
    """One unit vector for each of ``count`` texts: the mean of its windows, weighted by tokens.

    ``vectors`` is (len(windows), dimension); the result is float32 (count, dimension).
    """
    sums = np.zeros((count, vectors.shape[1]), np.float32)
    owners = np.array([window.owner for window in windows], np.int64)
    weights = np.array([window.weight for window in windows], np.float32)
    np.add.at(sums, owners, vectors * weights[:, None])
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-12), np.float32)
