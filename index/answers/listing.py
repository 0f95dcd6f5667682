"""Lists in documents: the line that announces one, and its items, wherever splitting put them.

An item is cut to its head (its first sentence) where it goes on at length. Owns what belongs to a list; knows no
scores.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kb.records.document import Block, BlockKind, Document, Passage, Span

# A list that is short enough to be read as it stands is one quote.
_MAX_WHOLE = 900
_FEWEST = 2
_ANNOUNCES = re.compile(r"[:?]\s*$")


@dataclass(frozen=True, slots=True)
class AnnouncedList:
    """A list of a document: the paragraph that announces it (null without one), and the spans of its items."""

    lead: Span | None
    items: tuple[Span, ...]


def announced_lists(document: Document) -> tuple[AnnouncedList, ...]:
    """The lists of a document that have at least two items, in order; inner lists belong to their outer item."""
    found: list[AnnouncedList] = []
    items: list[Span] = []
    before: Block | None = None
    level = 0
    for block in (*document.blocks, None):
        if block is not None and block.kind is BlockKind.LIST_ITEM:
            if items and block.level > level:
                items[-1] = Span(items[-1].start, block.span.end)
            else:
                level = block.level
                items.append(block.span)
            continue
        if len(items) >= _FEWEST:
            found.append(AnnouncedList(_lead(before, document.text), tuple(items)))
        items, before = [], block
    return tuple(found)


def _lead(before: Block | None, text: str) -> Span | None:
    """The paragraph before a list when it announces it, or simply stands before it and is short."""
    if before is None or before.kind is BlockKind.HEADING:
        return None
    paragraph = before.span.cut(text)
    return before.span if _ANNOUNCES.search(paragraph) or len(paragraph) < 300 else None


def list_at(lists: Sequence[AnnouncedList], span: Span) -> AnnouncedList | None:
    """The list whose announcement or items these characters touch."""
    for one in lists:
        if (one.lead and one.lead.overlaps(span)) or any(item.overlaps(span) for item in one.items):
            return one
    return None


def quotes_of(one: AnnouncedList, passages: Sequence[Passage], text: str) -> list[tuple[Passage, Span]]:
    """The list as quotes, each inside a passage: whole where that is short, else announcement and item heads.

    Items that stand in no passage are left out; ``passages`` are those of the document, in order.
    """
    parts = [*([_last_sentence(one.lead, passages, text)] if one.lead else []), *one.items]
    whole = Span(parts[0].start, parts[-1].end)
    home = _passage_of(whole, passages)
    if home is not None and whole.end - whole.start <= _MAX_WHOLE:
        return [(home, whole)]
    quotes = []
    for part in parts:
        home = _passage_of(part, passages)
        if home is not None:
            quotes.append((home, part if part == parts[0] and one.lead else _head(part, home)))
    return quotes


def _last_sentence(lead: Span, passages: Sequence[Passage], text: str) -> Span:
    """The sentence that announces: the last of its paragraph."""
    inside = [span for passage in passages for span in passage.sentences if lead.contains(span)]
    return inside[-1] if inside and _ANNOUNCES.search(inside[-1].cut(text)) else lead


def _head(item: Span, passage: Passage) -> Span:
    """The first sentence of an item."""
    inside = [span for span in passage.sentences if item.overlaps(span)]
    return Span(item.start, min(item.end, inside[0].end)) if inside else item


def _passage_of(span: Span, passages: Sequence[Passage]) -> Passage | None:
    return next((passage for passage in passages if passage.span.contains(span)), None) or next(
        (passage for passage in passages if passage.span.start <= span.start < passage.span.end >= span.end), None
    )
