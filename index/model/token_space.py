"""Token states made small and free of their language, for late interaction (MaxSim).

Owns the 64 to 128 directions kept, the token means of each language, the weight of a token, and
the bytes of a passage. The score: for every token of the question its nearest token of the
passage, weighted by how much the token says (ColBERT, arXiv 2004.12832, with these weights).
"""

import json
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from index.model.parity import PriorMeans, spanish_share
from kb.records.ports import FloatArray, ModelStamp

_STEPS = 127.0
# The prompt ("query: " or "passage: ") is two pieces after the begin mark; it says nothing.
_PROMPT_TOKENS = 3
WEIGHT_STEPS = 16
# Tokens compared at once: what a processor's cache holds. 42,000 tokens: 3.2 ms of processor time, all at once 7.8.
_AT_ONCE = 2048


@dataclass(frozen=True, slots=True)
class TokenMeans:
    """The mean unit token state of each language, float32 (hidden,)."""

    spanish: FloatArray
    english: FloatArray

    def at(self, share: float) -> FloatArray:
        """The mean for a text that is Spanish to this share, 0 to 1."""
        return np.asarray(share * self.spanish + (1 - share) * self.english, np.float32)


@dataclass(frozen=True, slots=True)
class TokenQuery:
    """The telling tokens of a question: units, float32 (tokens, kept), and weights that sum to 1."""

    vectors: FloatArray
    weights: FloatArray


@dataclass(frozen=True, slots=True)
class TokenStates:
    """The tokens of a text as a network read them: ids, and last hidden states float32 (tokens, hidden)."""

    ids: Sequence[int]
    states: FloatArray


@dataclass(frozen=True, slots=True)
class EncodedQuestion:
    """A question's unit vector, float32 (dimension,), and its tokens where the model has a token space."""

    vector: FloatArray
    tokens: TokenQuery | None


class TokenSpace:
    """From states (tokens, hidden) to what is kept of them.

    ``basis`` are the directions, float32 (hidden, kept); ``queries`` the means of questions; ``weights`` how much each
    token of the vocabulary says.
    """

    def __init__(self, basis: FloatArray, queries: TokenMeans, passages: TokenMeans, weights: FloatArray) -> None:
        self.basis = basis
        self.queries = queries
        self._passages = passages
        self.weights = weights

    @property
    def kept(self) -> int:
        """How many numbers, each a byte, a token takes."""
        return int(self.basis.shape[1])

    def query(self, ids: Sequence[int], states: FloatArray, spanish: float) -> TokenQuery:
        """What a question asks with, its Spanish share given."""
        chosen = self.telling(ids)
        weights = self.weights[np.array(ids, np.int64)[chosen]]
        total = max(float(weights.sum()), 1e-9)
        return TokenQuery(self._small(states[chosen], self.queries.at(spanish)), weights / np.float32(total))

    def pack(self, ids: Sequence[int], states: FloatArray, spanish: float) -> bytes:
        """The tokens of a passage as bytes, ``kept`` a token; its Spanish share given."""
        small = self._small(states[self.telling(ids)], self._passages.at(spanish))
        return np.round(small * _STEPS).astype(np.int8).tobytes()

    def unpacked(self, packed: bytes) -> FloatArray:
        """The tokens in these bytes, float32 (tokens, kept)."""
        return np.frombuffer(packed, np.int8).reshape(-1, self.kept).astype(np.float32) / np.float32(_STEPS)

    def scores(self, query: TokenQuery, packed: Sequence[bytes]) -> FloatArray:
        """One score a passage, about -1 to 1: the weighted mean of the best cosine of each query token.

        A passage without tokens scores 0.
        """
        sizes = np.array([len(blob) // self.kept for blob in packed], np.int64)
        found = np.zeros(len(packed), np.float32)
        full = np.flatnonzero(sizes)
        if not len(full) or not len(query.vectors):
            return found
        ends = np.concatenate([[0], np.cumsum(sizes[full])])
        tokens = np.frombuffer(b"".join(packed), np.int8).reshape(-1, self.kept)
        asked = np.ascontiguousarray(query.vectors.T) / np.float32(_STEPS)
        best = np.empty((len(full), len(query.vectors)), np.float32)
        for first, last in _runs_of(ends):
            cosines = tokens[ends[first] : ends[last]].astype(np.float32) @ asked
            np.maximum.reduceat(cosines, ends[first:last] - ends[first], axis=0, out=best[first:last])
        found[full] = best @ query.weights
        return found

    def telling(self, ids: Sequence[int]) -> NDArray[np.int64]:
        """The positions of tokens with a letter or digit, after the prompt; all tokens if there is none."""
        telling = np.flatnonzero(self.weights[np.array(ids, np.int64)] > 0)
        telling = telling[telling >= _PROMPT_TOKENS]
        return telling if len(telling) else np.arange(len(ids))

    def _small(self, states: FloatArray, mean: FloatArray) -> FloatArray:
        small = (_units(states) - mean) @ self.basis
        return _units(np.asarray(small, np.float32))


def pooled(parts: Sequence[TokenStates]) -> FloatArray:
    """The unit vector of a text from the states of its windows: their mean over all tokens."""
    mean = np.concatenate([part.states for part in parts]).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), np.float32)


def encoded_question(parts: Sequence[TokenStates], space: TokenSpace, prior: PriorMeans) -> EncodedQuestion:
    """A question from the states of its windows; its tokens are those of the first."""
    vector = pooled(parts)
    tokens = space.query(parts[0].ids, parts[0].states, spanish_share(vector, prior.questions))
    return EncodedQuestion(vector, tokens)


def load_token_space(stamp: ModelStamp) -> TokenSpace | None:
    """The shipped space of the bundled model; null for any other, which then goes without.

    ``tokens.f16`` holds rows of float16: four means (es and en of queries, of passages), then the
    directions. ``token_weights.z`` holds, deflated, how much each token says in steps of 1/16.
    """
    folder = resources.files("index").joinpath("data")
    facts = json.loads(folder.joinpath("tokens.json").read_text(encoding="utf-8"))
    if (facts["name"], facts["revision"]) != (stamp.name, stamp.revision):
        return None
    raw = np.frombuffer(folder.joinpath("tokens.f16").read_bytes(), "<f2").astype(np.float32)
    rows = raw.reshape(-1, stamp.dimension)
    steps = np.frombuffer(zlib.decompress(folder.joinpath("token_weights.z").read_bytes()), np.uint8)
    weights = np.asarray(steps / np.float32(WEIGHT_STEPS), np.float32)
    basis = np.ascontiguousarray(rows[4:].T)
    return TokenSpace(basis, TokenMeans(rows[0], rows[1]), TokenMeans(rows[2], rows[3]), weights)


def _runs_of(ends: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """The passages in runs of about ``_AT_ONCE`` tokens, as (first, one past the last); ``ends`` begins with 0."""
    first, count = 0, len(ends) - 1
    while first < count:
        last = max(first + 1, int(np.searchsorted(ends, ends[first] + _AT_ONCE, side="right")) - 1)
        yield first, last
        first = last


def _units(rows: FloatArray) -> FloatArray:
    return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
