"""Which lines of a page are columns of running text, and their order.

Some programs draw two columns line by line across the page: read as drawn they are nonsense, and they look like
a table. Owns telling columns of prose by their geometry. Refuses to know paragraphs and tables.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ingest.readers.pdf.lines import PrintedLine

# A column of prose has at least so many lines, so many characters a line, and lines that fill this share of it.
_LEAST_LINES = 3
_LEAST_CHARS = 18
_FILLED = 0.75
# Of its lines this share at least is no end of a sentence: cells of a table are.
_RUNNING_SHARE = 0.5
# Lines of headings and pictures may cross the white between columns: this share of the page's.
_CROSSING_SHARE = 0.25
# From so many changes of side on, a page was drawn across its columns.
_LEAST_CHANGES = 4


def in_columns(lines: Sequence[PrintedLine]) -> tuple[PrintedLine, ...]:
    """The lines of one page in reading order, those of columns of running text numbered by column from 1.

    The order in which they were drawn stands, but where it changes sides at every line.
    """
    gutters = sorted(_gutters([line for line in lines if len(line.text) >= _LEAST_CHARS and not line.turned]))
    if not gutters or not _are_prose(lines, gutters):
        return tuple(lines)
    made: list[PrintedLine] = []
    for band in _bands(lines, gutters):
        is_prose = median(len(line.text) for line in band) >= _LEAST_CHARS
        made += _ordered(band, gutters, len(made) + 1) if is_prose else band
    return tuple(made)


def _ordered(band: list[PrintedLine], gutters: Sequence[float], first: int) -> list[PrintedLine]:
    """A band with its columns numbered; one after the other where it was drawn across them."""
    numbered = [replace(line, column=first + bisect(gutters, _middle(line))) for line in band]
    changes = sum(before.column != after.column for before, after in pairwise(numbered))
    if changes < max(_LEAST_CHANGES, 0.25 * len(band)):
        return numbered
    return sorted(numbered, key=lambda line: (line.column, -round(line.baseline), line.box.left))


def _middle(line: PrintedLine) -> float:
    return (line.box.left + line.box.right) / 2


def _crosses(line: PrintedLine, gutters: Sequence[float]) -> bool:
    return any(line.box.left < gutter - 1.0 and line.box.right > gutter + 1.0 for gutter in gutters)


def _gutters(prose: list[PrintedLine]) -> list[float]:
    """The middles of the white between columns of lines of prose."""
    best: tuple[int, float] | None = None
    for start in {round(line.box.left) for line in prose} if len(prose) >= 2 * _LEAST_LINES else ():
        ends = [line.box.right for line in prose if line.box.right <= start + 1]
        after = sum(line.box.left >= start - 1 for line in prose)
        crossing = len(prose) - len(ends) - after
        is_fit = min(len(ends), after) >= _LEAST_LINES and crossing <= _CROSSING_SHARE * len(prose)
        if is_fit and (best is None or crossing < best[0]):
            best = (crossing, (max(ends) + start) / 2)
    if best is None:
        return []
    left = [line for line in prose if line.box.right <= best[1] + 1]
    right = [line for line in prose if line.box.left >= best[1] - 1]
    return [*_gutters(left), best[1], *_gutters(right)]


def _bands(lines: Sequence[PrintedLine], gutters: Sequence[float]) -> list[list[PrintedLine]]:
    """The lines in their order, cut where one crosses the white between the columns at its own height."""
    heights = [line.baseline for line in lines if _crosses(line, gutters)]
    bands: dict[tuple[int, bool], list[PrintedLine]] = {}
    for line in lines:
        above = sum(height > line.baseline for height in heights)
        bands.setdefault((above, _crosses(line, gutters)), []).append(line)
    return list(bands.values())


def _are_prose(lines: Sequence[PrintedLine], gutters: Sequence[float]) -> bool:
    """Whether the lines of most columns run on from one to the next and fill their column."""
    columns: dict[int, list[PrintedLine]] = {}
    for line in lines:
        if not line.turned and not _crosses(line, gutters):
            columns.setdefault(bisect(gutters, _middle(line)), []).append(line)
    prose = sum(_is_prose(column) for column in columns.values())
    return prose >= 2 and prose >= len(columns) - 1


def _is_prose(column: list[PrintedLine]) -> bool:
    if len(column) < _LEAST_LINES:
        return False
    widths = [line.box.right - line.box.left for line in column]
    # The width that nearly all lines keep to: one that reaches out is a heading.
    width = sorted(widths)[int(0.9 * (len(widths) - 1))]
    unfinished = sum(not line.text.rstrip("\"'”’»)").endswith((".", "!", "?", ":", ";", "…")) for line in column)
    return (
        median(len(line.text) for line in column) >= _LEAST_CHARS
        and median(widths) >= _FILLED * width
        and unfinished >= _RUNNING_SHARE * len(column)
        and median(len(line.text.split()) for line in column) >= _LEAST_LINES
    )
