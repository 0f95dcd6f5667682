"""How likely each sentence of a passage answers a question, read together with it.

Owns how question and sentences are put to the encoder whose uppermost layers were tuned for it
(``bench/fit_answer_reader.py``), and the head over it. A sentence sees the question, what stands above it and all
sentences that are read with it; the question sees itself alone. Knows no search, and nothing of what is made of it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.model.bulk_network import BulkNetwork
from index.model.bundled import BundledModel
from index.model.heads.tuning import shipped_arrays, tuned
from index.model.prompts import PASSAGE_PROMPT, QUERY_PROMPT, prepared
from index.model.vocabulary import UnigramTokenizer
from kb.records.ports import FloatArray

# Tokens of a question, of what stands above a passage and of a sentence: what is longer is cut off. Of the judged
# sentences two in a hundred are.
_QUESTION, _ABOVE, _SENTENCE = 48, 40, 88
ROOM = 176
"""Tokens of the sentences that are read at once."""
_FIRST = 2
"""The part of the first sentence, behind the question (0) and what stands above it (1)."""


@dataclass(frozen=True, slots=True)
class ReadText:
    """A question and sentences as the network reads them: ids, and the part that each belongs to."""

    ids: list[int]
    parts: NDArray[np.int64]

    @property
    def sentences(self) -> int:
        """How many sentences it has."""
        return int(self.parts[-1]) - _FIRST + 1

    @property
    def sees(self) -> NDArray[np.bool_]:
        """Which token (row) sees which (column)."""
        one, other = self.parts[:, None], self.parts[None]
        return np.asarray((other == 0) | ((other == 1) & (one >= 1)) | ((one >= _FIRST) & (other >= _FIRST)), np.bool_)


def read_texts(
    tokenizer: UnigramTokenizer, question: str, above: str, sentences: Sequence[str], room: int = ROOM
) -> Iterator[tuple[int, ReadText]]:
    """The sentences in as many texts as their length asks for, each with the number of its first sentence; from the
    second text on that is the last one of the text before."""
    begin, *asked, end = tokenizer.ids(QUERY_PROMPT + prepared(question))
    lead = [begin, *asked[:_QUESTION], end]
    over = [*tokenizer.ids(PASSAGE_PROMPT + prepared(above))[1:-1][:_ABOVE], end]
    own = [[*tokenizer.ids(prepared(one))[1:-1][:_SENTENCE], end] for one in sentences]
    first, size = 0, 0
    for at, ids in enumerate([*own, []]):
        if ids and (at == first or size + len(ids) <= room):
            size += len(ids)
            continue
        if at > first:
            chosen = own[first:at]
            counts = [len(lead), len(over), *map(len, chosen)]
            ids_ = [*lead, *over, *(index for part in chosen for index in part)]
            yield first, ReadText(ids_, np.repeat(np.arange(len(counts)), counts))
        if ids:
            first, size = at - 1, len(own[at - 1]) + len(ids)


class AnswerReader:
    """Reads questions and passages. Any number of threads may ask."""

    def __init__(self, model: BundledModel, arrays: dict[str, FloatArray]) -> None:
        self._tokenizer = UnigramTokenizer(model.pieces)
        # In float32 everywhere: what answers shall not go by the processor.
        self._network = BulkNetwork(tuned(model, arrays), bfloat16=False)
        self._arrays = arrays

    def log_odds(self, question: str, passages: Sequence[tuple[str, Sequence[str]]]) -> list[FloatArray]:
        """Of each passage (what stands above it, its sentences) the log-odds that each sentence answers, float32."""
        made = [
            (place, first, text)
            for place, (above, sentences) in enumerate(passages)
            for first, text in read_texts(self._tokenizer, question, above, sentences)
        ]
        states = self._network.states([text.ids for _, _, text in made], [text.sees for _, _, text in made])
        found = [np.zeros(len(sentences), np.float32) for _, sentences in passages]
        for (place, first, text), own in zip(made, states, strict=True):
            new = int(first > 0)
            found[place][first + new : first + text.sentences] = odds_of(own, text, self._arrays)[new:]
        return found


def shipped_answer_reader(model: BundledModel) -> AnswerReader:
    """The reader over the arrays that are shipped; the model without its table of words is enough. ModelError where
    their file is damaged."""
    return AnswerReader(model, shipped_arrays("answer_reader.npz", "bench.fit_answer_reader"))


def odds_of(states: FloatArray, text: ReadText, arrays: dict[str, FloatArray]) -> FloatArray:
    """The log-odds of each sentence, float32 (sentences,), out of the states of a text."""

    def linear(x: FloatArray, name: str) -> FloatArray:
        return np.asarray((arrays[f"{name}.weight"] @ x.T).T + arrays[f"{name}.bias"], np.float32)

    centred = states - states.mean(axis=1, keepdims=True)
    states = centred / np.sqrt((centred**2).mean(axis=1, keepdims=True) + np.float32(1e-5))
    states = states * arrays["norm.weight"] + arrays["norm.bias"]
    firsts = np.searchsorted(text.parts, np.arange(text.parts[-1] + 1))
    means = np.add.reduceat(states, firsts) / np.bincount(text.parts)[:, None]
    said, asked = means[_FIRST:], np.broadcast_to(means[0], (text.sentences, states.shape[1]))
    inner = linear(np.hstack([asked, said, asked * said]), "mid")
    inner = 0.5 * inner * (1 + np.tanh(np.float32(0.7978845608) * (inner + np.float32(0.044715) * inner**3)))
    return linear(inner, "out")[:, 0]
