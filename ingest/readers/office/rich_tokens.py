"""Rich text (RTF 1.9.1) as tokens: groups, words of control, bytes of text.

Owns the grammar of the file. Refuses to know what a word means, but for the one after which bytes stand as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

_TOKEN = re.compile(
    rb"\\([A-Za-z]{1,32})(-?\d{1,10})?[ ]?|\\'([0-9A-Fa-f]{2})|\\(\r\n|[^A-Za-z'])|([{}])|[\r\n]+|([^\\{}\r\n]+)|(\\)",
    re.S,
)


@dataclass(frozen=True, slots=True)
class RichToken:
    """One token: a ``word`` of control with its number, a ``brace``, or bytes of ``text``; the others are empty."""

    word: str = ""
    number: int | None = None
    brace: str = ""
    text: bytes = b""


def tokens(data: bytes) -> Iterator[RichToken]:
    """The tokens of a file; raises ValueError where it holds bytes of its own beyond its end."""
    place = 0
    while found := _TOKEN.match(data, place):
        place = found.end()
        word, number, code, symbol, brace, text, _ = found.groups()
        if word:
            value = None if number is None else int(number)
            if word == b"bin":
                place += max(0, value or 0)
                if place > len(data):
                    raise ValueError("bin")
            else:
                yield RichToken(word=word.decode("ascii"), number=value)
        elif code:
            yield RichToken(text=bytes([int(code, 16)]))
        elif symbol:
            yield RichToken(word=symbol.decode("latin-1"))
        elif brace:
            yield RichToken(brace=brace.decode("ascii"))
        elif text:
            yield RichToken(text=text)
