"""Check my draft: each figure of a text against the statistics of the base.

A figure is supported by an equal value in a sentence about the same matter, contradicted only where
one very near sentence of no other study gives another value, and otherwise not found: rather none than wrong.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

from api.service.knowledge_base import KnowledgeBase, cite_span
from kb.records.citation import Citation
from kb.records.language import Language
from kb.records.search import Filters, Hit, Query, StatisticQuery
from kb.records.statistic import Kind, Statistic

MAX_FIGURES = 60
# Similarity of sentences (cosine, each language's mean taken out), measured on the samples with 92 claims of our own by
# ``python -m bench.draft_limits``: at .40 and .46 the verdict on 76 is right and none is false (at .42 and .55: 73 and
# none); below .38 false ones begin, 13 to 17 of them at .26.
SAME_MATTER = 0.40
SAME_CLAIM = 0.46
_NEAREST = 30
# "McKinsey" and "McKinsey & Company" are one: a word of a name in common is enough.
_NAME = re.compile(r"\w{3,40}")
_SHARES = frozenset({Kind.PERCENT, Kind.FRACTION, Kind.RATIO})


@dataclass(frozen=True, slots=True)
class Nearness:
    """From which similarity on two sentences are about the same matter, and from which they make the same claim."""

    same_matter: float = SAME_MATTER
    same_claim: float = SAME_CLAIM


_SET = Nearness()


class Finding(Enum):
    """What the base says of a figure."""

    SUPPORTED = "supported"
    OTHER_HEDGE = "other_hedge"
    CONTRADICTED = "contradicted"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class CheckedFigure:
    """A figure of the draft, what was found of it, and the statistic and citation that say so (null: not found)."""

    figure: Statistic
    finding: Finding
    evidence: Statistic | None = None
    citation: Citation | None = None


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """The figures of a draft in order; ``unchecked`` counts those beyond MAX_FIGURES."""

    language: Language
    figures: tuple[CheckedFigure, ...]
    unchecked: int


def check_draft(base: KnowledgeBase, text: str) -> CheckedDraft:
    """Every figure of the text, judged; the text is not kept."""
    analysis = base.analyze("draft", text, None)
    found = sorted(analysis.statistics, key=lambda one: one.span)
    near: dict[str, list[Hit]] = {}
    for one in found[:MAX_FIGURES]:
        if one.quote not in near:
            near[one.quote] = nearest(base, one)
    checked = tuple(judged(base, one, near[one.quote]) for one in found[:MAX_FIGURES])
    return CheckedDraft(analysis.language, checked, max(0, len(found) - MAX_FIGURES))


def nearest(base: KnowledgeBase, figure: Statistic) -> list[Hit]:
    """The hits, among passages with figures, nearest to the sentence of a figure."""
    return list(base.search(Query(figure.quote, Filters(has_statistic=True), _NEAREST)).hits)


def judged(base: KnowledgeBase, figure: Statistic, hits: Sequence[Hit], nearness: Nearness = _SET) -> CheckedFigure:
    """What the base says of a figure whose sentence has these hits nearest to it."""
    related = [hit for hit in hits if hit.why.sentence >= nearness.same_matter]
    by_passage = {hit.passage.id: hit for hit in related}
    stored = base.store.statistics(StatisticQuery(), passages=list(by_passage)) if by_passage else []
    stored.sort(key=lambda one: by_passage[one.passage_id].rank)
    near = [one for one in stored if one.span.overlaps(by_passage[one.passage_id].why.sentence_span)]
    equal = [one for one in near if comparable(figure, one) and same_value(figure, one)]
    if equal:
        best = min(equal, key=lambda one: one.comparator is not figure.comparator)
        same_hedge = best.comparator is figure.comparator
        finding = Finding.SUPPORTED if same_hedge else Finding.OTHER_HEDGE
        return CheckedFigure(figure, finding, best, _cited(base, by_passage[best.passage_id], best))
    for hit in related:
        rival = _rival(figure, hit, near, nearness.same_claim)
        if rival is not None and of_another_study(figure, rival):
            break  # the nearest that is said of it was measured elsewhere: whatever is further away decides nothing
        if rival is not None:
            return CheckedFigure(figure, Finding.CONTRADICTED, rival, _cited(base, hit, rival))
    return CheckedFigure(figure, Finding.NOT_FOUND)


def _rival(figure: Statistic, hit: Hit, near: Sequence[Statistic], same_claim: float) -> Statistic | None:
    """The one comparable figure of a sentence that says the same thing; null where there are several or none."""
    if hit.why.sentence < same_claim:
        return None
    there = [one for one in near if one.passage_id == hit.passage.id]
    rivals = [one for one in there if comparable(figure, one) and one.value is not None]
    return rivals[0] if len(rivals) == 1 and figure.value is not None else None


def of_another_study(one: Statistic, other: Statistic) -> bool:
    """Whether both say who measured or when, and not the same: then two values do not contradict each other."""
    if one.year is not None and other.year is not None and one.year != other.year:
        return True
    names = [set(_NAME.findall((each.source or "").casefold())) for each in (one, other)]
    return all(names) and names[0].isdisjoint(names[1])


def comparable(one: Statistic, other: Statistic) -> bool:
    """Whether two figures measure in the same way: both shares, or the same kind and, for money, the same unit."""
    if one.kind in _SHARES and other.kind in _SHARES:
        return True
    return one.kind is other.kind and (one.kind is not Kind.CURRENCY or one.unit == other.unit)


def same_value(one: Statistic, other: Statistic) -> bool:
    """Whether values and upper ends are equal to one part in a million; an unknown value equals none."""
    if one.value is None or other.value is None or (one.high is None) != (other.high is None):
        return False
    return _equal(one.value, other.value) and (one.high is None or other.high is None or _equal(one.high, other.high))


def _equal(one: Decimal, other: Decimal) -> bool:
    return abs(one - other) <= Decimal("0.000001") * max(abs(one), abs(other))


def _cited(base: KnowledgeBase, hit: Hit, statistic: Statistic) -> Citation:
    return cite_span(base.store.document(hit.document.id), hit.passage, statistic.quote_span)
