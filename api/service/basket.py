"""The basket as an address: places in documents with notes, in an order. It is kept in no account and on no server."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from kb.records.document import Span
from kb.records.errors import InputError
from kb.records.messages import say

MAX_ITEMS = 100
MAX_NOTE = 500
_ITEM = re.compile(r"(p[0-9a-f]{16}):(\d{1,9})-(\d{1,9})")


@dataclass(frozen=True, slots=True)
class Item:
    """A place that was collected, and what the collector wrote beside it."""

    passage_id: str
    span: Span
    note: str = ""

    @property
    def key(self) -> str:
        """The place in an address: "p0123456789abcdef:10-90"."""
        return f"{self.passage_id}:{self.span.start}-{self.span.end}"


@dataclass(frozen=True, slots=True)
class Basket:
    """Items in the collector's order; no place twice."""

    items: tuple[Item, ...] = ()

    def address(self, path: str = "/basket", **further: str) -> str:
        """The address that opens this basket."""
        pairs = [pair for item in self.items for pair in (("item", item.key), ("note", item.note))]
        query = urlencode([*pairs, *further.items()])
        return f"{path}?{query}" if query else path

    def changed(self, action: str, position: int) -> Basket:
        """The basket after "up", "down" or "remove" of an item (counted from 0); any other action changes nothing."""
        items = list(self.items)
        if not 0 <= position < len(items):
            return self
        if action == "remove":
            del items[position]
        elif action in ("up", "down"):
            other = position + (1 if action == "down" else -1)
            if 0 <= other < len(items):
                items[position], items[other] = items[other], items[position]
        return Basket(tuple(items))


def read_basket(items: Sequence[str], notes: Sequence[str]) -> Basket:
    """The basket in an address; InputError for more than MAX_ITEMS or for what is no place."""
    if len(items) > MAX_ITEMS:
        raise InputError(say("basket"), say("has_more_than_places", most=MAX_ITEMS), say("split_it_in_two"))
    read: dict[str, Item] = {}
    for position, text in enumerate(items):
        item = _read_item(text)
        note = notes[position] if position < len(notes) else ""
        if len(note) > MAX_NOTE:
            raise InputError(say("note"), say("is_longer_than_characters", most=MAX_NOTE), say("shorten_it"))
        read.setdefault(item.key, replace(item, note=note.strip()))
    return Basket(tuple(read.values()))


def _read_item(text: str) -> Item:
    match = _ITEM.fullmatch(text)
    if not match or int(match[2]) >= int(match[3]):
        raise InputError(say("item", text=text[:60]), say("is_not_a_place"), say("add_it_again_from_a_search"))
    return Item(match[1], Span(int(match[2]), int(match[3])))
