"""Counts of what hits and statistics have in common, for narrowing a search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from api.schemas import FacetCount
from kb.document import Passage
from kb.file_format import format_of
from kb.statistic import Statistic
from kb.topics import STAGES

_STAGE_ORDER = {stage.value: rank for rank, stage in enumerate(STAGES, start=1)}


class Counted(Protocol):
    """What is counted of a document."""

    @property
    def source_id(self) -> str:
        """The name given by whoever sent it."""
        ...

    @property
    def media_type(self) -> str:
        """Of its original."""
        ...

    @property
    def year(self) -> int | None:
        """The year of publication, or null."""
        ...


def hit_facets(found: Iterable[tuple[Passage, Counted]], with_statistic: set[str]) -> dict[str, tuple[FacetCount, ...]]:
    """Counts by topic, language, year, source, format, sub-topic, maturity stage (in their order), users' topics, and
    whether there is a statistic (``with_statistic``: passage ids)."""
    counts: dict[str, Counter[str]] = {
        name: Counter()
        for name in ("topic", "language", "year", "source", "has_statistic", "subtopic", "stage", "own_topic", "format")
    }
    for passage, document in found:
        counts["topic"].update(assigned.topic.value for assigned in passage.topics)
        for name in {name for assigned in passage.topics for name in assigned.subtopics}:
            counts["stage" if name in _STAGE_ORDER else "subtopic"][name] += 1
        counts["own_topic"].update(own.name for own in passage.own_topics)
        counts["language"][passage.language.value] += 1
        counts["source"][document.source_id] += 1
        counts["has_statistic"][str(passage.id in with_statistic).lower()] += 1
        known = format_of(document.media_type)
        if known is not None:
            counts["format"][known.value] += 1
        if document.year is not None:
            counts["year"][str(document.year)] += 1
    facets = _sorted(counts)
    facets["stage"] = tuple(sorted(facets["stage"], key=lambda facet: _STAGE_ORDER[facet.value]))
    return facets


def statistic_facets(figures: Iterable[Sequence[Statistic]]) -> dict[str, tuple[FacetCount, ...]]:
    """Counts by kind, topic, language, year and source organisation; what is null is not counted.

    A figure is given with its other places, and counts once for each value that one of them has.
    """
    counts: dict[str, Counter[str]] = {name: Counter() for name in ("kind", "topic", "language", "year", "source")}
    for places in figures:
        counts["kind"].update({one.kind.value for one in places})
        counts["language"].update({one.language.value for one in places})
        counts["topic"].update({topic.value for one in places for topic in one.topics})
        counts["year"].update({str(one.year) for one in places if one.year is not None})
        counts["source"].update({one.source for one in places if one.source is not None})
    return _sorted(counts)


def _sorted(counts: Mapping[str, Counter[str]]) -> dict[str, tuple[FacetCount, ...]]:
    return {
        name: tuple(FacetCount(value, count) for value, count in sorted(counter.items(), key=lambda c: (-c[1], c[0])))
        for name, counter in counts.items()
    }
