"""Rows of a table to lines in which every value stands with the header of its column.

Owns which row is the header and how a row reads. Refuses to know where rows come from, and changes no value.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.readers.extract import RawBlock, one_line
from kb.records.document import BlockKind, Place

_NUMBER = re.compile(r"[-+−(]?\s?[$€£]?\s?\d[\d.,\s/:%-]*\s?(?:%|€|\$|£)?\)?$")
# A header names; what runs longer says something.
_MAX_HEADER_CHARS = 160


@dataclass(frozen=True, slots=True)
class SheetRow:
    """The cells of a row as text, empty ones as "", and where it stands."""

    cells: tuple[str, ...]
    place: Place

    @property
    def filled(self) -> int:
        """How many cells hold something."""
        return sum(1 for cell in self.cells if cell)


def table_blocks(rows: Sequence[SheetRow]) -> Iterator[RawBlock]:
    """A line for each row: "channel: Office | share: 62 %".

    The header is the first row of two cells or more, where none of them is a number; it is a line of its own. What
    stands above it in one cell is a caption of the table. After an empty row a new header begins a new table if numbers
    stand below it. Where no row is a header, the values stand as they are; a single column has none.
    """
    if all(row.filled <= 1 for row in rows):
        yield from _list_blocks(rows)
        return
    header: tuple[str, ...] = ()
    searching = True
    for index, row in enumerate(rows):
        if not row.filled:
            searching = searching or _begins_a_table(rows[index + 1 : index + 3])
            continue
        if searching and row.filled == 1 and not _is_number("".join(row.cells)):
            yield RawBlock(_text(row.cells), BlockKind.CAPTION, 0, row.place)
            continue
        if searching and _is_header(row):
            header = row.cells
            yield RawBlock(_text(row.cells), BlockKind.TABLE_ROW, 0, row.place)
        else:
            yield RawBlock(_labelled(header, row.cells), BlockKind.TABLE_ROW, 0, row.place)
        searching = False


def _list_blocks(rows: Sequence[SheetRow]) -> Iterator[RawBlock]:
    """A single column, of answers say: a paragraph for each value."""
    for row in rows:
        if row.filled:
            yield RawBlock(_text(row.cells), BlockKind.PARAGRAPH, 0, row.place)


def _begins_a_table(rows: Sequence[SheetRow]) -> bool:
    return len(rows) == 2 and _is_header(rows[0]) and any(map(_is_number, rows[1].cells))


def _is_header(row: SheetRow) -> bool:
    filled = [cell for cell in row.cells if cell]
    return len(filled) >= 2 and not any(_is_number(cell) or len(cell) > _MAX_HEADER_CHARS for cell in filled)


def _is_number(cell: str) -> bool:
    return bool(cell) and len(cell) < 60 and _NUMBER.match(cell) is not None


def _text(cells: Sequence[str]) -> str:
    return " | ".join(one_line(cell) for cell in cells if cell)


def _labelled(header: Sequence[str], cells: Sequence[str]) -> str:
    labels = [one_line(label) for label in header] + [""] * (len(cells) - len(header))
    pairs = ((label, one_line(cell)) for label, cell in zip(labels, cells, strict=False) if cell)
    return " | ".join(f"{label.removesuffix(':')}: {value}" if label else value for label, value in pairs)
