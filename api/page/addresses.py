"""The state of a search as an address, and back: every view can be linked to, shared and gone back to; and the filters
beside a list, each value with its count and the address that sets or unsets it. Counts nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from inspect import Signature
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Depends, Query

from api.http.bodies import MAX_QUERY
from api.service.asking.filters import PASSAGES, FilterRow, Shape, make_filters, parameters
from api.service.parts import Records
from api.service.schemas import FacetCount, SearchResponse
from kb.records.document import Span
from kb.records.search import Filters, Hit

# The filters that may have several values.
LISTS = tuple(row.name for row in PASSAGES if row.shape is Shape.NAMES)
_KINDS = {
    Shape.NAMES: Annotated[tuple[str, ...], Query(max_length=20)],
    Shape.NAME: Annotated[str, Query(max_length=40)],
    Shape.TEXT: Annotated[str, Query(max_length=MAX_QUERY)],
    Shape.YEAR: Annotated[str | None, Query(max_length=4)],
    Shape.NUMBER: Annotated[str, Query(max_length=40)],
    Shape.FLAG: Annotated[str, Query(max_length=5)],
}
_UNSET = {Shape.NAME: "", Shape.TEXT: "", Shape.NUMBER: "", Shape.FLAG: ""}
# What is chosen of each filter, as it was typed: several names, or one word; empty asks for nothing.
Chosen = Mapping[str, tuple[str, ...] | str]


@dataclass(frozen=True, slots=True)
class SearchState:
    """What a search page shows: the words, the filters, and where its list begins."""

    q: str = ""
    chosen: Chosen = field(default_factory=dict)
    cursor: str = ""

    @property
    def filters(self) -> Filters:
        """The filters; InputError for words that are none."""
        return make_filters({row.name: _word(row, self.chosen.get(row.name)) for row in PASSAGES})

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return self.filters != Filters()

    def pairs(self) -> list[tuple[str, str]]:
        """The names and values of the address; what is not set is left out."""
        return [
            ("q", self.q),
            *chosen_pairs(PASSAGES, self.chosen),
            *([("cursor", self.cursor)] if self.cursor else []),
        ]

    def address(self, path: str = "/search") -> str:
        """The address of this state under a path."""
        pairs = [(name, value) for name, value in self.pairs() if value]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def toggled(self, name: str, value: str) -> SearchState:
        """The state with a value of a facet set, or taken away when it was set; from its first page."""
        is_set = self.has(name, value)
        if name == "year":
            return self._with(year_from="" if is_set else value, year_to="" if is_set else value)
        if name not in LISTS:
            return self._with(**{name: "" if self.chosen.get(name) else "true"})
        chosen = self.chosen.get(name, ())
        return self._with(**{name: tuple(one for one in chosen if one != value) if is_set else (*chosen, value)})

    def has(self, name: str, value: str) -> bool:
        """Whether a value of a facet is set."""
        if name == "year":
            return self.chosen.get("year_from") == self.chosen.get("year_to") == value
        if name not in LISTS:
            return self.chosen.get(name) == value
        return value in self.chosen.get(name, ())

    def _with(self, **words: tuple[str, ...] | str) -> SearchState:
        return replace(self, chosen={**self.chosen, **words}, cursor="")

    def hit_address(self, hit: Hit, span: Span | None = None) -> str:
        """The address that opens a hit's sentence (or ``span``) in the reader and remembers this search."""
        return place_address(hit.passage.id, span or hit.why.sentence_span, self)


def chosen_pairs(rows: Iterable[FilterRow], chosen: Chosen) -> list[tuple[str, str]]:
    """The filters as they stand in an address, those with several values first; what is not set is left out."""
    many = [(row.name, value) for row in rows if row.shape is Shape.NAMES for value in chosen.get(row.name, ())]
    words = {row.name: chosen.get(row.name) for row in rows if row.shape is not Shape.NAMES}
    return [*many, *((name, word) for name, word in words.items() if isinstance(word, str) and word)]


def chosen_in(rows: tuple[FilterRow, ...], kinds: Mapping[Shape, Any] = _KINDS) -> Callable[..., Chosen]:
    """The dependency that takes these filters from an address; ``kinds`` say how long what is typed may be."""

    def chosen(**given: tuple[str, ...] | str | None) -> Chosen:
        return {
            name: "" if word is None else word.strip() if isinstance(word, str) else word
            for name, word in given.items()
        }

    chosen.__signature__ = Signature(parameters(rows, {**_KINDS, **kinds}, _UNSET))  # type: ignore[attr-defined]
    return chosen


