"""The state of a search as an address, and back: every view can be linked to, shared and gone back to."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated
from urllib.parse import urlencode

from fastapi import Depends, Query

from api.http.bodies import MAX_QUERY
from api.service.filters import make_filters
from kb.records.document import Span
from kb.records.search import Filters, Hit

_Year = Annotated[str | None, Query(max_length=4)]
_Names = Annotated[tuple[str, ...], Query(max_length=20)]


# The filters that may have several values.
LISTS = ("topic", "subtopic", "language", "source", "format")


@dataclass(frozen=True, slots=True)
class SearchState:
    """What a search page shows: the words, the filters, and where its list begins."""

    q: str = ""
    topic: tuple[str, ...] = ()
    subtopic: tuple[str, ...] = ()
    language: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    format: tuple[str, ...] = ()
    year_from: str = ""
    year_to: str = ""
    has_statistic: str = ""
    cursor: str = ""

    @property
    def filters(self) -> Filters:
        """The filters; InputError for words that are none."""
        return make_filters(
            self.topic,
            self.language,
            _year(self.year_from),
            _year(self.year_to),
            self.source,
            True if self.has_statistic == "true" else None,
            self.subtopic,
            formats=self.format,
        )

    @property
    def narrowed(self) -> bool:
        """Whether any filter is set."""
        return self.filters != Filters()

    def pairs(self) -> list[tuple[str, str]]:
        """The names and values of the address; what is not set is left out."""
        many = [(name, value) for name in LISTS for value in getattr(self, name)]
        single = [(name, getattr(self, name)) for name in ("year_from", "year_to", "has_statistic", "cursor")]
        return [("q", self.q), *many, *((name, value) for name, value in single if value)]

    def address(self, path: str = "/search") -> str:
        """The address of this state under a path."""
        pairs = [(name, value) for name, value in self.pairs() if value]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def toggled(self, name: str, value: str) -> SearchState:
        """The state with a value of a facet set, or taken away when it was set; from its first page."""
        if name == "year":
            is_set = self.year_from == self.year_to == value
            return replace(self, year_from="" if is_set else value, year_to="" if is_set else value, cursor="")
        if name == "has_statistic":
            return replace(self, has_statistic="" if self.has_statistic else "true", cursor="")
        chosen: tuple[str, ...] = getattr(self, name)
        kept = tuple(one for one in chosen if one != value) if value in chosen else (*chosen, value)
        anew = {**{one: getattr(self, one) for one in LISTS}, name: kept}
        return replace(
            self,
            cursor="",
            topic=anew["topic"],
            subtopic=anew["subtopic"],
            language=anew["language"],
            source=anew["source"],
            format=anew["format"],
        )

    def has(self, name: str, value: str) -> bool:
        """Whether a value of a facet is set."""
        if name == "year":
            return self.year_from == self.year_to == value
        if name == "has_statistic":
            return self.has_statistic == value
        return value in getattr(self, name)

    def hit_address(self, hit: Hit, span: Span | None = None) -> str:
        """The address that opens a hit's sentence (or ``span``) in the reader and remembers this search."""
        return place_address(hit.passage.id, span or hit.why.sentence_span, self)


def search_state(
    q: Annotated[str, Query(max_length=MAX_QUERY)] = "",
    topic: _Names = (),
    subtopic: _Names = (),
    language: _Names = (),
    source: _Names = (),
    format: _Names = (),
    year_from: _Year = None,
    year_to: _Year = None,
    has_statistic: Annotated[str, Query(max_length=5)] = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> SearchState:
    """The state in an address."""
    return SearchState(
        q.strip(), topic, subtopic, language, source, format, year_from or "", year_to or "", has_statistic, cursor
    )


State = Annotated[SearchState, Depends(search_state)]


def place_address(passage_id: str, span: Span, state: SearchState | None = None) -> str:
    """The address that opens exactly these characters, scrolled to; with the search they were found by, if any."""
    context = [] if state is None else [pair for pair in replace(state, cursor="").pairs() if pair[1]]
    pairs = [("start", str(span.start)), ("end", str(span.end)), *context]
    return f"/passages/{passage_id}?{urlencode(pairs)}#cited"


def _year(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None
