"""Query to statistics: those near its words in either language, best first, each figure once with its other places.

Takes an open base and its searcher. Owns how near a statistic is; what a statistic is about is said by its own
sentence first, and by the passage around it. Makes no citations.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import partial
from typing import Any, Generic, Protocol, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.model import parity
from index.search.lexical import content_words
from index.search.searcher import Searcher
from kb.records.document import Passage, Span
from kb.records.language import Language
from kb.records.ports import FloatArray
from kb.records.search import Filters, Query, StatisticQuery
from kb.records.statistic import Kind, Statistic
from kb.store import Store
from kb.store.figures import FigureFacts, PlacedFacts

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


Figure = TypeVar("Figure", bound=Statistic | FigureFacts)

# Share of words in common (of both sentences) within a language; a reprint may be edited.
_REPEATED = 0.7
_REPRINTED = 0.5
# Cosines of centred sentences, as measured for findings (docs/retrieval.md): the same statement in other words or the
# other language; with the same named source a looser likeness is enough.
_SAME = 0.75
_SAME_WITH_SOURCE = 0.5
# In a document and its translation equal values seldom meet by chance: of 61 pairs (XQuAD as twelve documents) the
# same statement was at .60 or more, another at .30 or less.
_SAME_IN_TRANSLATION = 0.45
# Sentences whose likeness to all before them is worked out at once.
_ROWS = 256


def _unknown() -> None:
    """The vector of a sentence that nobody asks for."""


@dataclass(frozen=True, slots=True)
class Placed(Generic[Figure]):
    """A statistic with the document it stands in, the first document of its reprints, the document that one
    translates (itself where it translates none), and its sentence's centred unit vector (null when not known)."""

    statistic: Figure
    document_id: str
    origin_id: str
    work_id: str
    vector: Callable[[], FloatArray | None] = field(default=_unknown, compare=False)


@dataclass(frozen=True, slots=True)
class _Key:
    value: Decimal
    high: Decimal | None
    kind: Kind
    unit: str | None
    comparator: str


@dataclass(frozen=True, slots=True)
class _Told:
    """A statistic among others like it: its sentence and the value in that one, by numbers; whether its document is
    the first of its reprints, and whether it says who measured."""

    sentence: int
    value: int
    original: bool
    measured_by: bool


def grouped(placed: Iterable[Placed[Figure]], *, hedged: bool = True) -> list[list[Figure]]:
    """The statistics in groups of the same figure; groups and members in the order they came in, but who says who
    measured it leads, and a document that repeats another never leads a group that has the other. Not ``hedged``: a
    figure that lost its hedge on the way is the same."""
    given = list(placed)
    groups = SameFigures(given, hedged=hedged).groups(range(len(given)))
    return [[given[at].statistic for at in group] for group in groups]


@dataclass(frozen=True, slots=True)
class _Compared(Generic[Figure]):
    """Statistics of one value, and for each those before it that say the same, as places among them."""

    members: Sequence[Placed[Figure]]
    same: Sequence[NDArray[np.int32]]


