"""Query to scored passages: candidates of each language, scored alike, one ranking.

Takes finished parts (store, index, embedder, means, glossary) and owns their order. Knows no
HTTP, makes no citations: the service turns what comes out into hits.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from index import parity
from index.evidence import BestSentence, best_sentence, sentence_span, words_met
from index.fusion import Weights, fused
from index.glossary import Equivalent, Glossary, expansion
from index.lexical import content_words, match_expression
from index.parity import PassageMeans, PriorMeans
from index.reading import PassageSource
from index.sync import IndexKeeper
from index.vectors import Keys, VectorIndex
from kb.document import Passage
from kb.errors import InputError, ModelError
from kb.language import Language
from kb.ports import Embedder, FloatArray
from kb.search import Query, Why

# Candidates of a language: as many as the hits wanted, at least these. The best sentence and the
# words re-order them.
_FEWEST = 50
# Beyond this many characters a query is a document; reading it would take seconds.
MAX_QUERY_CHARACTERS = 4000


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage found: its key, its score (higher is better, comparable within one search), and why."""

    key: int
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class _Question:
    """A query made ready: its centred vector (null when no model is at hand), words and limits."""

    vector: FloatArray | None
    words: Sequence[str]
    limit: int
    allowed: Keys | None


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The candidates of one language with the parts of their scores, in the order of ``keys``."""

    language: Language
    keys: Sequence[int]
    passage: FloatArray
    sentence: FloatArray
    words: FloatArray
    best: Sequence[BestSentence | None]
    scores: FloatArray


class Searcher:
    """Finds passages of an open base. Safe to share between threads."""

    def __init__(
        self,
        store: PassageSource,
        keeper: IndexKeeper,
        embedder: Embedder | None,
        prior: PriorMeans | None,
        glossary: Glossary,
        weights: Weights | None = None,
    ) -> None:
        stamp = store.stamp()
        if embedder is not None and stamp is not None and embedder.stamp != stamp:
            raise ModelError(
                f"model {embedder.stamp.name} ({embedder.stamp.revision})",
                f"the base was built with {stamp.name} ({stamp.revision}), and models never mix",
                "Set KB_MODEL back, or embed the base anew: kb ingest PATH --re-embed",
            )
        self._store = store
        self._keeper = keeper
        self._embedder = embedder
        self._prior = prior
        self._glossary = glossary
        self._weights = weights or Weights()
        self._means: tuple[int, PassageMeans] | None = None

    @property
    def degraded(self) -> str | None:
        """Why answers rest on words alone, or null when everything is at hand."""
        return "no embedding model is loaded: words only" if self._embedder is None else None

    def notes(self) -> list[str]:
        """What a reader of the results should know: degraded search, means that lean on the general ones."""
        means = self._passage_means(self._keeper.index)
        return [*([self.degraded] if self.degraded else []), *means.notes]

    def search(self, query: Query) -> list[Scored]:
        """The best passages first, at most ``query.limit``; equal scores by ascending key.

        Raises InputError for an empty or too long text. An empty list means nothing fulfils the
        filters or, without a model, no word was met.
        """
        self._keeper.refresh()
        question = self._question(query)
        found = [self._candidates(language, question) for language in Language]
        ranked = heapq.nsmallest(
            question.limit,
            ((-float(part.scores[row]), key, part, row) for part in found for row, key in enumerate(part.keys)),
            key=lambda item: item[:2],
        )
        passages = self._store.passages([key for _, key, _, _ in ranked])
        return [
            self._scored(passages[key], key, part, row, question) for _, key, part, row in ranked if key in passages
        ]

    def sentence_scores(self, text: str, passages: Mapping[int, Passage]) -> dict[int, FloatArray]:
        """For each passage (by key) the centred cosine of every one of its sentences with the text, float32
        (sentences,); zeros when no model is at hand."""
        question = self._question(Query(text))
        means = self._passage_means(self._keeper.index).by_language
        found: dict[int, FloatArray] = {}
        for key, passage in passages.items():
            vectors = self._store.sentence_vectors(key)
            if question.vector is None or not len(vectors):
                found[key] = np.zeros(max(len(vectors), 1), np.float32)
            else:
                found[key] = parity.centred(vectors, means[passage.language]) @ question.vector
        return found

    def _question(self, query: Query) -> _Question:
        text = query.text.strip()
        if not text:
            raise InputError("the query", "is empty", "Ask with at least one word")
        if len(text) > MAX_QUERY_CHARACTERS:
            reason = f"has {len(text)} characters, more than {MAX_QUERY_CHARACTERS}"
            raise InputError("the query", reason, "Ask a shorter question")
        vector = None
        if self._embedder is not None and self._prior is not None:
            vector = parity.centred_question(self._embedder.encode_queries([text])[0], self._prior)
        return _Question(vector, content_words(text), query.limit, self._store.keys_matching(query.filters))

    def _candidates(self, language: Language, question: _Question) -> _Candidates:
        depth = max(_FEWEST, question.limit)
        met = self._word_scores(language, question, depth)
        near = self._nearest(language, question, depth)
        keys = sorted({*near, *met})
        words = np.array([met.get(key, 0.0) for key in keys], np.float32)
        passage, best = self._vector_scores(language, question, keys)
        sentence = np.array([part.cosine if part else 0.0 for part in best], np.float32)
        scores = fused(passage, sentence, words, self._weights)
        return _Candidates(language, keys, passage, sentence, words, best, scores)

    def _nearest(self, language: Language, question: _Question, depth: int) -> list[int]:
        if question.vector is None:
            return []
        nearest = self._keeper.index.search(language, question.vector, depth, question.allowed)
        return [int(key) for key in nearest.keys]

    def _word_scores(self, language: Language, question: _Question, depth: int) -> Mapping[int, float]:
        equivalents = self._equivalents(language, question.words)
        match = match_expression([*question.words, *expansion(equivalents)], language)
        if match is None:
            return {}
        allowed = None if question.allowed is None else frozenset(question.allowed.tolist())
        # A filter is exact on words too: all matches are read and then thinned.
        limit = depth if allowed is None else max(depth, 1_000_000)
        found = [row for row in self._store.word_search(language, match, limit) if allowed is None or row[0] in allowed]
        return dict(found[:depth])

    def _vector_scores(
        self, language: Language, question: _Question, keys: Sequence[int]
    ) -> tuple[FloatArray, list[BestSentence | None]]:
        """Exact cosines of centred vectors: of the passages, and of the best sentence of each."""
        index = self._keeper.index
        if question.vector is None or not keys:
            return np.zeros(len(keys), np.float32), [None] * len(keys)
        mean = self._passage_means(index).by_language[language]
        passage = parity.centred(index.vectors(language, keys), mean) @ question.vector
        best = [best_sentence(question.vector, parity.centred(self._store.sentence_vectors(key), mean)) for key in keys]
        # A passage without sentences stands for its only one.
        whole = [part or BestSentence(0, float(cosine)) for part, cosine in zip(best, passage, strict=True)]
        return np.asarray(passage, np.float32), list(whole)

    def _equivalents(self, language: Language, words: Sequence[str]) -> list[Equivalent]:
        return self._glossary.equivalents(words, language)

    def _passage_means(self, index: VectorIndex) -> PassageMeans:
        revision = self._keeper.revision
        if self._means is None or self._means[0] != revision:
            if self._prior is None:
                return PassageMeans({})
            languages = index.languages()
            totals = {language: index.total(language) for language in languages}
            counts = {language: index.count(language) for language in languages}
            self._means = (revision, parity.passage_means(totals, counts, self._prior))
        return self._means[1]

    def _scored(self, passage: Passage, key: int, part: _Candidates, row: int, question: _Question) -> Scored:
        why = Why(
            vector=float(part.passage[row]),
            sentence=float(part.sentence[row]),
            words=words_met(
                passage.text, part.language, question.words, self._equivalents(part.language, question.words)
            ),
            word_score=float(part.words[row]),
            sentence_span=sentence_span(passage, part.best[row]),
        )
        return Scored(key, float(part.scores[row]), why)
