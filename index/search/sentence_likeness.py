"""How alike the sentences of statistics are, in either language, from the vectors in the base; no model is needed.

Owns the centring of these vectors by the mean of their language. Knows nothing of figures.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
# Passages that are read together.
_AT_ONCE = 500


class SentenceSource(Protocol):
    """What is read of a base."""

    def spread_keys(self, language: Language, most: int) -> list[int]:
        """At most so many keys of live passages of a language, from all over the base, ascending."""
        ...

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """Unit vectors, float32 (len(keys), dimension)."""
        ...

    def sentences_of(self, keys: Sequence[int]) -> Mapping[int, Sequence[Span]]:
        """Where the sentences of these passages stand."""
        ...

    def sentence_vectors_of(self, keys: Sequence[int]) -> Mapping[int, FloatArray]:
        """Unit vectors of the sentences of these passages, float32 (sentences, dimension)."""
        ...


class SentenceLikeness:
    """Likeness of sentences of one state of a base; make a new one when the base has changed."""

    def __init__(self, source: SentenceSource) -> None:
        self._source = source
        self._means = _means(source)

    def is_like(self, other: SentenceLikeness) -> bool:
        """Whether the vectors of a sentence that is in both states are the same in both: the means are."""
        return self._means.keys() == other._means.keys() and all(
            np.array_equal(mean, other._means[language]) for language, mean in self._means.items()
        )

    def among(self, places: Mapping[int, Collection[Span]]) -> SentenceVectors:
        """The vectors of these sentences, by the keys of their passages."""
        return SentenceVectors(self._source, self._means, places)


class SentenceVectors:
    """The vectors of chosen sentences, which are read some hundred passages at a time, when the first is asked for."""

    def __init__(
        self,
        source: SentenceSource,
        means: Mapping[Language, FloatArray],
        places: Mapping[int, Collection[Span]],
    ) -> None:
        self._source = source
        self._means = means
        self._places = places
        self._keys = list(places)
        self._turn = {key: turn // _AT_ONCE for turn, key in enumerate(self._keys)}
        self._read: dict[int, dict[tuple[int, Span], FloatArray]] = {}

    def vector(self, key: int, sentence: Span, language: Language) -> FloatArray | None:
        """The centred unit vector of this sentence of the passage, float32 (dimension,); null where it is not known
        or its language has too few passages."""
        mean, turn = self._means.get(language), self._turn[key]
        if mean is None:
            return None
        if turn not in self._read:
            self._read[turn] = self._rows(self._keys[turn * _AT_ONCE : (turn + 1) * _AT_ONCE])
        row = self._read[turn].get((key, sentence))
        return None if row is None else parity.centred(row.astype(np.float32), mean)

    def _rows(self, keys: Sequence[int]) -> dict[tuple[int, Span], FloatArray]:
        """As half floats, which is how the base has them: of each passage only the chosen sentences."""
        sentences, vectors = self._source.sentences_of(keys), self._source.sentence_vectors_of(keys)
        return {
            (key, span): row.astype(np.float16)
            for key in keys
            for span, row in zip(sentences.get(key, ()), vectors.get(key, ()), strict=False)
            if span in self._places[key]
        }


def _means(source: SentenceSource) -> Mapping[Language, FloatArray]:
    sampled = {language: source.spread_keys(language, _SAMPLED) for language in Language}
    return {
        language: np.asarray(source.vectors(keys).mean(axis=0), np.float32)
        for language, keys in sampled.items()
        if len(keys) >= ENOUGH_PASSAGES
    }
