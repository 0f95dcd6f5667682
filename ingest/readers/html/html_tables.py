"""The rows of an HTML table as they read: cells that reach over rows or columns are filled in where they reach.

Owns the grid. A label that spans rows stands in each of them, so that no figure moves under another heading; a heading
that spans columns stands over each, other cells leave the columns they cover empty.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.readers.extract import normal_text
from ingest.readers.html.lines import cell_text, local_tag

Element = etree._Element

# Real tables reach over a dozen columns; a page may claim 65,534.
_MAX_SPAN = 60


@dataclass(frozen=True, slots=True)
class RowText:
    """The cells of a row from left to right, empty where nothing is written, and the note marks taken out of them."""

    cells: tuple[str, ...]
    note_marks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Reaching:
    """A text that goes on in the next rows, and in how many of them."""

    text: str
    rows: int


def row_texts(table: Element) -> dict[Element, RowText]:
    """The text of every row of a table (rows of tables inside it are not its own)."""
    reaching: dict[int, _Reaching] = {}
    found: dict[Element, RowText] = {}
    for row in _rows(table):
        found[row], reaching = _read(row, reaching)
    return found


def _rows(table: Element) -> Iterator[Element]:
    if local_tag(table) == "tr":
        yield table
        return
    for child in table:
        if local_tag(child) == "tr":
            yield child
        elif local_tag(child) not in ("", "table", "td", "th"):
            yield from _rows(child)


def _read(row: Element, reaching: dict[int, _Reaching]) -> tuple[RowText, dict[int, _Reaching]]:
    """The row, into which earlier cells reach, and what reaches into the next."""
    cells = {column: one.text for column, one in reaching.items()}
    below = {column: _Reaching(one.text, one.rows - 1) for column, one in reaching.items() if one.rows > 1}
    own = [child for child in row if local_tag(child) in ("td", "th")]
    marks: list[str] = []
    column = 0
    for cell in own:
        while column in cells:
            column += 1
        text, cell_marks = cell_text(cell)
        text = normal_text(text).replace(" | ", " ")
        marks += cell_marks
        for offset in range(_span(cell, "colspan") if len(own) > 1 else 1):
            shown = text if offset == 0 or local_tag(cell) == "th" else ""
            cells.setdefault(column + offset, shown)
            if (rows := _span(cell, "rowspan")) > 1:
                below[column + offset] = _Reaching(shown, rows - 1)
    width = max(cells, default=-1) + 1
    return RowText(tuple(cells.get(index, "") for index in range(width)), tuple(marks)), below


def _span(cell: Element, name: str) -> int:
    value = (cell.get(name) or "").strip()[:6]
    return max(1, min(int(value), _MAX_SPAN)) if value.isascii() and value.isdigit() else 1
