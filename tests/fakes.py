"""Fakes written by hand: an Embedder with exact vectors, so that search is tested to the digit.

Each concept is an axis, each language another: a text is the unit sum of its concepts, tilted to
its language as real multilingual models are. Plain cosine therefore prefers the question's language.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.model.parity import PriorMeans
from index.search.lexical import words_of
from kb.records.language import Language
from kb.records.ports import FloatArray, ModelStamp

CONCEPTS: tuple[tuple[str, str], ...] = (
    ("cliente clientes", "customer customers"),
    ("esfuerzo", "effort"),
    ("abandono", "churn"),
    ("lealtad", "loyalty"),
    ("empatía", "empathy"),
    ("madurez", "maturity"),
    ("perro perros", "dog dogs"),
    ("lluvia", "rain"),
)
LANGUAGES = (Language.ES, Language.EN)
DIMENSION = len(CONCEPTS) + len(LANGUAGES)
_MEANING, _TILT = 0.8, 0.6  # 0.64 + 0.36 = 1: every vector with a concept is a unit


def _axes() -> dict[str, tuple[int, Language]]:
    return {
        word: (axis, language)
        for axis, row in enumerate(CONCEPTS)
        for language, words in zip(LANGUAGES, row, strict=True)
        for word in words_of(words)
    }


AXES = _axes()


class FakeEmbedder:
    """Exact vectors: 0.8 of the concepts met, 0.6 of the language most of them are written in."""

    stamp = ModelStamp("fake", "1", DIMENSION)

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        return np.stack([self._vector(text) for text in texts]) if texts else np.zeros((0, DIMENSION), np.float32)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        return self.encode_passages(texts)

    def _vector(self, text: str) -> FloatArray:
        met = [AXES[word] for word in words_of(text) if word in AXES]
        vector = np.zeros(DIMENSION, np.float32)
        for axis, _ in met:
            vector[axis] = 1
        spanish = sum(language is Language.ES for _, language in met)
        vector /= max(float(np.linalg.norm(vector)), 1e-9)
        vector *= _MEANING
        vector[len(CONCEPTS) + (0 if 2 * spanish >= max(len(met), 1) else 1)] = _TILT
        return vector


def exact_prior() -> PriorMeans:
    """The means that take exactly the language out of the fake's vectors."""
    tilts = {}
    for index, language in enumerate(LANGUAGES):
        tilt = np.zeros(DIMENSION, np.float32)
        tilt[len(CONCEPTS) + index] = _TILT
        tilts[language] = tilt
    return PriorMeans(tilts, tilts)
