"""The text fragment that takes a browser to a passage of a page (WICG "URL Fragment Text Directives").

Knows how it is written. Refuses to know where a text stands.
"""

from __future__ import annotations

from urllib.parse import quote

# A browser looks for the whole of a short text, and for the first and last words of a long one.
_MAX_WHOLE_CHARS = 60
_EDGE_WORDS = 4


def text_fragment(text: str) -> str:
    """The fragment, with its "#", for a text as it stands on a page: append it to the page's address.

    >>> text_fragment("Casi la mitad, un 47 %")
    '#:~:text=Casi%20la%20mitad%2C%20un%2047%20%25'
    """
    words = text.split()
    if len(" ".join(words)) <= _MAX_WHOLE_CHARS or len(words) <= 2 * _EDGE_WORDS:
        return range_fragment(" ".join(words), "")
    return range_fragment(" ".join(words[:_EDGE_WORDS]), " ".join(words[-_EDGE_WORDS:]))


def range_fragment(start: str, end: str) -> str:
    """The fragment for what runs from one text to another; ``end`` may be empty."""
    return "#:~:text=" + ",".join(_encoded(part) for part in (start, end) if part)


def _encoded(text: str) -> str:
    return quote(text, safe="").replace("-", "%2D")  # a dash marks context in this syntax
