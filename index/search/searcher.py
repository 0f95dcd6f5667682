"""Query to scored passages: candidates of each language, scored alike, one ranking.

Takes finished parts (store, index, embedder, means, glossary) and owns their order. Knows no
HTTP, makes no citations: the service turns what comes out into hits.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from threading import Thread

import numpy as np

from index.model import parity
from index.model.parity import PriorMeans
from index.model.token_space import TokenSpace
from index.search.candidates import CandidateFinder, Candidates, FusionWeights, Parts, ReasonFinder, agreeing, fused
from index.search.evidence import sentence_span
from index.search.glossary import Glossary
from index.search.lexical import stop_words, word_query
from index.search.meaning import Meaning, MeaningFinder
from index.search.query_vectors import MAX_QUERY_CHARACTERS as MAX_QUERY_CHARACTERS
from index.search.query_vectors import Question, QuestionReader
from index.search.tokens_met import TokenSource, TokenWords, WholeTokens
from index.vectors.growing import PassageSource
from index.vectors.sync import IndexKeeper
from kb.records.document import Passage
from kb.records.errors import BaseError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.ports import Embedder, FloatArray, ModelStamp
from kb.records.search import Filters, Query, Why, WordQuery
from kb.store.remembering import Remembered

# Passages whose packed tokens stay in memory: 5 to 18 kB each.
_REMEMBERED = 2048


@dataclass(frozen=True, slots=True)
class Scored:
    """A passage found: its key, its score (higher is better, comparable within one search), and why.

    The words of ``why`` are those of ``Searcher.explained``: they are looked up for what is shown and not before.
    """

    key: int
    score: float
    why: Why


@dataclass(frozen=True, slots=True)
class Ranking:
    """What a search found, best first. ``searched`` counts the passages that fulfil the filters, all of which were
    looked at; null where the search was degraded. ``degraded`` says why it did with less than all it has, or is null;
    ``notes`` are what a reader should know, that reason among them."""

    scored: tuple[Scored, ...]
    searched: int | None
    degraded: str | None
    notes: tuple[str, ...]


class Searcher:
    """Finds passages of an open base. Safe to share between threads."""

    def __init__(
        self,
        store: PassageSource,
        keeper: IndexKeeper,
        embedder: Embedder | None,
        prior: PriorMeans | None,
        glossary: Glossary,
        weights: FusionWeights | None = None,
        tokens: TokenSource | None = None,
        space: TokenSpace | None = None,
        missing_model: str = say("no_embedding_model_is_loaded"),
    ) -> None:
        if tokens is not None and space is not None:
            tokens = WholeTokens(tokens, space.kept)
        self._store = store
        self._keeper = keeper
        self._model = None if embedder is None else embedder.stamp
        self._missing_model = missing_model
        self._weights = weights or FusionWeights()
        self._glossary = glossary
        self._tokens = tokens
        self._space = space
        self._packed: Remembered[int, bytes] = Remembered(store.rewritten, _REMEMBERED)
        self._questions = QuestionReader(embedder, prior)
        self._candidates = CandidateFinder(store, prior, glossary)
        token_words = embedder if isinstance(embedder, TokenWords) else None
        self._reasons = ReasonFinder(self._candidates, tokens, space, token_words)
        self._meaning = MeaningFinder(embedder, tokens, space)
        # Languages are looked into side by side: comparing codes and weighing words hold no lock of Python.
        self._threads = ThreadPoolExecutor(len(Language), "search")

    @property
    def degraded(self) -> str | None:
        """Why answers rest on words alone, or null when everything is at hand."""
        return self._short_of(self._store.stamp())

    def _short_of(self, stamp: ModelStamp | None) -> str | None:
        """The same of a base with this stamp."""
        if self._model is None:
            return say("words_only", missing_model=self._missing_model)
        if stamp is not None and stamp != self._model:
            return say(
                "base_was_built_with_another_model",
                found=stamp.name,
                found_revision=stamp.revision,
                wanted=self._model.name,
                wanted_revision=self._model.revision,
            )
        return self._keeper.fault

    def notes(self) -> list[str]:
        """What a reader of the results should know: a degraded search, an index made anew, means that lean on the
        general ones."""
        return self._notes(self._store.stamp())

    def _notes(self, stamp: ModelStamp | None) -> list[str]:
        empty = None if stamp else say("the_base_holds_no_passages_yet")
        known = [self._short_of(stamp), self._keeper.mended, empty]
        return [*(note for note in known if note), *self._candidates.means(self._keeper.now()).notes]

    def warm_up(self, seconds: float = 5.0) -> None:
        """Load what the first search needs, and wait at most so long for an index that is being made anew."""
        self._keeper.settle(seconds)
        self._question(Query("NPS"), by_meaning=self.degraded is None)
        Thread(target=self._read_words, name="words", daemon=True).start()

    def _read_words(self) -> None:
        """Have the base read the words of the field, which are common in questions, and those that are common in it: in
        a large base the first question with one would wait for that."""
        for language in Language:
            words = word_query(self._glossary.words(language), language) or WordQuery((), ())
            with suppress(BaseError):  # whoever asks is told
                self._store.read_ahead(language, [*words.plain, *words.stems], stop_words())

    def search(self, query: Query) -> list[Scored]:
        """The best passages first, at most ``query.limit``; equal scores by ascending key.

        Raises InputError for an empty or too long text. An empty list means nothing fulfils the
        filters or, without a model, no word was met.
        """
        return list(self.ranked(query).scored)

    def ranked(self, query: Query) -> Ranking:
        """The same, with what a reader should know of how it was found."""
        self._keeper.refresh()
        stamp = self._store.stamp()
        notes, degraded = self._notes(stamp), self._short_of(stamp)
        question = self._question(query, by_meaning=degraded is None)
        now = self._keeper.now()
        asked = [one for one in Language if not query.filters.languages or one in query.filters.languages]
        every = list(self._threads.map(lambda language: self._candidates.find(language, question, now), asked))
        fault = next((part.fault for part in every if part.fault), None)
        if fault is not None:
            degraded = say("the_word_index_cannot_be_read", fault=fault)
            notes.insert(0, degraded)
        best = self._best([part for part in every if part.keys], question)
        if not best and (fulfil := self._store.keys_matching(query.filters)) is not None and not len(fulfil):
            notes.append(say("no_passage_fulfils_the_filters"))
        among = sum(map(now.index.count, asked)) if question.allowed is None else len(question.allowed)
        return Ranking(tuple(best), None if degraded else among, degraded, tuple(notes))

    def explained(self, text: str, scored: Sequence[Scored]) -> list[Scored]:
        """These passages of a search for ``text`` with the words met, for the page that is shown."""
        question = self._question(Query(text), by_meaning=self.degraded is None)
        reasons = self._reasons.find(question, self._store.passages([one.key for one in scored]))
        return [
            replace(one, why=replace(one.why, words=found.words, meanings=found.meanings))
            for one in scored
            for found in [reasons.get(one.key)]
            if found is not None
        ]

    def sentence_scores(self, text: str, passages: Mapping[int, Passage]) -> dict[int, FloatArray]:
        """For each passage (by key) the centred cosine of every one of its sentences with the text, float32
        (sentences,); zeros when no model is at hand."""
        question = self._question(Query(text), by_meaning=self.degraded is None)
        means = self._candidates.means(self._keeper.now()).by_language
        rows = self._store.sentence_vectors_of(list(passages))
        found: dict[int, FloatArray] = {}
        for key, passage in passages.items():
            vectors, mean = rows.get(key), means.get(passage.language)
            if question.vector is None or vectors is None or not len(vectors) or mean is None:
                found[key] = np.zeros(1 if vectors is None else max(len(vectors), 1), np.float32)
            else:
                found[key] = parity.centred(vectors, mean) @ question.vector
        return found

    def meaning(self, text: str, scored: Sequence[Scored]) -> Meaning:
        """What these passages of a search for ``text`` mean beside it, as far as the model tells."""
        question = self._question(Query(text), by_meaning=self.degraded is None)
        return self._meaning.find(question, {one.key: one.why for one in scored})

    def _question(self, query: Query, *, by_meaning: bool) -> Question:
        filters = query.filters
        # A language is looked into by itself: no list of its keys is made, which would be half a base.
        alone = filters == Filters(languages=filters.languages)
        allowed = None if alone else self._store.keys_matching(filters)
        return self._questions.read(query, allowed, by_meaning=by_meaning)

    def _best(self, found: Sequence[Candidates], question: Question) -> list[Scored]:
        if not found:
            return []
        places = [(part, row) for part in found for row in range(len(part.keys))]
        keys = np.concatenate([np.array(part.keys, np.int64) for part in found])
        scores = np.concatenate(self._scores(found, question))
        best = np.lexsort((keys, -scores))[: question.limit].tolist()
        passages = self._store.passages(keys[best].tolist())
        return [
            Scored(int(keys[at]), float(scores[at]), _why(passages[int(keys[at])], *places[at]))
            for at in best
            if int(keys[at]) in passages
        ]

    def _scores(self, found: Sequence[Candidates], question: Question) -> list[FloatArray]:
        """One score a candidate, for the candidates of each language."""
        tokens = self._token_scores([key for part in found for key in part.keys], question)
        scores = []
        for part in found:
            late = None if tokens is None else np.array([tokens[key] for key in part.keys], np.float32)
            parts = Parts(part.passage, part.sentence, part.words, late, _foreign(part.language, question.spanish))
            scores.append(fused(parts, self._weights))
        return self._agreed(found, scores) if question.vector is not None else scores

    def _agreed(self, found: Sequence[Candidates], scores: list[FloatArray]) -> list[FloatArray]:
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

    def _token_scores(self, keys: Sequence[int], question: Question) -> Mapping[int, float] | None:
        """The late-interaction score of each key; null unless model, base and every candidate have tokens."""
        if self._tokens is None or self._space is None or question.tokens is None:
            return None
        blobs = self._packed.get(keys, self._tokens.token_blobs)
        if not all(blobs.get(key) for key in keys):
            return None
        found = self._space.scores(question.tokens, [blobs[key] for key in keys])
        return dict(zip(keys, found.tolist(), strict=True))


def _why(passage: Passage, part: Candidates, row: int) -> Why:
    return Why(
        vector=float(part.passage[row]),
        sentence=float(part.sentence[row]),
        words=(),
        word_score=float(part.words[row]),
        sentence_span=sentence_span(passage, part.best[row]),
    )


def _foreign(language: Language, spanish: float) -> float:
    """How foreign passages of a language are to a question of this Spanish share, 0 to 1."""
    return {Language.ES: 1 - spanish, Language.EN: spanish}.get(language, 1.0)
