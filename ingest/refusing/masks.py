"""Stretches of a line whose digits are never figures: addresses, phones, dates, times, codes.

Each pattern is bounded and anchored on a fixed shape, so a line of any length is read in linear time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kb.records.tables import patterns_of

Mask = tuple[int, int, str]
"""Start, end and reason of a stretch without figures."""
# The reason, the signs of which one must stand in the line (none: always tried), the pattern.
_MASKS = tuple(
    (reason, tuple(needs.split()), re.compile(pattern))
    for reason, needs, pattern in patterns_of("ingest", "masks.tsv", "reason", "needs", "pattern")
)
BASE_YEAR = _MASKS[0][2]
"""The base of an index: "base 100 = 2018", "2015 = 100"."""
_GROUPED = re.compile(r"\d{1,3}(?:\.\d{3}){1,5}")


def masked_stretches(text: str) -> list[Mask]:
    """The stretches of ``text`` without figures as (start, end, reason), in order, without overlap."""
    found: list[Mask] = []
    for start, end, reason in sorted(_stretches(text), key=lambda stretch: (stretch[0], -stretch[1])):
        if not found or start >= found[-1][1]:
            found.append((start, end, reason))
    return found


def _stretches(text: str) -> Iterator[Mask]:
    for reason, needs, pattern in _MASKS:
        if needs and not any(sign in text for sign in needs):
            continue
        for match in pattern.finditer(text):
            # "1.234.567" is a number with groups, not a version.
            if not _GROUPED.fullmatch(match.group()):
                yield match.start(), match.end(), reason
