"""What search reads from the base, as a Protocol: keys, vectors, passages, words.

The store of ``kb`` fulfils it, and so does the little in-memory base of the evaluation, so that
both run the same search. Knows no SQL.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.records.document import Passage
from kb.records.language import Language
from kb.records.ports import FloatArray, ModelStamp
from kb.records.search import Filters, WordQuery


class VectorSource(Protocol):
    """Where vectors come from. A key is never used again, and its vectors never change."""

    def version(self) -> int:
        """A number that grows with every change."""
        ...

    def rewritten(self) -> int:
        """A number that grows with every change but those that only add: then all new keys are the highest."""
        ...

    def stamp(self) -> ModelStamp | None:
        """The model that made the vectors; null for a base without any."""
        ...

    def vector_keys(self, after: int = 0) -> dict[int, Language]:
        """The key and language of every passage that search may return, only those with keys beyond ``after``."""
        ...

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """Unit vectors, float32 (len(keys), dimension), in the order of ``keys``."""
        ...


class PassageSource(VectorSource, Protocol):
    """Everything a searcher reads."""

    def sentence_vectors(self, key: int) -> FloatArray:
        """Unit vectors of the passage's sentences, float32 (sentences, dimension)."""
        ...

    def sentence_vectors_of(self, keys: Sequence[int]) -> dict[int, FloatArray]:
        """The same of several passages, by key; unknown keys are left out."""
        ...

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passages with these keys."""
        ...

    def keys_matching(self, filters: Filters) -> NDArray[np.int64] | None:
        """The keys that fulfil the filters; null when nothing is asked."""
        ...

    def word_search(
        self, words: WordQuery, language: Language, limit: int, among: NDArray[np.int64] | None = ...
    ) -> list[tuple[int, float]]:
        """Keys and word scores (higher is better) of the passages of a language with any of the words, best first,
        equal ones by ascending key; only ``among`` these keys (ascending)."""
        ...
