"""Footnotes of PDF pages: set apart from the text, which may go on over them to the next page.

Owns telling them: small lines at a column's foot that begin with a mark. Refuses to know paragraphs.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ingest.readers.pdf.lines import PrintedLine

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