class SameFigures(Generic[Figure]):
    """Which of many statistics say the same, compared once, so that any part of them is put in groups without reading
    anything. Statistics are named by their places in the list that was given.

    ``before`` are those of an earlier state: a value whose statistics are what they were then is not compared again.
    ``read`` gives those that are compared with their vectors. Both rest on vectors that stay what they were.
    """

    def __init__(
        self,
        placed: Sequence[Placed[Figure]],
        *,
        hedged: bool = True,
        before: SameFigures[Figure] | None = None,
        read: Callable[[Sequence[Placed[Figure]]], Sequence[Placed[Figure]]] = list,
    ) -> None:
        buckets: dict[_Key, list[int]] = {}
        for at, one in enumerate(placed):
            key = _key(one.statistic, hedged)
            if key is not None:
                buckets.setdefault(key, []).append(at)
        several = {key: np.array(bucket) for key, bucket in buckets.items() if len(bucket) > 1}
        self._compared = self._all_compared({key: [placed[at] for at in several[key]] for key in several}, before, read)
        # For each, those before it that say the same, whichever of the equal values of their sentences they are.
        self._same: dict[int, NDArray[np.int64]] = {}
        told = np.zeros(len(placed), np.bool_)
        for key, bucket in several.items():
            for at, same in zip(bucket.tolist(), self._compared[key].same, strict=True):
                if len(same):
                    self._same[at] = bucket[same]
                    told[at] = told[bucket[same]] = True
        # Of those with another that says the same: their sentence, the value in it, and how they lead a group.
        sentences: dict[tuple[str, Span], int] = {}
        values: dict[tuple[int, _Key | None], int] = {}
        self._told: dict[int, _Told] = {}
        for at in np.flatnonzero(told).tolist():
            one = placed[at]
            sentence = sentences.setdefault((one.document_id, one.statistic.quote_span), len(sentences))
            value = values.setdefault((sentence, _key(one.statistic, hedged)), len(values))
            leads = one.document_id == one.origin_id, one.statistic.source is not None
            self._told[at] = _Told(sentence, value, *leads)

    @staticmethod
    def _all_compared(
        given: Mapping[_Key, Sequence[Placed[Figure]]],
        before: SameFigures[Figure] | None,
        read: Callable[[Sequence[Placed[Figure]]], Sequence[Placed[Figure]]],
    ) -> dict[_Key, _Compared[Figure]]:
        known = {} if before is None else before._compared
        found = {key: known[key] for key, members in given.items() if key in known and known[key].members == members}
        new = {key: members for key, members in given.items() if key not in found}
        whole = iter(read([one for members in new.values() for one in members]))
        for key, members in new.items():
            same = EqualValues([next(whole) for _ in members]).before()
            # What reads the sentences is not kept with the rest.
            found[key] = _Compared([replace(one, vector=_unknown) for one in members], same)
        return found

    def groups(self, among: Iterable[int]) -> list[list[int]]:
        """``among`` these (ascending), as ``grouped`` puts them: like one of a group, and in no sentence that is in it
        already."""
        groups: list[list[int]] = []
        home: dict[int, int] = {}
        inside: dict[int, set[int]] = {}
        ordinals: dict[int, int] = {}
        met: Counter[int] = Counter()
        for at in among:
            told = self._told.get(at)
            if told is None:
                groups.append([at])
                continue
            ordinal = ordinals[at] = met[told.value]
            met[told.value] += 1
            fitting = [
                group
                for other in (self._same[at].tolist() if at in self._same else ())
                if (group := home.get(other)) is not None
                and ordinals[other] == ordinal
                and told.sentence not in inside[group]
            ]
            home[at] = group = min(fitting) if fitting else len(groups)
            if group == len(groups):
                groups.append([])
                inside[group] = set()
            groups[group].append(at)
            inside[group].add(told.sentence)
        return [self._led_by_the_original(group) if len(group) > 1 else group for group in groups]

    def _led_by_the_original(self, group: list[int]) -> list[int]:
        originals = [at for at in group if self._told[at].original] or group[:1]
        leader = next((at for at in originals if self._told[at].measured_by), originals[0])
        return [leader, *(at for at in group if at != leader)]


def measures_alike(one: Placed[Statistic], other: Placed[Statistic]) -> bool:
    """Whether two figures of different values measure the same thing: sentences that say the same but for the numbers,
    of the same people where both say whom."""
    first, second = one.statistic, other.statistic
    if first.kind is not second.kind or first.value == second.value or first.id == second.id:
        return False
    if first.kind is not Kind.COUNT and first.unit != second.unit:
        return False
    if one.document_id == other.document_id and first.quote_span == second.quote_span:
        return False
    if first.population and second.population and first.language is second.language:
        whom = _told(first.population), _told(second.population)
        if all(whom) and whom[0].isdisjoint(whom[1]):
            return False
    if first.language is second.language and _common(_told(first.quote), _told(second.quote)) >= _REPEATED:
        return True
    mine, theirs = one.vector(), other.vector()
    return mine is not None and theirs is not None and float(mine @ theirs) >= _SAME


def _told(text: str) -> frozenset[str]:
    """The telling words of a text that are no numbers."""
    return frozenset(word for word in content_words(text) if not any(sign.isdigit() for sign in word))


def _key(statistic: Statistic | FigureFacts, hedged: bool) -> _Key | None:
    if statistic.value is None:
        return None
    unit = None if statistic.kind is Kind.COUNT else statistic.unit  # a count's unit is a word of its language
    comparator = statistic.comparator.value if hedged else ""
    return _Key(statistic.value, statistic.high, statistic.kind, unit, comparator)


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


