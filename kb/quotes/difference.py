"""What differs between a quote that was not found and the nearest words of a text.

Finds the place by the words they share and tells a changed number, unit or hedge and a
changed negation from everything else. Accepts nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from difflib import SequenceMatcher

from kb.quotes import vocabulary
from kb.quotes.verdict import Judgement, Verdict
from kb.quotes.walking import TokenText

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
