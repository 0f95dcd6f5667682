"""Query to scored passages: candidates of each language, scored alike, one ranking.

Takes finished parts (store, index, embedder, means, glossary) and owns their order. Knows no
HTTP, makes no citations: the service turns what comes out into hits.
"""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from index import parity
from index.evidence import BestSentence, best_sentences, sentence_span, words_met
from index.fusion import Parts, Weights, agreeing, fused
from index.glossary import Equivalent, Glossary, expansion
from index.lexical import content_words, match_expression
from index.parity import PassageMeans, PriorMeans
from index.reading import PassageSource, TokenSource
from index.sync import IndexKeeper
from index.token_space import EncodedQuestion, TokenQuery, TokenSpace
from index.vectors import Keys, VectorIndex
from kb.document import Passage
from kb.errors import InputError, ModelError
from kb.language import Language
from kb.ports import Embedder, FloatArray
from kb.search import Query, Why

# Candidates of a language: as many as the hits wanted, at least these. The best sentence and the
# words re-order them.
_FEWEST = 50
# Passages whose sentence vectors stay in memory: about 3 kB each, so 25 MB.
_REMEMBERED = 8192
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
    """A query made ready: its centred vector (null when no model is at hand), tokens, words and limits.

    ``spanish`` is the share of Spanish in it, 0 to 1.
    """

    vector: FloatArray | None
    tokens: TokenQuery | None
    spanish: float
    words: Sequence[str]
    limit: int
    allowed: Keys | None


@dataclass(frozen=True, slots=True)
class _Candidates:
    """The candidates of one language with the parts of their scores, in the order of ``keys``.

    ``vectors`` are the centred passage vectors, float32 (keys, dimension); ``equivalents`` what the
    question's words are called in this language.
    """

    language: Language
    equivalents: Sequence[Equivalent]
    keys: Sequence[int]
    vectors: FloatArray
    passage: FloatArray
    sentence: FloatArray
    words: FloatArray
    best: Sequence[BestSentence | None]


