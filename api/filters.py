"""The words of a request to Filters and StatisticQuery: strings become enum members here, at the door."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from kb.errors import InputError
from kb.language import parse_language
from kb.search import Filters, StatisticQuery
from kb.statistic import Kind
from kb.topics import parse_topic


def make_filters(
    topics: Iterable[str] = (),
    languages: Iterable[str] = (),
    year_from: int | None = None,
    year_to: int | None = None,
    sources: Iterable[str] = (),
    has_statistic: bool | None = None,
) -> Filters:
    """The filters; InputError for an unknown topic or language, or years the wrong way round."""
    if year_from is not None and year_to is not None and year_from > year_to:
        raise InputError(f"years {year_from} to {year_to}", "are the wrong way round", "Swap them")
    return Filters(
        frozenset(map(parse_topic, topics)),
        frozenset(map(parse_language, languages)),
        year_from,
        year_to,
        frozenset(sources),
        has_statistic,
    )


def make_statistic_query(
    text: str | None,
    kind: str | None,
    topic: str | None,
    language: str | None,
    value_from: float | None,
    value_to: float | None,
    year_from: int | None,
    year_to: int | None,
    source: str | None,
    has_sample_size: bool | None,
    limit: int,
) -> StatisticQuery:
    """The query for statistics; InputError for an unknown kind, topic or language."""
    return StatisticQuery(
        text=text if text and text.strip() else None,
        kind=None if kind is None else parse_kind(kind),
        topic=None if topic is None else parse_topic(topic),
        language=None if language is None else parse_language(language),
        value_from=value_from,
        value_to=value_to,
        year_from=year_from,
        year_to=year_to,
        source=source,
        has_sample_size=has_sample_size,
        limit=limit,
    )


def parse_kind(name: str) -> Kind:
    """The kind of this name; InputError, naming the nearest, for any other."""
    key = name.strip().lower()
    known = [kind.value for kind in Kind]
    if key in known:
        return Kind(key)
    near = get_close_matches(key, known, 1)
    hint = f"Did you mean {near[0]}?" if near else f"Use one of: {', '.join(known)}"
    raise InputError(f"kind {name!r}", "is not a kind of statistic", hint)
