"""What the passages found mean beside the question, as far as the model tells: how much nearer they come to it than
questions that no base answers, and which of its words they have in other words.

Owns the margin over the null set and the likeness of words. Decides nothing; knows no scores of sentences.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from index.model.token_space import TokenSpace
from index.search.lexical import words_of
from index.search.null_set import NullSet, nearness, null_set
from index.search.query_vectors import Question
from index.search.stored_tokens import TokenSource
from index.search.tokens_met import TokenWords
from kb.records.ports import Embedder, FloatArray
from kb.records.search import Why


@dataclass(frozen=True, slots=True)
class Meaning:
    """``margins`` say of each passage (by key) how much nearer it comes to the question than the null set does (-1 to
    1); empty without a model. ``likeness`` has for each passage how alike the question's words (folded) are to the
    most alike of its own, -1 to 1; empty where the model or the base has no tokens."""

    margins: Mapping[int, float] = field(default_factory=dict)
    likeness: Mapping[int, Mapping[str, float]] = field(default_factory=dict)


class MeaningFinder:
    """Finds the meaning of passages found. Safe to share between threads."""

    def __init__(self, embedder: Embedder | None, tokens: TokenSource | None, space: TokenSpace | None) -> None:
        self._embedder = embedder
        self._tokens = tokens
        self._space = space

    @cached_property
    def _nulls(self) -> NullSet | None:
        return None if self._embedder is None else null_set(self._embedder)

    def find(self, question: Question, whys: Mapping[int, Why]) -> Meaning:
        """The meaning of the passages (by key) that a search for the question found."""
        if question.vector is None or self._nulls is None or not whys:
            return Meaning()
        best = self._best_tokens(question, list(whys))
        late = None if best is None or question.tokens is None else question.tokens.weights @ best
        passage = np.array([why.vector for why in whys.values()], np.float32)
        sentence = np.array([why.sentence for why in whys.values()], np.float32)
        level = self._nulls.level(question, None if late is None else self._space)
        near = nearness(passage, sentence, late).tolist()
        margins = {} if level is None else {key: own - level for key, own in zip(whys, near, strict=True)}
        return Meaning(margins, {} if best is None else self._likeness(question, list(whys), best))

    def _best_tokens(self, question: Question, keys: Sequence[int]) -> FloatArray | None:
        """The cosine of the most alike token of each passage, float32 (tokens of the question, passages); null unless
        every passage has tokens."""
        if self._tokens is None or self._space is None or question.tokens is None:
            return None
        blobs = self._tokens.token_blobs(keys)
        packed = [blobs.get(key, b"") for key in keys]
        if not all(packed) or not len(question.tokens.vectors):
            return None
        sizes = np.array([len(blob) // self._space.kept for blob in packed], np.int64)
        tokens = self._space.unpacked(b"".join(packed))
        return np.asarray(
            np.maximum.reduceat(question.tokens.vectors @ tokens.T, np.cumsum(sizes) - sizes, axis=1), np.float32
        )

    def _likeness(self, question: Question, keys: Sequence[int], best: FloatArray) -> dict[int, Mapping[str, float]]:
        """The mean over the tokens of each word; a figure is met by itself or not at all, and is left out."""
        owners: Sequence[str] = ()
        if isinstance(self._embedder, TokenWords):
            owners = self._embedder.question_words(question.text)
        if len(owners) != len(best):
            return {}
        rows: dict[str, list[int]] = {}
        for row, owner in enumerate(owners):
            for word in words_of(owner):
                if not any(character.isdigit() for character in word):
                    rows.setdefault(word, []).append(row)
        means = {word: best[own].mean(axis=0).tolist() for word, own in rows.items()}
        return {key: {word: means[word][place] for word in means} for place, key in enumerate(keys)}
