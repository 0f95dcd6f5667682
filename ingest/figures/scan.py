"""The tokens of a sentence: words, digit groups and single signs, with their places.

Knows nothing of numbers' meaning. One linear pass; offsets are those of the text given.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

# Three disjoint alternatives without nesting: linear on any input (watched by test_figures_speed.py).
_TOKEN = re.compile(r"([^\W\d_]+(?:['’][^\W\d_]+)*)|([0-9]+(?:[.,][0-9]+)*)|[^\s\w]|_|\d")
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
    append, new = tokens.append, tuple.__new__  # a third of the time of calling Token for each
    last = -1
    for match in _TOKEN.finditer(text):
        start, end = match.span()
        raw = match.group()
        group = match.lastindex
        if group == 1:
            kind = "w" if raw[0].isalpha() else "p"  # "²" is no letter
            append(new(Token, (raw, raw.lower(), start, end, kind, start == last)))
        else:
            append(new(Token, (raw, raw, start, end, "n" if group == 2 else "p", start == last)))
        last = end
    return tokens


def is_inside_word(tokens: Sequence[Token], index: int) -> bool:
    """Whether the digits at ``index`` are part of a name: "B2B", "Web3", not "5G" or "COVID-19"."""
    return index > 0 and tokens[index].glued and tokens[index].kind == "n" and tokens[index - 1].kind == "w"


def lower_at(tokens: list[Token], index: int) -> str:
    """The lower-case text of a token, or "" outside the list."""
    return tokens[index].lower if 0 <= index < len(tokens) else ""


def words_at(tokens: list[Token], index: int, words: tuple[str, ...]) -> bool:
    """Whether exactly these lower-case tokens stand at ``index``."""
    if index < 0 or index + len(words) > len(tokens):
        return False
    for word in words:
        if tokens[index].lower != word:
            return False
        index += 1
    return True
