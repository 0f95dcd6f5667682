"""What a drawing shows beside shapes: the data behind a chart as the rows of a table, the lines of a diagram.

Owns where a chart keeps the values that it shows (ECMA-376 part 1, 21.2). Refuses to work anything out.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ingest.readers.extract import RawBlock, one_line
from ingest.readers.office.package import Package, drawn_line, drawn_paragraphs, local
from ingest.readers.office.spreadsheet import shown
from kb.records.document import BlockKind, Place

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
