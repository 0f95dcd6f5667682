"""Where a row of a quote's tokens stands in a text: word by word, over line-end hyphens and changed capitals.

Owns the walk and its limits; knows neither ellipses nor brackets, and judges nothing.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from kb.quotes.verdict import Fault, Verdict
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


# Stands for the ending that an editor put in brackets ("expect[s]").
ENDING = "\ue001"
# Tokens compared at worst for one quote. Natural texts stay far below; "no no no …" would take minutes.
_MAX_COMPARISONS = 10_000_000


def walk(text: TokenText, start: int, quote: TokenText, first: int, end: int) -> int | None:
    """The token of ``text`` after ``quote[first:end]`` read from ``start``, or null where they part."""
    at, wanted = start, first
    while wanted < end:
        if at >= len(text):
            return None
        if wanted + 1 < end and quote.keys[wanted + 1] == ENDING:
            if not _same_stem(quote.keys[wanted], text.keys[at]):
                return None
            at, wanted = at + 1, wanted + 2
        elif text.keys[at] == quote.keys[wanted] and _same_case(text.forms[at], quote, wanted):
            at, wanted = at + 1, wanted + 1
        elif _joined(text, at) == quote.keys[wanted]:
            at, wanted = at + 3, wanted + 1
        elif text.keys[at] == _joined(quote, wanted):
            at, wanted = at + 1, wanted + 3
        else:
            return None
    return at


def _joined(tokens: TokenText, index: int) -> str | None:
    if index + 1 in tokens.broken and index + 2 < len(tokens):
        return tokens.keys[index] + tokens.keys[index + 2]
    return None


def _same_stem(stem: str, word: str) -> bool:
    return word.startswith(stem) and len(word) - len(stem) <= 3


def _same_case(form: str, quote: TokenText, index: int) -> bool:
    """Whether the case may differ: anywhere but in short capitals that are another word ("US", "us")."""
    other = quote.forms[index]
    if len(form) == 1 and index and quote.keys[index - 1][-1:].isdigit() and form.isalpha():
        return form == other  # "5 m" is not "5 M"
    if form == other or not 2 <= len(form) <= 4 or form.isupper() == other.isupper():
        return True
    return quote.text.isupper() or not (form.islower() or other.islower())


def places_of(text: TokenText, quote: TokenText, first: int, end: int) -> Iterator[tuple[int, int]]:
    """The first token of every place, and the token after it, where ``quote[first:end]`` stands in the text."""
    for start in _starts(text, quote, first):
        stop = walk(text, start, quote, first, end)
        if stop is not None and not _runs_on(text, start, stop, quote, first, end):
            yield start, stop


def repeats_too_often(text: TokenText, quote: TokenText, first: int, end: int) -> bool:
    """Whether so many places begin like the quote that comparing them would take minutes."""
    return len(_starts(text, quote, first)) * (end - first) > _MAX_COMPARISONS


def _starts(text: TokenText, quote: TokenText, first: int) -> tuple[int, ...]:
    key = quote.keys[first]
    if quote.keys[first + 1 : first + 2] == (ENDING,):
        return tuple(index for index, word in enumerate(text.keys) if _same_stem(key, word))
    joined = _joined(quote, first)
    return text.places.get(key, ()) + (text.places.get(joined, ()) if joined else ())


def _runs_on(text: TokenText, start: int, stop: int, quote: TokenText, first: int, end: int) -> bool:
    """Whether the quote runs a heading or list item into the next block as if it were one sentence."""
    inner = [index for index in text.blank if start < index < stop and text.keys[index - 1] not in ".!?:;…,"]
    return bool(inner) and "\n" not in quote.text[quote.starts[first] : quote.ends[end - 1]]


_HYPHENS = frozenset("-‐‑\ufffe")


def half_word(text: TokenText, first: int, end: int) -> Fault | None:
    """The fault of tokens ``first`` to ``end`` that begin or end inside a hyphenated or broken word, or null."""
    if _inside_word(text, first):
        return Fault(Verdict.NOT_FOUND, "it begins inside a word")
    return Fault(Verdict.NOT_FOUND, "it ends inside a word") if _inside_word(text, end) else None


def _inside_word(text: TokenText, index: int) -> bool:
    return any(
        0 < hyphen < len(text) - 1
        and (text.text[text.starts[hyphen]] in _HYPHENS and text.keys[hyphen] == "-")
        and text.ends[hyphen - 1] == text.starts[hyphen]
        and (text.ends[hyphen] == text.starts[hyphen + 1] or hyphen in text.broken)
        and not (text.keys[hyphen - 1][-1:].isdigit() and text.keys[hyphen + 1][:1].isdigit())
        for hyphen in (index - 1, index)
    )
