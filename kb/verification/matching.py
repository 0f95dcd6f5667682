"""Where a quote stands in a text, but for typography and the marks an honest editor makes.

An ellipsis leaves words out, square brackets put an editor's words in, "[L]os" changes a
capital, "expect[s]" an ending. What may be left out or put in is limited here and in
``kb.verification.surroundings``. Owns no verdict on what is not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from kb.verification import wording
from kb.verification.gaps import MAX_GAP_TOKENS, gap_fault
from kb.verification.surroundings import edge_fault, left_fault, right_fault
from kb.verification.tokens import ELLIPSIS, TokenText, read_tokens
from kb.verification.verdict import Fault, Verdict

_ENDING = "\ue001"
_CAPITAL = re.compile(r"\[([^\W\d_])\](?=[^\W\d_])")
_SUFFIX = re.compile(r"(?<=[^\W\d_]{3})\[[^\W\d_]{1,3}\]")
_LOOSE_ENDS = frozenset((".", ",", ";", ":", "-", ELLIPSIS))
_MAX_INSERTED = 12
_MAX_REPLACED = 3
_MAX_GAPS = 4
_MAX_PARTS = 20
# Tokens compared at worst for one quote. Natural texts stay far below; "no no no …" would take minutes.
_MAX_COMPARISONS = 10_000_000
# Words without a content of their own, which an editor's brackets may stand for.
_POINTING_WORDS = (
    "they them their theirs it its this these that those he she his her we us our ours you your i my one ones who "
    "which there here el la los las lo le les su sus este esta esto estos estas ese esa eso esos esas aquel aquella "
    "él ella ello ellos ellas nos nuestro nuestra nuestros nuestras nosotros mi mis tu tus se the a an un una ambos "
    "ambas both"
)
_POINTING = frozenset(_POINTING_WORDS.split())


@dataclass(frozen=True, slots=True)
class Match:
    """Tokens ``first`` to ``end`` of the text are the quote, unless ``fault`` says why not."""

    first: int
    end: int
    fault: Fault | None


@dataclass(frozen=True, slots=True)
class _Part:
    """Tokens of the quote without a break, and what stands between them and the part before."""

    first: int
    end: int
    gap: bool
    inserted: tuple[str, ...]


def matches(text: TokenText, quote: str) -> Iterator[Match]:
    """Every place where the quote stands, the literal reading first; a place with a fault is not a quote."""
    literal = read_tokens(quote)
    for first, end in _trimmings(literal):
        if _repeats_too_often(text, literal, first, end):
            yield Match(0, 0, Fault(Verdict.NOT_FOUND, "the text repeats itself too often to be searched"))
            return
        for start, stop in _places(text, literal, first, end):
            yield Match(start, stop, _false_end(text, stop, literal, end) or edge_fault(text, start, stop))
    if ELLIPSIS in literal.keys or "[" in literal.keys:
        yield from _edited(text, read_tokens(_unbracketed(quote)))


def walk(text: TokenText, start: int, quote: TokenText, first: int, end: int) -> int | None:
    """The token of ``text`` after ``quote[first:end]`` read from ``start``, or null where they part."""
    at, wanted = start, first
    while wanted < end:
        if at >= len(text):
            return None
        if wanted + 1 < end and quote.keys[wanted + 1] == _ENDING:
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
    if form == other or not 2 <= len(form) <= 4 or form.isupper() == other.isupper():
        return True
    return quote.text.isupper() or not (form.islower() or other.islower())


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


def _places(text: TokenText, quote: TokenText, first: int, end: int) -> Iterator[tuple[int, int]]:
    for start in _starts(text, quote, first):
        stop = walk(text, start, quote, first, end)
        if stop is not None and not _runs_on(text, start, stop, quote, first, end):
            yield start, stop


def _repeats_too_often(text: TokenText, quote: TokenText, first: int, end: int) -> bool:
    return len(_starts(text, quote, first)) * (end - first) > _MAX_COMPARISONS


def _starts(text: TokenText, quote: TokenText, first: int) -> tuple[int, ...]:
    key = quote.keys[first]
    if quote.keys[first + 1 : first + 2] == (_ENDING,):
        return tuple(index for index, word in enumerate(text.keys) if _same_stem(key, word))
    joined = _joined(quote, first)
    return text.places.get(key, ()) + (text.places.get(joined, ()) if joined else ())


def _runs_on(text: TokenText, start: int, stop: int, quote: TokenText, first: int, end: int) -> bool:
    """Whether the quote runs a heading or list item into the next block as if it were one sentence."""
    inner = [index for index in text.blank if start < index < stop and text.keys[index - 1] not in ".!?:;…,"]
    return bool(inner) and "\n" not in quote.text[quote.starts[first] : quote.ends[end - 1]]


def _unbracketed(quote: str) -> str:
    return _SUFFIX.sub(_ENDING, _CAPITAL.sub(r"\1", quote.replace(_ENDING, "")))


def _edited(text: TokenText, quote: TokenText) -> Iterator[Match]:
    parts = _parts(quote)
    if not parts or len(parts) > _MAX_PARTS or sum(part.gap for part in parts) > _MAX_GAPS:
        return
    for start, stop in _places(text, quote, parts[0].first, parts[0].end):
        yield from _continued(text, quote, parts, start, stop)


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
        yield Match(start, end, known or short or right_fault(text, start, end))


def _next_places(text: TokenText, quote: TokenText, part: _Part, before: int) -> Iterator[tuple[int, Fault | None]]:
    reach = MAX_GAP_TOKENS if part.gap else _MAX_REPLACED
    for start in range(before, min(len(text), before + reach + 1)):
        stop = walk(text, start, quote, part.first, part.end)
        if stop is None:
            continue
        if part.gap:
            fault = _insertion_fault(part.inserted) or gap_fault(text, before, start) or left_fault(text, start, stop)
            yield stop, fault or right_fault(text, max(0, before - 1), before)
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
