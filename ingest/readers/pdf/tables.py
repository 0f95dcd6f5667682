"""Which lines of a PDF page are cells of a table, and its rows as text that keeps row and column together.

Owns the geometry of tables. Refuses to know paragraphs, and the library that found the lines.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.extract import one_line
from ingest.readers.pdf.lines import PrintedLine

# Cells of one row stand within this many lines of each other in pdfium's order.
_WINDOW = 8
# A wrapped cell may have lines without a neighbour beside them: this many are bridged.
_MAX_BRIDGE = 3


@dataclass(frozen=True, slots=True)
class PrintedRow:
    """A row of a table: its cells joined by " | ", empty ones kept, and their lines."""

    text: str
    lines: tuple[PrintedLine, ...]


def table_runs(lines: Sequence[PrintedLine]) -> tuple[range, ...]:
    """The runs of ``lines`` (in reading order, of one document) that are tables."""
    inside = [_has_neighbour(lines, index) for index in range(len(lines))]
    runs = []
    start = None
    last = -1
    for index, is_cell in enumerate([*inside, False]):
        breaks = index == len(lines) or index - last > _MAX_BRIDGE + 1 or not _adjoins(lines[last], lines[index])
        if start is not None and breaks:
            runs.append(range(start, last + 1))
            start = None
        if is_cell:
            start = index if start is None else start
            last = index
    return tuple(run for run in runs if _is_table(lines, run))


def table_rows(cells: Sequence[PrintedLine]) -> Iterator[PrintedRow]:
    """The rows of one table from top to bottom."""
    columns = _columns(cells)
    for band in map(_line_by_line, _bands(cells)):
        texts = [
            one_line(" ".join(cell.text.rstrip("\u00ad") for cell in band if _column_of(cell, columns) == number))
            for number in range(len(columns))
        ]
        yield PrintedRow(" | ".join(texts), tuple(band))


def _line_by_line(band: Sequence[PrintedLine]) -> list[PrintedLine]:
    """The cells of a row, those of one line from the left: a word drawn a hair higher is not the first."""
    lines: list[list[PrintedLine]] = []
    for cell in band:
        if lines and lines[-1][0].baseline - cell.baseline < 0.4 * cell.size:
            lines[-1].append(cell)
        else:
            lines.append([cell])
    return [cell for line in lines for cell in sorted(line, key=lambda cell: cell.box.left)]


def _overlap(first: PrintedLine, second: PrintedLine) -> bool:
    """Whether two lines stand side by side on one page."""
    if first.box.page != second.box.page or first.column != second.column or first.turned is not second.turned:
        return False
    shared = min(first.box.top, second.box.top) - max(first.box.bottom, second.box.bottom)
    least = min(first.box.top - first.box.bottom, second.box.top - second.box.bottom)
    apart = first.box.right <= second.box.left or second.box.right <= first.box.left
    return apart and shared > 0.4 * least


def _has_neighbour(lines: Sequence[PrintedLine], index: int) -> bool:
    window = range(max(0, index - _WINDOW), min(len(lines), index + _WINDOW + 1))
    line = lines[index]
    return any(other != index and _overlap(line, lines[other]) and _like(line, lines[other]) for other in window)


def _like(first: PrintedLine, second: PrintedLine) -> bool:
    return abs(first.size - second.size) <= 1.5


def _adjoins(before: PrintedLine, line: PrintedLine) -> bool:
    """Whether a line stands no further than a few lines from the cell before it."""
    return before.box.page == line.box.page and abs(before.box.bottom - line.box.bottom) < 8 * max(line.size, 1.0)


def _is_table(lines: Sequence[PrintedLine], run: range) -> bool:
    """Whether cells that follow another on their line start at the same place on at least two lines.

    In a justified line the words may stand as far apart as cells, but nothing is aligned with them.
    """
    pairs = pairwise([lines[index] for index in run])
    followers = [second for first, second in pairs if _overlap(first, second) and _is_right(first, second)]
    aligned = [
        (first, second)
        for number, first in enumerate(followers)
        for second in followers[number + 1 : number + 1 + 4 * _WINDOW]
        if _is_aligned(first, second)
    ]
    return bool(aligned)


def _is_aligned(first: PrintedLine, second: PrintedLine) -> bool:
    """Whether two cells on different lines share an edge or their middle."""
    left, right = abs(first.box.left - second.box.left), abs(first.box.right - second.box.right)
    middle = abs(first.box.left + first.box.right - second.box.left - second.box.right) / 2
    is_elsewhere = abs(first.box.bottom - second.box.bottom) > 0.7 * first.size
    return is_elsewhere and min(left, right, middle) < 1.5


def _is_right(first: PrintedLine, second: PrintedLine) -> bool:
    return second.box.left >= first.box.right


def _columns(cells: Sequence[PrintedLine]) -> tuple[tuple[float, float], ...]:
    """The horizontal extent of each column; cells that span much of the table do not count."""
    left, right = min(cell.box.left for cell in cells), max(cell.box.right for cell in cells)
    narrow = sorted(
        (cell.box.left, cell.box.right) for cell in cells if cell.box.right - cell.box.left < 0.6 * (right - left)
    )
    columns: list[tuple[float, float]] = []
    for start, end in narrow:
        if columns and start < columns[-1][1]:
            columns[-1] = (columns[-1][0], max(columns[-1][1], end))
        else:
            columns.append((start, end))
    return tuple(columns) or ((left, right),)


def _column_of(cell: PrintedLine, columns: Sequence[tuple[float, float]]) -> int:
    middles = [abs((start + end) / 2 - (cell.box.left + cell.box.right) / 2) for start, end in columns]
    inside = [number for number, (start, end) in enumerate(columns) if start <= cell.box.left <= end]
    return inside[0] if inside else middles.index(min(middles))


def _bands(cells: Sequence[PrintedLine]) -> list[list[PrintedLine]]:
    """The cells of each row: rows are told by the white between them, or by their lines where there is none."""
    size = sorted(cell.size for cell in cells)[len(cells) // 2]
    bands = _banded(cells, 0.55 * size)
    heights = {round(cell.box.bottom / max(size, 1.0)) for cell in cells}
    return bands if len(bands) > 1 or len(heights) < 3 else _banded(cells, 0.0)


def _banded(cells: Sequence[PrintedLine], white: float) -> list[list[PrintedLine]]:
    bands: list[list[PrintedLine]] = []
    floor = 0.0
    for cell in sorted(cells, key=lambda cell: (-cell.box.top, cell.box.left)):
        starts_row = (
            cell.box.top < floor - white if white else cell.box.top <= floor + 0.5 * (cell.box.top - cell.box.bottom)
        )
        if not bands or starts_row:
            bands.append([])
            floor = cell.box.bottom
        bands[-1].append(cell)
        floor = min(floor, cell.box.bottom)
    return bands
