"""Lines of PDF pages to paragraphs, headings, lists and table rows; what repeats on pages is marked.

Owns the geometry of running text: gaps, indents, sizes, columns, hyphens at line ends, running headers
and footers. Refuses to know the library that found the lines; tables are ``pdf_tables``'s.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.extract import RawBlock, one_line
from ingest.readers.pdf.tables import Line, table_rows, table_runs
from ingest.readers.plain_text import LIST_MARK
from kb.records.document import BlockKind, Place

# Running headers and footers stand in this share of the page at its top and bottom.
_MARGIN_SHARE = 0.09
_PAGE_NUMBER = re.compile(
    r"(?:p[áa]g(?:ina|e)?\.?\s*)?[-–—|]?\s*(\d{1,4})\s*(?:(?:/|of|de)\s*\d{1,4})?\s*[-–—|]?$", re.I
)
_DIGITS = re.compile(r"\d+")
_MAX_HEADING_CHARS = 200
RUNNING = "running_header_or_footer"


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is usual in this document: body size, the step between baselines, heading styles by rank."""

    body_size: float
    body_bold: bool
    step: float
    heading_sizes: tuple[float, ...]


def layout_blocks(pages: Sequence[Sequence[Line]]) -> tuple[RawBlock, ...]:
    """The blocks of all pages in reading order; running headers and footers are marked as furniture."""
    lines = [line for page in pages for line in page]
    least = max(2.0, len(pages) / 3)
    repeated = _repeated(lines, least)
    numbered = _numbered(lines, least)
    running = [_shape(line) in repeated or _numbering(line) in numbered for line in lines]
    kept = [line for line, runs in zip(lines, running, strict=True) if not runs]
    blocks = list(_blocks(kept)) if kept else []
    furniture = [_running_block(line) for line, runs in zip(lines, running, strict=True) if runs]
    return tuple(sorted(blocks + furniture, key=lambda block: block.place.page or 0))


def _in_margin(line: Line) -> bool:
    low, high = _MARGIN_SHARE * line.page_height, (1 - _MARGIN_SHARE) * line.page_height
    return line.box.top < low or line.box.bottom > high


def _shape(line: Line) -> tuple[str, int] | None:
    """What a margin line says in which size, numbers aside; null for a line in the page's body or a bare number."""
    text = _DIGITS.sub("#", one_line(line.text)).casefold()
    has_letters = any(character.isalpha() for character in text)
    return (text, round(line.size)) if has_letters and _in_margin(line) else None


def _repeated(lines: Sequence[Line], least: float) -> frozenset[tuple[str, int] | None]:
    """The shapes of margin lines that stand on two pages and a third of all."""
    pages: dict[tuple[str, int], set[int]] = {}
    for line in lines:
        if shape := _shape(line):
            pages.setdefault(shape, set()).add(line.box.page)
    return frozenset(shape for shape, numbers in pages.items() if len(numbers) >= least)


def _numbering(line: Line) -> tuple[int, int] | None:
    """The height and the distance from the page's index of a margin line that is only a number."""
    match = _PAGE_NUMBER.match(line.text.strip()) if _in_margin(line) else None
    return (round(line.box.bottom / 4), int(match.group(1)) - line.box.page) if match else None


def _numbered(lines: Sequence[Line], least: float) -> frozenset[tuple[int, int] | None]:
    """The places of page numbers: the same height, counting with the pages."""
    counts = Counter(place for line in lines if (place := _numbering(line)))
    return frozenset(place for place, number in counts.items() if number >= least)


def _running_block(line: Line) -> RawBlock:
    place = Place(page=line.box.page, boxes=(line.box,))
    return RawBlock(one_line(line.text), BlockKind.PARAGRAPH, 0, place, RUNNING)


def _blocks(lines: Sequence[Line]) -> Iterator[RawBlock]:
    measures = _measured(lines)
    start = 0
    for run in table_runs(lines):
        yield from _text_blocks(lines[start : run.start], measures)
        for row in table_rows([lines[index] for index in run]):
            yield RawBlock(row.text, BlockKind.TABLE_ROW, 0, Place(page=row.boxes[0].page, boxes=row.boxes))
        start = run.stop
    yield from _text_blocks(lines[start:], measures)


