"""Which words of a question and of a passage the model takes for the same: the reason behind late interaction.

Owns when two words count as met. Knows tokens as vectors with the word that each belongs to, and no ranking.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.search.lexical import content_words, folded, has_content, stem_of
from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.store.tables import columns


class TokenSource(Protocol):
    """Where the packed tokens of passages come from."""

    def token_blobs(self, keys: Sequence[int]) -> dict[int, bytes]:
        """The bytes that ``encode_passages_with_tokens`` gave for these passages; without any, left out or empty."""
        ...


class WholeTokens:
    """The packed tokens of passages, each looked at as it is read: BaseError for one that is cut."""

    def __init__(self, source: TokenSource, kept: int) -> None:
        self._source = source
        self._kept = kept

    def token_blobs(self, keys: Sequence[int]) -> dict[int, bytes]:
        """The bytes of these passages; without any, left out or empty."""
        found = self._source.token_blobs(keys)
        for key, blob in found.items():
            if len(blob) % self._kept:
                reason = f"are no tokens of {self._kept} bytes"
                raise columns.VECTORS["tokens"].damaged(key, reason)
        return found


_Indices = NDArray[np.int64]

# The least cosine of two words that are named as met, and how many are named at most (docs/retrieval.md).
_LEAST = 0.56
MAX_PAIRS = 4


@runtime_checkable
class TokenWords(Protocol):
    """An embedder that says which word each telling token of a text belongs to, with the marks around it."""

    def question_words(self, text: str) -> tuple[str, ...]:
        """A word for each row of the tokens of this question; empty when they cannot be told apart."""
        ...

    def passage_words(self, text: str) -> tuple[str, ...]:
        """A word for each row of the packed tokens of this passage; empty when they cannot be told apart."""
        ...


@dataclass(frozen=True, slots=True)
class AskedWords:
    """The tokens of a question as units, float32 (tokens, kept), and the rows of each of its words that says
    something."""

    vectors: FloatArray
    rows: dict[str, list[int]]

    @classmethod
    def of(cls, vectors: FloatArray, words: Sequence[str]) -> AskedWords:
        """Out of the word that each token is a part of; without any where the two do not fit."""
        groups = _groups(words, range(len(words))) if len(words) == len(vectors) else {}
        telling = frozenset(content_words(" ".join(words), len(words)))
        return cls(vectors, {word: rows for word, rows in groups.items() if folded(word) in telling})


def tokens_met(
    asked: AskedWords,
    standing: FloatArray,
    words: Callable[[], Sequence[str]],
    met_already: Collection[str] = frozenset(),
) -> list[str]:
    """Pairs "said ≈ met" of words that mean the same by their tokens and have no stem in common, the surest first.

    ``standing`` are the tokens of a passage, float32 (tokens, kept), and ``words`` gives the word that each is a part
    of; it is asked only when a token comes near enough, which spares most passages the reading of their text. Words
    of the question that are ``met_already`` (folded) are no half of a pair. Each word of a pair is the nearest of its
    text to the other one, and says something by itself. A figure is met by itself or not at all: the model reads 2022
    and 2023 alike.
    """
    open_rows = [row for word, rows in asked.rows.items() if folded(word) not in met_already for row in rows]
    if not open_rows or not len(standing):
        return []
    tokens = asked.vectors @ standing.T
    near = np.flatnonzero(tokens[open_rows].max(axis=0) >= _LEAST).tolist()
    owners = words() if near else ()
    if len(owners) != len(standing):
        return []
    # No word without such a token can be half of a pair: a word is no nearer than the nearest of its tokens.
    met = {word: rows for word, rows in _groups(owners, near).items() if has_content(word)}
    return _pairs(tokens, asked.rows, met, met_already) if met else []


def _pairs(
    tokens: FloatArray, asked: dict[str, list[int]], standing: dict[str, list[int]], met_already: Collection[str]
) -> list[str]:
    cosines = _between(tokens, list(asked.values()), list(standing.values()))
    said, met = list(asked), list(standing)
    pairs = []
    for row, column in enumerate(cosines.argmax(axis=1).tolist()):
        sure = float(cosines[row, column])
        mutual = int(cosines[:, column].argmax()) == row
        known = folded(said[row]) in met_already or _one_stem(said[row], met[column])
        if mutual and sure >= _LEAST and not known:
            pairs.append((sure, f"{said[row]} ≈ {met[column]}"))
    return [pair for _, pair in sorted(pairs, key=lambda pair: -pair[0])][:MAX_PAIRS]


def _groups(words: Sequence[str], among: Iterable[int]) -> dict[str, list[int]]:
    """All rows of each word that has one of its rows ``among`` these and may be named, in the order of the text."""
    bare = [_bare(word) for word in words]
    wanted = {bare[row] for row in among}
    groups: dict[str, list[int]] = {}
    for row, word in enumerate(bare):
        if word in wanted and len(word) > 1 and word.isalpha():
            groups.setdefault(word, []).append(row)
    return groups


# The words of a base are few beside their occurrences.
@lru_cache(maxsize=50_000)
def _bare(word: str) -> str:
    """The word without the marks around it."""
    inner = [place for place, character in enumerate(word) if character.isalnum()]
    return word[inner[0] : inner[-1] + 1] if inner else ""


def _one_stem(said: str, met: str) -> bool:
    """Whether two words are forms of one in Spanish or in English: the words met say so already."""
    first, second = folded(said), folded(met)
    return any(stem_of(first, language) == stem_of(second, language) for language in Language)


def _between(tokens: FloatArray, asked: Sequence[list[int]], standing: Sequence[list[int]]) -> FloatArray:
    """The likeness of every word with every other, float32 (asked, standing): the mean over the tokens of the one of
    the best of the other, in the direction that is less sure."""
    rows, row_starts, row_sizes = _runs(asked)
    columns, column_starts, column_sizes = _runs(standing)
    part = tokens[np.ix_(rows, columns)]
    best_standing = np.maximum.reduceat(part, column_starts, axis=1)
    forth = np.add.reduceat(best_standing, row_starts, axis=0) / row_sizes[:, None]
    best_asked = np.maximum.reduceat(part, row_starts, axis=0)
    back = np.add.reduceat(best_asked, column_starts, axis=1) / column_sizes[None, :]
    return np.asarray(np.minimum(forth, back), np.float32)


def _runs(groups: Sequence[list[int]]) -> tuple[_Indices, _Indices, _Indices]:
    """The members of all groups in a row, where each group begins in it, and its size."""
    sizes = np.array([len(group) for group in groups], np.int64)
    return np.array([place for group in groups for place in group], np.int64), np.cumsum(sizes) - sizes, sizes
