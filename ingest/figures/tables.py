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
_NUMBER = re.compile(r"[-+−–]?[$€£]?\s?\d[\d.,'’]*\s?%?")
_RULE = re.compile(r"[\s|:;-]+")
_EMPTY = re.compile(r"[-–—.*]*|[nsNS]\.?\s?/?\s?[adcADC]\.?")
_MARK = re.compile(r"[-+−–]?(?:10|\d)[.,]\d{1,2}")
_ASKED = words_of("sample_samples") | words_of("interview_noun") | {"n", "base", "bases"}
_WORD = re.compile(r"\w+")
# Rows over all the others are of nobody in particular: "Promedio ponderado", "Total".
_NOBODY = words_of("score_noun") | words_of("population_nothing")
_LONGEST = 60
_ENDS = (".", "!", "?", "…")


@dataclass(frozen=True, slots=True)
class Column:
    """What the numbers of a column measure, and the year that its heading names."""

    measure: Measure
    year: int | None


ASKED = Column(Measure(Kind.COUNT, None), None)
"""The column that says how many were asked."""


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence that is a row or a cell of a table: where its cells end, and their columns; none in a heading.

    ``label`` is whom its figures are of, verbatim; null where it does not say.
    """

    ends: tuple[int, ...]
    columns: tuple[Column | None, ...]
    label: str | None = None

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
            run = sentences[place:stop]
            found |= _rows(run, language) or _cells(run, language)
        place = max(stop, place + 1)
    return found


def _is_cell(text: str) -> bool:
    parted = any(sign in text for sign in _SIGNS)
    return len(text) <= (300 if parted else _LONGEST) and not text.endswith(_ENDS)


def _rows(run: Sequence[tuple[int, str]], language: Language) -> dict[int, Row]:
    """Rows whose cells a sign parts: "State; calls; answered" over "NSW; 40,210; 71%"."""
    sign = next((one for one in _SIGNS if all(one in text for _, text in run[:3])), None)
    if sign is None:
        return {}
    split = [text.strip(sign + " ").split(sign) for _, text in run if _RULE.fullmatch(text) is None]
    width = len(split[0])
    body = [cells for cells in split[1:] if len(cells) == width]
    last = [cells[-1] for cells in body]
    if len(body) < 2 or any(_is_figure(cell) for cell in split[0]):
        return {}
    if not all(_is_filled(cell) for cell in last) or not any(_is_figure(cell) for cell in last):
        return {}
    columns = _columns([cell.strip() for cell in split[0]], body, language)
    found = {run[0][0]: Row(_ends(run[0][1], sign), (None,) * (run[0][1].count(sign) + 1))}
    for start, text in run[1:]:
        cells = text.strip(sign + " ").split(sign)
        if len(cells) == width and _RULE.fullmatch(text) is None:
            shift = text.count(sign) + 1 - width  # a sign at either end of the row
            lead = min(shift, int(text.lstrip().startswith(sign)))
            placed_columns = (None,) * lead + columns + (None,) * (shift - lead)
            found[start] = Row(_ends(text, sign), placed_columns, _label(cells[0], columns))
    return found


def _label(cell: str, columns: Sequence[Column | None]) -> str | None:
    """Whom a row of several figures is of: its first cell. Rows of one figure are answers of the same people."""
    words = _WORD.findall(cell.lower())
    several = sum(one is not None for one in columns) > 1
    return cell.strip(" *") if several and words and _NOBODY.isdisjoint(words) else None


def _ends(text: str, sign: str) -> tuple[int, ...]:
    return (*(at for at, character in enumerate(text) if character == sign), len(text) + 1)


def _cells(run: Sequence[tuple[int, str]], language: Language) -> dict[int, Row]:
    """A cell a line: the headings, then for each row its label and as many numbers as there are further headings."""
    bare = [_NUMBER.fullmatch(text.strip()) is not None for _, text in run]
    first = next((at for at, one in enumerate(bare) if one), len(run))
    width = next((at for at in range(first, len(run)) if not bare[at]), len(run)) - first + 1
    head = first - 1 - width
    if width < 2 or head < 0:
        return {}
    rows = []
    for at in range(first - 1, len(run) - width + 1, width):
        if bare[at] or not all(bare[at + 1 : at + width]):
            break
        rows.append(at)
    if len(rows) < 2:
        return {}
    body = [[text for _, text in run[at : at + width]] for at in rows]
    columns = _columns([text for _, text in run[head : head + width]], body, language)
    found = {start: Row((len(text) + 1,), (None,)) for start, text in run[head : head + width]}
    for at in rows:
        for column, (start, text) in zip(columns[1:], run[at + 1 : at + width], strict=True):
            found[start] = Row((len(text) + 1,), (column,))
    return found


def _is_figure(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None and not is_yearlike(cell.strip())


def _is_filled(cell: str) -> bool:
    """Whether a cell holds a figure, or says that it has none: "–", "s/d", "n.a."."""
    return _is_figure(cell) or _EMPTY.fullmatch(cell.strip()) is not None


def _columns(head: Sequence[str], body: Sequence[Sequence[str]], language: Language) -> tuple[Column | None, ...]:
    columns: list[Column | None] = [None]
    for place, title in enumerate(head[1:], 1):
        asked = not _ASKED.isdisjoint(_WORD.findall(title.lower()))  # a column "n" says how many were asked
        if asked or not all(_is_filled(cells[place]) for cells in body):
            columns.append(ASKED if asked else None)
            continue
        year = next((int(word) for word in title.split() if is_yearlike(word)), None)
        measure = measure_of(tokenize(title), language) or measure_of(tokenize(head[0]), language)
        marks = all(_MARK.fullmatch(cells[place].strip()) for cells in body if _is_figure(cells[place]))
        kind = Kind.SCORE if marks and year is not None else Kind.COUNT
        columns.append(Column(measure or Measure(kind, None if year else title), year))
    return tuple(columns)


def placed(line: Line, found: Quantity, row: Row) -> tuple[Quantity, int | None]:
    """A quantity of a row as one of its column, and the year of the column; one that says its own unit keeps it."""
    column = row.column(line.tokens[found.first].start)
    if column is None or column is ASKED:
        return found, None
    bare = found.kind in (Kind.COUNT, Kind.SCORE) and found.unit is None and found.value is not None
    taken = column.measure.given(replace(found, comparator=None, before=None)) if bare else replace(found, anchor=-1)
    return taken, column.year
