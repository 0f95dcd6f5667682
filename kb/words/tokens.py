"""The tokens of a text: words, digit groups, written fractions and single signs, with their places; and words
that both languages share but for spelling.

Knows nothing of meaning. One linear pass; offsets are those of the text given. Digits of every script and wide signs
are read as their plain forms, and marks of emphasis ("**73** %") and invisible breaks inside a number are passed over.
"""

import re
import sys
import unicodedata
from collections.abc import Sequence
from functools import cache, lru_cache
from typing import NamedTuple

_INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
_CONTROL = "\x00-\x08\x0e-\x1f\x7f"
_DIGITS = rf"[0-9](?:[0-9]|[{_INVISIBLE}{_CONTROL}](?=[0-9]))*"
# Disjoint alternatives without nesting: linear on any input (watched by tests/kb/test_words.py).
_TOKEN = re.compile(
    rf"([^\W\d_¼-¾⅐-⅞⁰-₉²³¹]+(?:['’][^\W\d_]+)*)|({_DIGITS}(?:[{_INVISIBLE}]?[.,·][{_INVISIBLE}]?{_DIGITS}|['’][0-9]{{3}}(?![0-9]))*)|"
    r"([¼-¾⅐-⅞])|\*\*|__|[^\s\w]|\w"
)
_ODD = re.compile(r"(?![0-9])\d|[％﹪٪﹩＄￥￡＋－．，]")
_BREAKS = str.maketrans("·", ".", _INVISIBLE)  # "14·5 per cent": a raised point
MAX_DIGITS = 24
"""Digit groups longer than this are codes, never figures."""


class Token(NamedTuple):
    """A word ("w"), a digit group ("n"), a written fraction ("v") or a sign ("p").

    ``glued`` when nothing stands before it but a token.
    """

    text: str
    lower: str
    start: int
    end: int
    kind: str
    glued: bool


@cache
def _plain_forms() -> dict[int, str]:
    """Every decimal digit of another script to its value, and wide signs to the plain ones."""
    forms = {code: str(unicodedata.digit(chr(code))) for code in range(128, sys.maxunicode) if chr(code).isdecimal()}
    return forms | {ord(wide): plain for wide, plain in zip("％﹪٪﹩＄￥￡＋－．，", "%%%$$¥£+-.,", strict=True)}


def plain_text(text: str) -> str:
    """``text`` with digits of every script and wide signs in their plain forms, character for character."""
    return text.translate(_plain_forms()) if _ODD.search(text) else text


def tokenize(text: str) -> list[Token]:
    """The tokens of ``text`` in order."""
    tokens: list[Token] = []
    append, new = tokens.append, tuple.__new__  # a third of the time of calling Token for each
    last = -1
    for match in _TOKEN.finditer(plain_text(text)):
        raw, group = match.group(), match.lastindex
        if raw in ("**", "__"):
            continue
        start, end = match.span()
        glued, last = start == last, end
        if group == 1:
            kind = "w" if raw[0].isalpha() else "p"
            lower = raw.lower()
            append(new(Token, (raw, lower.replace("’", "'") if "’" in raw else lower, start, end, kind, glued)))
        elif group == 2:
            raw = raw.translate(_BREAKS)
            append(new(Token, (raw, raw, start, end, "n", glued)))
        else:
            append(new(Token, (raw, raw, start, end, "v" if group == 3 else "p", glued)))
    return tokens


def is_inside_word(tokens: Sequence[Token], index: int) -> bool:
    """Whether the digits at ``index`` are part of a name: "B2B", "Web3", not "5G" or "COVID-19"."""
    return index > 0 and tokens[index].glued and tokens[index].kind == "n" and tokens[index - 1].kind == "w"


def lower_at(tokens: Sequence[Token], index: int) -> str:
    """The lower-case text of a token, or "" outside the list."""
    return tokens[index].lower if 0 <= index < len(tokens) else ""


def words_at(tokens: Sequence[Token], index: int, words: tuple[str, ...]) -> bool:
    """Whether exactly these lower-case tokens stand at ``index``."""
    if index < 0 or index + len(words) > len(tokens):
        return False
    for word in words:
        if tokens[index].lower != word:
            return False
        index += 1
    return True


def is_yearlike(text: str) -> bool:
    """Whether these are four digits from 1900 to 2100."""
    return len(text) == 4 and text.isdigit() and 1900 <= int(text) <= 2100


# What one language writes for the other: "phase/fase", "technology/tecnología", "initial/inicial".
_RESPELT = (
    ("ph", "f"), ("th", "t"), ("qu", "c"), ("ch", "c"), ("gn", "ñ"), ("y", "i"), ("k", "c"), ("w", "u"), ("x", "s"),
)  # fmt: skip
_TI = re.compile(r"t(?=i[aeo])")
_DOUBLED = re.compile(r"(.)\1+")
# The shortest likeness that counts, and the share of the longer word's letters that must be alike.
SHORTEST_ALIKE = 5
_SHARE = 0.6


@lru_cache(maxsize=50_000)
def cognate_key(word: str) -> str:
    """A folded word as both languages would spell it.

    >>> cognate_key("strategic"), cognate_key("estrategica")
    ('strategic', 'strategica')
    """
    for said, spelt in _RESPELT:
        word = word.replace(said, spelt)
    word = _DOUBLED.sub(r"\1", _TI.sub("c", word))
    return word[1:] if word.startswith(("esc", "esp", "est")) else word


def same_start(first: str, second: str) -> bool:
    """Whether two cognate keys begin alike, as far as cognates do.

    >>> same_start(cognate_key("definido"), cognate_key("defined"))
    True
    >>> same_start(cognate_key("contract"), cognate_key("contento"))
    False
    """
    length = 0
    for left, right in zip(first, second, strict=False):
        if left != right:
            break
        length += 1
    return length >= SHORTEST_ALIKE and length >= _SHARE * max(len(first), len(second))
