"""Query to statistics: those near its words in either language, best first, each figure once with its other places.

Takes an open base and its searcher. Owns how near a statistic is; what a statistic is about is said by its own
sentence first, and by the passage around it. Makes no citations.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import numpy as np

from index.model import parity
from index.search.same_figure import Figure, Placed, SameFigures, grouped, measures_alike
from index.search.searcher import MAX_QUERY_CHARACTERS, Searcher
from kb.records.document import Passage, Span
from kb.records.language import Language
from kb.records.messages import say
from kb.records.ports import FloatArray
from kb.records.search import Filters, Query, StatisticQuery
from kb.records.statistic import Statistic
from kb.store import Store
from kb.store.figures import FigureFacts, PlacedFacts
from kb.store.tables import columns

# A language with fewer passages has no mean worth the name: then nothing is said of its likeness.
ENOUGH_PASSAGES = parity.ENOUGH_PASSAGES
# A mean over this many passages, evenly picked, is as good as one over all.
_SAMPLED = 400
# Passages that are read together.
_AT_ONCE = 500


class SentenceSource(Protocol):
    """What is read of a base."""

    def spread_keys(self, language: Language, most: int) -> list[int]:
        """At most so many keys of live passages of a language, from all over the base, ascending."""
        ...

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """Unit vectors, float32 (len(keys), dimension)."""
        ...

    def sentences_of(self, keys: Sequence[int]) -> Mapping[int, Sequence[Span]]:
        """Where the sentences of these passages stand."""
        ...

    def sentence_vectors_of(self, keys: Sequence[int]) -> Mapping[int, FloatArray]:
        """Unit vectors of the sentences of these passages, float32 (sentences, dimension)."""
        ...


class SentenceLikeness:
    """Likeness of sentences of one state of a base; make a new one when the base has changed."""

    def __init__(self, source: SentenceSource) -> None:
        self._source = source
        self._means = _means(source)

    def is_like(self, other: SentenceLikeness) -> bool:
        """Whether the vectors of a sentence that is in both states are the same in both: the means are."""
        return self._means.keys() == other._means.keys() and all(
            np.array_equal(mean, other._means[language]) for language, mean in self._means.items()
        )

    def among(self, places: Mapping[int, Collection[Span]]) -> SentenceVectors:
        """The vectors of these sentences, by the keys of their passages."""
        return SentenceVectors(self._source, self._means, places)


class SentenceVectors:
    """The vectors of chosen sentences, which are read some hundred passages at a time, when the first is asked for."""

    def __init__(
        self,
        source: SentenceSource,
        means: Mapping[Language, FloatArray],
        places: Mapping[int, Collection[Span]],
    ) -> None:
        self._source = source
        self._means = means
        self._places = places
        self._keys = list(places)
        self._turn = {key: turn // _AT_ONCE for turn, key in enumerate(self._keys)}
        self._read: dict[int, dict[tuple[int, Span], FloatArray]] = {}

    def vector(self, key: int, sentence: Span, language: Language) -> FloatArray | None:
        """The centred unit vector of this sentence of the passage, float32 (dimension,); null where it is not known
        or its language has too few passages."""
        mean, turn = self._means.get(language), self._turn[key]
        if mean is None:
            return None
        if turn not in self._read:
            self._read[turn] = self._rows(self._keys[turn * _AT_ONCE : (turn + 1) * _AT_ONCE])
        row = self._read[turn].get((key, sentence))
        return None if row is None else parity.centred(row.astype(np.float32), mean)

    def _rows(self, keys: Sequence[int]) -> dict[tuple[int, Span], FloatArray]:
        """As half floats, which is how the base has them: of each passage only the chosen sentences."""
        sentences, vectors = self._source.sentences_of(keys), self._source.sentence_vectors_of(keys)
        return {
            (key, span): row.astype(np.float16)
            for key in keys
            for span, row in zip(sentences.get(key, ()), vectors.get(key, ()), strict=False)
            if span in self._places[key]
        }


def _means(source: SentenceSource) -> Mapping[Language, FloatArray]:
    sampled = {language: source.spread_keys(language, _SAMPLED) for language in Language}
    return {
        language: np.asarray(source.vectors(keys).mean(axis=0), np.float32)
        for language, keys in sampled.items()
        if len(keys) >= ENOUGH_PASSAGES
    }


# Passages whose statistics are ranked: past the first hundreds a ranking by meaning is noise.
POOL = 200
# Its own sentence against the passage around it, and how near to the words a figure is that is about them: at least
# this, and this share of the nearest. Over 32 judged queries (``python -m bench.figure_queries``) .52 of the figures
# found are about the query and .49 of those about it are found; without a floor it was .08 and .78.
_SENTENCE = 0.375
_NEAR_AT_ALL = 0.30
_NEAR_ENOUGH = 0.7
_NOTHING = StatisticQuery()
# All figures of a kind are held against one while a base has no more: of 17,000 that took .6 s of a processor.
_FEW = 5_000


@dataclass(frozen=True, slots=True)
class FoundFigure:
    """A statistic as lists know it, how near it is to the query (higher is nearer; null without words), its other
    places, and how many documents that makes, reprints and translations counted once."""

    statistic: Statistic | FigureFacts
    score: float | None
    also_in: tuple[Statistic | FigureFacts, ...]
    sources: int


@dataclass(frozen=True, slots=True)
class FigureClaim:
    """The places of one figure, and one of each other figure that measures the same and differs."""

    places: tuple[Statistic, ...]
    differing: tuple[Statistic, ...]


@dataclass(frozen=True, slots=True)
class _Listed:
    """Every figure of one state of the base, by document and place, held against each other."""

    version: int
    rewritten: int
    facts: Sequence[PlacedFacts]
    likeness: SentenceLikeness
    placed: Sequence[Placed[FigureFacts]]
    places: Mapping[str, int]
    same: SameFigures[FigureFacts]
    # All of them, by their places in ``placed``.
    groups: Sequence[Sequence[int]]


class FigureFinder:
    """Finds statistics of an open base; the searcher is made when words are first asked for. Safe to share between
    threads."""

    def __init__(self, store: Store, searcher: Callable[[], Searcher]) -> None:
        self._store = store
        self._searcher = searcher
        self._likeness: tuple[int, SentenceLikeness] | None = None
        self._listing = threading.Lock()
        self._listed: _Listed | None = None

    def find(self, query: StatisticQuery) -> list[FoundFigure]:
        """The figures that fulfil the query: nearest first (equal ones by document and place) when it has words,
        else by document and place. With words, those of the nearest ``POOL`` passages that are near enough to them,
        none where nothing is.
        Its limit is not looked at."""
        if not query.text:
            return self._without_words(query)
        scored = self._scored(query)
        scores = {statistic.id: score for statistic, score in scored}
        placed = self._placed([statistic for statistic, _ in scored])
        works = {one.statistic.id: one.work_id for one in placed}
        return [
            FoundFigure(
                group[0],
                max(scores[one.id] for one in group),
                tuple(group[1:]),
                len({works[one.id] for one in group}),
            )
            for group in grouped(placed)
        ]

    def _without_words(self, query: StatisticQuery) -> list[FoundFigure]:
        listed = self._every_figure()
        groups = listed.groups
        if _bare_query(query) != _NOTHING:
            # One that came since the list was made is in the next.
            asked = self._store.statistic_ids(query)
            groups = listed.same.groups(sorted(listed.places[one] for one in asked if one in listed.places))
        found = [[listed.placed[at] for at in group] for group in groups]
        return [
            FoundFigure(
                group[0].statistic,
                None,
                tuple(one.statistic for one in group[1:]),
                len({one.work_id for one in group}),
            )
            for group in found
        ]

    def _every_figure(self) -> _Listed:
        """Made once, until the base changes; then what came is read, and compared with those of its values. Only what
        is changed or removed has all of it read anew."""
        with self._listing:
            # Both before anything is read: what comes in between is read once more by the next who asks.
            version, rewritten = self._store.version(), self._store.rewritten()
            known = self._listed
            if known is None or known.version != version:
                likeness, facts = self._known_likeness(), list[PlacedFacts]()
                if known is not None and known.rewritten == rewritten:
                    facts += known.facts
                facts += self._store.figure_facts(after=max((one.key for one in facts), default=0))
                facts.sort(key=lambda one: one.order)
                placed = self._bare([(one.facts, one.document_id) for one in facts])
                keys = {one.facts.passage_id: one.key for one in facts}
                before = known.same if known is not None and likeness.is_like(known.likeness) else None
                same = SameFigures(placed, before=before, read=lambda some: _with_vectors(some, keys, likeness))
                places = {one.statistic.id: at for at, one in enumerate(placed)}
                groups = same.groups(range(len(placed)))
                self._listed = known = _Listed(version, rewritten, facts, likeness, placed, places, same, groups)
            return known

    def _scored(self, query: StatisticQuery) -> list[tuple[Statistic, float]]:
        """The statistics that are near enough with their nearness, nearest first."""
        searcher, text = self._searcher(), query.text or ""
        # Without its words, which differ from query to query: what fulfils a filter is listed once.
        hits = searcher.search(Query(text, Filters(figures=_bare_query(query)), POOL))
        passages = self._store.passages([hit.key for hit in hits])
        cosines = searcher.sentence_scores(text, passages)
        around = {passages[hit.key].id: hit for hit in hits if hit.key in passages}
        scored = []
        for statistic in self._store.statistics(query, passages=list(around)):
            hit = around.get(statistic.passage_id)
            if hit is None:
                raise columns.STATISTICS["record"].damaged(statistic.id, say("names_another_passage_than_its_row"))
            own = _of_sentence(passages[hit.key], statistic, cosines[hit.key])
            score = hit.score if own is None else _SENTENCE * own + (1 - _SENTENCE) * hit.score
            scored.append((statistic, score))
        nearest = max((score for _, score in scored), default=0.0)
        # Words alone (no model at hand) are scored on another scale.
        floor = max(_NEAR_ENOUGH * nearest, _NEAR_AT_ALL if searcher.degraded is None else 0.0)
        return sorted((pair for pair in scored if pair[1] >= floor), key=lambda pair: -pair[1])

    def claim(self, statistic: Statistic) -> FigureClaim:
        """Every place that states the figure, whether or not it kept its hedge, and the figures that measure the same
        and differ, each claim of them once; what a sentence tells beside the figure, here or there, is another
        thing. In a base of more than ``_FEW`` figures these are looked for near its sentence alone."""
        placed = self._placed(self._near(statistic))
        same = [one for one in placed if one.statistic.value == statistic.value]
        groups = grouped(same, hedged=False)
        places = next((group for group in groups if any(one.id == statistic.id for one in group)), [statistic])
        own = next((one for one in placed if one.statistic.id == statistic.id), None)
        others = [] if own is None else [one for one in placed if measures_alike(own, one)]
        others = _not_beside(placed, {one.id for one in places}, others)
        return FigureClaim(tuple(places), tuple(group[0] for group in grouped(others, hedged=False)))

    def _near(self, statistic: Statistic) -> list[Statistic]:
        """The figures of its kind; in a base of many those in the passages that are nearest to its sentence."""
        alike = StatisticQuery(kind=statistic.kind)
        if self._store.counts()["statistics"] <= _FEW:
            return self._store.statistics(alike)
        hits = self._searcher().search(Query(statistic.quote[:MAX_QUERY_CHARACTERS], Filters(figures=alike), POOL))
        passages = {one.id for one in self._store.passages([hit.key for hit in hits]).values()}
        return self._store.statistics(alike, passages=sorted(passages | {statistic.passage_id}))

    def _placed(self, found: Sequence[Statistic]) -> list[Placed[Statistic]]:
        homes = self._store.homes_of(sorted({statistic.passage_id for statistic in found}))
        there = [(one, homes[one.passage_id][1]) for one in found if one.passage_id in homes]
        keys = {passage: key for passage, (key, _) in homes.items()}
        return _with_vectors(self._bare(there), keys, self._known_likeness())

    def _bare(self, found: Sequence[tuple[Figure, str]]) -> list[Placed[Figure]]:
        """Statistics with the documents they stand in and what those repeat and translate."""
        repeats, translations = self._store.repeats(), self._store.translations()
        return [
            Placed(one, document, origin, translations.get(origin, origin))
            for one, document in found
            for origin in (repeats.get(document, document),)
        ]

    def _known_likeness(self) -> SentenceLikeness:
        version = self._store.version()
        if self._likeness is None or self._likeness[0] != version:
            self._likeness = (version, SentenceLikeness(self._store))
        return self._likeness[1]


def _bare_query(query: StatisticQuery) -> StatisticQuery:
    """What a query asks of a figure itself."""
    return replace(query, text=None, limit=_NOTHING.limit)


def _with_vectors(
    placed: Sequence[Placed[Figure]], keys: Mapping[str, int], likeness: SentenceLikeness
) -> list[Placed[Figure]]:
    """The same with what reads the vectors of their sentences, by the keys of their passages (by id)."""
    sentences: dict[int, set[Span]] = {}
    for one in placed:
        sentences.setdefault(keys[one.statistic.passage_id], set()).add(one.statistic.quote_span)
    vectors = likeness.among(sentences)
    return [
        replace(one, vector=partial(vectors.vector, keys[said.passage_id], said.quote_span, said.language))
        for one in placed
        for said in (one.statistic,)
    ]


def _not_beside(
    placed: Sequence[Placed[Statistic]], places: set[str], others: Sequence[Placed[Statistic]]
) -> list[Placed[Statistic]]:
    """The others but those of which the document gives the value in one sentence with the figure: "the telephone (64 %)
    before the chat (53 %)"."""
    sentences = {(one.document_id, one.statistic.quote_span) for one in placed if one.statistic.id in places}
    beside = {
        (one.document_id, one.statistic.value)
        for one in placed
        if (one.document_id, one.statistic.quote_span) in sentences
    }
    return [one for one in others if (one.document_id, one.statistic.value) not in beside]


def _of_sentence(passage: Passage, statistic: Statistic, cosines: FloatArray) -> float | None:
    """The nearness of the statistic's own sentence; null where its passage is not split."""
    if statistic.quote_span not in passage.sentences:
        return None
    place = passage.sentences.index(statistic.quote_span)
    return float(cosines[place]) if place < len(cosines) else None
