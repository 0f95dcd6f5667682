"""Counts of what hits and statistics have in common, for narrowing a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from api.schemas import FacetCount
from kb.document import Document, Passage
from kb.statistic import Statistic


def hit_facets(
    found: Iterable[tuple[Passage, Document]], with_statistic: set[str]
) -> dict[str, tuple[FacetCount, ...]]:
    """Counts by topic, language, year, source whether there is a statistic (``with_statistic``: passage ids)."""
    counts: dict[str, Counter[str]] = {
        name: Counter() for name in ("topic", "language", "year", "source", "has_statistic")
    }
    for passage, document in found:
        counts["topic"].update(assigned.topic.value for assigned in passage.topics)
        counts["language"][passage.language.value] += 1
        counts["source"][document.source_id] += 1
        counts["has_statistic"][str(passage.id in with_statistic).lower()] += 1
        if document.year is not None:
            counts["year"][str(document.year)] += 1
    return _sorted(counts)


def statistic_facets(statistics: Iterable[Statistic]) -> dict[str, tuple[FacetCount, ...]]:
    """Counts by kind, topic, language, year and source organisation; what is null is not counted."""
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("kind", "topic", "language", "year", "source")}
    for statistic in statistics:
        counts["kind"][statistic.kind.value] += 1
        counts["language"][statistic.language.value] += 1
        counts["topic"].update(topic.value for topic in statistic.topics)
        if statistic.year is not None:
            counts["year"][str(statistic.year)] += 1
        if statistic.source is not None:
            counts["source"][statistic.source] += 1
    return _sorted(counts)


def _sorted(counts: Mapping[str, Counter[str]]) -> dict[str, tuple[FacetCount, ...]]:
    return {
        name: tuple(FacetCount(value, count) for value, count in sorted(counter.items(), key=lambda c: (-c[1], c[0])))
        for name, counter in counts.items()
    }
