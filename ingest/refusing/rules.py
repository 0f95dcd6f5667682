"""The order in which a quantity is judged: the first rule with a reason refuses it, else it is a figure.

Rather one figure too few than one that says nothing about the world.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from ingest.refusing.counts import announced, frequency, pointed_at, window
from ingest.refusing.labels import code, furniture, list_number, named_number, ordinal, section, year
from ingest.refusing.masks import Mask
from ingest.refusing.settings import Setting
from ingest.refusing.suppositions import (
    advice,
    error_margin,
    idiom,
    scale,
    segment,
    supposed,
)
from kb.numbers.records import Line, Quantity
from kb.records.statistic import Kind

Rule = Callable[[Line, Quantity, Setting], str | None]
RULES: tuple[Rule, ...] = (
    code, year, section, furniture, list_number, idiom, pointed_at, named_number, error_margin,
    ordinal, supposed, scale, segment, window, frequency, advice, announced,
)  # fmt: skip
"""Every rule, in the order in which they are asked."""


def refuse(line: Line, found: Quantity, setting: Setting, masks: Sequence[Mask]) -> str | None:
    """The reason why this quantity is no figure ("year", "list_number", "idiom" …), or null when it is one."""
    reason = _masked(line, found, masks)
    if reason is not None:
        return reason
    if found.form == "base":
        return "base_of_rank"
    if found.anchor is not None:
        return supposed(line, found, setting)  # its kind is known from the figure that it shares its measure with
    if found.form == "ordinal":
        return ordinal(line, found, setting)  # of a place in a row nothing else can be asked
    return next((reason for rule in RULES if (reason := rule(line, found, setting)) is not None), None)


def _masked(line: Line, found: Quantity, masks: Sequence[Mask]) -> str | None:
    """An address, phone number, date, time of day or code that a mask of the line covers."""
    start, end = line.tokens[found.first].start, line.tokens[found.bare - 1].end
    place = bisect_right(masks, end - 1, key=lambda mask: mask[0]) - 1
    if place < 0 or masks[place][1] <= start:
        return None
    reason = masks[place][2]
    return reason if found.kind is not Kind.PERCENT or reason == "address" else None
