"""What an ellipsis in a quote may not leave out: a denial, a hedge, a sentence's end, a further figure.

Owns these rules; the edges of a quote are ``kb.quotes.surroundings``.
"""

from __future__ import annotations

from kb.quotes import claim_words as wording
from kb.quotes.quote_tokens import TokenText
from kb.quotes.surroundings import CLAUSE_MARKS
from kb.quotes.verdict import Fault, Verdict

MAX_GAP_TOKENS = 80
# How far before an ellipsis the figure may stand that the words after it seem to speak of.
_FIGURE_REACH = 8


def gap_fault(text: TokenText, left_end: int, right_first: int) -> Fault | None:
    """The reason why an ellipsis may not leave out tokens ``left_end`` to ``right_first``, or null."""
    if right_first - left_end > MAX_GAP_TOKENS:
        return Fault(Verdict.NOT_FOUND, "the parts joined by the ellipsis stand far apart")
    crosses = any(text.ends_sentence(index) for index in range(left_end - 1, right_first))
    if crosses and not text.starts_sentence(right_first):
        return Fault(Verdict.NOT_FOUND, "the ellipsis joins parts of different sentences")
    connected = _connected(text.keys[left_end - 1 : right_first + 1])
    for key in (*wording.denials(connected), *wording.disbeliefs(connected)):
        return Fault(Verdict.NEGATION_CHANGED, f"the ellipsis leaves out “{key}”")
    before = text.keys[max(0, left_end - _FIGURE_REACH) : left_end]
    if _other_figure(connected) and any(wording.is_figure(key) for key in before):
        return Fault(Verdict.NUMBER_CHANGED, "the ellipsis leaves out another figure and joins its words to this one")
    hedge = next((key for key in connected if key in wording.ADVERB_HEDGES), None)
    return Fault(Verdict.NOT_FOUND, f"the ellipsis leaves out the hedge “{hedge}”") if hedge else None


def _other_figure(keys: tuple[str, ...]) -> bool:
    """Whether these words go on to a further figure ("in Spain and 3.9")."""
    return any(
        keys[index] in wording.CLAUSE_WORDS and any(_is_quantity(key) for key in keys[index + 1 : index + 5])
        for index in range(len(keys))
    )


def _is_quantity(key: str) -> bool:
    return key[:1].isdigit() and not wording.is_year(key)


def _connected(keys: tuple[str, ...]) -> tuple[str, ...]:
    """The left-out words that belong to the clause of either kept part; a whole aside belongs to neither.

    ``keys`` begin with the last kept token before the gap and end with the first kept one after it.
    """
    breaks = [index for index, key in enumerate(keys) if key in CLAUSE_MARKS or key == "-"]
    if not breaks:
        return keys[1:-1]
    return keys[1 : breaks[0]] + keys[breaks[-1] + 1 : -1]
