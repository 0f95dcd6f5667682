"""Filters to SQL: which live passages and which statistics fulfil them. Values are always bound, never pasted.

A row for each field of ``Filters`` and ``StatisticQuery``: the condition that its value makes.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from kb.records.file_format import FileFormat
from kb.records.search import Filters, StatisticQuery

Condition = tuple[str, list[object]]
# The fields that one condition is made of, to what makes it of their values.
Rows = Mapping[tuple[str, ...], Callable[..., Condition]]

_HAS_STATISTIC = "passages.key IN (SELECT key FROM statistics)"


def like(text: str) -> str:
    """A LIKE pattern (escape character ``\\``) for text that contains ``text``; NUL, at which SQLite would end it and
    which no name of a base holds, is the character that stands for it in names."""
    escaped = text.replace("\0", "\ufffd").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def passage_conditions(filters: Filters) -> tuple[list[str], list[object]]:
    """SQL conditions on ``passages`` and ``documents`` with their values; empty when nothing is asked."""
    return _conditions(PASSAGES, filters)


def statistic_conditions(query: StatisticQuery) -> tuple[list[str], list[object]]:
    """SQL conditions on ``statistics`` and ``passages`` with their values; empty when nothing is asked."""
    return _conditions(FIGURES, query)


def _conditions(rows: Rows, record: Filters | StatisticQuery) -> tuple[list[str], list[object]]:
    asked = [(make, [getattr(record, field) for field in fields]) for fields, make in rows.items()]
    made = [make(*values) for make, values in asked if any(value not in (None, frozenset()) for value in values)]
    return [condition for condition, _ in made], [value for _, values in made for value in values]


def _compared(comparison: str, value: object) -> Condition:
    return f"{comparison} ?", [getattr(value, "value", value)]


def _one_of(column: str, chosen: Iterable[Any]) -> Condition:
    values: list[object] = sorted(getattr(one, "value", one) for one in chosen)
    return f"{column} IN ({_marks(len(values))})", values


def _labelled(table: str, column: str, chosen: Iterable[Any]) -> Condition:
    """Passages with one of these labels."""
    condition, values = _one_of(column, chosen)
    return f"passages.key IN (SELECT key FROM {table} WHERE {condition})", values  # noqa: S608


def _topics(topics: Iterable[Any], own: Iterable[str]) -> Condition:
    (five, first), (mine, second) = (
        _labelled("passage_topics", "topic", topics),
        _labelled("passage_own_topics", "name", own),
    )
    return f"({five} OR {mine})", [*first, *second]


def _sources(sources: Iterable[str]) -> Condition:
    names = sorted(sources)
    either = " OR ".join(f"{_named('source_id')} OR {_named('publisher')}" for _ in names)
    patterns: list[object] = [like(name) for name in names for _ in ("source_id", "publisher")]
    # In a subquery of its own: it reads each document once, and not once for each of its passages.
    return f"documents.id IN (SELECT id FROM documents WHERE {either})", patterns  # noqa: S608


def _formats(formats: Iterable[FileFormat]) -> Condition:
    return _one_of("documents.media_type", [one.media_type for one in formats])


def _with_statistic(wanted: bool) -> Condition:
    return _HAS_STATISTIC if wanted else f"NOT {_HAS_STATISTIC}", []


def _figures(query: StatisticQuery) -> Condition:
    wanted, values = statistic_conditions(query)
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    return f"passages.key IN (SELECT statistics.key FROM statistics{where})", values  # noqa: S608


def _measured_by(source: str) -> Condition:
    return _named("statistics.source"), [like(source)]


def _named(column: str) -> str:
    """Both sides folded by the engine: what is asked as it is written is found, whatever letters an engine knows."""
    return f"folded({column}) LIKE folded(?) ESCAPE '\\'"


def _with_sample_size(wanted: bool) -> Condition:
    return f"statistics.sample_size IS {'NOT ' if wanted else ''}NULL", []


def _topic(topic: Any) -> Condition:
    return _labelled("passage_topics", "topic", [topic])


def _own_topic(name: str) -> Condition:
    return _labelled("passage_own_topics", "name", [name])


def _marks(count: int) -> str:
    return ", ".join("?" * count)


PASSAGES: Rows = {
    ("topics", "own_topics"): _topics,
    ("subtopics",): partial(_labelled, "passage_subtopics", "subtopic"),
    ("languages",): partial(_one_of, "passages.language"),
    ("year_from",): partial(_compared, "documents.year >="),
    ("year_to",): partial(_compared, "documents.year <="),
    ("sources",): _sources,
    ("formats",): _formats,
    ("added_after",): partial(_compared, "passages.key >"),
    ("has_statistic",): _with_statistic,
    ("figures",): _figures,
}
FIGURES: Rows = {
    ("kind",): partial(_compared, "statistics.kind ="),
    ("value_from",): partial(_compared, "statistics.value >="),
    ("value_to",): partial(_compared, "statistics.value <="),
    ("year_from",): partial(_compared, "statistics.year >="),
    ("year_to",): partial(_compared, "statistics.year <="),
    ("language",): partial(_compared, "statistics.language ="),
    ("source",): _measured_by,
    ("topic",): _topic,
    ("own_topic",): _own_topic,
    ("subtopics",): partial(_labelled, "passage_subtopics", "subtopic"),
    ("has_sample_size",): _with_sample_size,
}
