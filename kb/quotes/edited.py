"""A quote with the marks an honest editor makes, read in a text: ellipses, words in brackets, changed capitals.

An ellipsis leaves words out, square brackets put an editor's words in, "[L]os" changes a capital, "expect[s]" an
ending. What may be put in is limited here; what may be left out, by what the rest then says
(``kb.quotes.faithful``).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from kb.quotes.edges import governors
from kb.quotes.faithful import Kept, faithful, figures_in
from kb.quotes.verdict import Fault, Match, Verdict
from kb.quotes.vocabulary import hedges, is_figure, is_negation, is_unit
from kb.quotes.walking import ELLIPSIS, ENDING, TokenText, half_word, places_of, read_tokens, repeats_too_often, walk
from kb.records.language import Language
from kb.words.lexicon import words_of

_CAPITAL = re.compile(r"\[([^\W\d_])\](?=[^\W\d_])")
_SUFFIX = re.compile(r"(?<=[^\W\d_]{3})\[[^\W\d_]{1,3}\]")
_MAX_INSERTED = 12
_MAX_REPLACED = 3
_MAX_GAPS = 4
_MAX_PARTS = 20
_MAX_GAP_TOKENS = 80
# Words without a content of their own, which an editor's brackets may stand for.
_POINTING = words_of("pointing")
_LANGUAGES = (Language.ES, Language.EN)


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
    ends = [([Kept(_replaced_before(text, start, parts[0]), stop)], _insertion_fault(parts[0].inserted))]
    for part in parts[1:]:
        ends = [
            (_extended(kept, begin, after, part.gap), known or fault)
            for kept, known in ends[:8]
            for begin, after, fault in _next_places(text, quote, part, kept[-1].end)
        ]
    trailing = quote.keys[parts[-1].end : parts[-1].end + 1] == (ELLIPSIS,)
    for kept, known in ends:
        end = kept[-1].end
        fault = known or _too_short(text, quote, parts, start, end) or half_word(text, start, end)
        if fault is None:
            found = faithful(text, [*kept[:-1], replace(kept[-1], marked=trailing)])
            yield Match(start, end, found.fault, found.said_by)
        else:
            yield Match(start, end, fault)


def _replaced_before(text: TokenText, start: int, part: _Part) -> int:
    """The first token of what brackets at the head of the quote stand for ("[Customers]" for "They")."""
    first = start
    while part.inserted and first > 0 and start - first < _MAX_REPLACED and text.keys[first - 1] in _POINTING:
        first -= 1
    return first


def _extended(kept: list[Kept], begin: int, after: int, gap: bool) -> list[Kept]:
    """The kept pieces with one more; a piece that goes on where the last one ended, or over a pronoun, is the same."""
    if gap and begin > kept[-1].end:
        return [*kept[:-1], replace(kept[-1], marked=True), Kept(begin, after)]
    return [*kept[:-1], replace(kept[-1], end=max(after, kept[-1].end))]


def _next_places(
    text: TokenText, quote: TokenText, part: _Part, before: int
) -> Iterator[tuple[int, int, Fault | None]]:
    reach = _MAX_GAP_TOKENS if part.gap else _MAX_REPLACED
    for start in range(before, min(len(text), before + reach + 1)):
        stop = walk(text, start, quote, part.first, part.end)
        if stop is None:
            continue
        if part.gap:
            yield start, stop, _insertion_fault(part.inserted) or _gap_fault(text, before, start)
        elif text.keys[before:start] == part.inserted:
            yield start, stop, None
        elif _may_be_replaced(text.keys[before:start], part.inserted):
            yield start, stop, _insertion_fault(part.inserted)


def _gap_fault(text: TokenText, left_end: int, right_first: int) -> Fault | None:
    """The fault of an ellipsis that joins the halves of two sentences."""
    crosses = any(text.ends_sentence(index) for index in range(left_end - 1, right_first))
    if crosses and not text.starts_sentence(right_first):
        return Fault(Verdict.NOT_FOUND, "the ellipsis joins parts of different sentences")
    return half_word(text, right_first, left_end)


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
    """The fault of a remark in brackets that says a figure, denies or hedges."""
    if len(inserted) > _MAX_INSERTED:
        return Fault(Verdict.NOT_FOUND, "more words in brackets than an editor's remark has")
    denial = next((key for key in inserted if is_negation(key)), None)
    if denial is not None:
        return Fault(Verdict.NEGATION_CHANGED, f"“{denial}” was put in brackets")
    remark = " ".join(inserted)
    figure = next((key for key in inserted if is_figure(key) or is_unit(key)), None)
    if figure is not None or any(figures_in(remark, one) for one in _LANGUAGES):
        return Fault(Verdict.NUMBER_CHANGED, f"“{figure or remark}” was put in brackets")
    if hedges(remark):
        return Fault(Verdict.NUMBER_CHANGED, f"the hedge “{remark}” was put in brackets")
    governing = next((found for one in _LANGUAGES for found in governors(remark, one) if found.kind != "nothing"), None)
    if governing is not None:
        return Fault(Verdict.NOT_FOUND, f"the {governing.kind} “{governing.said}” was put in brackets")
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
