"""Judges one quote against one text, knowing the other texts it may have been taken from, and says what differs."""

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from kb.quotes import vocabulary
from kb.quotes.edited import matches
from kb.quotes.verdict import Fault, Judgement, Match, Verdict
from kb.quotes.walking import TokenText, read_tokens
from kb.records.document import Span

_MIN_SHARED = 0.34
_MAX_OTHER_CHANGES = 0.2
_MAX_QUOTE_TOKENS = 400
_COMMON = 60


@dataclass(frozen=True, slots=True)
class _Comparison:
    first: int
    end: int
    shared: int
    quoted: tuple[str, ...]
    written: tuple[str, ...]


def nearest(text: TokenText, quote: TokenText) -> Judgement:
    """The judgement of a quote that no reading finds: what changed, or that nothing is near."""
    if not len(quote) or len(quote) > _MAX_QUOTE_TOKENS:
        return Judgement(Verdict.NOT_FOUND, None, "these words do not stand in the source")
    compared = [_compare(text, quote, offset) for offset in _offsets(text, quote)]
    best = max((found for found in compared if found), key=lambda found: found.shared, default=None)
    words = sum(key[0].isalnum() for key in quote.keys)
    if best is None or best.shared < max(1, _MIN_SHARED * words):
        return Judgement(Verdict.NOT_FOUND, None, "these words do not stand in the source")
    return _told(best, text, quote, words)


def _offsets(text: TokenText, quote: TokenText) -> list[int]:
    """The three likeliest places of the quote's first token, by votes of the words they share."""
    votes: Counter[int] = Counter()
    for index, key in enumerate(quote.keys):
        places = text.places.get(key, ())
        weight = 1 + 8 // (1 + len(places))
        for place in places[:_COMMON]:
            votes[(place - index) // 4] += weight
            votes[(place - index) // 4 + 1] += weight
    return [4 * bucket for bucket, _ in sorted(votes.items(), key=lambda item: (-item[1], item[0]))[:3]]


def _compare(text: TokenText, quote: TokenText, offset: int) -> _Comparison | None:
    low = max(0, offset - 8)
    window = text.keys[low : max(low, offset + len(quote) + 12)]
    blocks = [
        block for block in SequenceMatcher(None, window, quote.keys, autojunk=False).get_matching_blocks() if block.size
    ]
    if not blocks:
        return None
    head = min(blocks[0].b, blocks[0].a)
    tail = min(len(quote) - blocks[-1].b - blocks[-1].size, len(window) - blocks[-1].a - blocks[-1].size)
    first, end = blocks[0].a - head, blocks[-1].a + blocks[-1].size + tail
    kept_text = {block.a + step for block in blocks for step in range(block.size)}
    kept_quote = {block.b + step for block in blocks for step in range(block.size)}
    return _Comparison(
        low + first,
        low + end,
        sum(quote.keys[index][0].isalnum() for index in kept_quote),
        tuple(key for index, key in enumerate(quote.keys) if index not in kept_quote),
        tuple(window[index] for index in range(first, end) if index not in kept_text),
    )


def _told(best: _Comparison, text: TokenText, quote: TokenText, words: int) -> Judgement:
    span = text.span(best.first, best.end)
    others = max(len(_plain(best.quoted)), len(_plain(best.written)))
    contrary = any(vocabulary.are_contraries(q, w) for q in best.quoted for w in best.written)
    if others - contrary > max(1 if words > 8 else 0, _MAX_OTHER_CHANGES * words):
        return Judgement(Verdict.NOT_FOUND, None, "these words do not stand in the source")
    if _differ(best, vocabulary.is_figure) or _differ(best, vocabulary.is_unit):
        return Judgement(Verdict.NUMBER_CHANGED, span, _pair(best, "the figure differs"))
    if contrary or _differ(best, vocabulary.is_negation):
        return Judgement(Verdict.NEGATION_CHANGED, span, _pair(best, "the negation differs"))
    hedged = any(vocabulary.is_hedge(key) for key in best.quoted + best.written)
    if hedged and any(vocabulary.is_figure(key) for key in quote.keys):
        return Judgement(Verdict.NUMBER_CHANGED, span, _pair(best, "the hedge differs"))
    return Judgement(Verdict.NOT_FOUND, span, _pair(best, "the words differ"))


def _plain(keys: tuple[str, ...]) -> list[str]:
    """The changed words that are neither figures, units, negations nor hedges, nor marks."""
    return [
        key
        for key in keys
        if key[0].isalpha()
        and not (vocabulary.is_figure(key) or vocabulary.is_unit(key) or vocabulary.is_negation(key))
        and not vocabulary.is_hedge(key)
        and key not in vocabulary.DETERMINERS
    ]


def _differ(best: _Comparison, kind: Callable[[str], bool]) -> bool:
    return Counter(filter(kind, best.quoted)) != Counter(filter(kind, best.written))


def _pair(best: _Comparison, what: str) -> str:
    quoted, written = " ".join(best.quoted)[:80], " ".join(best.written)[:80]
    return f"{what}: quoted “{quoted}”, the source has “{written}”"


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
