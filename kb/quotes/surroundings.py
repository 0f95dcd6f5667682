"""What stands just outside quoted words and would change them: a hedge, a denial, the rest of a number.

"el 80 % de los clientes" is in "casi el 80 % de los clientes" letter by letter and still false.
Owns the rules for the edges of a quote; those for an ellipsis are in ``kb.quotes.gaps``.
"""

from __future__ import annotations

from kb.quotes import claim_words as wording
from kb.quotes.quote_tokens import TokenText
from kb.quotes.verdict import Fault, Verdict

_NEGATION_REACH = 3
# A denial reaches further over "that": "it cannot be shown at all that".
_DENIED_CLAUSE = 6
_CONDITION_REACH = 24
_SIGNS = frozenset("$€£¥+±~<>≤≥≈")
CLAUSE_MARKS = frozenset(".,;:!?()[]…¿¡")
_HYPHENS = frozenset("-‐‑\ufffe")


def edge_fault(text: TokenText, first: int, end: int) -> Fault | None:
    """The reason why tokens ``first`` to ``end`` may not stand alone, or null."""
    return left_fault(text, first, end) or right_fault(text, end)


def left_fault(text: TokenText, first: int, end: int) -> Fault | None:
    """The reason in the words before token ``first``, or null."""
    if _inside_word(text, first):
        return Fault(Verdict.NOT_FOUND, "it begins inside a word")
    cut = _hedge_cut_through(text, first, end) or _figure_begins_before(text, first, end)
    if cut:
        return cut
    if text.starts_sentence(first):
        return None
    said = _clause_fault(_clause_before(text, first)) or _condition_fault(text, first)
    return said or _opening_hedge(text, first) or _quantity_before(text, first)


def _condition_fault(text: TokenText, first: int) -> Fault | None:
    """The fault of leaving out the condition: "if | customers wait", "If customers wait, | they leave"."""
    opening = first
    while opening > 0 and first - opening < _CONDITION_REACH and not text.starts_sentence(opening):
        opening -= 1
    before = text.keys[first - 1]
    condition = next((key for key in (before, text.keys[opening]) if key in wording.CONDITIONS), None)
    if condition is None or (condition != before and before != ","):
        return None
    return Fault(Verdict.NOT_FOUND, f"the condition “{condition}” stands before it and was left out")


def _quantity_before(text: TokenText, first: int) -> Fault | None:
    """The fault of leaving out of how many it is said ("la mayoría de | los clientes", "80% of | customers")."""
    at, partitive = first, text.keys[first] in wording.PARTITIVES
    while at > 0 and first - at < 3 and text.keys[at - 1] in wording.DETERMINERS:
        at -= 1
        partitive = partitive or text.keys[at] in wording.PARTITIVES
    before = text.keys[at - 1] if at > 0 else ""
    measured = (wording.is_figure(before) or wording.is_unit(before)) and not wording.is_year(before)
    if (partitive and measured) or (before in wording.QUANTIFIERS and (partitive or at == first)):
        return Fault(Verdict.NUMBER_CHANGED, f"“{before}” before it says of how many and was left out")
    return None


def _clause_fault(clause: tuple[str, ...]) -> Fault | None:
    introduces = clause[-1:] in (("que",), ("that",))
    denied = wording.denials(clause[-(_DENIED_CLAUSE if introduces else _NEGATION_REACH) :])
    denied = denied or wording.disbeliefs(clause[-_NEGATION_REACH:])
    if denied:
        return Fault(Verdict.NEGATION_CHANGED, f"“{denied[0]}” stands before it and was left out")
    if clause and clause[-1] in wording.ADVERB_HEDGES:
        return _hedge_fault(clause[-1])
    if introduces and wording.DOUBTS & set(clause[-3:-1]):
        return _hedge_fault(" ".join(clause[-3:]))
    return None


def _opening_hedge(text: TokenText, first: int) -> Fault | None:
    """The fault of leaving out an adverb set off by a comma at the head of the sentence ("Quizá, …")."""
    if first < 2 or text.keys[first - 1] != ",":
        return None
    hedge = _hedge_ending_at(text.keys, first - 1)
    opening = first - 1 - len(hedge) if hedge else 0
    return _hedge_fault(" ".join(hedge)) if hedge and text.starts_sentence(opening) else None


