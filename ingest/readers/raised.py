"""Raised characters: which are marks of notes, and how the others read in a line.

"2.400" with a raised 1 is no 24001. A mark belongs to its note and not to the sentence; a power stays, in the
raised digits of Unicode, which no reader of numbers takes for digits; the letters of an ordinal stay as they are.
Refuses to know how a format raises its characters.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import groupby

# The rule under which marks of notes stand in the ledger.
NOTE_MARK = "note_mark"
_POWERS = str.maketrans("0123456789+-−()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾")
_MARK = re.compile(
    r"[\[(]?(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§¶#]{1,3})(?:\s?[,;–-]\s?(?:\d{1,3}|[a-z]|[*†‡§¶]))*[\])]?[,.]?$"
)
# After these a raised number is a power: units of length, what is counted in powers of ten, letters of statistics.
_BASE = re.compile(r"(?:(?<![^\W_])(?:[kcdmµn]?m|ft|in|yd|mi|s|[RrxX]|χ|σ)|(?<![\d.,])10)$")
_ORDINAL = re.compile(
    r"(?<=\d)\.?(?:[oaºª]|os|as|er|ra|ro|do|da|to|ta|mo|vo|no|st|nd|rd|th|e|è)$|(?<![^\W_])(?:[nN]|(?:[nN]|[A-Z][a-z]{0,3})\.)[oaºª]s?$"
)
_LOOSE = " \t\u00a0[]()"


def read_runs(pieces: Iterable[tuple[bool, str]]) -> tuple[str, tuple[str, ...]]:
    """The text of pieces in their order, each with whether it stands raised, and the marks of notes among them."""
    runs = [
        (is_raised, "".join(text for _, text in group))
        for is_raised, group in groupby((piece for piece in pieces if piece[1]), key=lambda piece: piece[0])
    ]
    text, marks = "", []
    for number, (is_raised, characters) in enumerate(runs):
        after = runs[number + 1][1] if number + 1 < len(runs) else ""
        shown, mark = read_raised(text, characters, after) if is_raised else (characters, "")
        text += shown
        marks += [mark] if mark else []
    return text, tuple(marks)


def read_raised(before: str, raised: str, after: str) -> tuple[str, str]:
    """The raised characters as they stand in the line, and those of them that are marks of notes; one is empty.

    ``before`` and ``after`` are what stands beside them in the line.
    """
    text = raised.strip()
    if _ORDINAL.search(before.rstrip() + text) and text.strip(".").isalpha():
        return raised, ""
    digits = text.strip("+-−()")
    if digits.isdigit() and _BASE.search(before.rstrip()):
        return text.translate(_POWERS), ""
    is_fraction = digits.isdigit() and after.lstrip()[:1] in ("/", "⁄")
    if _MARK.match(text) and not is_fraction:
        return "", text.strip(_LOOSE)
    if digits.isdigit() and not is_fraction:  # a year, say
        return text.translate(_POWERS), ""
    # "48" and a raised "1/2" are no 481/2.
    return (f" {text}" if before[-1:].isdigit() and text[:1].isdigit() else raised), ""
