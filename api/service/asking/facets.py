"""Counts of what hits and statistics have in common, for narrowing a search."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from itertools import chain
from typing import TypeAlias

from api.service.schemas import FacetCount
from kb.records.document import Document, Passage
from kb.records.file_format import format_of
from kb.records.statistic import Statistic
from kb.records.topics import STAGES
from kb.store.entry import DocumentFacts
from kb.store.figures import FigureFacts

_Values: TypeAlias = Callable[[Statistic | FigureFacts], Iterable[Hashable]]
_OF_FIGURES: Mapping[str, _Values] = {
    "kind": lambda one: (one.kind,),
    "topic": lambda one: one.topics,
    "language": lambda one: (one.language,),
    "year": lambda one: () if one.year is None else (one.year,),
    "source": lambda one: () if one.source is None else (one.source,),
}
_STAGE_ORDER = {stage.value: rank for rank, stage in enumerate(STAGES, start=1)}


def hit_facets(
    found: Iterable[tuple[Passage, Document | DocumentFacts]], with_statistic: set[str]
) -> dict[str, tuple[FacetCount, ...]]:
    """Counts by topic, language, year, source, format, sub-topic, maturity stage (in their order), users' topics, and
    whether there is a statistic (``with_statistic``: passage ids)."""
    pairs = list(found)
    passages = [passage for passage, _ in pairs]
    documents = [document for _, document in pairs]
    assigned = [topic for passage in passages for topic in passage.topics]
    names = [name for passage in passages for name in {name for topic in passage.topics for name in topic.subtopics}]
    formats = [format_of(document.media_type) for document in documents]
    facets = _sorted(
        {
            "topic": Counter([topic.topic.value for topic in assigned]),
            "language": Counter([passage.language.value for passage in passages]),
            "year": Counter([str(document.year) for document in documents if document.year is not None]),
            "source": Counter([document.source_id for document in documents]),
            "has_statistic": Counter([str(passage.id in with_statistic).lower() for passage in passages]),
            "subtopic": Counter([name for name in names if name not in _STAGE_ORDER]),
            "stage": Counter([name for name in names if name in _STAGE_ORDER]),
            "own_topic": Counter([own.name for passage in passages for own in passage.own_topics]),
            "format": Counter([known.value for known in formats if known is not None]),
        }
    )
    facets["stage"] = tuple(sorted(facets["stage"], key=lambda facet: _STAGE_ORDER[facet.value]))
    return facets


def statistic_facets(figures: Iterable[Sequence[Statistic | FigureFacts]]) -> dict[str, tuple[FacetCount, ...]]:
    """Counts by kind, topic, language, year and source organisation; what is null is not counted.

    A figure is given with its other places, and counts once for each value that one of them has.
    """
    groups = list(figures)
    return _sorted({name: _counted(groups, of) for name, of in _OF_FIGURES.items()})


def _counted(groups: Iterable[Sequence[Statistic | FigureFacts]], of: _Values) -> Counter[str]:
    each = (set(of(one[0])) if len(one) == 1 else {value for place in one for value in of(place)} for one in groups)
    counter = Counter(chain.from_iterable(each))
    return Counter({str(getattr(value, "value", value)): count for value, count in counter.items()})


def _sorted(counts: Mapping[str, Counter[str]]) -> dict[str, tuple[FacetCount, ...]]:
    return {
        name: tuple(FacetCount(value, count) for value, count in sorted(counter.items(), key=lambda c: (-c[1], c[0])))
        for name, counter in counts.items()
    }
