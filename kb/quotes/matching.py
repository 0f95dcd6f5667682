"""Where a quote stands in a text, but for typography and the marks an honest editor makes.

Owns the order in which a quote is read: letter by letter first, then with its ellipses and brackets
(``kb.quotes.edited``). Owns no verdict on what is not found.
"""

from __future__ import annotations

from collections.abc import Iterator

from kb.quotes.edited import edited_matches
from kb.quotes.faithful import Kept, faithful
from kb.quotes.quote_tokens import ELLIPSIS, TokenText, read_tokens
from kb.quotes.verdict import Fault, Match, Verdict
from kb.quotes.walking import half_word, places_of, repeats_too_often

_LOOSE_ENDS = frozenset((".", ",", ";", ":", "-", ELLIPSIS))


def matches(text: TokenText, quote: str) -> Iterator[Match]:
    """Every place where the quote stands, the literal reading first; a place with a fault is not a quote."""
    literal = read_tokens(quote)
    for first, end in _trimmings(literal):
        if repeats_too_often(text, literal, first, end):
            yield Match(0, 0, Fault(Verdict.NOT_FOUND, "the text repeats itself too often to be searched"))
            return
        for start, stop in places_of(text, literal, first, end):
            yield _judged(text, start, stop, literal, end)
    if ELLIPSIS in literal.keys or "[" in literal.keys:
        yield from edited_matches(text, quote)


def _judged(text: TokenText, start: int, stop: int, quote: TokenText, end: int) -> Match:
    """The place, with its fault: a false end, half a word, or words that alone say something else."""
    fault = _false_end(text, stop, quote, end) or half_word(text, start, stop)
    if fault is not None:
        return Match(start, stop, fault)
    marked = quote.keys[end : end + 1] == (ELLIPSIS,)
    found = faithful(text, [Kept(start, stop, marked)])
    return Match(start, stop, found.fault, found.said_by)


def _trimmings(quote: TokenText) -> Iterator[tuple[int, int]]:
    """The whole quote, then the quote without loose marks at its ends ("customers," for "customers")."""
    first, end = 0, len(quote)
    if first < end:
        yield first, end
    while first < end and quote.keys[first] in _LOOSE_ENDS:
        first += 1
    while first < end and quote.keys[end - 1] in _LOOSE_ENDS:
        end -= 1
    if first < end and (first, end) != (0, len(quote)):
        yield first, end


def _false_end(text: TokenText, stop: int, quote: TokenText, end: int) -> Fault | None:
    """The fault of a full stop put where the sentence goes on with a word."""
    stopped = quote.keys[end : end + 1] == (".",)
    if stopped and not text.ends_sentence(stop - 1) and text.keys[stop][0].isalnum():
        return Fault(Verdict.NOT_FOUND, f"the sentence does not end there but goes on: “{text.forms[stop]}”")
    return None