def _hedge_fault(hedge: str) -> Fault:
    return Fault(Verdict.NOT_FOUND, f"the hedge “{hedge}” stands before it and was left out")


def right_fault(text: TokenText, end: int) -> Fault | None:
    """The reason in the words after token ``end - 1``, or null."""
    if _inside_word(text, end):
        return Fault(Verdict.NOT_FOUND, "it ends inside a word")
    if end >= len(text):
        return None
    if text.keys[end] == "?" and text.keys[end - 1] != "?":
        return Fault(Verdict.NOT_FOUND, "the source asks it as a question")
    if text.keys[end] in wording.LATE_NEGATIONS and not text.ends_sentence(end - 1):
        return Fault(Verdict.NEGATION_CHANGED, f"“{text.forms[end]}” stands after it and was left out")
    if _closing_no(text, end):
        return Fault(Verdict.NEGATION_CHANGED, "“no” stands after it and was left out")
    after = end + 1 if text.keys[end] == "," else end
    if _takes_back(text, after) and not text.ends_sentence(end - 1):
        return Fault(Verdict.NOT_FOUND, f"“{text.forms[after]}” stands after it and was left out")
    last = text.keys[end - 1]
    if (wording.is_figure(last) or wording.is_unit(last)) and _figure_goes_on(text, end):
        return Fault(Verdict.NUMBER_CHANGED, f"the figure goes on after it: “{text.forms[end]}”")
    return _closing_hedge(text, end)


def _takes_back(text: TokenText, place: int) -> bool:
    """Whether the token there begins what takes some of the claim back ("unless they are heard", "sin recargo")."""
    idiom = text.keys[place : place + 2] in wording.IDIOMS
    return place < len(text) and text.keys[place] in wording.AFTERTHOUGHTS and not idiom


def _closing_no(text: TokenText, end: int) -> bool:
    """Whether nothing but a "no" follows in the clause: "the rate was good; the rule, no."."""
    place = end + 1 if text.keys[end] == "," else end
    if text.keys[place : place + 1] != ("no",) or text.ends_sentence(end - 1):
        return False
    return place + 1 >= len(text) or text.keys[place + 1][:1] in (".", ";", ":", "!", "?", "…")


def _closing_hedge(text: TokenText, end: int) -> Fault | None:
    """The fault of leaving out a hedge that closes the sentence after a comma (", como mínimo.")."""
    if text.keys[end] != "," or text.ends_sentence(end):
        return None
    for stop in range(end + 2, min(end + 6, len(text))):
        hedge = _hedge_ending_at(text.keys, stop)
        if hedge and stop - len(hedge) == end + 1 and text.keys[stop] in CLAUSE_MARKS:
            return Fault(Verdict.NOT_FOUND, f"the hedge “{' '.join(hedge)}” stands after it and was left out")
    return None


def _hedge_ending_at(keys: tuple[str, ...], end: int) -> tuple[str, ...] | None:
    """The longest hedge whose last word is token ``end - 1``, or null."""
    found = [hedge for hedge in wording.HEDGES if keys[max(0, end - len(hedge)) : end] == hedge]
    return max(found, key=len, default=None)


def _inside_word(text: TokenText, index: int) -> bool:
    """Whether the cut before token ``index`` goes through a hyphenated or broken word."""
    return any(
        0 < hyphen < len(text) - 1
        and (text.text[text.starts[hyphen]] in _HYPHENS and text.keys[hyphen] == "-")
        and text.ends[hyphen - 1] == text.starts[hyphen]
        and (text.ends[hyphen] == text.starts[hyphen + 1] or hyphen in text.broken)
        and not (text.keys[hyphen - 1][-1:].isdigit() and text.keys[hyphen + 1][:1].isdigit())
        for hyphen in (index - 1, index)
    )


def _clause_before(text: TokenText, first: int) -> tuple[str, ...]:
    start = first
    while start > 0 and first - start < 8:
        key = text.keys[start - 1]
        if key in CLAUSE_MARKS or key == "-" or key in wording.CLAUSE_WORDS or start in text.blank:
            break
        start -= 1
    return text.keys[start:first]


