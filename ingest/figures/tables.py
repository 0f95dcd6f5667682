"""Tables that a page left as text: a cell a line, or rows of cells parted by a sign; the heading row gives the measure.

Finds them among the sentences of a document. What stands in the heading row is no figure; a bare number under a
heading is of its measure, in its year when the heading is one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from kb.numbers.measures import Measure, measure_of
from kb.numbers.records import Line, Quantity
from kb.records.language import Language
from kb.records.statistic import Kind
from kb.words.lexicon import words_of
from kb.words.tokens import is_yearlike, tokenize

_SIGNS = ("|", "\t", ";")
_UNIT = r"[^\W\d_]{1,10}\.?"
_NUMBER = re.compile(
    rf"\(?[-+−–]?[$€£]?\s?\d[\d.,'’]*(?:\s\d{{3}})*\s?(?:%|€|{_UNIT}(?:\s\d+\s{_UNIT})?)?\)?\*?"  # "5 h 20 min"
)
_RULE = re.compile(r"[\s|:;-]+")
_EMPTY = re.compile(r"[-–—.*]*|[nsNS]\.?\s?/?\s?[adcADC]\.?")
_MARK = re.compile(r"[-+−–]?(?:10|\d)[.,]\d{1,2}")
_ASKED, _BASES = words_of("sample_samples") | words_of("interview_noun") | {"n"}, frozenset(["base", "bases"])
_TARGETS, _MET = words_of("target_heading"), words_of("target_met")
_WORD = re.compile(r"\w+")
# Rows over all the others are of nobody in particular: "Promedio ponderado", "Total".
_NOBODY = words_of("score_noun") | words_of("population_nothing")
_LONGEST = 60
# How many sentences before a table may say what it measures, and in how many tokens; the most columns of cells a line.
_CAPTION, _CAPTION_WORDS, _WIDTHS = 3, 4, range(2, 9)
_ENDS = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Column:
    """What the numbers of a column measure, the year that its heading names, and why they are no figures; else null.

    ``own`` when heading or caption say the measure; else the first cell of a row may.
    """

    measure: Measure
    year: int | None = None
    reason: str | None = None
    own: bool = True


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence that is a row or a cell of a table: where its cells end, and their columns; none in a heading.

    ``label`` is whom its figures are of, verbatim; null where it does not say. Its first cell ends at ``named``.
    """

    ends: tuple[int, ...]
    columns: tuple[Column | None, ...]
    label: str | None = None
    named: int = 0

    def column(self, place: int) -> Column | None:
        """The column of the cell at a character, or null."""
        return next((one for end, one in zip(self.ends, self.columns, strict=True) if place < end), None)

    @property
    def heading(self) -> bool:
        """Whether it only names columns."""
        return not any(self.columns)


def tables(sentences: Sequence[tuple[int, str]], language: Language) -> dict[int, Row]:
    """The rows of all tables by where their sentence starts."""
    found: dict[int, Row] = {}
    place = 0
    while place < len(sentences):
        stop = place
        while stop < len(sentences) and _is_cell(sentences[stop][1]):
            stop += 1
        if stop - place >= 3:
            found |= _rows(sentences, place, stop, language) or _cells(sentences, place, stop, language)
        place = max(stop, place + 1)
    return found


def _is_cell(text: str) -> bool:
    parted = any(sign in text for sign in _SIGNS)
    return len(text) <= (300 if parted else _LONGEST) and not text.endswith(_ENDS)


