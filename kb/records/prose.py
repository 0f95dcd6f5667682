"""What reads as prose: a sentence rather than a label. Knows no format and no language of its own."""

from __future__ import annotations

import re

_MIN_WORDS = 5
_LONG_WORDS = 15
_END = re.compile(r"[.!?…][\s»”\"'’)\]]*$")


def is_prose(text: str) -> bool:
    """Whether a block holds a sentence: five words that end as one does, or fifteen however they end."""
    words = len(text.split())
    return words >= _LONG_WORDS or (words >= _MIN_WORDS and bool(_END.search(text)))


def prose_chars(text: str) -> int:
    """The characters of a block that is prose, else 0: labels, menus and names are none."""
    return len(text) if is_prose(text) else 0
