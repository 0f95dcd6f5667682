"""Questions to vectors and tokens without torch: the bundled weights in numpy.

Loads in well under a second; a test holds its vectors equal to the encoder's. Passages go through
it only when nothing faster is at hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np

from index import bundled
from index.light_network import LightNetwork
from index.parity import PriorMeans, shipped_means
from index.prompts import PASSAGE_PROMPT, QUERY_PROMPT, prepared
from index.token_space import EncodedQuestion, TokenSpace, TokenStates, encoded_question, load_token_space, pooled
from index.unigram import UnigramTokenizer
from kb.ports import FloatArray, ModelStamp


class QueryEngine:
    """An Embedder of the bundled model, made for questions."""

    def __init__(
        self, tokenizer: UnigramTokenizer, network: LightNetwork, late: tuple[TokenSpace, PriorMeans] | None
    ) -> None:
        self._tokenizer = tokenizer
        self._network = network
        self._late = late

    @property
    def stamp(self) -> ModelStamp:
        """Which model this is: the same stamp as the encoder's."""
        return bundled.stamp()

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors, float32 (len(texts), 384), with the query prompt."""
        return self._vectors([self._states(QUERY_PROMPT, text) for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """Unit vectors, float32 (len(texts), 384), with the passage prompt."""
        return self._vectors([self._states(PASSAGE_PROMPT, text) for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> list[EncodedQuestion]:
        """The vector and the telling tokens of each question, from one pass."""
        found = []
        for text in texts:
            parts = self._states(QUERY_PROMPT, text)
            question = EncodedQuestion(pooled(parts), None)
            found.append(encoded_question(parts, *self._late) if self._late else question)
        return found

    def question_words(self, text: str) -> tuple[str, ...]:
        """A word for each row of the tokens of this question; empty when it is read in several windows."""
        return self._words(QUERY_PROMPT, text)

    def passage_words(self, text: str) -> tuple[str, ...]:
        """A word for each row of the packed tokens of this passage; empty when it is read in several windows."""
        return self._words(PASSAGE_PROMPT, text)

    def _words(self, prompt: str, text: str) -> tuple[str, ...]:
        lead = [*self._tokenizer.ids(prompt)[:-1]]
        words = self._tokenizer.words(prepared(text))
        bare = {word: _bare(word) for word, _ in words}
        owners = [*[""] * len(lead), *(bare[word] for word, ids in words for _ in ids), ""]
        if self._late is None or len(owners) > self._network.longest:
            return ()
        ids = [*lead, *(index for _, ids in words for index in ids), self._tokenizer.ids("")[-1]]
        return tuple(owners[place] for place in self._late[0].telling(ids).tolist())

    def _vectors(self, texts: Sequence[Sequence[TokenStates]]) -> FloatArray:
        return np.array([pooled(parts) for parts in texts], np.float32).reshape(-1, bundled.DIMENSION)

    def _states(self, prompt: str, text: str) -> list[TokenStates]:
        """The states of a text in even windows, the prompt before each: nothing is cut off."""
        begin, *content, end = self._tokenizer.ids(prepared(text))
        lead = [begin, *self._tokenizer.ids(prompt)[1:-1]]
        room = self._network.longest - len(lead) - 1
        count = max(-(-len(content) // room), 1)
        cuts = [len(content) * part // count for part in range(count + 1)]
        windows = [[*lead, *content[start:stop], end] for start, stop in pairwise(cuts)]
        return [TokenStates(ids, self._network.states(ids)) for ids in windows]


def _bare(word: str) -> str:
    """The word without the marks around it."""
    inner = [place for place, character in enumerate(word) if character.isalnum()]
    return word[inner[0] : inner[-1] + 1] if inner else ""


def load_query_engine(weights: Path | None = None) -> QueryEngine:
    """The engine over weights whose hash was checked; raises ModelError with the cure otherwise."""
    model = bundled.read_model(bundled.checked_weights(weights), words=False)
    space, prior = load_token_space(bundled.stamp()), shipped_means(bundled.stamp())
    return QueryEngine(UnigramTokenizer(model.pieces), LightNetwork(model), (space, prior) if space and prior else None)
