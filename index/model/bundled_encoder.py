"""Texts to vectors and tokens with the bundled model: one set of weights, whatever network runs it.

Owns the order of the work: windows of all texts, slices of bounded memory, vectors put together. Knows no torch;
the networks are handed in, one for passages and one for questions, whose maps were tuned to meet them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from index.model import bundled
from index.model.bundled import BundledModel
from index.model.parity import PriorMeans, shipped_means, spanish_share
from index.model.prompts import PASSAGE_PROMPT, QUERY_PROMPT, prepared
from index.model.token_space import EncodedQuestion, TokenSpace, TokenStates, encoded_question, load_token_space, pooled
from index.model.vocabulary import UnigramTokenizer
from kb.records.document import Span
from kb.records.ports import FiguredText, FigureWords, FloatArray, ModelStamp

if TYPE_CHECKING:
    from index.model.heads.finding_reader import FindingReader
    from index.model.heads.span_reader import SpanReader

# Texts whose token states are in memory at once: about 0.3 MB each at 200 tokens.
_SLICE = 128
# Passages whose words stay in memory, about 4 kB each: the same few are shown again and again.
_WORDS_KEPT = 2048

_Read = TypeVar("_Read")


class Network(Protocol):
    """One runtime of the weights."""

    @property
    def longest(self) -> int:
        """How many tokens it reads at once."""
        ...

    def states(self, texts: Sequence[Sequence[int]]) -> list[FloatArray]:
        """The last hidden states of each text, float32 (its tokens, hidden); at most ``longest`` ids each."""
        ...

    def states_for_topics(self, texts: Sequence[Sequence[int]]) -> list[tuple[FloatArray, FloatArray]]:
        """What ``states`` gives and, of the same shape, what the layers changed for topics make of the same pass."""
        ...


class Networks:
    """The network of passages and that of questions, each made when the first text is read by it."""

    def __init__(self, passages: Callable[[], Network], questions: Callable[[], Network]) -> None:
        self._make = {PASSAGE_PROMPT: passages, QUERY_PROMPT: questions}
        self._made: dict[str, Network] = {}
        self._lock = Lock()

    def of(self, prompt: str) -> Network:
        """The network of the texts that begin with this prompt."""
        with self._lock:
            if prompt not in self._made:
                self._made[prompt] = self._make[prompt]()
            return self._made[prompt]


class BundledEncoder:
    """An Embedder of the bundled model; from every runtime the same vectors and tokens."""

    def __init__(
        self,
        tokenizer: UnigramTokenizer,
        networks: Networks,
        late: tuple[TokenSpace, PriorMeans] | None,
        spans: Callable[[], SpanReader],
        findings: Callable[[], FindingReader],
    ) -> None:
        self._tokenizer = tokenizer
        self._networks = networks
        self._late = late
        self._make_spans, self._make_findings = spans, findings
        self._words_of_passage = lru_cache(maxsize=_WORDS_KEPT)(partial(self._words, PASSAGE_PROMPT))

    @property
    def stamp(self) -> ModelStamp:
        """Which model this is."""
        return bundled.stamp()

    def encode_passages(self, texts: Sequence[str], progress: Callable[[int], None] | None = None) -> FloatArray:
        """Unit vectors, float32 (len(texts), 384); ``progress`` gets the number of texts done."""
        return self._encode(PASSAGE_PROMPT, texts, progress)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors, float32 (len(texts), 384), with the query prompt."""
        return self._encode(QUERY_PROMPT, texts, None)

    def encode_passages_with_tokens(self, texts: Sequence[str]) -> tuple[FloatArray, list[bytes]]:
        """The vectors of ``encode_passages`` and, from the same pass, the packed tokens of each text."""
        return self._with_tokens(self._states(PASSAGE_PROMPT, texts), len(texts))

    def encode_passages_for_topics(self, texts: Sequence[str]) -> tuple[FloatArray, list[bytes], FloatArray]:
        """What ``encode_passages_with_tokens`` gives and, from the same pass, the unit vectors that topics are read
        from, float32 (len(texts), 384)."""
        network = self._networks.of(PASSAGE_PROMPT)
        topics = np.zeros((len(texts), bundled.DIMENSION), np.float32)

        def plain() -> Iterator[tuple[int, list[TokenStates]]]:
            for index, parts in self._read(PASSAGE_PROMPT, texts, network.states_for_topics):
                topics[index] = pooled([TokenStates(ids, changed) for ids, (_, changed) in parts])
                yield index, [TokenStates(ids, states) for ids, (states, _) in parts]

        return *self._with_tokens(plain(), len(texts)), topics

    def _with_tokens(self, read: Iterable[tuple[int, list[TokenStates]]], count: int) -> tuple[FloatArray, list[bytes]]:
        vectors = np.zeros((count, bundled.DIMENSION), np.float32)
        packed = [b""] * count
        for index, parts in read:
            vectors[index] = pooled(parts)
            if self._late is not None:
                space, prior = self._late
                share = spanish_share(vectors[index], prior.passages)
                packed[index] = b"".join(space.pack(part.ids, part.states, share) for part in parts)
        return vectors, packed

    def encode_questions(self, texts: Sequence[str]) -> list[EncodedQuestion]:
        """The vector and the telling tokens of each question."""
        found: dict[int, EncodedQuestion] = {}
        for index, parts in self._states(QUERY_PROMPT, texts):
            plain = EncodedQuestion(pooled(parts), None)
            found[index] = encoded_question(parts, *self._late) if self._late else plain
        return [found[index] for index in range(len(texts))]

    def figure_words(self, texts: Sequence[FiguredText]) -> list[list[dict[str, FigureWords]] | None]:
        """Of each text, for each of its figures, by the name of the field, the likeliest words that say it, where there
        are any; null for a text of more tokens than the network reads at once. Its own network is made at the first
        text."""
        return self._spans.stretches(texts)

    def figure_odds(self, text: str, number: Span, weight: float) -> float:
        """How likely a number of a text is a figure, in log-odds, where its signs weigh ``weight``; ``weight`` itself
        for a text of more tokens than the network reads at once. Its own network is made at the first number."""
        return self._findings.odds(text, number, weight)

    @cached_property
    def _spans(self) -> SpanReader:
        return self._make_spans()

    @cached_property
    def _findings(self) -> FindingReader:
        return self._make_findings()

    def question_words(self, text: str) -> tuple[str, ...]:
        """A word, with the marks around it, for each row of the tokens of this question; empty when it is read in
        several windows."""
        return self._words(QUERY_PROMPT, text)

    def passage_words(self, text: str) -> tuple[str, ...]:
        """A word for each row of the packed tokens of this passage, with the marks around it; empty when it is read in
        several windows."""
        return self._words_of_passage(text)

    def _words(self, prompt: str, text: str) -> tuple[str, ...]:
        end = self._tokenizer.ids("")[-1]
        ids = self._tokenizer.ids(prompt)[:-1]
        owners = [""] * len(ids)
        for word, pieces in self._tokenizer.words(prepared(text)):
            ids.extend(pieces)
            owners.extend([word] * len(pieces))
        if self._late is None or len(owners) >= self._networks.of(prompt).longest:
            return ()
        owners.append("")
        return tuple(owners[place] for place in self._late[0].telling([*ids, end]).tolist())

    def _encode(self, prompt: str, texts: Sequence[str], progress: Callable[[int], None] | None) -> FloatArray:
        found = np.zeros((len(texts), bundled.DIMENSION), np.float32)
        for done, (index, parts) in enumerate(self._states(prompt, texts), start=1):
            found[index] = pooled(parts)
            if progress is not None and (done % _SLICE == 0 or done == len(texts)):
                progress(done)
        return found

    def _states(self, prompt: str, texts: Sequence[str]) -> Iterator[tuple[int, list[TokenStates]]]:
        """The token states of every text, shortest texts first, in windows: nothing is cut off."""
        for index, parts in self._read(prompt, texts, self._networks.of(prompt).states):
            yield index, [TokenStates(ids, states) for ids, states in parts]

    def _read(
        self, prompt: str, texts: Sequence[str], network: Callable[[Sequence[Sequence[int]]], Sequence[_Read]]
    ) -> Iterator[tuple[int, list[tuple[list[int], _Read]]]]:
        order = sorted(range(len(texts)), key=lambda index: len(texts[index]))
        for start in range(0, len(order), _SLICE):
            chosen = order[start : start + _SLICE]
            windows = [self._windows(prompt, texts[index]) for index in chosen]
            read = iter(network([ids for some in windows for ids in some]))
            for index, some in zip(chosen, windows, strict=True):
                yield index, [(ids, next(read)) for ids in some]

    def _windows(self, prompt: str, text: str) -> list[list[int]]:
        """The ids of a text in even windows, the prompt before each."""
        begin, *content, end = self._tokenizer.ids(prepared(text))
        lead = [begin, *self._tokenizer.ids(prompt)[1:-1]]
        room = self._networks.of(prompt).longest - len(lead) - 1
        count = max(-(-len(content) // room), 1)
        cuts = [len(content) * part // count for part in range(count + 1)]
        return [[*lead, *content[start:stop], end] for start, stop in pairwise(cuts)]


def encoder_over(model: BundledModel, networks: Networks, weights: Path) -> BundledEncoder:
    """The encoder with the tokenizer of the model, and its token space and means as they are shipped.

    ``weights`` is the file of the model.
    """

    def spans() -> SpanReader:
        from index.model.heads.span_reader import shipped_span_reader

        return shipped_span_reader(bundled.read_model(weights))

    def findings() -> FindingReader:
        from index.model.heads.finding_reader import shipped_finding_reader

        return shipped_finding_reader(bundled.read_model(weights))

    space, prior = load_token_space(bundled.stamp()), shipped_means(bundled.stamp())
    late = (space, prior) if space and prior else None
    return BundledEncoder(UnigramTokenizer(model.pieces), networks, late, spans, findings)
