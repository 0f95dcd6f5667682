"""The table of filters: a row each, read by the API, the command line, the page, the client's server and the agents.

Owns what a filter is called, how its words are read and what it says of itself. Which field of a record it fills is in
its row; what that field means to the store is the row of the same field in ``kb.store.filtering``.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from inspect import Parameter
from typing import Any

from api.service.asking.names import (
    check_order,
    own_key,
    parse_kind,
    read_format,
    read_language,
    read_subtopics,
    read_topic,
)
from kb.records.document import FileFormat
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import Filters, StatisticQuery
from kb.records.statistic import Kind
from kb.records.topics import SubTopic, Topic

# The words of the filters of one request, by their names; null and empty ask for nothing.
FilterWords = Mapping[str, Any]
# A word, and the names of the users' topics, to the values that it means.
Read = Callable[[str, Collection[str]], Iterable[object]]


class Shape(Enum):
    """What the words of a filter are: several names, one name, one text, a year, a number, or yes and no."""

    NAMES = "names"
    NAME = "name"
    TEXT = "text"
    YEAR = "year"
    NUMBER = "number"
    FLAG = "flag"

    @property
    def unset(self) -> tuple[str, ...] | None:
        """What stands for no filter."""
        return () if self is Shape.NAMES else None


@dataclass(frozen=True, slots=True)
class FilterRow:
    """A filter: its name at every door, its shape, the field that it fills, and what it says of itself.

    ``own`` is the field for users' topics by name; ``after`` the row that may not lie beyond this one, and what both
    are called; ``known`` the closed vocabulary, if it has one; ``spoken`` the name that agents use (null: its own).
    """

    name: str
    shape: Shape
    field: str
    en: str
    es: str
    read: Read | None = None
    own: str | None = None
    after: tuple[str, str] | None = None
    known: tuple[str, ...] = ()
    spoken: str | None = None

    def values(self, given: Any, own: Collection[str]) -> dict[str, object]:
        """The fields that these words fill; InputError for a word that is not known."""
        words = given if self.shape is Shape.NAMES else (given,)
        mine: list[object] = [own_key(word) for word in words if self.own and own_key(word) in own]
        others = [word for word in words if not self.own or own_key(word) not in own]
        read = [value for word in others for value in (self.read(word, own) if self.read else (word,))]
        found = {self.field: read} | ({self.own: mine} if self.own else {})
        if self.shape is Shape.NAMES:
            return {field: frozenset(values) for field, values in found.items()}
        return {field: values[0] for field, values in found.items() if values}


def _topic(word: str, own: Collection[str]) -> tuple[Topic]:
    return (read_topic(word, own),)


def _subtopics(word: str, own: Collection[str]) -> Iterable[SubTopic]:
    return read_subtopics(word)


def _language(word: str, own: Collection[str]) -> tuple[Language]:
    return (read_language(word),)


def _format(word: str, own: Collection[str]) -> tuple[FileFormat]:
    return (read_format(word),)


def _kind(word: str, own: Collection[str]) -> tuple[Kind]:
    return (parse_kind(word),)


_TOPICS = tuple(one.value for one in Topic)
_LANGUAGES = tuple(one.value for one in Language)
_FORMATS = tuple(one.value for one in FileFormat)
_KINDS = tuple(one.value for one in Kind)
SUBTOPIC = FilterRow(
    "subtopic",
    Shape.NAMES,
    "subtopics",
    "Only this sub-topic: nps, journey_maps, stage:3, stage:2..4 (several).",
    "Solo este subtema: nps, journey_maps, stage:3, stage:2..4 (varios).",
    _subtopics,
    known=tuple(one.value for one in SubTopic),
)
# New rows go to the end: the order is that of a saved body, which a repeated request is compared with.
PASSAGES = (
    FilterRow(
        "topic",
        Shape.NAMES,
        "topics",
        "Only this topic, one of the five or your own (several).",
        "Solo este tema, uno de los cinco o uno propio (varios).",
        _topic,
        own="own_topics",
        known=_TOPICS,
    ),
    FilterRow(
        "language",
        Shape.NAMES,
        "languages",
        "Only es, en or other (several times).",
        "Solo es, en u other (varias veces).",
        _language,
        known=_LANGUAGES,
    ),
    FilterRow(
        "year_from",
        Shape.YEAR,
        "year_from",
        "Published in this year or later.",
        "Publicado en este año o después.",
    ),
    FilterRow(
        "year_to",
        Shape.YEAR,
        "year_to",
        "Published in this year or earlier.",
        "Publicado en este año o antes.",
        after=("years", "year_from"),
    ),
    FilterRow(
        "source",
        Shape.NAMES,
        "sources",
        "Only sources or publishers with this in the name.",
        "Solo fuentes o editoriales con esto en el nombre.",
    ),
    FilterRow(
        "has_statistic",
        Shape.FLAG,
        "has_statistic",
        "Only passages with (or without) a statistic.",
        "Solo pasajes con alguna cifra (o sin ninguna).",
    ),
    SUBTOPIC,
    FilterRow(
        "format",
        Shape.NAMES,
        "formats",
        "Only originals of a format: pdf, html, docx, eml, xlsx … (several).",
        "Solo originales de un formato: pdf, html, docx, eml, xlsx… (varios).",
        _format,
        known=_FORMATS,
    ),
)
FIGURES = (
    FilterRow(
        "kind",
        Shape.NAME,
        "kind",
        "percent, fraction, ratio, multiplier, count, currency, score, rank or duration.",
        "percent, fraction, ratio, multiplier, count, currency, score, rank o duration.",
        _kind,
        known=_KINDS,
    ),
    FilterRow(
        "topic",
        Shape.NAME,
        "topic",
        "Only this topic, one of the five or your own.",
        "Solo este tema, uno de los cinco o uno propio.",
        _topic,
        own="own_topic",
        known=_TOPICS,
    ),
    SUBTOPIC,
    FilterRow(
        "language",
        Shape.NAME,
        "language",
        "Only es, en or other.",
        "Solo es, en u other.",
        _language,
        known=_LANGUAGES,
    ),
    FilterRow(
        "min",
        Shape.NUMBER,
        "value_from",
        "Least value; percentages as fractions: 0.5.",
        "Valor mínimo; los porcentajes, como fracciones: 0.5.",
        spoken="minimum",
    ),
    FilterRow(
        "max",
        Shape.NUMBER,
        "value_to",
        "Greatest value.",
        "Valor máximo.",
        after=("values", "min"),
        spoken="maximum",
    ),
    FilterRow(
        "year_from",
        Shape.YEAR,
        "year_from",
        "Year of the study or later.",
        "Año del estudio o posterior.",
    ),
    FilterRow(
        "year_to",
        Shape.YEAR,
        "year_to",
        "Year of the study or earlier.",
        "Año del estudio o anterior.",
        after=("years", "year_from"),
    ),
    FilterRow(
        "source",
        Shape.TEXT,
        "source",
        "Who measured it (part of the name).",
        "Quién lo midió (parte del nombre).",
    ),
    FilterRow(
        "has_sample_size",
        Shape.FLAG,
        "has_sample_size",
        "Only with (or without) a sample size.",
        "Solo con tamaño de muestra (o sin él).",
    ),
)


def make_filters(words: FilterWords, own: Collection[str] = ()) -> Filters:
    """The filters; InputError for an unknown topic, sub-topic, language or format, or years the wrong way round.

    ``own`` are the names of the users' topics of the base: a topic may be one of these too.
    """
    return Filters(**_read(PASSAGES, words, own))


def make_statistic_query(text: str | None, words: FilterWords, limit: int, own: Collection[str] = ()) -> StatisticQuery:
    """The query for statistics; InputError for an unknown kind, topic or language, or ends the wrong way round.

    ``own`` are the names of the users' topics of the base: the topic may be one of these too.
    """
    return StatisticQuery(text if text and text.strip() else None, limit=limit, **_read(FIGURES, words, own))


def words_of(filters: Filters) -> dict[str, object]:
    """The words that ask for these filters."""
    return {row.name: _written(row, filters) for row in PASSAGES}


def _written(row: FilterRow, filters: Filters) -> object:
    fields = [row.field, *([row.own] if row.own else [])]
    if row.shape is not Shape.NAMES:
        return getattr(filters, row.field)
    return sorted(getattr(one, "value", one) for field in fields for one in getattr(filters, field))


def parameters(rows: Iterable[FilterRow], kinds: Mapping[Shape, Any], defaults: Mapping[Shape, Any]) -> list[Parameter]:
    """The rows as parameters of a function: a framework that makes a door of a signature makes it of the table."""
    return [
        Parameter(
            row.name,
            Parameter.KEYWORD_ONLY,
            default=defaults.get(row.shape, row.shape.unset),
            annotation=kinds[row.shape],
        )
        for row in rows
    ]


def _read(rows: tuple[FilterRow, ...], words: FilterWords, own: Collection[str]) -> dict[str, Any]:
    """The fields of a record that the words fill."""
    unknown = words.keys() - {row.name for row in rows}
    if unknown:
        raise KeyError(f"no filter is called {', '.join(sorted(unknown))}")
    given = {row: words[row.name] for row in rows if words.get(row.name) not in (None, (), [])}
    for row, value in given.items():
        if row.shape is Shape.NUMBER and not math.isfinite(value):
            raise InputError(say("value_of", value=value), say("is_not_a_number"), say("write_it_like_0_5"))
    for row, value in given.items():
        if row.after is not None:
            what, low = row.after
            check_order(what, words.get(low), value)
    return {field: value for row, words_of in given.items() for field, value in row.values(words_of, own).items()}