def _rows(sentences: Sequence[tuple[int, str]], place: int, stop: int, language: Language) -> dict[int, Row]:
    """Rows whose cells a sign parts: "State; calls; answered" over "NSW; 40,210; 71%"; a title may stand before."""
    first = next((at for at in range(place, stop) if _sign(sentences[at : at + 3])), None)
    if first is None:
        return {}
    sign = _sign(sentences[first : first + 3])
    run = [one for one in sentences[first:stop] if sign in one[1]]
    labelled = _labelled(run, sign, language)
    if labelled:
        return labelled
    split = [text.strip(sign + " ").split(sign) for _, text in run if _RULE.fullmatch(text) is None]
    width = len(split[0])
    body = [cells for cells in split[1:] if len(cells) == width]
    ruled = len(split) < len(run)
    if len(body) < (1 if ruled else 2) or any(_is_figure(cell) for cell in split[0]):
        return {}
    filled = [place for place in range(width) if all(_is_filled(cells[place]) for cells in body)]
    if not any(_is_figure(cells[place]) for cells in body for place in filled):
        return {}
    columns = _columns([cell.strip() for cell in split[0]], body, _caption(sentences, first, language), language)
    found = {run[0][0]: Row(_ends(run[0][1], sign), (None,) * (run[0][1].count(sign) + 1))}
    for start, text in run[1:]:
        cells = text.strip(sign + " ").split(sign)
        if len(cells) == width and _RULE.fullmatch(text) is None:
            shift = text.count(sign) + 1 - width  # a sign at either end of the row
            lead = min(shift, int(text.lstrip().startswith(sign)))
            placed_columns = (None,) * lead + _of_row(columns, cells[0], language) + (None,) * (shift - lead)
            ends = _ends(text, sign)
            found[start] = Row(ends, placed_columns, _label(cells[0], columns), ends[lead])
    return found


def _labelled(run: Sequence[tuple[int, str]], sign: str, language: Language) -> dict[int, Row]:
    """Rows that say their heading in each cell, as those of sheets: "City: Leeds | Satisfied (%): 71 | n: 640"."""
    split = [[cell.partition(": ") for cell in text.split(sign)] for _, text in run]
    head = [label.strip() for label, _, _ in split[0]]
    if any([label.strip() for label, parted, _ in cells if parted] != head for cells in split):
        return {}
    columns = _columns(head, [[value for _, _, value in cells] for cells in split], None, language)
    found = {}
    for (start, text), cells in zip(run, split, strict=True):
        ends, place = [], 0
        for cell in text.split(sign):
            ends += [place + cell.index(": ") + 1, place + len(cell) + 1]
            place += len(cell) + 1
        parted = [one for column in _of_row(columns, cells[0][2], language) for one in (None, column)]
        found[start] = Row(tuple(ends), tuple(parted), _label(cells[0][2], columns))
    return found


def _of_row(columns: Sequence[Column | None], cell: str, language: Language) -> tuple[Column | None, ...]:
    """The columns for a row whose first cell says what it measures, where they do not: "Wait (min)", "% satisfied"."""
    measure = measure_of(tokenize(cell), language)
    if measure is None or measure.kind is Kind.COUNT:
        return tuple(columns)
    return tuple(one if one is None or one.own else replace(one, measure=measure) for one in columns)


def _sign(run: Sequence[tuple[int, str]]) -> str:
    """The sign that parts each of three sentences, or ""."""
    return next((one for one in _SIGNS if len(run) == 3 and all(one in text for _, text in run)), "")


def _caption(sentences: Sequence[tuple[int, str]], first: int, language: Language) -> Measure | None:
    """What the words over a table say that its numbers measure: "(porcentaje de empresas)", "NPS de usuarios"."""
    for _, text in reversed(sentences[max(0, first - _CAPTION) : first]):
        tokens = tokenize(text)
        opened = [at for at, token in enumerate(tokens) if at == 0 or token.text in "(:"]
        for at in opened:
            measure = measure_of(tokens[at : at + _CAPTION_WORDS], language)
            if measure is not None and measure.kind is not Kind.COUNT:
                return measure
    return None


def _label(cell: str, columns: Sequence[Column | None]) -> str | None:
    """Whom a row of several figures is of: its first cell. Rows of one figure are answers of the same people."""
    words = _WORD.findall(cell.lower())
    several = sum(one is not None for one in columns) > 1
    return cell.strip(" *") if several and words and _NOBODY.isdisjoint(words) else None


