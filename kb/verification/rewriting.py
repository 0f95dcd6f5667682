"""Whether a sentence written anew says no more than its quotes: figures, names, denials, hedges, and plain text only.

The check for a text that a language model has rephrased. It can tell that a sentence is not
carried by its quotes; it cannot tell that it is: meaning is not judged here.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from kb.verification.carried_claims import claim_fault
from kb.verification.carried_figures import figure_fault
from kb.verification.carried_places import place_fault
from kb.verification.carried_words import word_fault
from kb.verification.carrying import side_by_side
from kb.verification.rewriting_fault import FaultKind, RewritingFault
from kb.verification.tokens import read_tokens

# A sentence may be a little longer than its quotes, and as long as this whatever they are.
_LONGEST = 1.5
_SHORT = 160
# No sentence is longer, however long its quotes are; comparing grows with both.
_MOST_CHARS = 2_000
_MARKUP = re.compile(
    "[<>`{}|\\\\^~#]|\\]\\(|!\\[|\\*\\*|__|&[a-zA-Z]{2,8};|://|\\bwww\\.|[\\w.]@\\w"
    "|[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\uffff]"
)
_DOMAIN = re.compile(r"[\w-]{2,63}\.[a-zA-Z]{2,12}\b")
_QUOTED = re.compile(r"[“«\"„]([^“”«»\"„]{1,400})[”»\"]")


def rewriting_fault(sentence: str, quotes: Sequence[str]) -> RewritingFault | None:
    """The first thing that the sentence says beyond its quotes, or null; quotes may be in another language.

    Figures, units and names of the sentence must stand in a quote, with their hedges and with the words they are
    said of; it denies, doubts and attributes as its quotes do; words in quotation marks are a quote's own. Where a
    quote is in its language, most of its words are the quote's too.
    """
    text = _without_marks(sentence)
    if not text.strip():
        return None
    pair = side_by_side(text, quotes)
    return (
        _sign_fault(text, quotes)
        or figure_fault(pair)
        or claim_fault(pair)
        or word_fault(pair)
        or place_fault(pair)
        or _quoted_fault(text, quotes)
    )


def _sign_fault(text: str, quotes: Sequence[str]) -> RewritingFault | None:
    if _MARKUP.search(text):
        return RewritingFault(FaultKind.MARKUP)
    if any(not any(name[0] in quote for quote in quotes) for name in _DOMAIN.finditer(text)):
        return RewritingFault(FaultKind.MARKUP)
    if quotes and len(text) > min(_MOST_CHARS, max(_SHORT, _LONGEST * sum(map(len, quotes)))):
        return RewritingFault(FaultKind.LONG)
    return None


def _quoted_fault(text: str, quotes: Sequence[str]) -> RewritingFault | None:
    read = [_joined(quote) for quote in quotes]
    for match in _QUOTED.finditer(text):
        words = _joined(match[1])
        if not any(words in quote for quote in read):
            return RewritingFault(FaultKind.QUOTED, match[1])
    return None


def _joined(text: str) -> str:
    return f" {' '.join(read_tokens(text).keys)} "


def _without_marks(sentence: str) -> str:
    """The sentence without its citation marks [1], [2]; other brackets stay."""
    parts = sentence.split("[")
    kept = [parts[0]]
    for part in parts[1:]:
        number, closing, rest = part.partition("]")
        kept.append(rest if closing and number.strip().isdigit() else "[" + part)
    return "".join(kept)
