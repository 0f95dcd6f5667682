"""Judges one quote against one text, knowing the other texts it may have been taken from."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import islice

from kb.quotes.difference import nearest
from kb.quotes.edited import matches
from kb.quotes.verdict import Fault, Judgement, Match, Verdict
from kb.quotes.walking import TokenText, read_tokens
from kb.records.document import Span

_MAX_QUOTE_CHARS = 20_000
_MAX_PLACES = 500
# Invisible, and "73" inside them is read as "37".
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def judge(quote: str, span: Span | None, text: str, other_texts: Mapping[str, str]) -> Judgement:
    """How ``quote`` stands to ``text``; ``span`` is where it was said to stand, if anyone said.

    ``other_texts`` are texts by name in which a quote that is not here is looked for. An accepted
    judgement's span cuts the quoted words out of ``text``.
    """
    if not quote.strip():
        return Judgement(Verdict.NOT_FOUND, None, "the quote is empty")
    if len(quote) > _MAX_QUOTE_CHARS:
        return Judgement(Verdict.NOT_FOUND, None, f"the quote is longer than {_MAX_QUOTE_CHARS} characters")
    turning = _TURNING.search(quote)
    if turning and quote not in text:
        reason = f"it holds U+{ord(turning.group()):04X}, which turns the writing direction, and its source does not"
        return Judgement(Verdict.NOT_FOUND, None, reason)
    here = _stands(quote, span, text)
    if isinstance(here, Judgement):
        return here
    if here is None:
        for name, other in other_texts.items():
            elsewhere = _stands(quote, None, other)
            if isinstance(elsewhere, Judgement):
                return Judgement(Verdict.MISATTRIBUTED, elsewhere.span_found, f"it stands in {name}", name)
    near = nearest(read_tokens(text), read_tokens(quote))
    return near if here is None else Judgement(here.verdict, near.span_found, here.reason)


def _stands(quote: str, span: Span | None, text: str) -> Judgement | Fault | None:
    """The acceptance of the quote in this text, else the fault of the nearest reading, else null."""
    tokens = read_tokens(text)
    found = list(islice(matches(tokens, quote), _MAX_PLACES))
    sound = [match for match in found if match.fault is None]
    stated = [match for match in found if span and match.first < match.end and _place(match, tokens).overlaps(span)]
    if stated and all(match.fault for match in stated):
        return stated[0].fault
    if sound:
        judgements = [_accepted(match, quote, span, tokens) for match in sound]
        return min(judgements, key=lambda judgement: _preference(judgement, span))
    return next((match.fault for match in found if match.fault), None)


def _place(match: Match, tokens: TokenText) -> Span:
    return tokens.span(match.first, match.end)


def _accepted(match: Match, quote: str, span: Span | None, tokens: TokenText) -> Judgement:
    place = _place(match, tokens)
    exact = _exact_place(quote, place, tokens.text)
    found = exact or place
    reason = "it stands there character for character" if exact else "it stands there but for typography"
    if span is not None and not span.overlaps(found):
        reason += ", at another place than stated"
    if match.said_by is not None:
        reason += f", said by “{match.said_by}”"
    verdict = Verdict.EXACT if exact else Verdict.NORMALISED
    return Judgement(verdict, found, reason, said_by=match.said_by)


def _exact_place(quote: str, place: Span, text: str) -> Span | None:
    """Where the quote stands character for character around ``place``, or null."""
    at = text.find(quote, max(0, place.end - len(quote)), place.start + len(quote))
    return Span(at, at + len(quote)) if 0 <= at <= place.start and at + len(quote) >= place.end else None


def _preference(judgement: Judgement, span: Span | None) -> tuple[bool, bool, int]:
    place = judgement.span_found
    if place is None:
        raise AssertionError("an accepted quote has a place")
    away = span is not None and not span.overlaps(place)
    distance = abs(place.start - span.start) if span else place.start
    return away, judgement.verdict is not Verdict.EXACT, distance
