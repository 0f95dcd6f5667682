"""The data behind a chart (DrawingML charts) as the rows of a table: categories, and a column for each series.

Owns where a chart keeps the values that it shows (ECMA-376 part 1, 21.2). Refuses to work anything out.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ingest.readers.extract import RawBlock, one_line
from ingest.readers.office.drawn_text import drawn_line, drawn_paragraphs
from ingest.readers.office.number_formats import shown
from ingest.readers.office.package import local
from kb.records.document import BlockKind, Place

_LABELS, _VALUES = ("cat", "xVal"), ("val", "yVal", "bubbleSize")


def chart_rows(chart: etree._Element, place: Place) -> Iterator[RawBlock]:
    """The titles of a chart, a row of the names of its series, and a row for each category."""
    for title in chart.iter():
        if local(title) == "title":
            for line in filter(None, map(drawn_line, drawn_paragraphs(title))):
                yield RawBlock(line, BlockKind.CAPTION, 0, place)
    series = [one for one in chart.iter() if local(one) == "ser"]
    columns = [(_name(one), _points(one, _VALUES)) for one in series]
    columns = [(name, values) for name, values in columns if values]
    labels: dict[int, str] = {}
    for one in series:
        labels = _points(one, _LABELS) | labels
    if not columns:
        return
    yield RawBlock(" | ".join(["", *(name for name, _ in columns)]).strip(), BlockKind.TABLE_ROW, 0, place)
    for index in sorted({index for _, values in columns for index in values}):
        cells = [labels.get(index, ""), *(values.get(index, "") for _, values in columns)]
        yield RawBlock(" | ".join(cells), BlockKind.TABLE_ROW, 0, place)


def _name(series: etree._Element) -> str:
    texts = (one.text for part in series if local(part) == "tx" for one in part.iter() if local(one) == "v")
    return one_line(" ".join(text for text in texts if text))


def _points(series: etree._Element, parts: tuple[str, ...]) -> dict[int, str]:
    """The values of a series by their index, as their format shows them."""
    found: dict[int, str] = {}
    code: str | None = None
    for part in series:
        for one in part.iter() if local(part) in parts else ():
            if local(one) == "formatCode":
                code = one.text
            elif local(one) == "pt":
                value = next((inner.text for inner in one if local(inner) == "v"), None) or ""
                found.setdefault(int(one.get("idx", "0")), _shown(value, one.get("formatCode") or code))
    return found


def _shown(value: str, code: str | None) -> str:
    try:
        return shown(float(value), code) if code else one_line(value)
    except ValueError:
        return one_line(value)
