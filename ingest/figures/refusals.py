"""The order in which a quantity is judged: the first rule with a reason refuses it, else it is a figure.

Rather one figure too few than one that says nothing about the world. The rules live in
``labels``, ``furniture``, ``suppositions`` and ``counting``.
"""

from __future__ import annotations

from collections.abc import Callable

from ingest.figures.counting import advice, announced, frequency, window
from ingest.figures.furniture import age_limit, named_number, page_furniture, pointed_at
from ingest.figures.labels import code, list_number, masked, ordinal, section, year
from ingest.figures.lines import Line, Quantity
from ingest.figures.settings import Setting
from ingest.figures.suppositions import denominator, error_margin, idiom, list_price, scale, segment, supposed
from kb.statistic import Comparator

_Rule = Callable[[Line, Quantity, Comparator, Setting], str | None]
_RULES: tuple[_Rule, ...] = (
    code, year, section, page_furniture, list_number, idiom, pointed_at, named_number, age_limit, denominator,
    error_margin, list_price, ordinal, supposed, scale, segment, window, frequency, advice, announced,
)  # fmt: skip


def refuse(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """The reason why this quantity is no figure ("year", "list_number", "idiom" …), or null when it is one."""
    reason = masked(line, found)
    if reason is not None:
        return reason
    for rule in _RULES:
        reason = rule(line, found, comparator, setting)
        if reason is not None:
            return reason
    return None