def _figure_begins_before(text: TokenText, first: int, end: int) -> Fault | None:
    """The fault of a quote that opens with a figure whose hedge, sign or first half was left out."""
    if first == 0 or first in text.blank or not _opens_figure(text, first, end):
        return None
    before = text.keys[first - 1]
    if _carries_over(text, first) or _range_before(text, first):
        return Fault(Verdict.NUMBER_CHANGED, f"the figure begins before it: “{text.forms[first - 1]}”")
    if before in _SIGNS or (before == "-" and text.keys[first].startswith("-")):
        return Fault(Verdict.NUMBER_CHANGED, f"the sign “{before}” before the figure was left out")
    anchor = first
    while anchor > 0 and _hedge_ending_at(text.keys, anchor) is None and text.keys[anchor - 1] in wording.DETERMINERS:
        anchor -= 1
    hedge = _hedge_ending_at(text.keys, anchor)
    if hedge and not text.starts_sentence(first):
        return Fault(Verdict.NUMBER_CHANGED, f"the hedge “{' '.join(hedge)}” before the figure was left out")
    return None


def _hedge_cut_through(text: TokenText, first: int, end: int) -> Fault | None:
    """The fault of a quote that opens inside the hedge of a figure ("más | del doble", "up | to 30%")."""
    for hedge in wording.HEDGES:
        for outside in range(1, min(len(hedge), first + 1)):
            stop = first - outside + len(hedge)
            if stop < end and text.keys[first - outside : stop] == hedge and _opens_figure(text, stop, end):
                return Fault(Verdict.NUMBER_CHANGED, f"the hedge “{' '.join(hedge)}” was cut through")
    return None


def _opens_figure(text: TokenText, first: int, end: int) -> bool:
    """Whether the words from token ``first`` begin with a figure, perhaps after an article."""
    lead = first
    while lead < end - 1 and text.keys[lead] in wording.DETERMINERS:
        lead += 1
    return wording.is_figure(text.keys[lead]) or wording.is_unit(text.keys[lead])


def _carries_over(text: TokenText, first: int) -> bool:
    """Whether the token before is the beginning of the number or measure that the quote opens with."""
    before, opens = text.keys[first - 1], text.keys[first]
    if not wording.is_figure(before):
        return False
    return opens in wording.SCALES or wording.is_unit(opens) or (opens in wording.NUMBER_WORDS and before.isalpha())


def _range_before(text: TokenText, first: int) -> bool:
    for joiner in wording.JOINERS_BEFORE:
        at = first - len(joiner)
        if at <= 0 or text.keys[at:first] != joiner:
            continue
        before = text.keys[at - 1]
        if not (wording.is_figure(before) or wording.is_unit(before)):
            continue
        if joiner[0] not in ("y", "and", "o", "or"):
            return True
        compound = before.isalpha() and text.keys[first].isalpha()
        if compound or {"entre", "between"} & set(text.keys[max(0, at - 5) : at]):
            return True
    return False


def _figure_goes_on(text: TokenText, end: int) -> bool:
    """Whether the words from token ``end`` on belong to the figure just before it."""
    following = text.keys[end]
    if following in wording.SCALES or wording.is_unit(following):
        return not (wording.is_unit(following) and following in "$€£¥" and text.keys[end + 1 : end + 2] != ())
    if any(text.keys[end : end + len(joiner)] == joiner for joiner in wording.JOINERS_AFTER):
        return True
    after = text.keys[end + 1] if end + 1 < len(text) else ""
    return following in ("-", "/", "to", "a", "in", "al", "y", "and") and _continues(text, end, following, after)


def _continues(text: TokenText, end: int, joiner: str, after: str) -> bool:
    digits = text.keys[end - 1][-1:].isdigit()
    if joiner in ("y", "and"):
        compound = text.keys[end - 1].isalpha() and after in wording.NUMBER_WORDS
        return compound or bool({"entre", "between"} & set(text.keys[max(0, end - 5) : end]) and after[:1].isdigit())
    if joiner in ("-", "/"):
        return digits and after[:1].isdigit()
    return after[:1].isdigit() or (joiner == "in" and wording.is_figure(after))