def _ends(text: str, sign: str) -> tuple[int, ...]:
    return (*(at for at, character in enumerate(text) if character == sign), len(text) + 1)


def _cells(sentences: Sequence[tuple[int, str]], place: int, stop: int, language: Language) -> dict[int, Row]:
    """A cell a line: the headings, then rows of as many cells, numbers in the same of them."""
    run = sentences[place:stop]
    bare = [_is_figure(text) for _, text in run]
    size, first, width = max((_reach(bare, at, width), at, width) for at in range(2, len(run)) for width in _WIDTHS)
    if not size:
        return {}
    body = [[text for _, text in run[at : at + width]] for at in range(first, first + size, width)]
    head = run[first - width : first]
    columns = _columns([text for _, text in head], body, _caption(sentences, place + first - width, language), language)
    found = {start: Row((len(text) + 1,), (None,)) for start, text in head}
    for cells, row in zip(body, range(first, first + size, width), strict=True):
        for at, column in enumerate(_of_row(columns, cells[0], language), row):
            if bare[at]:
                found[run[at][0]] = Row((len(run[at][1]) + 1,), (column,))
    return found


def _reach(bare: Sequence[bool], first: int, width: int) -> int:
    """How many cells the rows from ``first`` are that have numbers in the same places, headings before them; or 0."""
    kinds = bare[first : first + width]
    if first < width or any(bare[first - width : first]) or not any(kinds) or all(kinds):
        return 0
    stop = first + width
    while bare[stop : stop + width] == kinds:
        stop += width
    return stop - first if stop > first + width else 0


def _is_figure(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None and not is_yearlike(cell.strip())


def _is_filled(cell: str) -> bool:
    """Whether a cell holds a figure, or says that it has none: "–", "s/d", "n.a."."""
    return _is_figure(cell) or _EMPTY.fullmatch(cell.strip()) is not None


def _columns(
    head: Sequence[str], body: Sequence[Sequence[str]], caption: Measure | None, language: Language
) -> tuple[Column | None, ...]:
    columns: list[Column | None] = []
    for place, title in enumerate(head):
        cells = [cells[place].strip() for cells in body]
        figures = [cell for cell in cells if _is_figure(cell)]
        if not figures or not all(_is_filled(cell) for cell in cells) or _counts_up(figures):
            columns.append(None)
            continue
        words = _WORD.findall(title.lower())
        year = next((int(word) for word in words if is_yearlike(word)), None)
        own = measure_of(tokenize(title), language) or caption
        marks = all(_MARK.fullmatch(cell) for cell in figures)
        plain = Measure(Kind.SCORE if marks and year is not None else Kind.COUNT, None if year else title)
        plain = measure_of(tokenize(head[0]), language) or plain
        asked = not _ASKED.isdisjoint(words) or not _BASES.isdisjoint(words[:1])
        aimed = not _TARGETS.isdisjoint(words) and _MET.isdisjoint(words)
        reason = "sample_size" if asked else "recommendation" if aimed else None
        columns.append(Column(own or plain, year, reason, own is not None))
    return tuple(columns)


def _counts_up(figures: Sequence[str]) -> bool:
    """Whether they are 1, 2, 3 and so on: the numbers of the rows, or ranks."""
    return len(figures) > 1 and list(figures) == [str(number) for number in range(1, len(figures) + 1)]


def placed(line: Line, found: Quantity, row: Row) -> tuple[Quantity, Column | None]:
    """A quantity of a row as one of its column, and the column; one that says its own unit keeps it."""
    column = row.column(line.tokens[found.first].start)
    if column is None:
        return found, None
    bare = found.kind in (Kind.COUNT, Kind.SCORE) and found.unit is None and found.value is not None
    taken = column.measure.given(replace(found, comparator=None, before=None)) if bare else replace(found, anchor=-1)
    return taken, column