def _measured(lines: Sequence[Line]) -> _Measures:
    styles: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        styles[round(line.size, 1), line.bold] += len(line.text)
    (body_size, body_bold), _ = styles.most_common(1)[0]
    steps = [
        first.box.bottom - second.box.bottom
        for first, second in pairwise(lines)
        if first.box.page == second.box.page
        and round(first.size, 1) == round(second.size, 1) == body_size
        and 0 < first.box.bottom - second.box.bottom < 3 * max(first.size, 1.0)
    ]
    large = sorted({round(line.size, 1) for line in lines if line.size > 1.12 * body_size}, reverse=True)
    return _Measures(body_size, body_bold, median(steps) if steps else 1.3 * body_size, tuple(large))


def _text_blocks(lines: Sequence[Line], measures: _Measures) -> Iterator[RawBlock]:
    group: list[Line] = []
    for line in lines:
        if group and not _goes_on(group, line, lines, measures):
            yield _block(group, measures)
            group = []
        group.append(line)
    if group:
        yield _block(group, measures)


def _goes_on(group: Sequence[Line], line: Line, lines: Sequence[Line], measures: _Measures) -> bool:
    """Whether ``line`` continues the paragraph of ``group``."""
    before = group[-1]
    if _is_same_line(before, line):
        return True
    if abs(line.size - before.size) > 0.6 or line.bold is not before.bold or LIST_MARK.match(line.text):
        return False
    if before.text.endswith("\u00ad"):
        return True
    step = before.box.bottom - line.box.bottom
    if line.box.page != before.box.page or step < 0:
        return not _ends_sentence(before.text) and (line.text[:1].islower() or line.text[:1].isdigit())
    scale = max(1.0, line.size / max(measures.body_size, 1.0))
    if step > 1.3 * measures.step * scale + 1.0:
        return False
    if _ends_sentence(before.text) and not line.text[:1].islower():
        return not (_is_indented(before, line, group) or _had_room(before, line, lines))
    return True


def _is_same_line(before: Line, line: Line) -> bool:
    """Whether a line that white cut in two goes on: no table, only wide spaces."""
    is_level = before.box.page == line.box.page and abs(before.box.bottom - line.box.bottom) < 0.4 * line.size
    return is_level and 0 <= line.box.left - before.box.right < 3 * line.size


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)").endswith((".", "!", "?", ":", "…"))


def _is_indented(before: Line, line: Line, group: Sequence[Line]) -> bool:
    return len(group) > 1 and line.box.left - before.box.left > 0.8 * line.size


def _had_room(before: Line, line: Line, lines: Sequence[Line]) -> bool:
    """Whether the next line's first word would have fitted: then the break was meant."""
    right = max(
        other.box.right
        for other in lines
        if other.box.page == before.box.page and abs(other.box.left - before.box.left) < 2.5 * before.size
    )
    width_per_char = (line.box.right - line.box.left) / max(1, len(line.text))
    first_word = line.text.split()[0]
    return right - before.box.right > width_per_char * (len(first_word) + 2)


def _block(group: Sequence[Line], measures: _Measures) -> RawBlock:
    place = Place(page=group[0].box.page, boxes=tuple(line.box for line in group))
    text = one_line(_joined(group))
    if LIST_MARK.match(text) and not group[0].bold:
        return RawBlock(text, BlockKind.LIST_ITEM, 1, place)
    level = _heading_level(group[0], text, measures)
    return RawBlock(text, BlockKind.HEADING if level else BlockKind.PARAGRAPH, level, place)


def _heading_level(first: Line, text: str, measures: _Measures) -> int:
    """The rank of a heading's size among the document's, bold ones of body size last; 0 for running text."""
    if len(text) > _MAX_HEADING_CHARS or not any(character.isalpha() for character in text):
        return 0
    size = round(first.size, 1)
    if size in measures.heading_sizes:
        return min(6, measures.heading_sizes.index(size) + 1)
    is_bold_line = first.bold and not measures.body_bold and size > 0.85 * measures.body_size
    return min(6, len(measures.heading_sizes) + 1) if is_bold_line and not text.endswith((".", ",", ";")) else 0


def _joined(group: Sequence[Line]) -> str:
    """The lines as running text; a hyphen at a line's end is dropped when it splits a word."""
    text = ""
    for line in group:
        piece = line.text.strip()
        splits_word = text.endswith("-") and text[-2:-1].isalpha() and piece[:1].islower()
        if text.endswith("\u00ad") or splits_word:
            text = text[:-1] + piece
            continue
        text = f"{text} {piece}" if text else piece
    return text
