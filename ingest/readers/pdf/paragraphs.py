"""Lines of PDF pages to paragraphs: which line goes on with the one before, over pictures, notes and pages too.

Owns the geometry of running text: gaps, indents, sizes. Refuses to know what kind of block a paragraph becomes.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from ingest.readers.pdf.lines import PrintedLine
from ingest.readers.plain_text import LIST_MARK

CAPTION = re.compile(
    r"(?:figuras?|figures?|fig\.|tablas?|tables?|gr[áa]ficos?|charts?|cuadros?|ilustraci[óo]n|exhibit|imagen)"
    r"\s{0,2}\d{1,3}(?:[.-]\d{1,3})?\s{0,2}(?:[.:|–—-]|$)",
    re.I,
)
# What interrupts a sentence (a picture's words, a table, a box) is no longer than so many pieces.
MAX_BETWEEN = 8
# A line that ends in the middle of a sentence fills its column: it is no label.
_LEAST_OPEN_CHARS = 25


@dataclass(frozen=True, slots=True)
class Measures:
    """What is usual in this document: body size, the step between baselines, heading styles by rank."""

    body_size: float
    body_bold: bool
    step: float
    heading_sizes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Lines that make one block; ``row`` is the text of a table's row, which is joined already."""

    lines: tuple[PrintedLine, ...]
    row: str | None = None


def measured(lines: Sequence[PrintedLine]) -> Measures:
    """What is usual in these lines, of which there is one at least; the step is guessed from the size."""
    styles: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        styles[round(line.size, 1), line.bold] += len(line.text)
    (body_size, body_bold), _ = styles.most_common(1)[0]
    large = sorted({round(line.size, 1) for line in lines if line.size > 1.12 * body_size}, reverse=True)
    return Measures(body_size, body_bold, 1.3 * body_size, tuple(large))


def line_step(lines: Sequence[PrintedLine], body_size: float) -> float:
    """The usual distance between baselines of lines that follow each other in a paragraph."""
    steps = [
        first.baseline - second.baseline
        for first, second in pairwise(lines)
        if first.box.page == second.box.page
        and abs(first.size - second.size) < 0.1 >= abs(second.size - body_size)
        and first.box.left < second.box.right
        and second.box.left < first.box.right
        and 0.5 < first.baseline - second.baseline < 3 * max(first.size, 1.0)
    ]
    return median(steps) if steps else 1.3 * body_size


def text_drafts(lines: Sequence[PrintedLine], measures: Measures) -> Iterator[Draft]:
    """The paragraphs of lines in reading order."""
    rights = _rights(lines)
    group: list[PrintedLine] = []
    for line in lines:
        if group and not _goes_on(group, line, rights, measures):
            yield Draft(tuple(group))
            group = []
        group.append(line)
    if group:
        yield Draft(tuple(group))


def _goes_on(
    group: Sequence[PrintedLine], line: PrintedLine, rights: dict[tuple[int, int], float], measures: Measures
) -> bool:
    """Whether ``line`` continues the paragraph of ``group``."""
    before = group[-1]
    if before.turned is not line.turned:
        return False
    if _is_same_line(before, line):
        return True
    is_open = not _ends_sentence(before.text)
    if abs(line.size - before.size) > 0.6 or LIST_MARK.match(line.text) or CAPTION.match(line.text):
        return False
    if line.begins_bold is not before.ends_bold and not (is_open and line.text[:1].islower()):
        return False
    if before.text.endswith(("\u00ad", "-")) and line.text[:1].islower():
        return True
    step = before.baseline - line.baseline
    if line.box.page != before.box.page or step < 0:
        return is_open and (line.text[:1].islower() or line.text[:1].isdigit())
    scale = max(1.0, line.size / max(measures.body_size, 1.0))
    usual = 1.3 * measures.step * scale + 1.0
    if step > (1.7 * usual if is_open and line.text[:1].islower() else usual):
        return False
    if not is_open and not line.text[:1].islower():
        return not (_is_indented(before, line, group) or _had_room(before, line, rights))
    return True


def _is_same_line(before: PrintedLine, line: PrintedLine) -> bool:
    """Whether a line that white cut in two goes on: no table, only wide spaces."""
    return is_level(before, line) and 0 <= line.box.left - before.box.right < 3 * line.size


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)").endswith((".", "!", "?", ":", "…"))


def _is_indented(before: PrintedLine, line: PrintedLine, group: Sequence[PrintedLine]) -> bool:
    return len(group) > 1 and line.box.left - before.box.left > 0.8 * line.size


def _rights(lines: Iterable[PrintedLine]) -> dict[tuple[int, int], float]:
    """The right end of the lines that begin at a place of a page."""
    rights: dict[tuple[int, int], float] = {}
    for line in lines:
        key = (line.box.page, round(line.box.left / 10))
        rights[key] = max(rights.get(key, 0.0), line.box.right)
    return rights


def _had_room(before: PrintedLine, line: PrintedLine, rights: dict[tuple[int, int], float]) -> bool:
    """Whether the next line's first word would have fitted: then the break was meant."""
    reach = range(-round(before.size / 4), round(before.size / 4) + 1)
    at = round(before.box.left / 10)
    right = max((rights.get((before.box.page, at + shift), 0.0) for shift in reach), default=before.box.right)
    width_per_char = (line.box.right - line.box.left) / max(1, len(line.text))
    first_word = line.text.split()[0] if line.text.split() else ""
    return right - before.box.right > width_per_char * (len(first_word) + 2)


def rejoined(drafts: list[Draft]) -> list[Draft]:
    """The drafts, sentences whole again that a picture, a table, a box or a page's end had cut in two."""
    made: list[Draft] = []
    for draft in drafts:
        host = _host(made, draft)
        if host is None:
            made.append(draft)
        else:
            made[host] = Draft(made[host].lines + draft.lines)
    return made


def _host(made: list[Draft], draft: Draft) -> int | None:
    """The draft whose last sentence goes on in this one, or null."""
    first = draft.lines[0]
    if draft.row is not None or first.turned or not first.text[:1].islower() or LIST_MARK.match(first.text):
        return None
    for index in range(len(made) - 1, max(-1, len(made) - 1 - MAX_BETWEEN), -1):
        last = made[index].lines[-1]
        is_text = made[index].row is None and not last.turned and not CAPTION.match(made[index].lines[0].text)
        if is_text and abs(last.size - first.size) <= 0.6:
            if _ends_sentence(last.text) or last.text.endswith(";"):
                return None
            is_alike = last.ends_bold is first.begins_bold and len(last.text) >= _LEAST_OPEN_CHARS
            if is_alike and _reaches(last, first, index == len(made) - 1):
                return index
    return None


def _reaches(last: PrintedLine, first: PrintedLine, is_next: bool) -> bool:
    """Whether a sentence can go on from one line to another: below it, in the next column, on the next page.

    Over what lies between on the same page only at the same margin: side by side may stand two different texts.
    """
    if first.box.page != last.box.page:
        return first.box.page - last.box.page == 1
    is_other_column = first.column != last.column
    return is_next or is_other_column or abs(first.box.left - last.box.left) < 0.3 * first.size


def is_level(first: PrintedLine, second: PrintedLine) -> bool:
    """Whether both stand on one line of a page."""
    return first.box.page == second.box.page and abs(first.baseline - second.baseline) < 0.4 * second.size
