"""Every row, in the order of the table."""

from __future__ import annotations

from tests.torture import builds, calls, existing, indexes, month, questions, served, storage
from tests.torture.rows import Row


def _in_order(row: Row) -> tuple[str, int]:
    return row.id[0], int(row.id[1:].partition("+")[0])


ROWS: tuple[Row, ...] = tuple(
    sorted(
        [
            *builds.ROWS,
            *calls.ROWS,
            *existing.ROWS,
            *indexes.ROWS,
            *month.ROWS,
            *questions.ROWS,
            *served.ROWS,
            *storage.ROWS,
        ],
        key=_in_order,
    )
)
