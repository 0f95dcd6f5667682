"""The tokens of a sentence: words, digit groups and single signs, with their places.

Knows nothing of numbers' meaning. One linear pass; offsets are those of the text given.
"""

from __future__ import annotations

import re
from typing import NamedTuple

# Three disjoint alternatives without nesting: linear on any input (watched by test_figures_speed.py).
_TOKEN = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[0-9]+(?:[.,][0-9]+)*|[^\s\w]|_|\d")
MAX_DIGITS = 24
"""Digit groups longer than this are codes, never figures."""


def word_set(text: str) -> frozenset[str]:
    """The words of a table written as prose."""
    return frozenset(text.split())


class Token(NamedTuple):
    """A word ("w"), a digit group ("n") or a sign ("p"); ``glued`` when nothing stands before it but a token."""

    text: str
    lower: str
    start: int
    end: int
    kind: str
    glued: bool


def tokenize(text: str) -> list[Token]:
    """The tokens of ``text`` in order."""
    tokens: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(text):
        raw = match.group()
        first = raw[0]
        kind = "n" if first in "0123456789" else "w" if first.isalpha() else "p"
        start, end = match.span()
        tokens.append(Token(raw, raw.lower(), start, end, kind, start == last))
        last = end
    return tokens


def lower_at(tokens: list[Token], index: int) -> str:
    """The lower-case text of a token, or "" outside the list."""
    return tokens[index].lower if 0 <= index < len(tokens) else ""


def words_at(tokens: list[Token], index: int, words: tuple[str, ...]) -> bool:
    """Whether exactly these lower-case tokens stand at ``index``."""
    return index >= 0 and all(lower_at(tokens, index + offset) == word for offset, word in enumerate(words))
