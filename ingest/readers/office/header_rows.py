"""Rows of a table to lines in which every value stands with the header of its column; and delimited files, read so.

Owns which row is the header and how a row reads. Refuses to know where rows come from, and changes no value.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ingest.readers.encodings import decode
from ingest.readers.extract import Extract, RawBlock, normal_text, one_line
from ingest.readers.properties.metadata import SourceMetadata
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import say

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


_MARKS = (";", ",", "\t", "|")
_TRIED_ROWS = 60
_TRIED_CHARS = 200_000


def read_values(data: bytes, name: str, form: FileFormat) -> Extract:
    """The rows of a TSV, or of a CSV whatever mark it uses; raises SourceError for what cannot be decoded or parsed."""
    text = normal_text(decode(data, name)).replace("\0", "")
    try:
        rows = list(_rows(text, "\t" if form is FileFormat.TSV else _separator(text)))
    except csv.Error as error:
        reason = say("cannot_be_read_as_a_table", error=error)
        raise SourceError(name, reason, say("save_it_again_as_csv_with")) from error
    return Extract(tuple(table_blocks(rows)), SourceMetadata(), form.media_type)


def _rows(text: str, mark: str) -> Iterator[SheetRow]:
    """The rows, each with the number of its first line (from 1); values in quotes may run over several."""
    first, rest, line = text.partition("\n")[0].strip(), text, 0
    if first.lower().startswith("sep=") and len(first) == 5:  # what Excel writes and reads before a table
        mark, rest, line = first[4], text.partition("\n")[2], 1
    reader = csv.reader(io.StringIO(rest, newline=""), delimiter=mark)
    start = line + 1
    for cells in reader:
        yield SheetRow(tuple(cell.strip() for cell in cells), Place(line=start))
        start = line + reader.line_num + 1


def _separator(text: str) -> str:
    """The mark that most rows have the same number of, more than none; a comma where none has."""
    scores = {mark: _agreement(text[:_TRIED_CHARS], mark) for mark in _MARKS}
    best = max(_MARKS, key=lambda mark: scores[mark])
    return best if scores[best] > 0 else ","


def _agreement(text: str, mark: str) -> float:
    """How many rows of the first have the commonest width, as a share; a wider table wins where that is equal."""
    widths: Counter[int] = Counter()
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=mark)):
            if number >= _TRIED_ROWS:
                break
            widths[len(cells)] += bool(cells)
    except csv.Error:
        return 0.0
    wide = {width: rows for width, rows in widths.items() if width > 1}
    if not wide:
        return 0.0
    width, rows = max(wide.items(), key=lambda one: one[1])
    return rows / max(1, sum(widths.values())) + min(width, 100) / 1000
