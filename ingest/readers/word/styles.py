"""What the styles of a Word document say a paragraph is, in Spanish and English Word alike.

Owns names, outline levels and numbering, which styles inherit from each other. Refuses to know text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from ingest.readers.office.package import CAPTION, LIST, QUOTE, TITLE, heading_named
from ingest.readers.word.text import W, attribute
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
