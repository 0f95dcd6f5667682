"""When a language has so many vectors that its part of the index is made another way, and the making of it.

Owns the sizes and their reasons. Reads vectors from the store, keeps nothing, knows no file.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from index.vectors.large_part import SAMPLE, LargePart
from index.vectors.parts import ExactPart, IndexPart, Keys, ReadVectors, still_stored
from index.vectors.vectors import VectorIndex
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

    def read_ahead(self, language: Language, first: Collection[str], but: Collection[str]) -> None:
        """Have these words of a language at hand before anybody asks, and the commonest but some."""
        ...


_READ_AT_ONCE = 16_384


@dataclass(frozen=True, slots=True)
class Growth:
    """From how many vectors of a language on its part is a large one, and when that is made anew.

    Of 5,000 vectors in each language all are compared in 0.5 ms and codes in 1.6 (half of it for reading the best from
    the store), of 50,000 in 7.4 and 4.4 (docs/bench/growth.md): from about ``large_from`` on the large part is faster,
    and it takes a fifteenth of the memory, 2.5 MB in place of 38. It is trained anew when it has
    grown ``trained_anew_at`` times, rid of the codes of removed keys when they are more than the others divided
    by ``unseen_at``, and exact again when a quarter of ``large_from`` is left.
    """

    large_from: int = 25_000
    trained_anew_at: int = 4
    unseen_at: int = 4

    def outgrown(self, count: int, part: IndexPart | None) -> str | None:
        """Why a part is to be made anew for so many vectors; null when it is not."""
        trained_on = None if part is None else part.trained_on
        if part is None or trained_on is None:
            return f"{count} vectors are many" if count >= self.large_from else None
        if count < self.large_from / 4:
            return f"{count} vectors are few"
        if count > self.trained_anew_at * trained_on:
            return f"it was trained for {trained_on} vectors and has {count}"
        if part.unseen > count / self.unseen_at:
            return f"{part.unseen} of its codes were of removed passages"
        return None


def made_again(
    index: VectorIndex, wanted: Mapping[int, Language], stored: ReadVectors, growth: Growth
) -> Iterator[tuple[Language, str]]:
    """Make the part of each language that outgrew its own out of the store, with every wanted key; gives the language
    and what was done and why, for people."""
    for language in Language:
        count = sum(1 for each in wanted.values() if each is language)
        reason = growth.outgrown(count, index.part(language))
        if reason is None:
            continue
        keys = np.array(sorted(key for key, each in wanted.items() if each is language), np.int64)
        large = count >= growth.large_from / 4
        part = large_part(keys, stored) if large else _filled(ExactPart.empty(index.dimension), keys, stored)
        index.put(language, part)
        yield language, f"{language.facts.name_en}: the {'large' if large else 'exact'} index was made, for {reason}"


def large_part(keys: Keys, stored: ReadVectors) -> IndexPart:
    """A large part trained on vectors at even steps through these keys, with the vectors of them all."""
    chosen = np.unique(np.linspace(0, len(keys) - 1, min(len(keys), SAMPLE)).astype(np.int64))
    sample = np.concatenate([vectors for _, vectors in _read(keys[chosen], stored)])
    return _filled(LargePart.trained(sample, len(keys), stored), keys, stored)


def _filled(part: IndexPart, keys: Keys, stored: ReadVectors) -> IndexPart:
    for some, vectors in _read(keys, stored):
        part.add(some, vectors)
    return part


def _read(keys: Keys, stored: ReadVectors) -> Iterator[tuple[Keys, FloatArray]]:
    for start in range(0, len(keys), _READ_AT_ONCE):
        some, vectors = still_stored(keys[start : start + _READ_AT_ONCE], stored)
        if len(some):
            yield some, vectors
