"""What the passages found mean beside the question, as far as the model tells: how much nearer they come to it than
questions that no base answers, and which of its words they have in other words.

Owns the margin over the null set and the likeness of words. Decides nothing; knows no scores of sentences.
"""

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from importlib import resources

import numpy as np

from index.model.parity import centred
from index.model.token_space import TokenSpace
from index.search.candidates import FusionWeights, Parts, fused
from index.search.lexical import words_of
from index.search.query_vectors import Question
from index.search.tokens_met import TokenSource, TokenWords
from kb.records.language import Language
from kb.records.ports import Embedder, FloatArray, ModelStamp, TokenEmbedder
from kb.records.search import Why

_PAIR = (Language.ES, Language.EN)
# The level is the mean of the nearest: of one its wording would decide, of many the subject would not.
_NEAREST = 5


@dataclass(frozen=True, slots=True)
class NullSet:
    """The questions as if they were passages: vectors without their language, float32 (questions, dimension), and
    the packed tokens of each; none where the model has none."""

    vectors: FloatArray
    tokens: tuple[bytes, ...] = ()

    def level(self, question: Question, space: TokenSpace | None) -> float | None:
        """How near the question comes to the five nearest of these, on the scale of a search by meaning; null for a
        question without a vector. ``space`` is null where its passages are compared without tokens."""
        if question.vector is None:
            return None
        cosines = np.asarray(self.vectors @ question.vector, np.float32)
        tokens = None
        if space is not None and question.tokens is not None and self.tokens:
            tokens = space.scores(question.tokens, self.tokens)
        near = nearness(cosines, cosines, tokens)
        return float(np.sort(near)[-_NEAREST:].mean())


def nearness(passage: FloatArray, sentence: FloatArray, tokens: FloatArray | None) -> FloatArray:
    """What search makes of these parts by meaning alone, the same in either language, float32 (passages,)."""
    return fused(Parts(passage, sentence, np.zeros_like(passage), tokens, 0.0), FusionWeights())


def null_set(embedder: Embedder) -> NullSet:
    """The null set for this model: shipped for the bundled one, else encoded now (200 short questions)."""
    return shipped_null_set(embedder.stamp) or encoded_null_set(embedder)


def encoded_null_set(embedder: Embedder) -> NullSet:
    """The questions of ``data/null_questions.json`` as this model reads passages."""
    rows: Sequence[Mapping[str, str]] = json.loads(_data("null_questions.json"))
    vectors, tokens = [], []
    for language in _PAIR:
        texts = [row[language.value] for row in rows]
        if isinstance(embedder, TokenEmbedder):
            found, packed = embedder.encode_passages_with_tokens(texts)
        else:
            found, packed = embedder.encode_passages(texts), []
        vectors.append(centred(found, np.asarray(found.mean(axis=0), np.float32)))
        tokens += packed
    return NullSet(np.concatenate(vectors), tuple(tokens))


def shipped_null_set(stamp: ModelStamp) -> NullSet | None:
    """The null set that is shipped for this model; null for any but the bundled one."""
    facts = json.loads(_data("null_set.json"))
    if (facts["name"], facts["revision"]) != (stamp.name, stamp.revision):
        return None
    raw = zlib.decompress(resources.files("index").joinpath("data", "null_set.z").read_bytes())
    lengths = facts["tokens"]
    size = 2 * len(lengths) * stamp.dimension
    vectors = np.frombuffer(raw[:size], "<f2").reshape(-1, stamp.dimension).astype(np.float32)
    ends = size + np.cumsum(lengths)
    return NullSet(vectors, tuple(raw[end - length : end] for end, length in zip(ends, lengths, strict=True)))


def _data(name: str) -> str:
    return resources.files("index").joinpath("data", name).read_text(encoding="utf-8")


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
