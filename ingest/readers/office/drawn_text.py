"""The text of drawings (DrawingML): paragraphs of shapes, cells and diagrams as lines.

Owns which runs are text that somebody wrote (ECMA-376 part 1, 21.1.2). Refuses to know slides.
"""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from ingest.readers.extract import one_line
from ingest.readers.raised import read_runs

A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}t"
# Fields that a program fills in on every slide anew.
_COUNTED = ("slidenum", "datetime")


def drawn_paragraphs(element: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs below an element, in order."""
    yield from element.iter(f"{A}p")


def drawn_words(paragraph: etree._Element) -> tuple[str, tuple[str, ...]]:
    """The text of a paragraph on one line, powers as powers, and the marks of notes that were taken out of it."""
    text, marks = read_runs(_pieces(paragraph))
    return one_line(text), marks


def drawn_line(paragraph: etree._Element) -> str:
    """The text of ``drawn_words`` alone."""
    return drawn_words(paragraph)[0]


def _pieces(paragraph: etree._Element) -> Iterator[tuple[bool, str]]:
    """The runs of a paragraph, each with whether it stands raised."""
    for one in paragraph.iter():
        if one.tag == f"{A}t" or one.tag == _MATH:
            run = one.getparent()
            if run is None or run.get("type", "").startswith(_COUNTED):
                continue
            properties = run.find(f"{A}rPr")
            baseline = properties.get("baseline", "0") if properties is not None else "0"
            yield baseline.lstrip("-").rstrip("%").isdigit() and not baseline.startswith(("-", "0")), one.text or ""
        elif one.tag == f"{A}br" or one.tag == f"{A}tab":
            yield False, " "
