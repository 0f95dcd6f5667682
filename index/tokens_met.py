"""Which words of a question and of a passage the model takes for the same: the reason behind late interaction.

Owns when two words count as met. Knows tokens as vectors with the word that each belongs to, and no ranking.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index.lexical import content_words, folded, stem_of
from kb.language import Language
from kb.ports import FloatArray

Indices = NDArray[np.int64]

# The least cosine of two words that are named as met, and how many are named at most (docs/retrieval.md).
_LEAST = 0.6
MAX_PAIRS = 4


@runtime_checkable
class TokenWords(Protocol):
    """An embedder that says which word each telling token of a text belongs to."""

    def question_words(self, text: str) -> tuple[str, ...]:
        """A word for each row of the tokens of this question; empty when they cannot be told apart."""
        ...

    def passage_words(self, text: str) -> tuple[str, ...]:
        """A word for each row of the packed tokens of this passage; empty when they cannot be told apart."""
        ...


@dataclass(frozen=True, slots=True)
class TokenRows:
    """Tokens as units, float32 (tokens, kept), and the word that each is a part of, as it is written."""

    vectors: FloatArray
    words: Sequence[str]


def tokens_met(question: TokenRows, passage: TokenRows) -> list[str]:
    """Pairs "said ≈ met" of words that mean the same by their tokens and have no stem in common, the surest first.

    Each word of a pair is the nearest of its text to the other one, and says something by itself. A figure is met by
    itself or not at all: the model reads 2022 and 2023 alike.
    """
    if len(question.words) != len(question.vectors) or len(passage.words) != len(passage.vectors):
        return []
    asked, standing = _groups(question.words), _groups(passage.words)
    if not asked or not standing:
        return []
    cosines = _between(question.vectors @ passage.vectors.T, list(asked.values()), list(standing.values()))
    said, met = list(asked), list(standing)
    pairs = []
    for row, column in enumerate(cosines.argmax(axis=1).tolist()):
        sure = float(cosines[row, column])
        mutual = int(cosines[:, column].argmax()) == row
        if mutual and sure >= _LEAST and not _one_stem(said[row], met[column]):
            pairs.append((sure, f"{said[row]} ≈ {met[column]}"))
    return [pair for _, pair in sorted(pairs, key=lambda pair: -pair[0])][:MAX_PAIRS]


def _groups(words: Sequence[str]) -> dict[str, list[int]]:
    """The rows of each word that says something."""
    groups: dict[str, list[int]] = {}
    for row, word in enumerate(words):
        groups.setdefault(word, []).append(row)
    telling = frozenset(content_words(" ".join(groups), len(groups)))
    return {word: rows for word, rows in groups.items() if word.isalpha() and len(word) > 1 and folded(word) in telling}


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


def _runs(groups: Sequence[list[int]]) -> tuple[Indices, Indices, Indices]:
    """The members of all groups in a row, where each group begins in it, and its size."""
    sizes = np.array([len(group) for group in groups], np.int64)
    return np.array([place for group in groups for place in group], np.int64), np.cumsum(sizes) - sizes, sizes
