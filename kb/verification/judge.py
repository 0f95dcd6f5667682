"""Judges one quote against one text, knowing the other texts it may have been taken from."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from kb.document import Span
from kb.verification.difference import nearest
from kb.verification.matching import Match, matches
from kb.verification.tokens import TokenText, read_tokens
from kb.verification.verdict import Fault, Judgement, Verdict

MAX_QUOTE_CHARS = 20_000
_MAX_PLACES = 500


def judge(quote: str, span: Span | None, text: str, other_texts: Mapping[str, str]) -> Judgement:
    """How ``quote`` stands to ``text``; ``span`` is where it was said to stand, if anyone said.

    ``other_texts`` are texts by name in which a quote that is not here is looked for. An accepted
    judgement's span cuts the quoted words out of ``text``.
    """
    if not quote.strip():
        return Judgement(Verdict.NOT_FOUND, None, "the quote is empty")
    if len(quote) > MAX_QUOTE_CHARS:
        return Judgement(Verdict.NOT_FOUND, None, f"the quote is longer than {MAX_QUOTE_CHARS} characters")
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
    sound = [_accepted(match, quote, span, tokens) for match in found if match.fault is None]
    if sound:
        return min(sound, key=lambda judgement: _preference(judgement, span))
    return next((match.fault for match in found if match.fault), None)


def _accepted(match: Match, quote: str, span: Span | None, tokens: TokenText) -> Judgement:
    place = tokens.span(match.first, match.end)
    at = tokens.text.find(quote, max(0, place.start - len(quote)), place.end + len(quote))
    exact = at >= 0 and at <= place.start and at + len(quote) >= place.end
    if exact:
        place = Span(at, at + len(quote))
    elsewhere = span is not None and not span.overlaps(place)
    reason = "it stands there character for character" if exact else "it stands there but for typography"
    if elsewhere:
        reason += ", at another place than stated"
    return Judgement(Verdict.EXACT if exact else Verdict.NORMALISED, place, reason)


def _preference(judgement: Judgement, span: Span | None) -> tuple[bool, bool, int]:
    place = judgement.span_found
    if place is None:
        raise AssertionError("an accepted quote has a place")
    away = span is not None and not span.overlaps(place)
    distance = abs(place.start - span.start) if span else place.start
    return away, judgement.verdict is not Verdict.EXACT, distance
