"""The Unigram tokenizer of the bundled model in plain Python: text to token ids.

Owns the search for the most probable pieces (Viterbi). Knows no network.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from itertools import accumulate

from index.model.bundled import Pieces
from index.model.prompts import normalised
from index.model.vocabulary import Vocabulary

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
