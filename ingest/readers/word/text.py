"""The words of WordprocessingML as the document reads with every change accepted: paragraphs, cells, boxes, notes.

Owns which elements hold text that is shown, and which are only wrapped around it (ECMA-376 part 1, 17).
Refuses to know styles and blocks: it says what stands in a paragraph, in which order.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from lxml import etree

from ingest.readers.extract import read_runs
from ingest.readers.office.package import CAPTION, LIST, QUOTE, TITLE, heading_named
from kb.records.document import BlockKind

# A table of contents, of figures: its numbers are those of pages.
_CONTENTS = re.compile(r"(?:toc|tdc)\s*\d|table of figures|tabla de ilustraciones", re.I)
_LAST_OUTLINE = 8
_MAX_INHERITED = 12


@dataclass(frozen=True, slots=True)
class _Style:
    name: str
    parent: str | None
    properties: etree._Element | None


@dataclass(frozen=True, slots=True)
class Styles:
    """The paragraph styles of a document, by their id."""

    known: dict[str, _Style]

    @classmethod
    def of(cls, *parts: etree._Element) -> Styles:
        """The styles of a styles part; none where a document has none."""
        known = {
            attribute(style, "styleId") or "": _Style(
                attribute(style.find(W + "name")) or "", attribute(style.find(W + "basedOn")), style.find(W + "pPr")
            )
            for part in parts
            for style in part.iter(W + "style")
        }
        return cls(known)

    def kind(self, paragraph: etree._Element) -> tuple[BlockKind, int]:
        """What a paragraph is, and the level of a heading or list item."""
        styles = list(self._inherited(paragraph))
        names = [style.name for style in styles]
        if heading := next((found for name in names if (found := heading_named(name))), None):
            return heading
        if names and TITLE.match(names[0]):
            return BlockKind.HEADING, 1
        properties = [paragraph.find(W + "pPr"), *(style.properties for style in styles)]
        outline = next(_values(properties, "outlineLvl"), None)
        if outline and outline.isdigit() and int(outline) <= _LAST_OUTLINE:
            return BlockKind.HEADING, min(6, int(outline) + 1)
        name = names[0] if names else ""
        numbering = next(_values(properties, "numPr/numId"), "0")
        if LIST.search(name) or numbering != "0":
            return BlockKind.LIST_ITEM, _depth(properties, name)
        if QUOTE.search(name):
            return BlockKind.QUOTE, 0
        return (BlockKind.CAPTION if CAPTION.search(name) else BlockKind.PARAGRAPH), 0

    def is_contents(self, paragraph: etree._Element) -> bool:
        """Whether a paragraph is a line of a table of contents."""
        return any(_CONTENTS.match(style.name) for style in self._inherited(paragraph))

    def _inherited(self, paragraph: etree._Element) -> Iterator[_Style]:
        style_id = attribute(paragraph.find(f"{W}pPr/{W}pStyle"))
        for _ in range(_MAX_INHERITED):
            style = self.known.get(style_id or "")
            if style is None:
                return
            yield style
            style_id = style.parent


def _values(properties: list[etree._Element | None], path: str) -> Iterator[str]:
    names = "/".join(f"{W}{name}" for name in path.split("/"))
    for one in properties:
        value = attribute(one.find(names)) if one is not None else None
        if value is not None:
            yield value


def _depth(properties: list[etree._Element | None], name: str) -> int:
    level = next(_values(properties, "numPr/ilvl"), "0")
    digits = re.search(r"(\d)$", name)
    return int(level) + 1 if level.isdigit() and level != "0" else int(digits.group(1)) if digits else 1


W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Wrapped around text, and nothing by themselves; of a content control only the content is text.
_WRAPPER_NAMES = "sdtContent customXml smartTag ins moveTo hyperlink fldSimple dir bdo rubyBase"
_WRAPPERS = frozenset(W + name for name in _WRAPPER_NAMES.split())
# What was deleted or moved away, and what is said about text.
_GONE_NAMES = "del moveFrom pPr rPr sdtPr tblPr trPr tcPr rt delText instrText"
_GONE = frozenset(W + name for name in _GONE_NAMES.split())
_CHARACTERS = {W + "tab": " ", W + "ptab": " ", W + "br": "\n", W + "cr": "\n", W + "noBreakHyphen": "-"}
_NOTES = {W + "footnoteReference": "footnote", W + "endnoteReference": "endnote"}
_PICTURES = (W + "drawing", W + "pict", W + "object")


@dataclass(frozen=True, slots=True)
class Words:
    """A paragraph: its text, with "\\n" at its breaks, the marks of notes taken out of it, the notes that it refers
    to as ``(kind, id)``, and the boxes and drawings that hang on it.
    """

    text: str
    marks: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    boxes: tuple[etree._Element, ...] = ()


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    is_raised: bool = False
    note: tuple[str, str] | None = None
    box: etree._Element | None = None


def words_of(*paragraphs: etree._Element) -> Words:
    """The words of a paragraph; of several where the marks between them were deleted."""
    pieces = [piece for paragraph in paragraphs for piece in _pieces(paragraph, is_raised=False)]
    notes = tuple(piece.note for piece in pieces if piece.note)
    boxes = tuple(piece.box for piece in pieces if piece.box is not None)
    text, marks = read_runs((piece.is_raised, piece.text) for piece in pieces)
    return Words(text, marks, notes, boxes)


def container_children(container: etree._Element) -> Iterator[etree._Element]:
    """The paragraphs, tables and rows or cells of a container in order, through what is only wrapped around them."""
    for child in container:
        if child.tag == W + "sdt":
            yield from (
                piece for content in child.iterchildren(W + "sdtContent") for piece in container_children(content)
            )
        elif child.tag in _WRAPPERS:
            yield from container_children(child)
        elif child.tag == _MC + "AlternateContent":
            chosen = _chosen(child)
            yield from container_children(chosen) if chosen is not None else ()
        elif child.tag in (W + "p", W + "tbl", W + "tr", W + "tc"):
            yield child


def is_deleted(element: etree._Element, properties: str) -> bool:
    """Whether the properties of a row or of a paragraph's mark say that it was deleted or moved away."""
    return any(element.find(f"{W}{properties}/{W}{name}") is not None for name in ("del", "moveFrom"))


