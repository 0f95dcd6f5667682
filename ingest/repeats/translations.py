"""Documents that say the same in the other language: found by the vectors of their passages.

Owns what counts as a translation. Refuses to hide one: search shows both languages. Vectors are compared
after the mean of their language is taken out; the means are handed in.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.store import Store

Means = Mapping[Language, FloatArray]
"""The mean passage vector (dimension,) of each language, of texts that say the same in both."""

_PAIR = {Language.ES: Language.EN, Language.EN: Language.ES}
# A document is in a language when this share of its passages is.
_MAIN_SHARE = 0.8
_MIN_PASSAGES = 3
_CANDIDATES = 5
# Measured with the bundled model on 24 parallel and 2,091 other pairs (XQuAD by five paragraphs, real CX pages,
# the samples): parallel ones share 1.0, others at most .27 (two articles on the same three metrics).
_MIN_SIMILARITY = 0.5
_MIN_SHARE = 0.5


class Translations:
    """The documents of a base as far as translations are concerned: one mean vector each, by language."""

    def __init__(self, store: Store, means: Means) -> None:
        self._store = store
        self._means = means
        self._ids: dict[Language, list[str]] = {language: [] for language in _PAIR}
        self._middles: dict[Language, list[FloatArray]] = {language: [] for language in _PAIR}
        for document_id in store.document_ids(without_repeats=True):
            self.add(document_id, *store.vectors_of(document_id))

    def add(self, document_id: str, languages: Sequence[Language], vectors: FloatArray) -> None:
        """Take a document in, to be matched by later ones; a mixed or very short one is passed over."""
        language = _main_language(languages)
        if language is not None:
            self._ids[language].append(document_id)
            self._middles[language].append(_unit(self._centred(language, vectors).mean(axis=0)))

    def match(self, languages: Sequence[Language], vectors: FloatArray) -> str | None:
        """The id of the document that these passages translate, or null."""
        language = _main_language(languages)
        if language is None:
            return None
        other = _PAIR[language]
        best = (0.0, "")
        mine = self._centred(language, vectors)
        for candidate in self._nearest(other, _unit(mine.mean(axis=0))):
            if self._store.is_current(candidate):
                theirs = self._centred(other, self._store.vectors_of(candidate)[1])
                best = max(best, (_translated_share(mine, theirs), candidate))
        return best[1] if best[0] >= _MIN_SHARE else None

    def _nearest(self, language: Language, middle: FloatArray) -> list[str]:
        if not self._ids[language]:
            return []
        likeness = np.stack(self._middles[language]) @ middle
        return [self._ids[language][index] for index in np.argsort(-likeness, kind="stable")[:_CANDIDATES]]

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


def _unit(vector: FloatArray) -> FloatArray:
    return np.asarray(vector / max(float(np.linalg.norm(vector)), 1e-9), np.float32)
