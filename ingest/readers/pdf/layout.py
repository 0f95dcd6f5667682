"""Lines of PDF pages to paragraphs, headings, lists and table rows; footnotes after what they note.

Owns the order of blocks and their kinds. Refuses to know the library that found the lines; paragraphs, tables, columns,
notes and margins are other modules'.
"""

from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise
from statistics import median

from ingest.readers.extract import NOTE_MARK, RawBlock, one_line
from ingest.readers.pdf.lines import Hyphens, PrintedLine
from ingest.readers.pdf.paragraphs import (
    CAPTION,
    MAX_BETWEEN,
    Draft,
    Measures,
    is_level,
    line_step,
    measured,
    rejoined,
    text_drafts,
)
from ingest.readers.pdf.running import Note, notes_apart, running_rules, without_mark
from ingest.readers.pdf.tables import table_rows, table_runs
from ingest.readers.plain_text import LIST_MARK
from kb.records.document import BlockKind, Place

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


_MAX_HEADING_CHARS = 200


def layout_blocks(pages: Sequence[Sequence[PrintedLine]]) -> tuple[RawBlock, ...]:
    """The blocks of all pages in reading order; running headers and footers and marks of notes are furniture."""
    lines = [line for page in pages for line in page]
    rules = running_rules(lines, len(pages))
    kept = [line for line, rule in zip(lines, rules, strict=True) if rule is None]
    furniture = [_furniture(line, rule) for line, rule in zip(lines, rules, strict=True) if rule]
    if not kept:
        return tuple(furniture)
    measures = measured(kept)
    body, notes = _without_notes(kept, measures.body_size)
    measures = replace(measures, step=line_step(body, measures.body_size))
    hyphens = Hyphens(line.text for line in lines)
    drafts = rejoined(list(_drafts(body, measures)))
    blocks = [_block(draft, measures, hyphens) for draft in drafts]
    return tuple(_in_order(drafts, blocks, [(note, _note_block(note, hyphens)) for note in notes], furniture))


def _furniture(line: PrintedLine, rule: str) -> RawBlock:
    place = Place(page=line.box.page, boxes=(line.box,))
    return RawBlock(one_line(line.text), BlockKind.PARAGRAPH, 0, place, rule)


def _without_notes(kept: Sequence[PrintedLine], body_size: float) -> tuple[list[PrintedLine], list[Note]]:
    body: list[PrintedLine] = []
    notes: list[Note] = []
    for _, page in groupby(kept, key=lambda line: line.box.page):
        text, found = notes_apart(in_columns(_with_bullets(_with_initials(list(page)))), body_size)
        body += text
        notes += found
    return body, notes


def _with_initials(lines: list[PrintedLine]) -> list[PrintedLine]:
    """The lines with a large initial put before the line that it begins."""
    made: list[PrintedLine] = []
    for line in lines:
        initial = made[-1] if made else None
        if initial and _is_initial(initial, line):
            box = replace(line.box, left=initial.box.left, top=max(initial.box.top, line.box.top))
            made[-1] = replace(line, text=initial.text + line.text, box=box)
        else:
            made.append(line)
    return made


def _is_initial(initial: PrintedLine, line: PrintedLine) -> bool:
    is_letter = len(initial.text) == 1 and initial.text.isalpha() and line.text[:1].isalpha()
    is_beside = 0 <= line.box.left - initial.box.right + 1 < 1.5 * line.size
    is_large = initial.size > 1.6 * line.size and initial.box.bottom < line.baseline + 1 <= initial.box.top
    return is_letter and is_large and is_beside


def _with_bullets(lines: list[PrintedLine]) -> list[PrintedLine]:
    """The lines with a bullet put before the one that it begins, where it was drawn after its item."""
    made: list[PrintedLine] = []
    for line in lines:
        near = range(len(made) - 1, max(-1, len(made) - 1 - MAX_BETWEEN), -1) if line.text == "•" else ()
        at = next((one for one in near if is_level(made[one], line) and _is_before(line, made[one])), None)
        if at is None:
            made.append(line)
        else:
            item = made[at]
            made[at] = replace(item, text=f"• {item.text}", box=replace(item.box, left=line.box.left))
    return made


def _is_before(bullet: PrintedLine, item: PrintedLine) -> bool:
    return 0 < item.box.left - bullet.box.right < 4 * item.size


def _drafts(lines: Sequence[PrintedLine], measures: Measures) -> Iterator[Draft]:
    start = 0
    for run in table_runs(lines):
        yield from text_drafts(lines[start : run.start], measures)
        yield from (Draft(row.lines, row.text) for row in table_rows([lines[index] for index in run]))
        start = run.stop
    yield from text_drafts(lines[start:], measures)


def _block(draft: Draft, measures: Measures, hyphens: Hyphens) -> RawBlock:
    lines = draft.lines
    place = Place(page=lines[0].box.page, boxes=tuple(line.box for line in lines))
    if draft.row is not None:
        return RawBlock(draft.row, BlockKind.TABLE_ROW, 0, place)
    text = one_line(hyphens.joined([line.text for line in lines]))
    if LIST_MARK.match(text) and not lines[0].bold:
        return RawBlock(text, BlockKind.LIST_ITEM, 1, place)
    if CAPTION.match(text):
        return RawBlock(text, BlockKind.CAPTION, 0, place)
    level = _heading_level(lines, text, measures)
    return RawBlock(text, BlockKind.HEADING if level else BlockKind.PARAGRAPH, level, place)


def _heading_level(lines: Sequence[PrintedLine], text: str, measures: Measures) -> int:
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
    drafts: Sequence[Draft],
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


def _homes(drafts: Sequence[Draft], notes: Sequence[Note]) -> list[int]:
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
