"""Questions that a base of the field does not answer, and how near another question comes to them.

Owns ``data/null_questions.json`` (off the subject, in both languages, of every form: what, why, who, how many, lists,
small talk) and their vectors: shipped for the bundled model, else encoded when first needed. A question that the base
answers comes nearer to its passages than to any of these. Knows no passages and no limits.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np

from index.model.parity import centred
from index.model.token_space import TokenSpace
from index.search.fusion import FusionWeights, Parts, fused
from index.search.query_vectors import Question
from kb.records.language import Language
from kb.records.ports import Embedder, FloatArray, ModelStamp, TokenEmbedder

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
