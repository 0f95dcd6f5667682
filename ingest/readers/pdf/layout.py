"""Lines of PDF pages to paragraphs, headings, lists and table rows; footnotes after what they note.

Owns the geometry of running text: gaps, indents, sizes, and what goes on over a picture, a note or a page.
Refuses to know the library that found the lines; tables, columns, notes and margins are other modules'.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median

from ingest.readers.extract import RawBlock, one_line
from ingest.readers.pdf.columns import in_columns
from ingest.readers.pdf.hyphens import Hyphens
from ingest.readers.pdf.lines import Line
from ingest.readers.pdf.notes import Note, notes_apart, without_mark
from ingest.readers.pdf.running import running_rules
from ingest.readers.pdf.tables import table_rows, table_runs
from ingest.readers.plain_text import LIST_MARK
from ingest.readers.raised import NOTE_MARK
from kb.records.document import BlockKind, Place

_MAX_HEADING_CHARS = 200
_CAPTION = re.compile(
    r"(?:figuras?|figures?|fig\.|tablas?|tables?|gr[áa]ficos?|charts?|cuadros?|ilustraci[óo]n|exhibit|imagen)"
    r"\s{0,2}\d{1,3}(?:[.-]\d{1,3})?\s{0,2}(?:[.:|–—-]|$)",
    re.I,
)
# What interrupts a sentence (a picture's words, a table, a box) is no longer than so many pieces.
_MAX_BETWEEN = 8
# A line that ends in the middle of a sentence fills its column: it is no label.
_LEAST_OPEN_CHARS = 25


@dataclass(frozen=True, slots=True)
class _Measures:
    """What is usual in this document: body size, the step between baselines, heading styles by rank."""

    body_size: float
    body_bold: bool
    step: float
    heading_sizes: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class _Draft:
    """Lines that make one block; ``row`` is the text of a table's row, which is joined already."""

    lines: tuple[Line, ...]
    row: str | None = None


def layout_blocks(pages: Sequence[Sequence[Line]]) -> tuple[RawBlock, ...]:
    """The blocks of all pages in reading order; running headers and footers and marks of notes are furniture."""
    lines = [line for page in pages for line in page]
    rules = running_rules(lines, len(pages))
    kept = [line for line, rule in zip(lines, rules, strict=True) if rule is None]
    furniture = [_furniture(line, rule) for line, rule in zip(lines, rules, strict=True) if rule]
    if not kept:
        return tuple(furniture)
    measures = _measured(kept)
    body, notes = _without_notes(kept, measures.body_size)
    measures = replace(measures, step=_step(body, measures.body_size))
    hyphens = Hyphens(line.text for line in lines)
    drafts = _rejoined(list(_drafts(body, measures)))
    blocks = [_block(draft, measures, hyphens) for draft in drafts]
    return tuple(_in_order(drafts, blocks, [(note, _note_block(note, hyphens)) for note in notes], furniture))


def _furniture(line: Line, rule: str) -> RawBlock:
    place = Place(page=line.box.page, boxes=(line.box,))
    return RawBlock(one_line(line.text), BlockKind.PARAGRAPH, 0, place, rule)


def _without_notes(kept: Sequence[Line], body_size: float) -> tuple[list[Line], list[Note]]:
    body: list[Line] = []
    notes: list[Note] = []
    for _, page in groupby(kept, key=lambda line: line.box.page):
        text, found = notes_apart(in_columns(_with_bullets(_with_initials(list(page)))), body_size)
        body += text
        notes += found
    return body, notes


def _with_initials(lines: list[Line]) -> list[Line]:
    """The lines with a large initial put before the line that it begins."""
    made: list[Line] = []
    for line in lines:
        initial = made[-1] if made else None
        if initial and _is_initial(initial, line):
            box = replace(line.box, left=initial.box.left, top=max(initial.box.top, line.box.top))
            made[-1] = replace(line, text=initial.text + line.text, box=box)
        else:
            made.append(line)
    return made


def _is_initial(initial: Line, line: Line) -> bool:
    is_letter = len(initial.text) == 1 and initial.text.isalpha() and line.text[:1].isalpha()
    is_beside = 0 <= line.box.left - initial.box.right + 1 < 1.5 * line.size
    is_large = initial.size > 1.6 * line.size and initial.box.bottom < line.baseline + 1 <= initial.box.top
    return is_letter and is_large and is_beside


