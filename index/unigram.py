"""The Unigram tokenizer of the bundled model in plain Python: text to token ids.

Owns the search for the most probable pieces (Viterbi). Knows no network.
"""

from __future__ import annotations

import math
from array import array
from functools import lru_cache

from index.bundled import Pieces
from index.prompts import normalised

_MARK = "▁"
# Below the least likely piece by this much, as sentencepiece does for unknown characters.
_UNKNOWN_PENALTY = 10.0


class UnigramTokenizer:
    """Text to the ids of its most probable pieces."""

    def __init__(self, pieces: Pieces) -> None:
        self._ids = {piece: index for index, (piece, _) in enumerate(pieces.pieces)}
        self._scores = array("f", (score for _, score in pieces.pieces))
        self._begin, self._end, self._unknown = pieces.begin, pieces.end, pieces.unknown
        self._unknown_score = min(self._scores) - _UNKNOWN_PENALTY
        self._longest = max(len(piece) for piece in self._ids)
        self._cached = lru_cache(maxsize=4096)(self._pieces)

    def ids(self, text: str) -> list[int]:
        """The ids of the text between the begin and end marks."""
        words = [_MARK + word for word in normalised(text).split(" ")] if text else []
        return [self._begin, *(index for word in words for index in self._cached(word)), self._end]

    def _pieces(self, word: str) -> tuple[int, ...]:
        best = [0.0, *[-math.inf] * len(word)]
        steps = [(0, 0)] * (len(word) + 1)
        for start in range(len(word)):
            for end in range(start + 1, min(start + self._longest, len(word)) + 1):
                index = self._ids.get(word[start:end], self._unknown)
                if index == self._unknown and end > start + 1:
                    continue
                score = best[start] + (self._unknown_score if index == self._unknown else self._scores[index])
                if score > best[end]:
                    best[end], steps[end] = score, (start, index)
        ids: list[int] = []
        end = len(word)
        while end:
            end, index = steps[end]
            # Neighbouring unknown characters are one unknown piece, as in the published tokenizer.
            if index != self._unknown or ids[-1:] != [index]:
                ids.append(index)
        return tuple(reversed(ids))
