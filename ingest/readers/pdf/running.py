"""What stands on pages beside the text: running headers and footers, page numbers, numbers of lines.

Owns telling them by their place and by what repeats. Refuses to know paragraphs.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from ingest.readers.extract import one_line
from ingest.readers.pdf.lines import PrintedLine

RUNNING = "running_header_or_footer"
LINE_NUMBER = "line_number"
# Running headers and footers stand in this share of the page at its top and bottom.
_MARGIN_SHARE = 0.09
# Page numbers, which count with the pages, in this.
_NUMBER_SHARE = 0.14
_PAGE_NUMBER = re.compile(
    r"(?:p[áa]g(?:ina|e)?\.?\s*)?[-–—|]?\s*(\d{1,5})\s*(?:(?:/|of|de)\s*\d{1,5})?\s*[-–—|]?$", re.I
)
_SAID_PAGE_NUMBER = re.compile(
    r"p[áa]g(?:ina|e)?\.?\s*\d{1,5}(?:\s*(?:/|of|de)\s*\d{1,5})?$|\d{1,4}\s?/\s?\d{1,4}$", re.I
)
# In a book a chapter's header stands on some of the pages: in the same margin on so many it is no text.
_ENOUGH_PAGES = 5.0
_DIGITS = re.compile(r"\d+")
_LINE_NUMBER = re.compile(r"\d{1,3}$")
# Pages that number their lines have many of them, and every one or every fifth is counted.
_LEAST_NUMBERED = 10
_STEPS = (1, 5)


def running_rules(lines: Sequence[PrintedLine], pages: int) -> tuple[str | None, ...]:
    """For each line the rule by which it is no text, or null."""
    least = min(max(2.0, pages / 3), _ENOUGH_PAGES)
    repeated, numbered = _repeated(lines, least), _numbered(lines, least)
    counted = _line_numbers(lines)
    return tuple(
        RUNNING
        if _shape(line) in repeated or _numbering(line) in numbered or _says_page(line)
        else LINE_NUMBER
        if index in counted
        else None
        for index, line in enumerate(lines)
    )


def printed_numbers(lines: Sequence[PrintedLine], pages: int) -> dict[int, str]:
    """The number printed on each page, by its index (from 1), where they count with the pages and are not the same."""
    numbered = _numbered(lines, max(3.0, pages / 2))
    offsets = Counter(place[1] for place in numbered if place is not None)
    if len(offsets) != 1:
        return {}
    (offset,) = offsets
    return {page: str(page + offset) for page in range(1, pages + 1) if page + offset > 0} if offset else {}


def _in_margin(line: PrintedLine, share: float) -> bool:
    return line.box.top < share * line.page_height or line.box.bottom > (1 - share) * line.page_height


def _shape(line: PrintedLine) -> tuple[str, int] | None:
    """What a line in a margin, or turned, says in which size, numbers aside; null for others and for a bare number."""
    text = _DIGITS.sub("#", one_line(line.text)).casefold()
    has_letters = any(character.isalpha() for character in text)
    is_beside = line.turned or _in_margin(line, _MARGIN_SHARE)
    return (text, round(line.size)) if has_letters and is_beside else None


def _repeated(lines: Sequence[PrintedLine], least: float) -> frozenset[tuple[str, int] | None]:
    """The shapes of margin lines that stand on enough pages."""
    pages: dict[tuple[str, int], set[int]] = {}
    for line in lines:
        if shape := _shape(line):
            pages.setdefault(shape, set()).add(line.box.page)
    return frozenset(shape for shape, numbers in pages.items() if len(numbers) >= least)


def _numbering(line: PrintedLine) -> tuple[int, int] | None:
    """The height and the distance from the page's index of a line that is only a number."""
    match = _PAGE_NUMBER.match(line.text.strip())
    return (round(line.baseline / 8), int(match.group(1)) - line.box.page) if match else None


def _numbered(lines: Sequence[PrintedLine], least: float) -> frozenset[tuple[int, int] | None]:
    """The places of page numbers: the same height, counting with the pages.

    Some stand beside the text and not above or below it: those must count over three pages at least.
    """
    found = [(place, _in_margin(line, _NUMBER_SHARE)) for line in lines if (place := _numbering(line))]
    counts = Counter(place for place, _ in found)
    in_margin = {place for place, is_in in found if is_in}
    return frozenset(
        place for place, number in counts.items() if number >= (least if place in in_margin else max(3, least))
    )