class EqualValues:
    """Statistics of one value, each to be held against those before it at once."""

    def __init__(self, placed: Sequence[Placed[Any]]) -> None:
        figures = [one.statistic for one in placed]
        self._words = _Shared([content_words(one.quote) for one in figures])
        self._sources = _Shared([content_words(one.source or "") for one in figures])
        self._named = np.array([one.source is not None for one in figures])
        self._years = _numbers(one.year for one in figures)
        self._samples = _numbers(one.sample_size for one in figures)
        self._languages = _codes(one.language for one in figures)
        self._documents = _codes(one.document_id for one in placed)
        self._origins = _codes(one.origin_id for one in placed)
        self._works = _codes(one.work_id for one in placed)
        self._vectors = _matrix([one.vector() for one in placed])

    def before(self) -> list[NDArray[np.int32]]:
        """For each the places of those before it that say the same, ascending."""
        found = []
        for first in range(0, len(self._vectors), _ROWS):
            rows = slice(first, min(first + _ROWS, len(self._vectors)))
            same = np.tril(self._same(rows), first - 1)
            found += [np.flatnonzero(row).astype(np.int32) for row in same]
        return found

    def _same(self, rows: slice) -> NDArray[np.bool_]:
        """Whether each of these rows says the same as each of all up to the last of them, (rows, all)."""

        def equal(codes: NDArray[Any]) -> NDArray[np.bool_]:
            return np.asarray(codes[rows, None] == codes[None, : rows.stop])

        elsewhere, another = ~equal(self._documents), ~equal(self._origins)
        words = self._words.shares(rows) >= np.where(elsewhere & ~another, _REPRINTED, _REPEATED)
        repeated = words & equal(self._languages)
        translated = equal(self._works) & another
        both_named = self._named[rows, None] & self._named[None, : rows.stop]
        least = np.where(both_named, np.where(self._sources.shares(rows) > 0, _SAME_WITH_SOURCE, np.inf), _SAME)
        least = np.where(translated, _SAME_IN_TRANSLATION, least)
        alike = self._vectors[rows] @ self._vectors[: rows.stop].T >= least
        return (repeated | alike) & ~(_differ(self._years, rows) | _differ(self._samples, rows))


class _Shared:
    """The words of several texts, and the share of them that each has in common with others."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._sizes = np.array([len(words) for words in texts])
        having: dict[str, list[int]] = {}
        for at, words in enumerate(texts):
            for word in words:
                having.setdefault(word, []).append(at)
        arrays = {word: np.array(places) for word, places in having.items()}
        # A word that one text alone has is common to no two.
        self._having = [[arrays[word] for word in words if len(arrays[word]) > 1] for words in texts]

    def shares(self, rows: slice) -> NDArray[np.float64]:
        """The words of both by the words of either, for these rows with all up to the last of them, (rows, all); 0 for
        a text without any."""
        count = rows.stop - rows.start
        having = [(row, places) for row, each in enumerate(self._having[rows]) for places in each]
        common = np.zeros(count * rows.stop)
        if having:
            places = np.concatenate([one for _, one in having])
            owners = np.repeat([row for row, _ in having], [len(one) for _, one in having])
            inside = places < rows.stop
            common = np.bincount(owners[inside] * rows.stop + places[inside], minlength=len(common))
        common = common.reshape(count, rows.stop)
        either = self._sizes[rows, None] + self._sizes[None, : rows.stop] - common
        return np.asarray(common / np.maximum(either, 1), np.float64)


def _numbers(given: Iterable[int | None]) -> NDArray[np.float64]:
    return np.array([np.nan if one is None else one for one in given], np.float64)


def _differ(numbers: NDArray[np.float64], rows: slice) -> NDArray[np.bool_]:
    """Which of all up to the last of these rows have another number than each of them; none where one of both is not
    known."""
    return np.asarray(np.abs(numbers[rows, None] - numbers[None, : rows.stop]) > 0)


def _codes(given: Iterable[Hashable]) -> NDArray[np.int64]:
    codes: dict[Hashable, int] = {}
    return np.array([codes.setdefault(one, len(codes)) for one in given])


def _matrix(vectors: Sequence[FloatArray | None]) -> FloatArray:
    """The vectors as rows; nothing but zeros, which are like nothing, for one that is not known."""
    dimension = next((len(one) for one in vectors if one is not None), 1)
    nothing = np.zeros(dimension, np.float32)
    return np.stack([nothing if one is None else one for one in vectors])
