"""A quote with the marks an honest editor makes, read in a text: ellipses, words in brackets, changed capitals.

An ellipsis leaves words out, square brackets put an editor's words in, "[L]os" changes a capital, "expect[s]" an
ending. What may be left out or put in is limited here and in ``kb.quotes.gaps``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.quotes import claim_words as wording
from kb.quotes.gaps import MAX_GAP_TOKENS, gap_fault
from kb.quotes.quote_tokens import ELLIPSIS, TokenText, read_tokens
from kb.quotes.surroundings import left_fault, right_fault
from kb.quotes.verdict import Fault, Match, Verdict
from kb.quotes.walking import ENDING, places_of, walk

_CAPITAL = re.compile(r"\[([^\W\d_])\](?=[^\W\d_])")
_SUFFIX = re.compile(r"(?<=[^\W\d_]{3})\[[^\W\d_]{1,3}\]")
_MAX_INSERTED = 12
_MAX_REPLACED = 3
_MAX_GAPS = 4
_MAX_PARTS = 20
# Words without a content of their own, which an editor's brackets may stand for.
_POINTING_WORDS = (
    "they them their theirs it its this these that those he she his her we us our ours you your i my one ones who "
    "which there here el la los las lo le les su sus este esta esto estos estas ese esa eso esos esas aquel aquella "
    "él ella ello ellos ellas nos nuestro nuestra nuestros nuestras nosotros mi mis tu tus se the a an un una ambos "
    "ambas both"
)
_POINTING = frozenset(_POINTING_WORDS.split())


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens of the quote without a break, and what stands between them and the part before."""

    first: int
    end: int
    gap: bool
    inserted: tuple[str, ...]


def edited_matches(text: TokenText, quote: str) -> Iterator[Match]:
    """The places where the quote stands but for ellipses and brackets; one with a fault is no quote."""
    yield from _read(text, read_tokens(_unbracketed(quote)))


def _read(text: TokenText, quote: TokenText) -> Iterator[Match]:
    parts = _parts(quote)
    if not parts or len(parts) > _MAX_PARTS or sum(part.gap for part in parts) > _MAX_GAPS:
        return
    for start, stop in places_of(text, quote, parts[0].first, parts[0].end):
        yield from _continued(text, quote, parts, start, stop)


def _unbracketed(quote: str) -> str:
    return _SUFFIX.sub(ENDING, _CAPITAL.sub(r"\1", quote.replace(ENDING, "")))


def _continued(text: TokenText, quote: TokenText, parts: list[_Part], start: int, stop: int) -> Iterator[Match]:
    """The ways to read the other parts on from the first, nearest first."""
    ends = [(stop, _insertion_fault(parts[0].inserted) or left_fault(text, start, stop))]
    for part in parts[1:]:
        ends = [
            (after, known or fault)
            for before, known in ends[:8]
            for after, fault in _next_places(text, quote, part, before)
        ]
    for end, known in ends:
        short = _too_short(text, quote, parts, start, end)
        yield Match(start, end, known or short or right_fault(text, end))


def _next_places(text: TokenText, quote: TokenText, part: _Part, before: int) -> Iterator[tuple[int, Fault | None]]:
    reach = MAX_GAP_TOKENS if part.gap else _MAX_REPLACED
    for start in range(before, min(len(text), before + reach + 1)):
        stop = walk(text, start, quote, part.first, part.end)
        if stop is None:
            continue
        if part.gap:
            fault = _insertion_fault(part.inserted) or gap_fault(text, before, start) or left_fault(text, start, stop)
            yield stop, fault or right_fault(text, before)
        elif text.keys[before:start] == part.inserted:
            yield stop, None
        elif _may_be_replaced(text.keys[before:start], part.inserted):
            yield stop, _insertion_fault(part.inserted)


def _may_be_replaced(written: tuple[str, ...], inserted: tuple[str, ...]) -> bool:
    """Whether brackets may stand for these words: none, pointing words, or another form of the same word."""
    if len(written) == len(inserted) == 1 and len(inserted[0]) > 4 and written[0][:4] == inserted[0][:4]:
        return True
    return all(key in _POINTING for key in written)


def _too_short(text: TokenText, quote: TokenText, parts: list[_Part], start: int, end: int) -> Fault | None:
    """The fault of picking single words out of a sentence; a lone first or last word of it is fine."""
    for index, part in enumerate(parts):
        alone = part.end - part.first < 2 and (part.gap or any(after.gap for after in parts[index + 1 : index + 2]))
        at_edge = (index == 0 and text.starts_sentence(start)) or (
            index == len(parts) - 1 and (text.ends_sentence(end - 1) or text.ends_sentence(min(end, len(text) - 1)))
        )
        if alone and not at_edge:
            return Fault(Verdict.NOT_FOUND, f"“{quote.forms[part.first]}” alone between ellipses")
    return None


def _insertion_fault(inserted: tuple[str, ...]) -> Fault | None:
    if len(inserted) > _MAX_INSERTED:
        return Fault(Verdict.NOT_FOUND, "more words in brackets than an editor's remark has")
    for key in inserted:
        if wording.is_negation(key):
            return Fault(Verdict.NEGATION_CHANGED, f"“{key}” was put in brackets")
        if wording.is_figure(key) or wording.is_unit(key):
            return Fault(Verdict.NUMBER_CHANGED, f"“{key}” was put in brackets")
        if key in wording.ADVERB_HEDGES:
            return Fault(Verdict.NOT_FOUND, f"the hedge “{key}” was put in brackets")
    return None


def _parts(quote: TokenText) -> list[_Part]:
    """The quote cut at its ellipses and bracketed insertions; those at its ends fall away."""
    parts: list[_Part] = []
    first, index, gap = 0, 0, False
    inserted: tuple[str, ...] = ()
    while index <= len(quote):
        key = quote.keys[index] if index < len(quote) else ELLIPSIS
        close = _closing(quote, index) if key == "[" else index
        if key == ELLIPSIS or close > index:
            if first < index:
                parts.append(_Part(first, index, gap and bool(parts), inserted))
                gap, inserted = False, ()
            gap = gap or key == ELLIPSIS
            inserted = inserted + quote.keys[index + 1 : close]
            first = close + 1
            index = close
        index += 1
    last_insert = _Part(len(quote), len(quote), False, inserted)
    return [*parts, last_insert] if inserted and parts else parts


def _closing(quote: TokenText, index: int) -> int:
    """The token of the bracket that closes the one at ``index``, or ``index`` itself when none does."""
    for at in range(index + 1, min(len(quote), index + _MAX_INSERTED + 8)):
        if quote.keys[at] == "]":
            return at
    return index
