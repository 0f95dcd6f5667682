"""The order in which a quantity is judged: the first rule with a reason refuses it, else it is a figure.

Rather one figure too few than one that says nothing about the world.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence

from ingest.refusing.labels import code, furniture, list_number, ordinal, section, year
from ingest.refusing.masks import Mask
from ingest.refusing.settings import Setting
from ingest.refusing.suppositions import idiom, scale, supposed
from ingest.refusing.weighing import is_finding
from ingest.refusing.windows import window
from kb.numbers.records import Line, Quantity
from kb.records.statistic import Kind

Rule = Callable[[Line, Quantity, Setting], str | None]
_SURE: tuple[Rule, ...] = (code, year, section, list_number, idiom, ordinal)
"""The rules that tell by form what is no figure, in the order in which they are asked."""
_WEIGHED: tuple[Rule, ...] = (supposed, scale, window, furniture)
"""The rules whose reason is weighed with the other signs of a number, in order: the first names the reason."""


def refuse(line: Line, found: Quantity, setting: Setting, masks: Sequence[Mask]) -> str | None:
    """The reason why this quantity is no figure ("year", "list_number", "idiom" …), or null when it is one."""
    sure, told = reasons(line, found, setting, masks)
    if sure is not None or is_finding(line, found, setting, told):
        return sure
    return told or "not_measured"


def reasons(line: Line, found: Quantity, setting: Setting, masks: Sequence[Mask]) -> tuple[str | None, str | None]:
    """The reason by which a number surely is no figure, or null; and one that only weighs against it, or null."""
    if (sure := _masked(line, found, masks)) is not None or found.form == "base":
        return sure or "base_of_rank", None
    if found.anchor is not None:
        return None, supposed(line, found, setting)  # its kind is known from the figure that it shares its measure with
    if found.form == "ordinal":
        return ordinal(line, found, setting), None  # of a place in a row nothing else can be asked
    if (sure := _first(_SURE, line, found, setting)) is not None:
        return sure, None
    return None, _first(_WEIGHED, line, found, setting)


def _first(rules: Sequence[Rule], line: Line, found: Quantity, setting: Setting) -> str | None:
    return next((reason for rule in rules if (reason := rule(line, found, setting)) is not None), None)


def _masked(line: Line, found: Quantity, masks: Sequence[Mask]) -> str | None:
    """An address, phone number, date, time of day or code that a mask of the line covers."""
    start, end = line.tokens[found.first].start, line.tokens[found.bare - 1].end
    place = bisect_right(masks, end - 1, key=lambda mask: mask[0]) - 1
    if place < 0 or masks[place][1] <= start:
        return None
    reason = masks[place][2]
    return reason if found.kind is not Kind.PERCENT or reason == "address" else None
