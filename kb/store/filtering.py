"""Filters to SQL: which live passages and which statistics fulfil them. Values are always bound, never pasted."""

from __future__ import annotations

from kb.records.search import Filters, StatisticQuery
from kb.store.disk.folding import folded

_HAS_STATISTIC = "passages.key IN (SELECT key FROM statistics)"


def like(text: str) -> str:
    """A LIKE pattern (escape character ``\\``) for text that contains ``text``."""
    escaped = text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def passage_conditions(filters: Filters) -> tuple[list[str], list[object]]:
    """SQL conditions on ``passages`` and ``documents`` with their values; empty when nothing is asked."""
    conditions: list[str] = []
    values: list[object] = []
    if filters.topics or filters.own_topics:
        conditions.append(
            "(passages.key IN (SELECT key FROM passage_topics "  # noqa: S608
            f"WHERE topic IN ({_marks(len(filters.topics))})) OR passages.key IN "
            f"(SELECT key FROM passage_own_topics WHERE name IN ({_marks(len(filters.own_topics))})))"
        )
        values += [*sorted(topic.value for topic in filters.topics), *sorted(filters.own_topics)]
    if filters.subtopics:
        conditions.append(_has_subtopic(len(filters.subtopics)))
        values += sorted(subtopic.value for subtopic in filters.subtopics)
    if filters.languages:
        conditions.append(f"passages.language IN ({_marks(len(filters.languages))})")
        values += sorted(language.value for language in filters.languages)
    if filters.year_from is not None:
        conditions.append("documents.year >= ?")
        values.append(filters.year_from)
    if filters.year_to is not None:
        conditions.append("documents.year <= ?")
        values.append(filters.year_to)
    if filters.sources:
        either = " OR ".join(
            "folded(source_id) LIKE ? ESCAPE '\\' OR folded(publisher) LIKE ? ESCAPE '\\'" for _ in filters.sources
        )
        # In a subquery of its own, as the formats below.
        conditions.append(f"documents.id IN (SELECT id FROM documents WHERE {either})")  # noqa: S608
        values += [like(folded(source)) for source in sorted(filters.sources) for _ in ("source_id", "publisher")]
    if filters.formats:
        # In a subquery of its own: it reads each document once, and not once for each of its passages.
        conditions.append(
            "documents.id IN (SELECT id FROM documents "  # noqa: S608
            f"WHERE json_extract(record, '$.media_type') IN ({_marks(len(filters.formats))}))"
        )
        values += sorted(one.media_type for one in filters.formats)
    if filters.added_after is not None:
        conditions.append("passages.key > ?")
        values.append(filters.added_after)
    if filters.has_statistic is not None:
        conditions.append(_HAS_STATISTIC if filters.has_statistic else f"NOT {_HAS_STATISTIC}")
    if filters.figures is not None:
        wanted, wanted_values = statistic_conditions(filters.figures)
        where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
        conditions.append(f"passages.key IN (SELECT statistics.key FROM statistics{where})")  # noqa: S608
        values += wanted_values
    return conditions, values


def statistic_conditions(query: StatisticQuery) -> tuple[list[str], list[object]]:
    """SQL conditions on ``statistics`` and ``passages`` with their values; empty when nothing is asked."""
    conditions: list[str] = []
    values: list[object] = []
    for column, comparison, value in (
        ("statistics.kind", "=", query.kind.value if query.kind else None),
        ("statistics.value", ">=", query.value_from),
        ("statistics.value", "<=", query.value_to),
        ("statistics.year", ">=", query.year_from),
        ("statistics.year", "<=", query.year_to),
        ("statistics.language", "=", query.language.value if query.language else None),
    ):
        if value is not None:
            conditions.append(f"{column} {comparison} ?")
            values.append(value)
    if query.source is not None:
        conditions.append("folded(statistics.source) LIKE ? ESCAPE '\\'")
        values.append(like(folded(query.source)))
    if query.topic is not None:
        conditions.append("passages.key IN (SELECT key FROM passage_topics WHERE topic = ?)")
        values.append(query.topic.value)
    if query.own_topic is not None:
        conditions.append("passages.key IN (SELECT key FROM passage_own_topics WHERE name = ?)")
        values.append(query.own_topic)
    if query.subtopics:
        conditions.append(_has_subtopic(len(query.subtopics)))
        values += sorted(subtopic.value for subtopic in query.subtopics)
    if query.has_sample_size is not None:
        conditions.append(f"statistics.sample_size IS {'NOT ' if query.has_sample_size else ''}NULL")
    return conditions, values


def _has_subtopic(count: int) -> str:
    return f"passages.key IN (SELECT key FROM passage_subtopics WHERE subtopic IN ({_marks(count)}))"  # noqa: S608


def _marks(count: int) -> str:
    return ", ".join("?" * count)
