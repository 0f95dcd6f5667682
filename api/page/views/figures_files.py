"""Statistics as files for spreadsheets, CSV and XLSX: every row of the table's filters and order, not only those on
the page. What a row holds and how a file is written is decided in ``api.files``."""

from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from api.files.delimited import UTF8_MARK, Cell, delimited, parse_separators
from api.files.figure_rows import figure_rows
from api.page.door import READ, Base, PageRoute
from api.page.views.figures_table import State, TableState
from api.page.visitor import visitor_of
from api.service.knowledge_base import KnowledgeBase

router = APIRouter(route_class=PageRoute, include_in_schema=False)


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
