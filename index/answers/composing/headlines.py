"""Lines that name what follows them: headings, and short lines of their own as plain text has them."""

from __future__ import annotations

import re

from kb.records.document import BlockKind, Document, Span

# A title may run to a line and a half; what ends without a mark and is longer is a paragraph that lost its stop.
_TITLE_WORDS = 20
_NUMBERED = re.compile(r"\d{1,3}[.)]\s")
_STOPS = ".!?…:;,"
_CLOSING = "\"'”»’)]"


def is_headline(document: Document, span: Span) -> bool:
    """Whether these characters are a line that names what follows: a heading, or a short line of its own that ends
    without a mark or asks something, as titles do in plain text. A point of a list is none; a numbered line that stands
    alone between paragraphs is ("8. Map your journey")."""
    place = next((place for place, block in enumerate(document.blocks) if block.span.overlaps(span)), None)
    if place is None:
        return False
    block = document.blocks[place]
    line = block.span.cut(document.text).strip()
    if line != span.cut(document.text).strip():
        return False
    if block.kind is BlockKind.HEADING:
        return True
    beside = document.blocks[max(0, place - 1) : place] + document.blocks[place + 1 : place + 2]
    alone = _NUMBERED.match(line) and not any(other.kind is BlockKind.LIST_ITEM for other in beside)
    if block.kind is not BlockKind.PARAGRAPH and not (block.kind is BlockKind.LIST_ITEM and alone):
        return False
    short = len(line.split()) <= _TITLE_WORDS and "\n" not in line
    asks = line.endswith("?") and block.kind is BlockKind.PARAGRAPH
    return short and (asks or line.rstrip(_CLOSING)[-1:] not in _STOPS)