def _search_state(
    chosen: Annotated[Chosen, Depends(chosen_in(PASSAGES))],
    q: Annotated[str, Query(max_length=MAX_QUERY)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> SearchState:
    """The state in an address."""
    return SearchState(q.strip(), chosen, cursor)


State = Annotated[SearchState, Depends(_search_state)]


def place_address(passage_id: str, span: Span, state: SearchState | None = None) -> str:
    """The address that opens exactly these characters, scrolled to; with the search they were found by, if any."""
    context = [] if state is None else [pair for pair in replace(state, cursor="").pairs() if pair[1]]
    pairs = [("start", str(span.start)), ("end", str(span.end)), *context]
    return f"/passages/{passage_id}?{urlencode(pairs)}#cited"


def _year_in(text: str) -> int | None:
    """A year as it was typed; null for what is none."""
    return int(text) if text.isascii() and text.isdecimal() else None


def _word(row: FilterRow, typed: tuple[str, ...] | str | None) -> object:
    """What was typed, as the table reads it. The page asks only for what has something, never for what has not."""
    if not isinstance(typed, str):
        return typed
    if row.shape is Shape.YEAR:
        return _year_in(typed)
    return (typed == "true" or None) if row.shape is Shape.FLAG else typed or None


# So many sources, the commonest, are called by their titles; the others by their names in the base.
_TITLED_SOURCES = 20
# Bounds that are one condition to a reader.
_PAIRS = {"year_from": "year", "year_to": "year", "min": "value", "max": "value"}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its count, whether it is set, the address that sets or unsets it, and what to call it
    (null: by its value)."""

    value: str
    count: int
    chosen: bool
    address: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class SetFilter:
    """A filter that is set: its values (a lower and an upper bound of years or values, either may be ""), how many
    records the list has without it, and the address of that list."""

    name: str
    values: tuple[str, ...]
    without: int
    address: str


def set_filters(
    chosen: Chosen, count: Callable[[Chosen], int], address: Callable[[Chosen], str]
) -> tuple[SetFilter, ...]:
    """The filters that are set, those without which the list is longest first."""
    names = dict.fromkeys(_PAIRS.get(name, name) for name, value in chosen.items() if value)
    found = []
    for name in names:
        own = [one for one in chosen if _PAIRS.get(one, one) == name]
        values = [chosen[one] for one in own]
        rest = {one: value for one, value in chosen.items() if one not in own}
        shown = values[0] if isinstance(values[0], tuple) else tuple(str(value) for value in values)
        found.append(SetFilter(name, shown, count(rest), address(rest)))
    return tuple(sorted(found, key=lambda one: -one.without))


def facets(found: SearchResponse, state: SearchState, records: Records) -> Mapping[str, tuple[Choice, ...]]:
    """The choices of every facet of a list, by its name."""
    counts: dict[str, Sequence[FacetCount]] = {
        name: found.facets.get(name, ()) for name in ("topic", "language", "source", "format")
    }
    counts["subtopic"] = (*found.facets.get("subtopic", ()), *found.facets.get("stage", ()))
    counts["has_statistic"] = [one for one in found.facets.get("has_statistic", ()) if one.value == "true"]
    counts["year"] = sorted(found.facets.get("year", ()), key=lambda one: one.value, reverse=True)
    choices = {name: _choices(name, counted, state) for name, counted in counts.items()}
    sources = choices["source"]
    called = records.titles([one.value for one in sources[:_TITLED_SOURCES]])
    return {**choices, "source": tuple(replace(one, label=called.get(one.value)) for one in sources)}


def _choices(name: str, counts: Sequence[FacetCount], state: SearchState) -> tuple[Choice, ...]:
    listed = {one.value for one in counts}
    set_here = state.chosen.get(name, ()) if name in LISTS else ()
    gone = [FacetCount(value, 0) for value in set_here if value not in listed]
    return tuple(
        Choice(one.value, one.count, state.has(name, one.value), state.toggled(name, one.value).address())
        for one in [*counts, *gone]
    )
