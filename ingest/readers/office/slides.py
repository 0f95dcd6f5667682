"""Slide decks (PPTX) to blocks, slide by slide: title first, then text, tables and charts, the speaker's notes last;
and the data of charts.

Owns the walk over the shapes of a slide, in the order in which the file tells them to those who listen to it (ECMA-376
part 1, 19.3). Refuses what is not shown: hidden slides, comments, and the text of layouts.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lxml import etree

from ingest.readers.extract import NOTE_MARK, Extract, RawBlock, one_line
from ingest.readers.office.package import (
    DAMAGED,
    A,
    Package,
    drawn_line,
    drawn_paragraphs,
    drawn_words,
    local,
    stated_properties,
)
from ingest.readers.office.spreadsheet import shown
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from kb.records.messages import say

_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# Of the charts of 2007 and of those of 2016 (MS-ODRAWXML 2.24.3): series, their labels and values.
_SERIES = ("ser", "series")
_LABELS, _VALUES = ("cat", "xVal", "strDim"), ("val", "yVal", "bubbleSize", "numDim")


def drawn_blocks(package: Package, path: str, drawing: etree._Element, place: Place) -> Iterator[RawBlock]:
    """What a drawing on the part at a path shows: the lines written on it, the rows behind its charts, the lines of its
    diagrams."""
    yield from _lines(drawing, BlockKind.PARAGRAPH, place)
    relations = package.relations(path)
    for one in drawing.iter():
        chart, diagram = str(one.get(f"{_RELATION}id")), str(one.get(f"{_RELATION}dm"))
        if local(one) == "chart" and chart in relations:
            yield from _chart_rows(package.tree(relations[chart][1]), place)
        elif local(one) == "relIds" and diagram in relations:
            yield from _lines(package.tree(relations[diagram][1]), BlockKind.PARAGRAPH, place)


def _lines(element: etree._Element, kind: BlockKind, place: Place) -> Iterator[RawBlock]:
    for line in filter(None, map(drawn_line, drawn_paragraphs(element))):
        yield RawBlock(line, kind, 0, place)


def _chart_rows(chart: etree._Element, place: Place) -> Iterator[RawBlock]:
    """The titles of a chart, a row of the names of its series, and a row for each category."""
    for title in chart.iter():
        if local(title) == "title":
            yield from _lines(title, BlockKind.CAPTION, place)
    data = {str(one.get("id")): one for one in chart.iter() if local(one) == "data"}
    series = [one for one in chart.iter() if local(one) in _SERIES]
    columns = [(_name(one), _points(one, data, _VALUES)) for one in series]
    columns = [(name, values) for name, values in columns if values]
    labels: dict[int, str] = {}
    for one in series:
        labels = _points(one, data, _LABELS) | labels
    if not columns:
        return
    yield RawBlock(" | ".join(["", *(name for name, _ in columns)]).strip(), BlockKind.TABLE_ROW, 0, place)
    for index in sorted({index for _, values in columns for index in values}):
        cells = [labels.get(index, ""), *(values.get(index, "") for _, values in columns)]
        yield RawBlock(" | ".join(cells), BlockKind.TABLE_ROW, 0, place)


def _name(series: etree._Element) -> str:
    texts = (one.text for part in series if local(part) == "tx" for one in part.iter() if local(one) == "v")
    return one_line(" ".join(text for text in texts if text))


def _points(series: etree._Element, data: dict[str, etree._Element], parts: tuple[str, ...]) -> dict[int, str]:
    """The values of a series by their index, as their format shows them; a newer chart keeps them apart, by an id."""
    kept = next((data.get(str(one.get("val"))) for one in series if local(one) == "dataId"), None)
    found: dict[int, str] = {}
    code: str | None = None
    for part in series if kept is None else kept:
        for one in part.iter() if local(part) in parts else ():
            if local(one) == "formatCode":
                code = one.text
            elif local(one) == "lvl":
                code = one.get("formatCode", code)
            elif local(one) == "pt":
                value = next((inner.text for inner in one if local(inner) == "v"), one.text) or ""
                found.setdefault(int(one.get("idx", "0")), _shown(value, one.get("formatCode") or code))
    return found


def _shown(value: str, code: str | None) -> str:
    try:
        return shown(float(value), code) if code else one_line(value)
    except ValueError:
        return one_line(value)


_TITLES = ("title", "ctrTitle")
# What stands on every slide: date, footer, number; the notes page shows its slide again.
_RUNNING = ("dt", "ftr", "hdr", "sldNum")
_RUNNING_RULE = "running_header_or_footer"
_BULLETS = (f"{A}buChar", f"{A}buAutoNum", f"{A}buBlip")
_MAX_SLIDES = 2000


def read_slides(data: bytes, name: str) -> Extract:
    """The blocks and metadata of a PPTX; raises SourceError when it is locked, damaged, hostile or without text.

    ``notes`` name hidden slides, which are not read.
    """
    package = Package(data, name, FileFormat.PPTX.called)
    hidden: list[int] = []
    try:
        blocks = tuple(_deck(package, hidden))
        metadata = stated_properties(package, "document properties")
    except DAMAGED as error:
        raise package.damaged(error) from error
    if not any(block.furniture is None for block in blocks):
        raise SourceError(name, say("is_without_text", kind=package.kind), say("if_it_holds_scans_run_text"))
    notes = (say("hidden_slides_were_not_read", slides=", ".join(map(str, hidden))),) if hidden else ()
    return Extract(blocks, metadata, FileFormat.PPTX.media_type, notes)


def _deck(package: Package, hidden: list[int]) -> Iterator[RawBlock]:
    """The blocks of all slides that are shown; ``hidden`` takes the numbers of the others."""
    main = next(path for kind, path in package.relations("").values() if kind == "officeDocument")
    relations = package.relations(main)
    listed = [one for one in package.tree(main).iter() if local(one) == "sldId"]
    if len(listed) > _MAX_SLIDES:
        raise SourceError(package.name, say("has_more_than_slides", most=_MAX_SLIDES), say("split_it_into_parts"))
    for number, one in enumerate(listed, start=1):
        path = relations[one.get(f"{_RELATION}id", "")][1]
        root = package.tree(path)
        if root.get("show") in ("0", "false"):
            hidden.append(number)
            continue
        yield from _Slide(package, path, Place(slide=number)).blocks(root)
        for kind, notes in package.relations(path).values():
            if kind == "notesSlide":
                place = Place(slide=number, part="notes")
                yield from _Slide(package, notes, place).notes(package.tree(notes))


@dataclass(frozen=True, slots=True)
class _Slide:
    """One slide or page of notes: where its parts are, and the place of its blocks."""

    package: Package
    path: str
    place: Place

    def blocks(self, root: etree._Element) -> Iterator[RawBlock]:
        """The blocks of a slide, its title first."""
        shapes = list(_shapes(root))
        yield from (block for shape in shapes if _role(shape)[0] in _TITLES for block in self._shape(shape))
        yield from (block for shape in shapes if _role(shape)[0] not in _TITLES for block in self._shape(shape))

    def notes(self, root: etree._Element) -> Iterator[RawBlock]:
        """What the speaker notes below a slide."""
        for shape in _shapes(root):
            if _role(shape)[0] == "body":
                for block in self._shape(shape):
                    yield replace(block, kind=BlockKind.PARAGRAPH, level=0)

    def _shape(self, shape: etree._Element) -> Iterator[RawBlock]:
        if local(shape) == "graphicFrame":
            yield from self._frame(shape)
            return
        role, is_placeholder = _role(shape)
        for paragraph in drawn_paragraphs(shape):
            text, marks = drawn_words(paragraph)
            if text and role in _RUNNING:
                yield RawBlock(text, BlockKind.PARAGRAPH, 0, self.place, _RUNNING_RULE)
            elif text:
                kind, level = _kind(paragraph, role, is_placeholder=is_placeholder)
                yield RawBlock(text, kind, level, self.place)
            if marks:
                yield RawBlock(" ".join(marks), BlockKind.PARAGRAPH, 0, self.place, NOTE_MARK)

    def _frame(self, frame: etree._Element) -> Iterator[RawBlock]:
        """The rows of a table or of the data behind a chart, the lines of a diagram."""
        for row in frame.iter(f"{A}tr"):
            cells = [" ".join(filter(None, map(drawn_line, drawn_paragraphs(cell)))) for cell in row.iter(f"{A}tc")]
            if any(cells):
                yield RawBlock(" | ".join(cells), BlockKind.TABLE_ROW, 0, self.place)
        if not any(True for _ in frame.iter(f"{A}tbl")):
            yield from drawn_blocks(self.package, self.path, frame, self.place)


def _shapes(element: etree._Element) -> Iterator[etree._Element]:
    """The shapes below an element in their order, through groups; of alternatives the first that holds text."""
    for child in element:
        name = local(child)
        if name in ("sp", "cxnSp", "graphicFrame"):
            yield child
        elif name == "AlternateContent":
            chosen = next((one for one in child if any(True for _ in _shapes(one))), None)
            yield from _shapes(chosen) if chosen is not None else ()
        elif name in ("cSld", "spTree", "grpSp"):
            yield from _shapes(child)


def _role(shape: etree._Element) -> tuple[str, bool]:
    """What a placeholder is for ("body" where it does not say), and whether a shape is one."""
    for part in shape:
        if local(part) in ("nvSpPr", "nvGraphicFramePr"):
            for one in part.iter():
                if local(one) == "ph":
                    return one.get("type", "body"), True
    return "", False


def _kind(paragraph: etree._Element, role: str, *, is_placeholder: bool) -> tuple[BlockKind, int]:
    if role in _TITLES:
        return BlockKind.HEADING, 1 if role == "ctrTitle" else 2
    properties = paragraph.find(f"{A}pPr")
    depth = 1 + int(properties.get("lvl", "0")) if properties is not None else 1
    is_bullet = properties is not None and any(properties.find(mark) is not None for mark in _BULLETS)
    is_plain = properties is not None and properties.find(f"{A}buNone") is not None
    if is_bullet or (is_placeholder and role in ("body", "obj") and not is_plain):
        return BlockKind.LIST_ITEM, min(9, max(1, depth))
    return BlockKind.PARAGRAPH, 0
