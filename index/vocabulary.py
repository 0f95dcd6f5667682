"""Which pieces of the vocabulary stand in a word, found without a Python string for each of 250,000 pieces.

Owns the hashes: of every piece once, in a few hundredths of a second, and of every part of a word at once. A hash that
agrees is compared byte by byte, so nothing rests on chance.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.bundled import Pieces

Hashes = NDArray[np.uint64]

# An odd number has an inverse modulo 2 ** 64, so the hash of a part follows from those of two beginnings.
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
# Pieces hashed at once: what a processor's cache holds, a third of the time of all at once.
_AT_ONCE = 8192
_NOTHING = np.zeros(0, np.uint64)


class Vocabulary:
    """The ids of pieces by their text."""

    def __init__(self, pieces: Pieces) -> None:
        self._blob = pieces.blob
        self._offsets = pieces.offsets.astype(np.int64)
        sizes = np.diff(self._offsets)
        self._longest = int(sizes.max(initial=0))
        hashes = np.concatenate([self._hashes(first) for first in range(0, len(sizes), _AT_ONCE)] or [_NOTHING])
        self._ids = np.argsort(hashes)
        self._sorted = hashes[self._ids]

    def parts(self, word: str) -> list[list[tuple[int, int]]]:
        """For each start in the word the pieces that begin there, as (end, id), shortest first; places count
        characters."""
        found: list[list[tuple[int, int]]] = [[] for _ in word]
        data = word.encode("utf-8")
        cuts = np.cumsum([0, *(len(character.encode("utf-8")) for character in word)])
        starts, ends = self._spans(cuts)
        if not len(starts):
            return found
        hashes = _of_parts(data, cuts[starts], cuts[ends])
        places = np.searchsorted(self._sorted, hashes, side="right") - 1
        for row in np.flatnonzero((self._sorted[places] == hashes) & (places >= 0)).tolist():
            start, end, piece = int(starts[row]), int(ends[row]), int(self._ids[places[row]])
            if self._text(piece) == data[cuts[start] : cuts[end]]:
                found[start].append((end, piece))
        return found

    def _spans(self, cuts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The starts and ends, in characters, of all parts that are no longer than the longest piece."""
        length = len(cuts) - 1
        last = np.searchsorted(cuts, cuts[:-1] + self._longest, side="right") - 1
        counts = last - np.arange(length)
        starts = np.repeat(np.arange(length), counts)
        first = np.repeat(np.cumsum(counts) - counts, counts)
        return starts, starts + 1 + np.arange(len(starts)) - first

    def _hashes(self, first: int) -> Hashes:
        """The hashes of ``_AT_ONCE`` pieces from this one on."""
        offsets = self._offsets[first : first + _AT_ONCE + 1]
        start = int(offsets[0])
        return _of_parts(self._blob[start : int(offsets[-1])], offsets[:-1] - start, offsets[1:] - start)

    def _text(self, piece: int) -> bytes:
        return self._blob[self._offsets[piece] : self._offsets[piece + 1]]


def _of_parts(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> Hashes:
    """The hash of each part of ``data``: the sum of its bytes, each (plus one) times the base to its place in it."""
    terms = np.frombuffer(data, np.uint8).astype(np.uint64) + np.uint64(1)
    terms *= _powers(_BASE, len(data))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms)])
    return np.asarray((sums[ends] - sums[starts]) * _powers(_INVERSE, len(data) + 1)[starts], np.uint64)


def _powers(base: int, count: int) -> Hashes:
    """1, base, base ** 2, … modulo 2 ** 64."""
    size = 1 << count.bit_length()
    return _known_powers(base, size)[:count]


@lru_cache(maxsize=64)
def _known_powers(base: int, count: int) -> Hashes:
    return np.concatenate([np.ones(1, np.uint64), np.cumprod(np.full(max(count - 1, 0), base, np.uint64))])
