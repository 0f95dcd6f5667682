"""Which pieces of the vocabulary stand in a word, found without a Python string for each of 250,000 pieces.

Owns the hashes: of every piece once, in a few hundredths of a second, and of every part of a word at once. A hash that
agrees is compared byte by byte, so nothing rests on chance.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.model.bundled import Pieces
from index.model.prompts import normalised

_Hashes = NDArray[np.uint64]

# An odd number has an inverse modulo 2 ** 64, so the hash of a part follows from those of two beginnings.
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)
# Pieces hashed at once: what a processor's cache holds, a third of the time of all at once.
_AT_ONCE = 8192
_NOTHING = np.zeros(0, np.uint64)
_DRAWERS = 1 << 16


class Vocabulary:
    """The ids of pieces by their text."""

    def __init__(self, pieces: Pieces) -> None:
        self._blob = pieces.blob
        self._offsets = pieces.offsets.astype(np.int64)
        sizes = np.diff(self._offsets)
        self._longest = int(sizes.max(initial=0))
        hashes = np.concatenate([self._hashes(first) for first in range(0, len(sizes), _AT_ONCE)] or [_NOTHING])
        # In order of 16 bits alone, which numpy sorts in a seventh of the time: a few pieces share them.
        drawers = _drawers(hashes)
        self._ids = np.argsort(drawers, kind="stable")
        self._hashes_in_order = hashes[self._ids]
        self._counts = np.bincount(drawers, minlength=_DRAWERS)
        self._firsts = np.cumsum(self._counts) - self._counts

    def parts(self, words: Sequence[str]) -> list[list[list[tuple[int, int]]]]:
        """For each word, for each start in it, the pieces that begin there, as (end, id), shortest first; places count
        characters. Many words at once take little longer than one."""
        found: list[list[list[tuple[int, int]]]] = [[[] for _ in word] for word in words]
        text = "".join(words)
        data = text.encode("utf-8")
        if not data:
            return found
        cuts = _cuts(data)
        lengths = np.array([len(word) for word in words], np.int64)
        owners = np.repeat(np.arange(len(words)), lengths)
        firsts = np.cumsum(lengths) - lengths
        starts, ends = self._spans(cuts, np.repeat(firsts + lengths, lengths))
        rows, places = self._with_hash(_of_parts(data, cuts[starts], cuts[ends]))
        begins, finishes = starts[rows], ends[rows]
        homes = owners[begins]
        for home, offset, start, end, piece in zip(
            homes.tolist(),
            firsts[homes].tolist(),
            begins.tolist(),
            finishes.tolist(),
            self._ids[places].tolist(),
            strict=True,
        ):
            if self._text(piece) == data[cuts[start] : cuts[end]]:
                found[home][start - offset].append((end - offset, piece))
        return found

    def _with_hash(self, hashes: _Hashes) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Which of these hashes pieces have, and for each the place of its piece in the order of drawers."""
        drawers = _drawers(hashes)
        rows, places = _ranges(self._firsts[drawers], self._counts[drawers])
        same = self._hashes_in_order[places] == hashes[rows]
        return rows[same], places[same]

    def _spans(
        self, cuts: NDArray[np.int64], borders: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The starts and ends, in characters, of all parts that are no longer than the longest piece and end at the
        border of their start's word at the latest."""
        length = len(cuts) - 1
        last = np.minimum(np.searchsorted(cuts, cuts[:-1] + self._longest, side="right") - 1, borders)
        return _ranges(np.arange(1, length + 1), last - np.arange(length))

    def _hashes(self, first: int) -> _Hashes:
        """The hashes of ``_AT_ONCE`` pieces from this one on."""
        offsets = self._offsets[first : first + _AT_ONCE + 1]
        start = int(offsets[0])
        return _of_parts(self._blob[start : int(offsets[-1])], offsets[:-1] - start, offsets[1:] - start)

    def _text(self, piece: int) -> bytes:
        return self._blob[self._offsets[piece] : self._offsets[piece + 1]]


def _drawers(hashes: _Hashes) -> NDArray[np.uint16]:
    """The first 16 bits of each hash."""
    return (hashes >> np.uint64(48)).astype(np.uint16)


def _ranges(firsts: NDArray[np.int64], counts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """So many numbers from each first on, in one row, and of which first each is."""
    owners = np.repeat(np.arange(len(counts)), counts)
    before = np.cumsum(counts) - counts
    return owners, firsts[owners] + np.arange(len(owners)) - before[owners]


def _cuts(data: bytes) -> NDArray[np.int64]:
    """Where each character begins in UTF-8, and the end."""
    leading = (np.frombuffer(data, np.uint8) & 0xC0) != 0x80
    return np.append(np.flatnonzero(leading), len(data))


def _of_parts(data: bytes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> _Hashes:
    """The hash of each part of ``data``: the sum of its bytes, each (plus one) times the base to its place in it."""
    terms = np.frombuffer(data, np.uint8).astype(np.uint64) + np.uint64(1)
    terms *= _powers(_BASE, len(data))
    sums = np.concatenate([np.zeros(1, np.uint64), np.cumsum(terms)])
    return np.asarray((sums[ends] - sums[starts]) * _powers(_INVERSE, len(data) + 1)[starts], np.uint64)


def _powers(base: int, count: int) -> _Hashes:
    """1, base, base ** 2, … modulo 2 ** 64."""
    size = 1 << count.bit_length()
    return _known_powers(base, size)[:count]


@lru_cache(maxsize=64)
def _known_powers(base: int, count: int) -> _Hashes:
    return np.concatenate([np.ones(1, np.uint64), np.cumprod(np.full(max(count - 1, 0), base, np.uint64))])


_MARK = "▁"
# Below the least likely piece by this much, as sentencepiece does for unknown characters.
_UNKNOWN_PENALTY = 10.0
# Words whose pieces are kept, about 200 bytes each.
_KEPT = 32_768


class UnigramTokenizer:
    """Text to the ids of its most probable pieces."""

    def __init__(self, pieces: Pieces) -> None:
        self._vocabulary = Vocabulary(pieces)
        self._scores = pieces.scores
        self._begin, self._end, self._unknown = pieces.begin, pieces.end, pieces.unknown
        self._unknown_score = float(self._scores.min()) - _UNKNOWN_PENALTY
        # Words are few beside their occurrences; two threads at worst find the same word twice.
        self._known: dict[str, tuple[int, ...]] = {}

    def ids(self, text: str) -> list[int]:
        """The ids of the text between the begin and end marks."""
        return [self._begin, *(index for _, ids in self.words(text) for index in ids), self._end]

    def words(self, text: str) -> list[tuple[str, tuple[int, ...]]]:
        """The words of the text as the model reads them, each with the ids of its pieces; no marks around them."""
        words = normalised(text).split(" ") if text else []
        known = self._known
        missing = [word for word in dict.fromkeys(words) if word not in known]
        if missing:
            found = zip(missing, self._vocabulary.parts([_MARK + word for word in missing]), strict=True)
            known = {**{word: known[word] for word in words if word in known}, **{w: self._best(p) for w, p in found}}
            self._keep(known)
        return [(word, known[word]) for word in words]

    def _keep(self, known: Mapping[str, tuple[int, ...]]) -> None:
        if len(self._known) > _KEPT:
            self._known = {}
        self._known.update(known)

    def _best(self, parts: Sequence[Sequence[tuple[int, int]]]) -> tuple[int, ...]:
        """The most probable pieces of a word, of those that begin at each of its characters."""
        best = [0.0, *[-math.inf] * len(parts)]
        steps = [(0, 0)] * (len(parts) + 1)
        for start, found in enumerate(parts):
            known = [(end, index) for end, index in found if index != self._unknown]
            if not known or known[0][0] != start + 1:
                known.insert(0, (start + 1, self._unknown))
            for end, index in known:
                score = best[start] + (self._unknown_score if index == self._unknown else float(self._scores[index]))
                if score > best[end]:
                    best[end], steps[end] = score, (start, index)
        ids: list[int] = []
        end = len(parts)
        while end:
            end, index = steps[end]
            # Neighbouring unknown characters are one unknown piece, as in the published tokenizer.
            if index != self._unknown or ids[-1:] != [index]:
                ids.append(index)
        return tuple(reversed(ids))
