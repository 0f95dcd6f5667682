"""The same figure in several places: reprints, repetitions and translations of one statement are one group.

Owns when two statistics are the same: equal value, kind, unit and hedge, nothing against it in source, year or
sample, and sentences that say the same. The records stay apart in the store; only lists are grouped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