def _with_bullets(lines: list[Line]) -> list[Line]:
    """The lines with a bullet put before the one that it begins, where it was drawn after its item."""
    made: list[Line] = []
    for line in lines:
        near = range(len(made) - 1, max(-1, len(made) - 1 - _MAX_BETWEEN), -1) if line.text == "•" else ()
        at = next((one for one in near if _is_level(made[one], line) and _is_before(line, made[one])), None)
        if at is None:
            made.append(line)
        else:
            item = made[at]
            made[at] = replace(item, text=f"• {item.text}", box=replace(item.box, left=line.box.left))
    return made


def _is_before(bullet: Line, item: Line) -> bool:
    return 0 < item.box.left - bullet.box.right < 4 * item.size


def _drafts(lines: Sequence[Line], measures: _Measures) -> Iterator[_Draft]:
    start = 0
    for run in table_runs(lines):
        yield from _text_drafts(lines[start : run.start], measures)
        yield from (_Draft(row.lines, row.text) for row in table_rows([lines[index] for index in run]))
        start = run.stop
    yield from _text_drafts(lines[start:], measures)


def _measured(lines: Sequence[Line]) -> _Measures:
    styles: Counter[tuple[float, bool]] = Counter()
    for line in lines:
        styles[round(line.size, 1), line.bold] += len(line.text)
    (body_size, body_bold), _ = styles.most_common(1)[0]
    large = sorted({round(line.size, 1) for line in lines if line.size > 1.12 * body_size}, reverse=True)
    return _Measures(body_size, body_bold, 1.3 * body_size, tuple(large))


def _step(lines: Sequence[Line], body_size: float) -> float:
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


def _text_drafts(lines: Sequence[Line], measures: _Measures) -> Iterator[_Draft]:
    rights = _rights(lines)
    group: list[Line] = []
    for line in lines:
        if group and not _goes_on(group, line, rights, measures):
            yield _Draft(tuple(group))
            group = []
        group.append(line)
    if group:
        yield _Draft(tuple(group))


def _goes_on(group: Sequence[Line], line: Line, rights: dict[tuple[int, int], float], measures: _Measures) -> bool:
    """Whether ``line`` continues the paragraph of ``group``."""
    before = group[-1]
    if before.turned is not line.turned:
        return False
    if _is_same_line(before, line):
        return True
    is_open = not _ends_sentence(before.text)
    if abs(line.size - before.size) > 0.6 or LIST_MARK.match(line.text) or _CAPTION.match(line.text):
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


def _is_same_line(before: Line, line: Line) -> bool:
    """Whether a line that white cut in two goes on: no table, only wide spaces."""
    return _is_level(before, line) and 0 <= line.box.left - before.box.right < 3 * line.size


def _is_level(first: Line, second: Line) -> bool:
    return first.box.page == second.box.page and abs(first.baseline - second.baseline) < 0.4 * second.size


def _ends_sentence(text: str) -> bool:
    return text.rstrip("\"'”’»)").endswith((".", "!", "?", ":", "…"))


def _is_indented(before: Line, line: Line, group: Sequence[Line]) -> bool:
    return len(group) > 1 and line.box.left - before.box.left > 0.8 * line.size


def _rights(lines: Iterable[Line]) -> dict[tuple[int, int], float]:
    """The right end of the lines that begin at a place of a page."""
    rights: dict[tuple[int, int], float] = {}
    for line in lines:
        key = (line.box.page, round(line.box.left / 10))
        rights[key] = max(rights.get(key, 0.0), line.box.right)
    return rights


def _had_room(before: Line, line: Line, rights: dict[tuple[int, int], float]) -> bool:
    """Whether the next line's first word would have fitted: then the break was meant."""
    reach = range(-round(before.size / 4), round(before.size / 4) + 1)
    at = round(before.box.left / 10)
    right = max((rights.get((before.box.page, at + shift), 0.0) for shift in reach), default=before.box.right)
    width_per_char = (line.box.right - line.box.left) / max(1, len(line.text))
    first_word = line.text.split()[0] if line.text.split() else ""
    return right - before.box.right > width_per_char * (len(first_word) + 2)


def _rejoined(drafts: list[_Draft]) -> list[_Draft]:
    """The drafts, sentences whole again that a picture, a table, a box or a page's end had cut in two."""
    made: list[_Draft] = []
    for draft in drafts:
        host = _host(made, draft)
        if host is None:
            made.append(draft)
        else:
            made[host] = _Draft(made[host].lines + draft.lines)
    return made


