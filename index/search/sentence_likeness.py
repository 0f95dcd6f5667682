"""How alike the sentences of statistics are, in either language, from the vectors in the base; no model is needed.

Owns the centring of these vectors by the mean of their language. Knows nothing of figures.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np

from index.model import parity
from kb.records.document import Span
from kb.records.language import Language
from kb.records.ports import FloatArray

# A language with fewer passages has no mean worth the name: then nothing is said of its likeness.
ENOUGH_PASSAGES = parity.ENOUGH_PASSAGES
# A mean over this many passages, evenly picked, is as good as one over all.
_SAMPLED = 400


class SentenceSource(Protocol):
    """What is read of a base."""

    def spread_keys(self, language: Language, most: int) -> list[int]:
        """At most so many keys of live passages of a language, from all over the base, ascending."""
        ...

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """Unit vectors, float32 (len(keys), dimension)."""
        ...

    def sentence_vectors(self, key: int) -> FloatArray:
        """Unit vectors of the passage's sentences, float32 (sentences, dimension)."""
        ...


class SentenceLikeness:
    """Likeness of sentences of one state of a base; make a new one when the base has changed."""

    def __init__(self, source: SentenceSource) -> None:
        self._source = source
        self._means = _means(source)
        self._read: dict[int, FloatArray] = {}

    def vector(self, key: int, sentences: Sequence[Span], sentence: Span, language: Language) -> FloatArray | None:
        """The centred unit vector of this sentence of the passage, float32 (dimension,); null where it is not known
        or its language has too few passages."""
        mean = self._means.get(language)
        if mean is None or sentence not in sentences:
            return None
        if key not in self._read:
            self._read[key] = self._source.sentence_vectors(key)
        rows, place = self._read[key], sentences.index(sentence)
        return parity.centred(rows[place], mean) if place < len(rows) else None


def _means(source: SentenceSource) -> Mapping[Language, FloatArray]:
    sampled = {language: source.spread_keys(language, _SAMPLED) for language in Language}
    return {
        language: np.asarray(source.vectors(keys).mean(axis=0), np.float32)
        for language, keys in sampled.items()
        if len(keys) >= ENOUGH_PASSAGES
    }