@runtime_checkable
class QuestionEncoder(Protocol):
    """An embedder that also gives the tokens of a question."""

    def encode_questions(self, texts: Sequence[str]) -> list[EncodedQuestion]:
        """The vector and the tokens of each question."""
        ...


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
        tokens: TokenSource | None = None,
        space: TokenSpace | None = None,
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
        self._tokens = tokens
        self._space = space
        self._means: tuple[int, PassageMeans] | None = None
        # The vectors of a key never change, so what was read once need not be read again.
        self._sentences = lru_cache(maxsize=_REMEMBERED)(self._read_sentences)

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
        found = [part for part in (self._candidates(language, question) for language in Language) if part.keys]
        ranked = heapq.nsmallest(
            question.limit,
            (
                (-float(score), key, part, row)
                for part, scores in zip(found, self._scores(found, question), strict=True)
                for row, (key, score) in enumerate(zip(part.keys, scores, strict=True))
            ),
            key=lambda item: item[:2],
        )
        passages = self._store.passages([key for _, key, _, _ in ranked])
        return [
            self._scored(passages[key], -score, part, row, question)
            for score, key, part, row in ranked
            if key in passages
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
        allowed, words = self._store.keys_matching(query.filters), content_words(text)
        if self._embedder is None or self._prior is None:
            return _Question(None, None, 0.5, words, query.limit, allowed)
        encoded = _encoded(self._embedder, text)
        spanish = parity.spanish_share(encoded.vector, self._prior.questions)
        vector = parity.centred_question(encoded.vector, self._prior)
        return _Question(vector, encoded.tokens, spanish, words, query.limit, allowed)

    def _candidates(self, language: Language, question: _Question) -> _Candidates:
        depth = max(_FEWEST, question.limit)
        equivalents = self._glossary.equivalents(question.words, language)
        met = self._word_scores(language, question, equivalents, depth)
        near = self._nearest(language, question, depth)
        keys = sorted({*near, *met})
        if question.vector is not None:
            # Words may meet a passage that was committed after the index was refreshed: the next search has it.
            keys = self._keeper.index.held(language, keys)
        words = np.array([met.get(key, 0.0) for key in keys], np.float32)
        vectors, best = self._vectors(language, question, keys)
        passage = vectors @ question.vector if question.vector is not None else np.zeros(len(keys), np.float32)
        # A passage without sentences stands for its only one.
        sentence = [part.cosine if part else cosine for part, cosine in zip(best, passage, strict=True)]
        return _Candidates(language, equivalents, keys, vectors, passage, np.array(sentence, np.float32), words, best)

    def _scores(self, found: Sequence[_Candidates], question: _Question) -> list[FloatArray]:
        """One score a candidate, for the candidates of each language."""
        tokens = self._token_scores([key for part in found for key in part.keys], question)
        scores = []
        for part in found:
            late = None if tokens is None else np.array([tokens[key] for key in part.keys], np.float32)
            parts = Parts(part.passage, part.sentence, part.words, late, _foreign(part.language, question.spanish))
            scores.append(fused(parts, self._weights))
        return self._agreed(found, scores) if question.vector is not None else scores

    def _agreed(self, found: Sequence[_Candidates], scores: list[FloatArray]) -> list[FloatArray]:
        """The scores with what other languages gain for saying the same as the best hit of all."""
        tops = [float(part.max()) for part in scores]
        if not tops:
            return scores
        leader = int(np.argmax(tops))
        best = found[leader].vectors[int(np.argmax(scores[leader]))]
        return [
            own if row == leader else agreeing(own, found[row].vectors @ best, tops[leader], self._weights)
            for row, own in enumerate(scores)
        ]

    def _token_scores(self, keys: Sequence[int], question: _Question) -> Mapping[int, float] | None:
        """The late-interaction score of each key; null unless model, base and every candidate have tokens."""
        if self._tokens is None or self._space is None or question.tokens is None:
            return None
        blobs = self._tokens.token_blobs(keys)
        if not all(blobs.get(key) for key in keys):
            return None
        found = self._space.scores(question.tokens, [blobs[key] for key in keys])
        return dict(zip(keys, found.tolist(), strict=True))

    def _nearest(self, language: Language, question: _Question, depth: int) -> list[int]:
        if question.vector is None:
            return []
        nearest = self._keeper.index.search(language, question.vector, depth, question.allowed)
        return [int(key) for key in nearest.keys]

    def _word_scores(
        self, language: Language, question: _Question, equivalents: Sequence[Equivalent], depth: int
    ) -> Mapping[int, float]:
        match = match_expression([*question.words, *expansion(equivalents)], language)
        if match is None:
            return {}
        allowed = None if question.allowed is None else frozenset(question.allowed.tolist())
        # A filter is exact on words too: all matches are read and then thinned.
        limit = depth if allowed is None else max(depth, 1_000_000)
        found = [row for row in self._store.word_search(language, match, limit) if allowed is None or row[0] in allowed]
        return dict(found[:depth])

    def _vectors(
        self, language: Language, question: _Question, keys: Sequence[int]
    ) -> tuple[FloatArray, list[BestSentence | None]]:
        """The centred vectors of the passages, and the best sentence of each."""
        index = self._keeper.index
        if question.vector is None or not keys:
            return np.zeros((len(keys), index.dimension), np.float32), [None] * len(keys)
        mean = self._passage_means(index).by_language[language]
        sentences = [self._sentences(key) for key in keys]
        every = parity.centred(np.concatenate(sentences).astype(np.float32), mean)
        best = best_sentences(question.vector, every, [len(rows) for rows in sentences])
        return parity.centred(index.vectors(language, keys), mean), best

    def _read_sentences(self, key: int) -> NDArray[np.float16]:
        return self._store.sentence_vectors(key).astype(np.float16)

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

    def _scored(self, passage: Passage, score: float, part: _Candidates, row: int, question: _Question) -> Scored:
        why = Why(
            vector=float(part.passage[row]),
            sentence=float(part.sentence[row]),
            words=words_met(passage.text, part.language, question.words, part.equivalents),
            word_score=float(part.words[row]),
            sentence_span=sentence_span(passage, part.best[row]),
        )
        return Scored(part.keys[row], score, why)


def _encoded(embedder: Embedder, text: str) -> EncodedQuestion:
    if isinstance(embedder, QuestionEncoder):
        return embedder.encode_questions([text])[0]
    return EncodedQuestion(embedder.encode_queries([text])[0], None)


def _foreign(language: Language, spanish: float) -> float:
    """How foreign passages of a language are to a question of this Spanish share, 0 to 1."""
    return {Language.ES: 1 - spanish, Language.EN: spanish}.get(language, 1.0)
