"""The same figure in several places: reprints, repetitions and translations of one statement are one group.

Owns when two statistics are the same: equal value, kind, unit and hedge, nothing against it in source, year or
sample, and sentences that say the same. The records stay apart in the store; only lists are grouped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.search.lexical import content_words
from kb.records.document import Span
from kb.records.ports import FloatArray
from kb.records.statistic import Kind, Statistic
from kb.store.figures import FigureFacts

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


@dataclass(frozen=True, slots=True)
class Placed(Generic[Figure]):
    """A statistic with the document it stands in, the first document of its reprints, the document that one
    translates (itself where it translates none), and its sentence's centred unit vector (null when not known)."""

    statistic: Figure
    document_id: str
    origin_id: str
    work_id: str
    vector: Callable[[], FloatArray | None]


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


class SameFigures(Generic[Figure]):
    """Which of many statistics say the same, compared once, so that any part of them is put in groups without reading
    anything. Statistics are named by their places in the list that was given."""

    def __init__(self, placed: Sequence[Placed[Figure]], *, hedged: bool = True) -> None:
        buckets: dict[_Key, list[int]] = {}
        for at, one in enumerate(placed):
            key = _key(one.statistic, hedged)
            if key is not None:
                buckets.setdefault(key, []).append(at)
        # For each, those before it that say the same, whichever of the equal values of their sentences they are.
        self._same: dict[int, list[int]] = {}
        for bucket in buckets.values():
            if len(bucket) > 1:
                self._compare(placed, bucket)
        # Of those with another that says the same: their sentence, the value in it, and how they lead a group.
        sentences: dict[tuple[str, Span], int] = {}
        values: dict[tuple[int, _Key | None], int] = {}
        self._told: dict[int, _Told] = {}
        for at in sorted({*self._same, *(other for same in self._same.values() for other in same)}):
            one = placed[at]
            sentence = sentences.setdefault((one.document_id, one.statistic.quote_span), len(sentences))
            value = values.setdefault((sentence, _key(one.statistic, hedged)), len(values))
            leads = one.document_id == one.origin_id, one.statistic.source is not None
            self._told[at] = _Told(sentence, value, *leads)

    def _compare(self, placed: Sequence[Placed[Figure]], bucket: Sequence[int]) -> None:
        for place, same in EqualValues([placed[at] for at in bucket]).each():
            if len(same):
                self._same[bucket[place]] = [bucket[other] for other in same.tolist()]

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
                for other in self._same.get(at, ())
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

    def each(self) -> Iterator[tuple[int, NDArray[np.intp]]]:
        """The place of each, and of those before it that say the same, ascending."""
        for first in range(0, len(self._vectors), _ROWS):
            rows = self._vectors[first : first + _ROWS]
            likeness = rows @ self._vectors[: first + _ROWS].T
            for at in range(first, first + len(rows)):
                yield at, self._same_before(at, likeness[at - first, :at])

    def _same_before(self, at: int, likeness: FloatArray) -> NDArray[np.intp]:
        elsewhere = self._documents[:at] != self._documents[at]
        another = self._origins[:at] != self._origins[at]
        words = self._words.share_before(at) >= np.where(elsewhere & ~another, _REPRINTED, _REPEATED)
        repeated = words & (self._languages[:at] == self._languages[at])
        translated = (self._works[:at] == self._works[at]) & another
        both_named = self._named[:at] & self._named[at]
        least = np.where(both_named, np.where(self._sources.share_before(at) > 0, _SAME_WITH_SOURCE, np.inf), _SAME)
        least = np.where(translated, _SAME_IN_TRANSLATION, least)
        alike = likeness >= least
        against = _differ(self._years, at) | _differ(self._samples, at)
        return np.flatnonzero((repeated | alike) & ~against)


class _Shared:
    """The words of several texts, and the share of them that each has in common with those before it."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self._texts = texts
        self._sizes = np.array([len(words) for words in texts])
        having: dict[str, list[int]] = {}
        for at, words in enumerate(texts):
            for word in words:
                having.setdefault(word, []).append(at)
        self._having = {word: np.array(places) for word, places in having.items()}

    def share_before(self, at: int) -> NDArray[np.float64]:
        """The words of both by the words of either; 0 for a text without any."""
        having = [self._having[word] for word in self._texts[at]]
        if not having:
            return np.zeros(at)
        common = np.bincount(np.concatenate(having), minlength=at)[:at]
        return np.asarray(common / (self._sizes[:at] + self._sizes[at] - common), np.float64)


def _numbers(given: Iterable[int | None]) -> NDArray[np.float64]:
    return np.array([np.nan if one is None else one for one in given], np.float64)


def _differ(numbers: NDArray[np.float64], at: int) -> NDArray[np.bool_]:
    """Which of those before it have another number than this one; none where one of both is not known."""
    return np.asarray(np.abs(numbers[:at] - numbers[at]) > 0)


def _codes(given: Iterable[Hashable]) -> NDArray[np.int64]:
    codes: dict[Hashable, int] = {}
    return np.array([codes.setdefault(one, len(codes)) for one in given])


def _matrix(vectors: Sequence[FloatArray | None]) -> FloatArray:
    """The vectors as rows; nothing but zeros, which are like nothing, for one that is not known."""
    dimension = next((len(one) for one in vectors if one is not None), 1)
    nothing = np.zeros(dimension, np.float32)
    return np.stack([nothing if one is None else one for one in vectors])
