"""The table of filters: a row each, read by the API, the command line, the page, the client's server and the agents.

Owns what a filter is called, how its words are read and what it says of itself. Which field of a record it fills is in
its row; what that field means to the store is the row of the same field in ``kb.store.searching``.
"""

import math
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from inspect import Parameter, signature
from typing import Any, TypeVar

from api.service.asking.names import (
    check_order,
    parse_kind,
    read_language,
    read_subtopics,
    read_topic,
)
from kb.records.errors import InputError
from kb.records.file_format import FileFormat, parse_format
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import Filters, StatisticQuery
from kb.records.statistic import Kind
from kb.records.tables import rows_of
from kb.records.topics import SubTopic, Topic, as_key

# The words of the filters of one request, by their names; null and empty ask for nothing.
FilterWords = Mapping[str, Any]
Given = TypeVar("Given")
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
        mine: list[object] = [as_key(word) for word in words if self.own and as_key(word) in own]
        others = [word for word in words if not self.own or as_key(word) not in own]
        read = [value for word in others for value in (self.read(word, own) if self.read else (word,))]
        found = {self.field: read} | ({self.own: mine} if self.own else {})
        if self.shape is Shape.NAMES:
            return {field: frozenset(values) for field, values in found.items()}
        return {field: values[0] for field, values in found.items() if values}


# How the words of a filter are read, by the name of it in the table, and the closed vocabulary that they are of.
_READS: Mapping[str, tuple[Read | None, Iterable[Enum]]] = {
    "": (None, ()),
    "topic": (lambda word, own: (read_topic(word, own),), Topic),
    "subtopic": (lambda word, own: read_subtopics(word), SubTopic),
    "language": (lambda word, own: (read_language(word),), Language),
    "format": (lambda word, own: (parse_format(word),), FileFormat),
    "kind": (lambda word, own: (parse_kind(word),), Kind),
}
_COLUMNS = ("of", "name", "shape", "field", "read", "own", "after", "spoken", "en", "es")


def _rows(wanted: str) -> tuple[FilterRow, ...]:
    """The rows of ``api/data/filters.tsv`` of passages or of figures.

    New rows go to the end of either: the order is that of a saved body, which a repeated request is compared with.
    """
    made = []
    for of, name, shape, field, read, own, after, spoken, en, es in rows_of("api", "filters.tsv", *_COLUMNS):
        if of == wanted:
            reader, known = _READS[read]
            words = tuple(str(one.value) for one in known)
            what, _, low = after.partition(" ")
            limit = (what, low) if after else None
            made.append(FilterRow(name, Shape(shape), field, en, es, reader, own or None, limit, words, spoken or None))
    return tuple(made)


PASSAGES, FIGURES = _rows("passages"), _rows("figures")


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


# What the words of a filter are to whoever calls a function with them.
_PLAIN: Mapping[Shape, Any] = {
    Shape.NAMES: tuple[str, ...],
    Shape.NAME: str | None,
    Shape.TEXT: str | None,
    Shape.YEAR: int | None,
    Shape.NUMBER: float | None,
    Shape.FLAG: bool | None,
}


def narrowed_by(
    rows: Iterable[FilterRow], offered: Callable[[FilterRow, Parameter], Parameter]
) -> Callable[[Callable[..., Given]], Callable[..., Given]]:
    """The decorator that gives a function a parameter for each of these filters, as a door offers it, in the place of
    its parameter ``words``, which it is called with."""
    options = {row: offered(row, *parameters([row], _PLAIN, {})) for row in rows}

    def decorate(function: Callable[..., Given]) -> Callable[..., Given]:
        @wraps(function)
        def run(*asked: object, **given: object) -> Given:
            named = {row.name: given.pop(one.name, one.default) for row, one in options.items()}
            words = {name: tuple(word) if isinstance(word, list) else word for name, word in named.items()}
            return function(*asked, **given, words=words)

        whole = signature(function, eval_str=True)
        taken = [
            new if new.name == "self" else new.replace(kind=Parameter.KEYWORD_ONLY)
            for one in whole.parameters.values()
            for new in (options.values() if one.name == "words" else [one])
        ]
        run.__signature__ = whole.replace(parameters=taken)  # type: ignore[attr-defined]
        kept = {one.name: one.annotation for one in taken if one.name != "self"}
        run.__annotations__ = kept | {"return": whole.return_annotation}
        del run.__wrapped__
        return run

    return decorate


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
