"""Statistics as CSV for spreadsheets: every row of the table's filters and order, not only those on the page."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import replace

from fastapi import APIRouter, Response

from api.page.door import Base, PageRoute
from api.page.figures_table import State, TableState
from api.schemas import CitedStatistic
from api.service import MAX_LIMIT, KnowledgeBase
from api.table_rows import safe_text, statistic_rows

router = APIRouter(route_class=PageRoute, include_in_schema=False)
# Without this mark spreadsheets read the file in the system's own encoding and break the accents.
_UTF8_MARK = "\ufeff"


@router.get("/statistics.csv")
def get_csv(base: Base, state: State) -> Response:
    """The statistics as a file."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    for number, row in enumerate(statistic_rows(_all(base, state))):
        if number == 0:
            writer.writerow(row.keys())
        writer.writerow([safe_text(cell) if isinstance(cell, str) else cell for cell in row.values()])
    return Response(
        (_UTF8_MARK + file.getvalue()).encode("utf-8", "replace"),
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="statistics.csv"'},
    )


def _all(base: KnowledgeBase, state: TableState) -> Iterator[CitedStatistic]:
    query = replace(state.query, limit=MAX_LIMIT)
    cursor: str | None = None
    while True:
        found = base.statistics(query, cursor, state.order)
        yield from found.statistics
        cursor = found.next
        if cursor is None:
            return
