"""Documents that say the same in the other language: found by the vectors of their passages.

Owns what counts as a translation. Refuses to hide one: search shows both languages. Vectors are compared
after the mean of their language is taken out; the means, and what finds the nearest passages, are handed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.store import Store

Means = Mapping[Language, FloatArray]
"""The mean passage vector (dimension,) of each language, of texts that say the same in both."""
NearestKeys = Callable[[Language, FloatArray, int], Sequence[int]]
"""The keys of the passages of a language nearest to a centred vector (dimension,), at most so many, best first."""

_PAIR = {Language.ES: Language.EN, Language.EN: Language.ES}
# A document is in a language when this share of its passages is.
_MAIN_SHARE = 0.8
_MIN_PASSAGES = 3
# Half the passages of a translation pair with one of its original at least: it is met by several of so many passages,
# each with so many neighbours.
_ASKED, _NEIGHBOURS = 12, 4
_CANDIDATES = 5
# Measured with the bundled model on 24 parallel and 2,091 other pairs (XQuAD by five paragraphs, real CX pages,
# the samples): parallel ones share 1.0, others at most .27 (two articles on the same three metrics).
_MIN_SIMILARITY = 0.5
_MIN_SHARE = 0.5


class Translations:
    """What a new document translates of those of a base; nothing of the base is read but what is near to it."""

    def __init__(self, store: Store, means: Means, nearest: NearestKeys) -> None:
        self._store = store
        self._means = means
        self._nearest = nearest

    def match(self, languages: Sequence[Language], vectors: FloatArray) -> str | None:
        """The id of the document that these passages translate, or null."""
        language = _main_language(languages)
        if language is None:
            return None
        other = _PAIR[language]
        best = (0.0, "")
        mine = self._centred(language, vectors)
        for candidate in self._candidates(other, mine):
            theirs_in, vectors_of = self._store.vectors_of(candidate)
            if _main_language(theirs_in) is other:
                best = max(best, (_translated_share(mine, self._centred(other, vectors_of)), candidate))
        return best[1] if best[0] >= _MIN_SHARE else None

    def _candidates(self, language: Language, mine: FloatArray) -> list[str]:
        """The documents that most of the neighbours of these passages are from; one that repeats another stands for
        it."""
        asked = mine[np.unique(np.linspace(0, len(mine) - 1, _ASKED).astype(int))]
        keys = [int(key) for vector in asked for key in self._nearest(language, vector, _NEIGHBOURS)]
        homes = {key: passage.document_id for key, passage in self._store.passages(sorted(set(keys))).items()}
        met = Counter(homes[key] for key in keys if key in homes)
        named = sorted(met, key=lambda one: (-met[one], one))[:_CANDIDATES]
        known = self._store.documents_with(named)
        firsts = dict.fromkeys(known[one].duplicate_of or one for one in named if one in known)
        return [one for one in firsts if self._store.is_current(one)]

    def _centred(self, language: Language, vectors: FloatArray) -> FloatArray:
        moved = vectors - self._means[language]
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-9), np.float32)


def _main_language(languages: Sequence[Language]) -> Language | None:
    """Spanish or English when nearly all passages are in it and there are enough to tell, else null."""
    for language in _PAIR:
        if len(languages) >= _MIN_PASSAGES and languages.count(language) >= _MAIN_SHARE * len(languages):
            return language
    return None


def _translated_share(first: FloatArray, second: FloatArray) -> float:
    """The share (0 to 1) of the longer document's passages that pair with one of the other, in the same order.

    Two passages pair when each is the other's nearest and their cosine is at least ``_MIN_SIMILARITY``.
    Arrays are centred unit vectors (passages, dimension).
    """
    likeness = first @ second.T
    there, back = likeness.argmax(axis=1), likeness.argmax(axis=0)
    pairs = [
        int(there[index])
        for index in range(len(first))
        if back[there[index]] == index and likeness[index, there[index]] >= _MIN_SIMILARITY
    ]
    return _longest_rise(pairs) / max(len(first), len(second))


def _longest_rise(numbers: Sequence[int]) -> int:
    """How many of the numbers stand in rising order at most: a translation keeps the order of its original."""
    ends: list[int] = []
    for number in numbers:
        place = int(np.searchsorted(ends, number))
        ends[place : place + 1] = [number]
    return len(ends)
