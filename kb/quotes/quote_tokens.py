"""A text as comparable tokens with their places in it.

Typography is folded here and nowhere else: NFC and NFD, ligatures, soft hyphens, quotation
marks, dashes, spaces, line-end hyphens. A number is one token with its decimal and group
marks, so "73" is never found inside "1,73". Knows nothing of quotes, sources or verdicts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from kb.records.document import Span

ELLIPSIS = "…"
_INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\ufe0f"
_SPACES = " \u00a0\u2007\u2009\u202f"
_LETTER = rf"[^\W\d_](?:[\u0300-\u036f{_INVISIBLE}])*"
_UNSEEN = re.compile(f"[{_INVISIBLE}]")
_TOKEN = re.compile(
    r"(?P<ellipsis>[\[(]\s?(?:…|\.{3}|\.\s\.\s\.)\s?[\])]|…|\.{3,6}|\.\s\.\s\.)"
    rf"|(?P<number>\d{{1,3}}(?:[{_SPACES}]\d{{3}}){{1,6}}(?!\d)(?:[.,]\d{{1,30}})?"
    r"|\d{1,40}(?:[.,:'’]\d{1,40}){0,12}|(?<![\w.])\.\d{1,40})"
    rf"|(?P<word>{_LETTER}(?:(?:{_LETTER})|\d|['’ʼ´`](?=[^\W\d_])){{0,200}})"
    rf"|(?P<space>[\s{_INVISIBLE}]+)"
    r"|(?P<mark>.)",
    re.DOTALL,
)
_LIGATURES = str.maketrans(
    {
        "ﬀ": "ff",
        "ﬁ": "fi",
        "ﬂ": "fl",
        "ﬃ": "ffi",
        "ﬄ": "ffl",
        "ﬅ": "st",
        "ﬆ": "st",
        "’": "'",
        "ʼ": "'",
        "´": "'",
        "`": "'",
    }
)
_NUMBER_MARKS = str.maketrans(dict.fromkeys(_SPACES, " ") | {"’": "'"})
# Quotation marks and emphasis marks say nothing about the words and differ between editions of a text.
_IGNORED = frozenset("\"'«»“”„‟‘’‚‛‹›`´*_•·▪●◦\u0300\u0301\u0303\u0308")
_MARKS = str.maketrans(
    dict.fromkeys("‐‑‒–—―−﹘﹣－\ufffe", "-") | {"×": "x", "⁄": "/", "＋": "+", "％": "%", "﹪": "%"}
)
_FRACTIONS = {"½": "1/2", "¼": "1/4", "¾": "3/4", "⅓": "1/3", "⅔": "2/3", "⅕": "1/5", "⅛": "1/8"}
_SENTENCE_ENDS = frozenset(".!?")


@dataclass(frozen=True, slots=True)
class TokenText:
    """A text's tokens as parallel rows.

    ``keys`` are folded and lower-case; ``forms`` keep the case. ``starts`` and ``ends`` are code
    points of the text. ``broken[i]`` marks a hyphen at a line end between letters, which may be
    part of the word or not. ``blank[i]`` marks a token after a blank line.
    """

    text: str
    keys: tuple[str, ...]
    forms: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    broken: frozenset[int]
    blank: frozenset[int]
    places: dict[str, tuple[int, ...]]

    def __len__(self) -> int:
        return len(self.keys)

    def span(self, first: int, end: int) -> Span:
        """The characters of tokens ``first`` up to but not including ``end``."""
        return Span(self.starts[first], self.ends[end - 1])

    def ends_sentence(self, index: int) -> bool:
        """Whether no sentence reaches past token ``index``: a full stop before a capital, a blank line, the end."""
        following = index + 1
        if following >= len(self.keys) or following in self.blank:
            return True
        if self.keys[index] not in _SENTENCE_ENDS:
            return False
        gap = self.text[self.ends[index] : self.starts[following]]
        return self.keys[index] != "." or bool(gap.strip(" ")) or not self.forms[following][:1].islower()

    def starts_sentence(self, index: int) -> bool:
        """Whether a sentence begins at token ``index`` (an opening mark belongs to it)."""
        return index == 0 or self.ends_sentence(index - 1) or self.keys[index - 1] in "¿¡"


@lru_cache(maxsize=48)
def read_tokens(text: str) -> TokenText:
    """The tokens of a text; linear in its length, and remembered for the latest 48 texts."""
    rows: list[tuple[str, str, int, int]] = []
    broken: set[int] = set()
    blank: set[int] = set()
    after_blank = False
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "space":
            after_blank = after_blank or match.group().count("\n") > 1
            continue
        form = _form(match)
        if form in _IGNORED:
            continue
        if after_blank:
            blank.add(len(rows))
            after_blank = False
        if form == "-" and _breaks_word(text, match.start()):
            broken.add(len(rows))
        rows.append((form.casefold(), form, match.start(), match.end()))
    return _assemble(text, _signed(text, rows), broken, blank)


def _form(match: re.Match[str]) -> str:
    raw = match.group()
    if match.lastgroup == "ellipsis":
        return ELLIPSIS
    if match.lastgroup == "number":
        return raw.translate(_NUMBER_MARKS)
    if match.lastgroup == "word":
        return _FRACTIONS.get(raw) or unicodedata.normalize("NFC", _UNSEEN.sub("", raw).translate(_LIGATURES))
    return _FRACTIONS.get(raw) or raw.translate(_MARKS)


def _breaks_word(text: str, position: int) -> bool:
    """Whether the dash here stands between letters at a line end (PDF readers write U+FFFE for it)."""
    rest = text[position + 1 : position + 8]
    return text[position - 1 : position].isalpha() and (
        text[position] == "\ufffe" or ("\n" in rest[: len(rest) - len(rest.lstrip())])
    )


def _signed(text: str, rows: list[tuple[str, str, int, int]]) -> list[tuple[str, str, int, int]]:
    """Gives a number its minus: a dash that touches it, with a space, a bracket or nothing before."""
    for index in range(len(rows) - 1):
        _, _, start, end = rows[index]
        following = rows[index + 1]
        loose = start == 0 or text[start - 1].isspace() or text[start - 1] in "(["
        if text[start] in "-−–" and loose and end == following[2] and following[0][:1].isdigit():
            rows[index + 1] = ("-" + following[0], "-" + following[1], following[2], following[3])
    return rows


def _assemble(text: str, rows: list[tuple[str, str, int, int]], broken: set[int], blank: set[int]) -> TokenText:
    places: dict[str, list[int]] = {}
    for index, row in enumerate(rows):
        places.setdefault(row[0], []).append(index)
    for index in broken:
        if 0 < index < len(rows) - 1:
            places.setdefault(rows[index - 1][0] + rows[index + 1][0], []).append(index - 1)
    return TokenText(
        text,
        tuple(row[0] for row in rows),
        tuple(row[1] for row in rows),
        tuple(row[2] for row in rows),
        tuple(row[3] for row in rows),
        frozenset(broken),
        frozenset(blank),
        {key: tuple(sorted(found)) for key, found in places.items()},
    )
