"""Statistics as CSV for spreadsheets: every row of the table's filters and order, not only those on the page."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.page.door import Base, PageRoute
from api.page.figures_table import State
from api.page.visitor import visitor_of
from api.tables.delimited import UTF8_MARK, delimited, parse_separators
from api.tables.figure_rows import figure_rows

router = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/statistics.csv")
def get_csv(
    request: Request, base: Base, state: State, separators: Annotated[str, Query(max_length=10)] = ""
) -> Response:
    """The statistics as a file, with the separators of the visitor's language unless others are asked for."""
    language = visitor_of(request).language
    wanted = parse_separators(separators or language.value)
    text = delimited(figure_rows(base.every_statistic(state.query, state.order), language), wanted)
    return Response(
        (UTF8_MARK + text).encode("utf-8", "replace"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="statistics.csv"'},
    )
