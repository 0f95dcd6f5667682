"""The figures: cards that can be ordered and filtered, their shares side by side, and the way to their files for
spreadsheets, which have every row and not only those on the page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Query, Request, Response

from api.files.delimited import UTF8_MARK, Cell, delimited, parse_separators
from api.files.figure_rows import figure_rows
from api.http.bodies import MAX_QUERY
from api.page.addresses import Chosen, SetFilter, chosen_in, chosen_pairs, place_address, set_filters
from api.page.door import READ, Base, PageRoute
from api.page.marks import Marked, stretched
from api.page.rendering import is_fragment, render
from api.page.visitor import visitor_of
from api.service.asking.filters import FIGURES, FilterRow, Shape, make_statistic_query
from api.service.asking.paging import Order, SortColumn
from api.service.knowledge_base import KnowledgeBase
from api.service.schemas import CitedStatistic
from api.words.formats import measured_when
from kb.citing import Reference, Style
from kb.citing.citation_words import place_words
from kb.numbers import beside_raw
from kb.quotes.judge import judge
from kb.records.document import Span
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import StatisticQuery
from kb.records.statistic import Kind, Statistic

SHARES = (Kind.PERCENT, Kind.FRACTION, Kind.RATIO)
# What may not stand between what was measured and the end of the sentence, if that end is to be its own.
_GOES_ON = frozenset(',;:()«»“”"—–|')


@dataclass(frozen=True, slots=True)
class Bar:
    """A share in the comparison: from ``low`` to ``high`` of 100, or from 0 where it is one value. ``claim`` are whole
    words of its sentence with the figure marked; ``beside`` who measured it and when, where that is known."""

    cited: CitedStatistic
    low: float
    high: float
    claim: tuple[Marked, ...]
    beside: str


def bars_of(figures: Sequence[CitedStatistic], language: Language) -> list[Bar]:
    """The shares between 0 and 100 %, the largest first; periods in ``language``."""
    bars = []
    for cited in figures:
        one = cited.statistic
        if one.value is None or not _is_share(one):
            continue
        low, high = (Decimal(0), one.value) if one.high is None else (one.value, one.high)
        measured = ", ".join(filter(None, (one.source, measured_when(one, language))))
        bars.append(Bar(cited, float(low * 100), float(high * 100), _claim(one), measured))
    return sorted(bars, key=lambda bar: -bar.high)


def _is_share(one: Statistic) -> bool:
    within = one.value is not None and 0 <= one.value <= (one.high or one.value) <= 1
    of_whom = one.population is not None and one.direction is None
    return one.kind in SHARES and within and of_whom and one.quote_span.contains(one.span) and "|" not in one.quote


def _claim(one: Statistic) -> tuple[Marked, ...]:
    """The words from the figure to the end of its sentence where they say what they say in it, else the sentence."""
    figure = one.span.shifted(-one.quote_span.start)
    end = len(one.quote.rstrip(" ."))
    piece = one.quote[figure.start : end]
    subject = one.subject or ""
    last = one.quote.find(subject, figure.end) + len(subject)
    is_whole = (
        len(subject) > len(one.population or "")
        and subject in piece
        and not _GOES_ON & set(one.quote[last:end])
        and judge(piece, Span(figure.start, end), one.quote, {}).verdict.accepted
    )
    start = figure.start if is_whole else 0
    return stretched(one.quote[start : end if is_whole else None], [figure.shifted(-start)])


router = APIRouter(route_class=PageRoute, include_in_schema=False)
PAGE = 50
# So many shares can be compared at a glance; how many more the list has is said.
_BARS = 12
_KIND = next(row for row in FIGURES if row.name == "kind")
_Text = Annotated[str, Query(max_length=MAX_QUERY)]
_Word = Annotated[str, Query(max_length=40)]


@dataclass(frozen=True, slots=True)
class TableState:
    """What the table shows, as it stands in the address. The filters are as typed: a least value may be "50"
    or "50 %" or "0,5"; a percentage means a share."""

    q: str = ""
    chosen: Chosen = field(default_factory=dict)
    sort: str = ""
    direction: str = ""
    cursor: str = ""

    def address(self, path: str = "/statistics") -> str:
        """The address of this state."""
        order = {"sort": self.sort, "direction": self.direction, "cursor": self.cursor}
        words = [("q", self.q), *chosen_pairs(FIGURES, self.chosen), *order.items()]
        pairs = [(name, word) for name, word in words if word]
        return f"{path}?{urlencode(pairs)}" if pairs else path

    def twin(self) -> str:
        """The address of the same statistics as JSON; the API knows no order but its own."""
        numbers = {
            row.name: _value(self._typed(row), self._typed(_KIND)) for row in FIGURES if row.shape is Shape.NUMBER
        }
        texts = {name: "" if value is None else str(value) for name, value in numbers.items()}
        shown = replace(self, chosen={**self.chosen, **texts}, sort="", direction="", cursor="")
        return shown.address("/v1/statistics")

    def sorted_by(self, column: str) -> TableState:
        """The state ordered by a column; a second time the other way round."""
        again = self.sort == column and self.direction != "down"
        return replace(self, sort=column, direction="down" if again else "", cursor="")

    @property
    def is_asked(self) -> bool:
        """Whether there are words or filters: without any the list is the whole base, which compares nothing."""
        return bool(self.q) or any(self.chosen.values())

    @property
    def order(self) -> Order | None:
        """The order, or null for the service's own."""
        known = {column.value: column for column in SortColumn}
        return Order(known[self.sort], self.direction == "down") if self.sort in known else None

    @property
    def query(self) -> StatisticQuery:
        """The query for the service; InputError for words that are no kind, topic or number."""
        return make_statistic_query(self.q, {row.name: self._word(row) for row in FIGURES}, PAGE)

    def _word(self, row: FilterRow) -> object:
        if row.shape is Shape.NAMES:
            return self.chosen.get(row.name)
        typed = self._typed(row)
        if row.shape is Shape.NUMBER:
            return _value(typed, self._typed(_KIND))
        if row.shape is Shape.YEAR:
            return _year(typed)
        return (True if typed else None) if row.shape is Shape.FLAG else typed or None

    def _typed(self, row: FilterRow) -> str:
        typed = self.chosen.get(row.name, "")
        return typed if isinstance(typed, str) else ""


