"""What the names of styles say a paragraph is, in Spanish and English Word alike; rich text has the same names."""

from __future__ import annotations

import re

from kb.records.document import BlockKind

HEADING = re.compile(r"(?:heading|título|titulo|encabezado)\s*(\d)", re.I)
TITLE = re.compile(r"(?:title|título|titulo|puesto)$", re.I)
LIST = re.compile(r"list|viñeta|bullet|lista", re.I)
QUOTE = re.compile(r"quote|cita", re.I)
CAPTION = re.compile(r"caption|epígrafe|descripción", re.I)


def kind_named(style: str) -> tuple[BlockKind, int] | None:
    """What the name of a style says a paragraph is, with the level of a heading or list item; null for no such name."""
    if heading := heading_named(style):
        return heading
    if TITLE.match(style):
        return BlockKind.HEADING, 1
    if LIST.search(style):
        return BlockKind.LIST_ITEM, int(level.group(1)) if (level := re.search(r"(\d)$", style)) else 1
    if QUOTE.search(style):
        return BlockKind.QUOTE, 0
    return (BlockKind.CAPTION, 0) if CAPTION.search(style) else None


def heading_named(style: str) -> tuple[BlockKind, int] | None:
    """The heading that the name of a style says, with its level (1 to 6); null for no such name."""
    match = HEADING.match(style)
    return (BlockKind.HEADING, min(6, max(1, int(match.group(1))))) if match else None