def _host(made: list[_Draft], draft: _Draft) -> int | None:
    """The draft whose last sentence goes on in this one, or null."""
    first = draft.lines[0]
    if draft.row is not None or first.turned or not first.text[:1].islower() or LIST_MARK.match(first.text):
        return None
    for index in range(len(made) - 1, max(-1, len(made) - 1 - _MAX_BETWEEN), -1):
        last = made[index].lines[-1]
        is_text = made[index].row is None and not last.turned and not _CAPTION.match(made[index].lines[0].text)
        if is_text and abs(last.size - first.size) <= 0.6:
            if _ends_sentence(last.text) or last.text.endswith(";"):
                return None
            is_alike = last.ends_bold is first.begins_bold and len(last.text) >= _LEAST_OPEN_CHARS
            if is_alike and _reaches(last, first, index == len(made) - 1):
                return index
    return None


def _reaches(last: Line, first: Line, is_next: bool) -> bool:
    """Whether a sentence can go on from one line to another: below it, in the next column, on the next page.

    Over what lies between on the same page only at the same margin: side by side may stand two different texts.
    """
    if first.box.page != last.box.page:
        return first.box.page - last.box.page == 1
    is_other_column = first.column != last.column
    return is_next or is_other_column or abs(first.box.left - last.box.left) < 0.3 * first.size


def _block(draft: _Draft, measures: _Measures, hyphens: Hyphens) -> RawBlock:
    lines = draft.lines
    place = Place(page=lines[0].box.page, boxes=tuple(line.box for line in lines))
    if draft.row is not None:
        return RawBlock(draft.row, BlockKind.TABLE_ROW, 0, place)
    text = one_line(hyphens.joined([line.text for line in lines]))
    if LIST_MARK.match(text) and not lines[0].bold:
        return RawBlock(text, BlockKind.LIST_ITEM, 1, place)
    if _CAPTION.match(text):
        return RawBlock(text, BlockKind.CAPTION, 0, place)
    level = _heading_level(lines, text, measures)
    return RawBlock(text, BlockKind.HEADING if level else BlockKind.PARAGRAPH, level, place)


def _heading_level(lines: Sequence[Line], text: str, measures: _Measures) -> int:
    """The rank of a heading's size among the document's, bold ones of body size last; 0 for running text."""
    if len(text) > _MAX_HEADING_CHARS or not any(character.isalpha() for character in text):
        return 0
    size = round(lines[0].size, 1)
    if size in measures.heading_sizes:
        return min(6, measures.heading_sizes.index(size) + 1)
    is_bold = all(line.bold for line in lines) and not measures.body_bold and size > 0.85 * measures.body_size
    return min(6, len(measures.heading_sizes) + 1) if is_bold and not text.endswith((".", ",", ";")) else 0


def _note_block(note: Note, hyphens: Hyphens) -> RawBlock:
    text = one_line(hyphens.joined([line.text for line in note.lines]))
    place = Place(page=note.lines[0].box.page, boxes=tuple(line.box for line in note.lines))
    return RawBlock(without_mark(text, note.mark), BlockKind.PARAGRAPH, 0, place)


def _in_order(
    drafts: Sequence[_Draft],
    blocks: Sequence[RawBlock],
    notes: Sequence[tuple[Note, RawBlock]],
    furniture: list[RawBlock],
) -> Iterator[RawBlock]:
    """The blocks, each with its marks and notes after it, and the furniture of a page after its blocks."""
    homes = _homes(drafts, [note for note, _ in notes])
    waiting = list(furniture)
    for index, (draft, block) in enumerate(zip(drafts, blocks, strict=True)):
        page = block.place.page or 0
        yield from (piece for piece in waiting if (piece.place.page or 0) < page)
        waiting = [piece for piece in waiting if (piece.place.page or 0) >= page]
        if block.text:
            yield block
        marks = [mark for line in draft.lines for mark in (line.opening, *line.marks) if mark]
        if marks:
            yield RawBlock(" ".join(marks), BlockKind.PARAGRAPH, 0, block.place, NOTE_MARK)
        yield from (note for (_, note), home in zip(notes, homes, strict=True) if home == index and note.text)
    yield from waiting


def _homes(drafts: Sequence[_Draft], notes: Sequence[Note]) -> list[int]:
    """For each note the draft that has its mark on its page, or the last one of the page, or of those before."""
    marked: dict[tuple[int, str], int] = {}
    last: dict[int, int] = {}
    for index, draft in enumerate(drafts):
        for line in draft.lines:
            last[line.box.page] = index
            for mark in line.marks:
                marked.setdefault((line.box.page, mark), index)
    homes = []
    for note in notes:
        page = note.lines[0].box.page
        before = max((number for number in last if number <= page), default=None)
        fallback = last[before] if before is not None else 0
        homes.append(marked.get((page, note.mark), fallback))
    return homes
