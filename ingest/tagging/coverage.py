"""What a base covers: passages by topic, language and year, with its gaps; and what a new tagging changed.

Pure counting. Refuses to know the store and how topics were given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from kb.language import Language
from kb.topics import Topic, TopicAssignment

LANGUAGES = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One passage: its topics, its language, and the year of its document (null when unknown)."""

    topics: frozenset[Topic]
    language: Language
    year: int | None


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """How many passages have a topic, in a language, from a year. ``topic`` is null for those with none."""

    topic: Topic | None
    language: Language
    year: int | None
    passages: int


@dataclass(frozen=True, slots=True)
class CoverageGap:
    """A topic without a passage in a language, in one year or (null) in all."""

    topic: Topic
    language: Language
    year: int | None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Cells that hold passages, in the order topic, language, year (unknown last); the gaps between them.

    A passage with two topics counts in two cells; ``passages`` counts it once. Gaps are looked for in Spanish and
    English, in each year from the first to the last that any passage has.
    """

    passages: int
    cells: tuple[CoverageCell, ...]
    gaps: tuple[CoverageGap, ...]


@dataclass(frozen=True, slots=True)
class TopicChange:
    """A topic that a passage gained or lost; the score is the new one when gained, the old one when lost."""

    passage_id: str
    topic: Topic
    gained: bool
    score: float


@dataclass(frozen=True, slots=True)
class TaggingDiff:
    """What a new tagging changed: topics gained and lost, and how many passages kept theirs."""

    changes: tuple[TopicChange, ...]
    changed_passages: int
    unchanged_passages: int


def coverage(rows: Iterable[CoverageRow]) -> Coverage:
    """The passages counted by topic, language and year, with the gaps."""
    counted: Counter[tuple[Topic | None, Language, int | None]] = Counter()
    passages = 0
    for row in rows:
        passages += 1
        for topic in row.topics or (None,):
            counted[topic, row.language, row.year] += 1
    cells = [CoverageCell(topic, language, year, number) for (topic, language, year), number in counted.items()]
    return Coverage(passages, tuple(sorted(cells, key=_order)), _gaps(cells))


def diff_topics(
    before: Mapping[str, Sequence[TopicAssignment]], after: Mapping[str, Sequence[TopicAssignment]]
) -> TaggingDiff:
    """What changed from one tagging (by passage id) to another; scores alone are no change.

    A passage that only one of them knows counts as having had, or having, no topic.
    """
    changes: list[TopicChange] = []
    ids = sorted({*before, *after})
    for passage_id in ids:
        old = {given.topic: given.score for given in before.get(passage_id, ())}
        new = {given.topic: given.score for given in after.get(passage_id, ())}
        for topic in Topic:
            if (topic in old) is not (topic in new):
                gained = topic in new
                changes.append(TopicChange(passage_id, topic, gained, (new if gained else old)[topic]))
    changed = len({change.passage_id for change in changes})
    return TaggingDiff(tuple(changes), changed, len(ids) - changed)


def _gaps(cells: Sequence[CoverageCell]) -> tuple[CoverageGap, ...]:
    covered = {(cell.topic, cell.language, cell.year) for cell in cells}
    anywhere = {(cell.topic, cell.language) for cell in cells}
    known = [cell.year for cell in cells if cell.year is not None]
    years = range(min(known), max(known) + 1) if known else range(0)
    gaps: list[CoverageGap] = []
    for topic in Topic:
        for language in LANGUAGES:
            if (topic, language) not in anywhere:
                gaps.append(CoverageGap(topic, language, None))
            else:
                missing = [year for year in years if (topic, language, year) not in covered]
                gaps += [CoverageGap(topic, language, year) for year in missing]
    return tuple(gaps)


def _order(cell: CoverageCell) -> tuple[int, int, int]:
    topics, languages = list(Topic), list(Language)
    return (
        len(topics) if cell.topic is None else topics.index(cell.topic),
        languages.index(cell.language),
        9999 if cell.year is None else cell.year,
    )
