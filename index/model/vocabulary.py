"""Which pieces of the vocabulary stand in a word, found without a Python string for each of 250,000 pieces.

Owns the hashes: of every piece once, in a hundredth of a second, and of every part of a word at once. A hash that
agrees is compared byte by byte, so nothing rests on chance.
"""

import math
import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from index.model.bundled import Pieces
from index.model.prompts import normalised

_Hashes = NDArray[np.uint64]

# Odd, with bits in no order: what is multiplied by them spreads over the highest bits.
_FIRST, _LAST = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xC2B2AE3D27D4EB4F)
# Of eight bytes those that a part of so many bytes has, 0 to 8.
_ITS_BYTES = np.array([(1 << 8 * size) - 1 for size in range(9)], np.uint64)
# Pieces hashed at once: what a processor's cache holds, and no new memory for each step.
_AT_ONCE = 8192
_DRAWERS = 1 << 16


class Vocabulary:
    """The ids of pieces by their text."""

    def __init__(self, pieces: Pieces) -> None:
        self._blob, self._offsets = pieces.blob, pieces.offsets.astype(np.int64)
        self._eights = _eights(self._blob)
        self._longest = int(np.diff(self._offsets).max(initial=0))
        drawers = np.empty(len(self._offsets) - 1, np.uint16)
        for first in range(0, len(drawers), _AT_ONCE):
            drawers[first : first + _AT_ONCE] = _drawers(self._hashes(slice(first, first + _AT_ONCE)))
        # In order of 16 bits alone, which numpy sorts in a seventh of the time: a few pieces share them.
        self._ids = np.argsort(drawers, kind="stable")
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
        rows, places = self._with_hash(_hashes(_eights(data), cuts[starts], cuts[ends]))
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
        same = self._hashes(self._ids[places]) == hashes[rows]
        return rows[same], places[same]

    def _spans(
        self, cuts: NDArray[np.int64], borders: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The starts and ends, in characters, of all parts that are no longer than the longest piece and end at the
        border of their start's word at the latest."""
        length = len(cuts) - 1
        last = np.minimum(np.searchsorted(cuts, cuts[:-1] + self._longest, side="right") - 1, borders)
        return _ranges(np.arange(1, length + 1), last - np.arange(length))

    def _hashes(self, ids: slice | NDArray[np.int64]) -> _Hashes:
        """The hashes of these pieces."""
        return _hashes(self._eights, self._offsets[:-1][ids], self._offsets[1:][ids])

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


def _eights(data: bytes) -> NDArray[np.uint64]:
    """The eight bytes that begin at each place of ``data`` and at its end."""
    return np.ndarray((len(data) + 1,), np.uint64, data + bytes(8), strides=(1,))


def _hashes(eights: NDArray[np.uint64], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> _Hashes:
    """The hash of each part: of its first eight bytes, its last eight and how many it has."""
    sizes = ends - starts
    its_bytes = _ITS_BYTES[np.minimum(sizes, 8)]
    first, last = eights[starts] & its_bytes, eights[np.maximum(ends - 8, starts)] & its_bytes
    return np.asarray((first * _FIRST ^ last * _LAST + sizes.astype(np.uint64)) * _FIRST, np.uint64)


_MARK = "▁"
_SPOKEN = re.compile(r"\S+")
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
        self._blob, self._offsets = pieces.blob, pieces.offsets
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

    def placed(self, text: str) -> list[tuple[int, int, int]]:
        """The ids of the text without marks, each with the characters it stands for, from and to; those of a word that
        is normalised into another stand for all of it, and a mark that opens a word for none."""
        self.words(text)  # all at once
        found = []
        for match in _SPOKEN.finditer(text):
            for word, ids in self.words(match[0]) if normalised(match[0]) else ():
                sizes = [self._size(index) for index in ids]
                sizes[0] -= 1
                if word != match[0] or sum(sizes) != len(word):
                    found += [(index, *match.span()) for index in ids]
                    continue
                ends = list(accumulate(sizes, initial=match.start()))
                found += zip(ids, ends, ends[1:], strict=False)
        return found

    def _size(self, index: int) -> int:
        return len(self._blob[self._offsets[index] : self._offsets[index + 1]].decode("utf-8"))

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
