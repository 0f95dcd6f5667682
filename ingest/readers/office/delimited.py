"""Values separated by a mark (CSV, TSV) to rows with their header.

Owns which mark separates. The one module that imports csv for reading; refuses to take numbers apart: they stand as
they are written.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator

from ingest.readers.encodings import decode
from ingest.readers.extract import Extract, normal_text
from ingest.readers.office.header_rows import SheetRow, table_blocks
from ingest.readers.properties.metadata import SourceMetadata
from kb.records.document import Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import say

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
