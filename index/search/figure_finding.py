"""Query to statistics: those near its words in either language, best first, each figure once with its other places.

Takes an open base and its searcher. Owns how near a statistic is; what a statistic is about is said by its own
sentence first, and by the passage around it. Makes no citations.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from index.search.same_figure import Figure, Placed, SameFigures, grouped, measures_alike
from index.search.searcher import Searcher
from index.search.sentence_likeness import SentenceLikeness
from kb.records.document import Passage, Span
from kb.records.ports import FloatArray
from kb.records.search import Filters, Query, StatisticQuery
from kb.records.statistic import Statistic
from kb.store import Store
from kb.store.figures import FigureFacts

# Passages whose statistics are ranked: past the first hundreds a ranking by meaning is noise.
POOL = 200
# Its own sentence against the passage around it, and how near to the words a figure is that is about them: at least
# this, and this share of the nearest. Over 32 judged queries (``python -m bench.figure_queries``) .52 of the figures
# found are about the query and .49 of those about it are found; without a floor it was .08 and .78.
_SENTENCE = 0.375
_NEAR_AT_ALL = 0.30
_NEAR_ENOUGH = 0.7
_NOTHING = StatisticQuery()


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
        if replace(query, text=None, limit=_NOTHING.limit) != _NOTHING:
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
        """Made once, until the base changes: reading and comparing those of a thousand documents takes two seconds."""
        with self._listing:
            version = self._store.version()
            if self._listed is None or self._listed.version != version:
                placed = self._placed(self._store.figure_facts())
                same = SameFigures(placed)
                # What reads the sentences is not kept with the list.
                bare = [replace(one, vector=_unknown) for one in placed]
                places = {one.statistic.id: at for at, one in enumerate(bare)}
                self._listed = _Listed(version, bare, places, same, same.groups(range(len(bare))))
            return self._listed

    def _scored(self, query: StatisticQuery) -> list[tuple[Statistic, float]]:
        """The statistics that are near enough with their nearness, nearest first."""
        searcher, text = self._searcher(), query.text or ""
        hits = searcher.search(Query(text, Filters(figures=query), POOL))
        passages = self._store.passages([hit.key for hit in hits])
        cosines = searcher.sentence_scores(text, passages)
        around = {passages[hit.key].id: hit for hit in hits if hit.key in passages}
        scored = []
        for statistic in self._store.statistics(query, passages=list(around)):
            hit = around[statistic.passage_id]
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
        thing."""
        alike = self._store.statistics(StatisticQuery(kind=statistic.kind))
        placed = self._placed(alike)
        same = [one for one in placed if one.statistic.value == statistic.value]
        groups = grouped(same, hedged=False)
        places = next((group for group in groups if any(one.id == statistic.id for one in group)), [statistic])
        own = next((one for one in placed if one.statistic.id == statistic.id), None)
        others = [] if own is None else [one for one in placed if measures_alike(own, one)]
        others = _not_beside(placed, {one.id for one in places}, others)
        return FigureClaim(tuple(places), tuple(group[0] for group in grouped(others, hedged=False)))

    def _placed(self, found: Sequence[Figure]) -> list[Placed[Figure]]:
        homes = self._store.homes_of(sorted({statistic.passage_id for statistic in found}))
        repeats, translations = self._store.repeats(), self._store.translations()
        sentences: dict[int, set[Span]] = {}
        for one in found:
            if one.passage_id in homes:
                sentences.setdefault(homes[one.passage_id][0], set()).add(one.quote_span)
        vectors = self._known_likeness().among(sentences)
        return [
            Placed(
                one,
                document,
                origin,
                translations.get(origin, origin),
                partial(vectors.vector, key, one.quote_span, one.language),
            )
            for one in found
            if one.passage_id in homes
            for key, document in (homes[one.passage_id],)
            for origin in (repeats.get(document, document),)
        ]

    def _known_likeness(self) -> SentenceLikeness:
        version = self._store.version()
        if self._likeness is None or self._likeness[0] != version:
            self._likeness = (version, SentenceLikeness(self._store))
        return self._likeness[1]


def _unknown() -> None:
    """In place of the vector of a sentence that nobody asks for any more."""


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
