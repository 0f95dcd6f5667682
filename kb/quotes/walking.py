"""Where a row of a quote's tokens stands in a text: word by word, over line-end hyphens and changed capitals.

Owns the walk and its limits; knows neither ellipses nor brackets, and judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.quotes.quote_tokens import TokenText
from kb.quotes.verdict import Fault, Verdict

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