def _table_state(
    chosen: Annotated[Chosen, Depends(chosen_in(FIGURES, {Shape.YEAR: _Word | None}))],
    q: _Text = "",
    sort: _Word = "",
    direction: _Word = "",
    cursor: Annotated[str, Query(max_length=200)] = "",
) -> TableState:
    """The state in an address."""
    return TableState(q.strip(), chosen, sort, direction, cursor)


State = Annotated[TableState, Depends(_table_state)]


@dataclass(frozen=True, slots=True)
class FigureCard:
    """A figure as it is shown: how the page's language writes it where that says more than the text (else null),
    its sentence with the figure marked, its place in words (null: unknown), and its address."""

    cited: CitedStatistic
    written: str | None
    sentence: tuple[Marked, ...]
    place: str | None
    address: str


@router.get("/statistics", openapi_extra=READ)
def get_statistics(request: Request, base: Base, state: State) -> Response:
    """The figures, or their list alone for a script."""
    found = base.statistics(state.query, state.cursor or None, state.order)
    language = visitor_of(request).language
    cards = [_card(one, language) for one in found.statistics]
    bars = bars_of(found.statistics, language) if state.is_asked else []
    context: dict[str, Any] = {
        "state": state,
        "found": found,
        "cards": cards,
        "columns": [column.value for column in SortColumn],
        "kinds": [kind.value for kind in Kind],
        "bars": bars if len(bars) > 1 else [],
        "most_bars": _BARS,
        "shares": sum(one.statistic.kind in SHARES for one in found.statistics),
        "files": {name: replace(state, cursor="").address(f"/statistics.{name}") for name in ("csv", "xlsx")},
        "next": replace(state, cursor=found.next).address() if found.next else None,
        "set_filters": _to_drop(base, state) if not cards else (),
    }
    template = "_table.html" if is_fragment(request) else "statistics.html"
    return render(request, template, context, twin=state.twin())


def _card(cited: CitedStatistic, language: Language) -> FigureCard:
    one, citation = cited.statistic, cited.citation
    return FigureCard(
        cited,
        beside_raw(one, language),
        stretched(one.quote, [one.span.shifted(-one.quote_span.start)] if one.quote_span.contains(one.span) else []),
        place_words(Reference.of(citation.document, citation.places), Style.APA, language),
        place_address(one.passage_id, one.quote_span),
    )


def _to_drop(base: KnowledgeBase, state: TableState) -> tuple[SetFilter, ...]:
    """The filters of an empty list, each with what there is without it."""

    def without(chosen: Chosen) -> TableState:
        return replace(state, chosen=chosen, cursor="")

    return set_filters(
        state.chosen,
        lambda chosen: base.statistics(without(chosen).query).total,
        lambda chosen: without(chosen).address(),
    )


def _value(text: str, kind: str) -> float | None:
    """A typed bound: "50 %" and, for percentages, "50" are 0.5; null for nothing; InputError for no number."""
    if not text:
        return None
    bare = text.replace("\u00a0", " ").removesuffix("%").strip()
    try:
        value = Decimal(bare.replace(",", "."))
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite():
        raise InputError(say("value_named", text=text), say("is_not_a_number"), say("write_50_or_0_5"))
    is_share = "%" in text or (kind == Kind.PERCENT.value and value > 1)
    return float(value / 100 if is_share else value)


def _year(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal() and len(text) == 4):
        raise InputError(say("year", text=text), say("is_not_a_year"), say("write_four_digits"))
    return int(text)


@router.get("/statistics/{statistic_id}/history", openapi_extra=READ)
def get_history(request: Request, base: Base, statistic_id: str) -> Response:
    """Where a figure stands first, who repeats it and what each changed, and the figures that differ."""
    context = {"history": base.history(statistic_id), "address": place_address}
    return render(request, "history.html", context, twin=f"/v1/statistics/{statistic_id}/history")


@router.get("/statistics.csv", openapi_extra=READ)
def get_csv(
    request: Request, base: Base, state: State, separators: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """The statistics as CSV, with the separators of the visitor's language unless others are asked for."""
    wanted = parse_separators(separators or visitor_of(request).language.value)
    text = delimited(_rows(request, base, state), wanted)
    return _file((UTF8_MARK + text).encode("utf-8", "replace"), "text/csv; charset=utf-8", "csv")


@router.get("/statistics.xlsx", openapi_extra=READ)
def get_workbook(request: Request, base: Base, state: State) -> Response:
    """The statistics as a workbook with typed numbers."""
    from api.files.workbook import MEDIA_TYPE, workbook

    return _file(workbook(_rows(request, base, state)), MEDIA_TYPE, "xlsx")


def _rows(request: Request, base: KnowledgeBase, state: TableState) -> list[dict[str, Cell]]:
    found = base.every_statistic(state.query, state.order)
    return figure_rows(found, visitor_of(request).language, base.public_url)


def _file(data: bytes, media_type: str, ending: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="statistics.{ending}"'}
    return Response(data, media_type=media_type, headers=headers)
