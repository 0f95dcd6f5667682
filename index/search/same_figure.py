"""The same figure in several places: reprints, repetitions and translations of one statement are one group.

Owns when two statistics are the same: equal value, kind, unit and hedge, nothing against it in source, year or
sample, and sentences that say the same. The records stay apart in the store; only lists are grouped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.search.lexical import content_words
from kb.records.ports import FloatArray
from kb.records.statistic import Kind, Statistic

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


@dataclass(frozen=True, slots=True)
class Placed:
    """A statistic with the document it stands in, the first document of its reprints, the document that one
    translates (itself where it translates none), and its sentence's centred unit vector (null when not known)."""

    statistic: Statistic
    document_id: str
    origin_id: str
    work_id: str
    vector: Callable[[], FloatArray | None]


@dataclass(frozen=True, slots=True)
class _Member:
    """A placed statistic with the words of its sentence and which of the equal values of the sentence it is."""

    placed: Placed
    words: frozenset[str]
    ordinal: int


@dataclass(frozen=True, slots=True)
class _Key:
    value: Decimal
    high: Decimal | None
    kind: Kind
    unit: str | None
    comparator: str


def grouped(placed: Iterable[Placed], *, hedged: bool = True) -> list[list[Statistic]]:
    """The statistics in groups of the same figure; groups and members in the order they came in, but who says who
    measured it leads, and a document that repeats another never leads a group that has the other. Not ``hedged``: a
    figure that lost its hedge on the way is the same."""
    groups: list[list[_Member]] = []
    buckets: dict[_Key, list[list[_Member]]] = {}
    ordinals: dict[tuple[object, ...], int] = {}
    for one in placed:
        key = _key(one.statistic, hedged)
        if key is None:
            groups.append([_Member(one, frozenset(), 0)])
            continue
        sentence = (one.document_id, one.statistic.quote_span, key)
        ordinals[sentence] = ordinals.get(sentence, -1) + 1
        member = _Member(one, frozenset(content_words(one.statistic.quote)), ordinals[sentence])
        bucket = buckets.setdefault(key, [])
        home = next((group for group in bucket if _joins(member, group)), None)
        if home is None:
            home = []
            bucket.append(home)
            groups.append(home)
        home.append(member)
    return [_led_by_the_original(group) for group in groups]


def measures_alike(one: Placed, other: Placed) -> bool:
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


def _key(statistic: Statistic, hedged: bool) -> _Key | None:
    if statistic.value is None:
        return None
    unit = None if statistic.kind is Kind.COUNT else statistic.unit  # a count's unit is a word of its language
    comparator = statistic.comparator.value if hedged else ""
    return _Key(statistic.value, statistic.high, statistic.kind, unit, comparator)


def _joins(member: _Member, group: Sequence[_Member]) -> bool:
    """Whether a statistic says the same as a group: like one of it, and in no sentence that is in it already."""
    places = {(other.placed.document_id, other.placed.statistic.quote_span) for other in group}
    if (member.placed.document_id, member.placed.statistic.quote_span) in places:
        return False
    return any(_same(member, other) for other in group)


def _same(one: _Member, other: _Member) -> bool:
    first, second = one.placed.statistic, other.placed.statistic
    if one.ordinal != other.ordinal or _differ(first.sample_size, second.sample_size):
        return False
    reprint = one.placed.origin_id == other.placed.origin_id and one.placed.document_id != other.placed.document_id
    if first.language is second.language:
        common = _common(one.words, other.words)
        if common >= (_REPRINTED if reprint else _REPEATED):
            return not _differ(first.year, second.year)
    if _differ(first.year, second.year):
        return False
    mine, theirs = one.placed.vector(), other.placed.vector()
    if mine is None or theirs is None:
        return False
    named = _same_source(first.source, second.source)
    likeness = float(mine @ theirs)
    if one.placed.work_id == other.placed.work_id and one.placed.origin_id != other.placed.origin_id:
        return likeness >= _SAME_IN_TRANSLATION
    return likeness >= _SAME_WITH_SOURCE if named else named is None and likeness >= _SAME


def _differ(first: int | None, second: int | None) -> bool:
    return first is not None and second is not None and first != second


def _common(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / len(one | other) if one and other else 0.0


def _same_source(first: str | None, second: str | None) -> bool | None:
    """Whether two named sources share a telling word; null when one is not named."""
    if first is None or second is None:
        return None
    return bool(set(content_words(first)) & set(content_words(second)))


def _led_by_the_original(group: Sequence[_Member]) -> list[Statistic]:
    originals = [one for one in group if one.placed.document_id == one.placed.origin_id] or group[:1]
    leader = next((one for one in originals if one.placed.statistic.source is not None), originals[0])
    return [leader.placed.statistic, *(one.placed.statistic for one in group if one is not leader)]