def box_contents(box: etree._Element) -> Iterator[etree._Element]:
    """The contents of text boxes below a drawing, outermost only."""
    for child in box:
        if child.tag == W + "txbxContent":
            yield child
        elif child.tag == _MC + "AlternateContent":
            chosen = _chosen(child)
            yield from box_contents(chosen) if chosen is not None else ()
        elif isinstance(child.tag, str):
            yield from box_contents(child)


def attribute(element: etree._Element | None, name: str = "val") -> str | None:
    """An attribute of the main namespace, or null."""
    value: Any = element.get(W + name) if element is not None else None
    return str(value) if value is not None else None


def _pieces(element: etree._Element, *, is_raised: bool) -> Iterator[_Piece]:
    for child in element:
        tag = child.tag
        if tag in _GONE or not isinstance(tag, str):
            continue
        if tag in (W + "t", _M + "t"):
            yield _Piece(child.text or "", is_raised)
        elif tag in _CHARACTERS:
            yield _Piece(_CHARACTERS[tag])
        elif tag in _NOTES:
            # Where the author typed the mark, it follows in the run and is raised.
            yield _Piece("", note=(_NOTES[tag], attribute(child, "id") or ""))
        elif tag in _PICTURES:
            yield _Piece("", box=child)
        elif tag == _MC + "AlternateContent":
            chosen = _chosen(child)
            if chosen is not None:
                yield from _pieces(chosen, is_raised=is_raised)
        elif tag == W + "sym":
            yield _Piece(_symbol(child), is_raised)
        elif tag == W + "r":
            yield from _pieces(child, is_raised=_is_raised(child))
        elif tag == W + "sdt" or tag in _WRAPPERS or tag == W + "ruby" or tag.startswith(_M):
            yield from _pieces(child, is_raised=is_raised)


def _is_raised(run: etree._Element) -> bool:
    return attribute(run.find(f"{W}rPr/{W}vertAlign")) == "superscript"


def _symbol(element: etree._Element) -> str:
    """The character of a symbol; those of symbol fonts have no meaning of their own."""
    try:
        code = int(attribute(element, "char") or "", 16)
    except ValueError:
        return ""
    return chr(code) if 0x20 <= code < 0xE000 else ""


def _chosen(alternatives: etree._Element) -> etree._Element | None:
    """The first alternative that holds text: the same content comes for new programs and for old ones."""
    texts = (W + "t", _A + "t", _M + "t")
    return next((choice for choice in alternatives if next(choice.iter(*texts), None) is not None), None)
