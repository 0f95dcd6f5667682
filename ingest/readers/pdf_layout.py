"""Lines of PDF pages to paragraphs, headings and table rows; what repeats on pages is marked.

Owns the geometry: gaps, indents, sizes, columns, hyphens at line ends, running headers and footers.
Refuses to know the library that found the lines.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.extract import RawBlock, one_line
from ingest.readers.plain_text import LIST_MARK
from kb.document import BlockKind, Box, Place

# Running headers and footers stand in this share of the page at its top and bottom.
_MARGIN_SHARE = 0.12
_MIN_REPEATS = 3
_PAGE_NUMBER = re.compile(r"(?:p[áa]g(?:ina|e)?\.?\s*)?[-–—|]?\s*\d{1,4}\s*(?:(?:/|of|de)\s*\d{1,4})?\s*[-–—|]?$", re.I)
_DIGITS = re.compile(r"\d+")
_CELL_GAP = re.compile(r"\s{3,}|\t")
RUNNING = "running_header_or_footer"


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page: its text (U+00AD where a hyphen splits a word at its end), box, font size, page height."""

    text: str
    box: Box
    size: float
    page_height: float


def layout_blocks(pages: Sequence[Sequence[Line]]) -> tuple[RawBlock, ...]:
    """The blocks of all pages in reading order; running headers and footers are marked as furniture."""
    running = _running_texts(pages)
    lines = [line for page in pages for line in page]
    if not lines:
        return ()
    body_size = _body_size(lines)
    kept = [line for line in lines if not _is_running(line, running)]
    blocks = [_block(group, body_size) for group in _groups(kept, body_size)]
    furniture = [_running_block(line) for line in lines if _is_running(line, running)]
    return tuple(sorted(blocks + furniture, key=lambda block: block.place.page or 0))


def _body_size(lines: Sequence[Line]) -> float:
    """The font size that most characters have, in points."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size, 1)] += len(line.text)
    return sizes.most_common(1)[0][0]


def _in_margin(line: Line) -> bool:
    return line.box.bottom < _MARGIN_SHARE * line.page_height or line.box.top > (1 - _MARGIN_SHARE) * line.page_height


def _shape(line: Line) -> str:
    return _DIGITS.sub("#", one_line(line.text)).casefold()


def _running_texts(pages: Sequence[Sequence[Line]]) -> frozenset[str]:
    """Margin lines, numbers aside, that stand on at least three pages and a third of all."""
    counts: Counter[str] = Counter()
    for page in pages:
        counts.update({_shape(line) for line in page if _in_margin(line)})
    least = max(_MIN_REPEATS, len(pages) / 3)
    return frozenset(shape for shape, number in counts.items() if number >= least)


def _is_running(line: Line, running: frozenset[str]) -> bool:
    return _in_margin(line) and (_shape(line) in running or bool(_PAGE_NUMBER.match(line.text.strip())))


def _running_block(line: Line) -> RawBlock:
    place = Place(page=line.box.page, boxes=(line.box,))
    return RawBlock(one_line(line.text), BlockKind.PARAGRAPH, 0, place, RUNNING)


def _groups(lines: Sequence[Line], body_size: float) -> Iterator[list[Line]]:
    gap = _usual_gap(lines)
    width = _usual_width(lines)
    group: list[Line] = []
    for line in lines:
        if group and not _goes_on(group, line, gap, width):
            yield group
            group = []
        group.append(line)
    if group:
        yield group


def _usual_gap(lines: Sequence[Line]) -> float:
    """The usual distance between baselines of two lines of a paragraph, in points."""
    gaps = [
        first.box.bottom - second.box.bottom
        for first, second in pairwise(lines)
        if 0 < first.box.bottom - second.box.bottom < 4 * max(first.size, 1) and first.box.page == second.box.page
    ]
    return median(gaps) if gaps else 14.0


def _usual_width(lines: Sequence[Line]) -> float:
    widths = sorted(line.box.right - line.box.left for line in lines)
    return widths[int(len(widths) * 0.75)] if widths else 0.0


def _goes_on(group: Sequence[Line], line: Line, gap: float, width: float) -> bool:
    """Whether ``line`` continues the paragraph of ``group``."""
    before = group[-1]
    if abs(line.size - before.size) > 0.6 or LIST_MARK.match(line.text) or _is_row(line) or _is_row(before):
        return False
    if before.text.endswith("\u00ad"):
        return True
    step = before.box.bottom - line.box.bottom
    if line.box.page != before.box.page or step < -gap:
        return _flows_over(before, line, width)
    if step > 1.45 * gap or (before.box.right - before.box.left < 0.6 * width and _ends_sentence(before.text)):
        return False
    is_indented = line.box.left - before.box.left > 0.8 * line.size and len(group) > 1
    return not (is_indented and _ends_sentence(before.text))


def _flows_over(before: Line, line: Line, width: float) -> bool:
    """A paragraph goes on in the next column or page when its last line is full and no sentence ended."""
    is_full = before.box.right - before.box.left > 0.75 * width
    return is_full and not _ends_sentence(before.text) and line.text[:1].islower()


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)").endswith((".", "!", "?", ":", "…"))


def _is_row(line: Line) -> bool:
    """Whether a line reads as cells: two wide gaps, or one with a number beside it."""
    cells = _CELL_GAP.split(line.text.strip())
    return len(cells) >= 3 or (len(cells) == 2 and any(character.isdigit() for character in cells[1]))


def _block(group: Sequence[Line], body_size: float) -> RawBlock:
    place = Place(page=group[0].box.page, boxes=tuple(line.box for line in group))
    if _is_row(group[0]):
        cells = [one_line(cell) for cell in _CELL_GAP.split(group[0].text.strip())]
        return RawBlock(" | ".join(cells), BlockKind.TABLE_ROW, 0, place)
    text = one_line(_joined(group))
    size = group[0].size
    if size > 1.12 * body_size and len(text) < 200:
        level = 1 if size > 1.6 * body_size else 2 if size > 1.3 * body_size else 3
        return RawBlock(text, BlockKind.HEADING, level, place)
    if LIST_MARK.match(text):
        return RawBlock(text, BlockKind.LIST_ITEM, 1, place)
    return RawBlock(text, BlockKind.PARAGRAPH, 0, place)


def _joined(group: Sequence[Line]) -> str:
    """The lines as running text; a hyphen at a line's end is dropped when it splits a word."""
    text = ""
    for line in group:
        piece = line.text.strip()
        if text.endswith("\u00ad") or (text.endswith("-") and text[-2:-1].isalpha() and piece[:1].islower()):
            text = text[:-1] + piece
        else:
            text = f"{text} {piece}" if text else piece
    return text
