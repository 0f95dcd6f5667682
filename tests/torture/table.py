"""Every row, in the order of the table."""

from __future__ import annotations

from tests.torture import (
    builds,
    calls,
    doors,
    endpoints,
    existing,
    formats,
    indexes,
    installed,
    month,
    names,
    planted,
    postgresql,
    questions,
    served,
    sheets,
    storage,
)
from tests.torture.rows import Row


def _in_order(row: Row) -> tuple[str, int, str]:
    number, _, engine = row.id[1:].partition("+")
    return row.id[0], int(number), engine


ROWS: tuple[Row, ...] = tuple(
    sorted(
        [
            *builds.ROWS,
            *calls.ROWS,
            *doors.ROWS,
            *endpoints.ROWS,
            *existing.ROWS,
            *formats.ROWS,
            *indexes.ROWS,
            *installed.ROWS,
            *month.ROWS,
            *names.ROWS,
            *planted.ROWS,
            *postgresql.ROWS,
            *questions.ROWS,
            *served.ROWS,
            *sheets.ROWS,
            *storage.ROWS,
        ],
        key=_in_order,
    )
)
