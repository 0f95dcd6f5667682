"""Which lines of a page are columns of running text, and their order.

Some programs draw two columns line by line across the page: read as drawn they are nonsense, and they look like
a table. Owns telling columns of prose by their geometry. Refuses to know paragraphs and tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from statistics import median

from ingest.readers.pdf_lines import Line

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


def in_columns(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines of one page in reading order, those of columns of running text numbered by column from 1.

    The order in which they were drawn stands, but where it changes sides at every line.
    """
    return tuple(_numbered(list(lines), first=1))


def _numbered(lines: list[Line], first: int) -> list[Line]:
    gutter = _gutter(lines)
    if gutter is None:
        return lines
    made: list[Line] = []
    for band in _bands(lines, gutter):
        left = [line for line in band if _middle(line) < gutter]
        right = [line for line in band if _middle(line) >= gutter]
        if _is_prose(left) and _is_prose(right):
            made += _ordered(band, left, right, gutter, first + 2 * len(made))
        else:
            made += band
    return made


def _ordered(band: list[Line], left: list[Line], right: list[Line], gutter: float, first: int) -> list[Line]:
    """A band of two columns; each may hold columns itself."""
    sides = [_middle(line) < gutter for line in band]
    changes = sum(before is not after for before, after in pairwise(sides))
    if changes < max(_LEAST_CHANGES, 0.25 * len(band)):
        return [replace(line, column=first if is_left else first + 1) for line, is_left in zip(band, sides, strict=True)]
    return [
        replace(line, column=number)
        for number, side in ((first, left), (first + 1, right))
        for line in sorted(side, key=lambda line: (-round(line.baseline), line.box.left))
    ]


def _middle(line: Line) -> float:
    return (line.box.left + line.box.right) / 2


def _crosses(line: Line, gutter: float) -> bool:
    return line.box.left < gutter - 1.0 and line.box.right > gutter + 1.0


def _gutter(lines: list[Line]) -> float | None:
    """The middle of the white between two columns of lines of prose, or null."""
    prose = [line for line in lines if len(line.text) >= _LEAST_CHARS and not line.turned]
    if len(prose) < 2 * _LEAST_LINES:
        return None
    starts = sorted({round(line.box.left) for line in prose})
    best: tuple[int, float] | None = None
    for start in starts:
        left = [line for line in prose if line.box.right <= start + 1]
        right = [line for line in prose if line.box.left >= start - 1]
        if len(left) < _LEAST_LINES or len(right) < _LEAST_LINES:
            continue
        crossing = len(prose) - len(left) - len(right)
        if crossing <= _CROSSING_SHARE * len(prose) and (best is None or crossing < best[0]):
            best = (crossing, (max(line.box.right for line in left) + start) / 2)
    return best[1] if best else None


def _bands(lines: list[Line], gutter: float) -> list[list[Line]]:
    """The lines in their order, cut where one crosses the white between the columns at its own height."""
    crossing = sorted((line for line in lines if _crosses(line, gutter)), key=lambda line: -line.baseline)
    heights = [line.baseline for line in crossing]
    bands: dict[tuple[int, bool], list[Line]] = {}
    for line in lines:
        above = sum(height > line.baseline for height in heights)
        bands.setdefault((above, _crosses(line, gutter)), []).append(line)
    return list(bands.values())


def _is_prose(side: list[Line]) -> bool:
    """Whether the lines of a side run on from one to the next and fill their column."""
    if len(side) < _LEAST_LINES:
        return False
    left, right = min(line.box.left for line in side), max(line.box.right for line in side)
    widths = [line.box.right - line.box.left for line in side]
    unfinished = sum(not line.text.rstrip("\"'”’»)").endswith((".", "!", "?", ":", ";", "…")) for line in side)
    return (
        median(len(line.text) for line in side) >= _LEAST_CHARS
        and median(widths) >= _FILLED * (right - left)
        and unfinished >= _RUNNING_SHARE * len(side)
        and median(len(line.text.split()) for line in side) >= _LEAST_LINES
    )