def _says_page(line: PrintedLine) -> bool:
    """Whether a margin line says by itself that it is a page's number ("Página 3 de 12")."""
    return _in_margin(line, _MARGIN_SHARE) and bool(_SAID_PAGE_NUMBER.match(one_line(line.text)))


def _line_numbers(lines: Sequence[PrintedLine]) -> frozenset[int]:
    """The numbers that count the lines of a page, in its margin."""
    found: set[int] = set()
    rows: dict[tuple[int, str, int], list[int]] = defaultdict(list)
    for index, line in enumerate(lines):
        if _LINE_NUMBER.match(line.text.strip()):
            rows[line.box.page, "left", round(line.box.left / 4)].append(index)
            rows[line.box.page, "right", round(line.box.right / 4)].append(index)
    for (page, _, _), indexes in rows.items():
        numbers = [int(lines[index].text) for index in sorted(indexes, key=lambda index: -lines[index].baseline)]
        steps = {second - first for first, second in pairwise(numbers)}
        if len(numbers) >= _LEAST_NUMBERED and len(steps) == 1 and steps <= set(_STEPS):
            right = max(lines[index].box.right for index in indexes)
            others = [line for at, line in enumerate(lines) if line.box.page == page and at not in indexes]
            if sum(line.box.left < right for line in others) <= 0.1 * len(others):
                found.update(indexes)
    return frozenset(found)


_SMALL = 0.93
# Notes stand in the lower part of a page.
_FOOT_SHARE = 0.62
_OPENING = re.compile(r"(?:\[?(\d{1,3})\]?[.)]?|([*†‡§]{1,3}))\s*(?=[^\W\d_\"“«¿¡(])")


@dataclass(frozen=True, slots=True)
class Note:
    """A footnote: its mark, and its lines without it."""

    mark: str
    lines: tuple[PrintedLine, ...]


def notes_apart(lines: Sequence[PrintedLine], body_size: float) -> tuple[tuple[PrintedLine, ...], tuple[Note, ...]]:
    """The lines of one page without its footnotes, and these from top to bottom."""
    marks = {mark for line in lines for mark in line.marks}
    openings = {index: mark for index, line in enumerate(lines) if (mark := _opening(line, marks, body_size))}
    openings = {index: mark for index, mark in openings.items() if _is_at_foot(lines[index], lines, body_size)}
    if not openings:
        return tuple(lines), ()
    taken: dict[int, list[int]] = {index: [] for index in openings}
    for index, line in enumerate(lines):
        owner = _owner(line, lines, openings, body_size)
        if owner is not None:
            taken[owner].append(index)
    gone = {index for owned in taken.values() for index in owned}
    ordered = sorted(openings, key=lambda index: (lines[index].column, -lines[index].baseline))
    notes = tuple(Note(openings[index], tuple(lines[at] for at in sorted(taken[index]))) for index in ordered)
    return tuple(line for index, line in enumerate(lines) if index not in gone), notes


def without_mark(text: str, mark: str) -> str:
    """The text of a note without the mark that opens it."""
    match = _OPENING.match(text)
    return text[match.end() :] if match and (match.group(1) or match.group(2)) == mark else text


def _opening(line: PrintedLine, marks: set[str], body_size: float) -> str | None:
    """The mark that a small line opens with, if one of the text above it is the same."""
    if line.turned or line.size > _SMALL * body_size or line.box.top > _FOOT_SHARE * line.page_height:
        return None
    if line.opening:
        return line.opening
    match = _OPENING.match(line.text)
    mark = (match.group(1) or match.group(2)) if match else None
    return mark if mark in marks or (mark and not mark.isdigit()) else None


def _is_beside(first: PrintedLine, second: PrintedLine) -> bool:
    return first.box.left < second.box.right and second.box.left < first.box.right


def _is_at_foot(line: PrintedLine, lines: Sequence[PrintedLine], body_size: float) -> bool:
    """Whether nothing of the text's own size stands below."""
    below = (other for other in lines if other.baseline < line.baseline - 1 and _is_beside(line, other))
    return all(other.size <= _SMALL * body_size for other in below)


def _owner(line: PrintedLine, lines: Sequence[PrintedLine], openings: dict[int, str], body_size: float) -> int | None:
    """The note that a line belongs to: the one that opens nearest above it in its column."""
    if line.turned or line.size > _SMALL * body_size:
        return None
    above = [
        index
        for index in openings
        if lines[index].baseline >= line.baseline - 1
        and lines[index].column == line.column
        and lines[index].box.left <= line.box.right
        and (line.column or lines[index].box.left - 3 * line.size <= line.box.left)
    ]
    return min(above, key=lambda index: lines[index].baseline, default=None)
