"""Whether a sentence written anew says no more than its quotes: figures, units, names, negations, hedges.

The check for a text that a language model has rephrased. It can tell that a sentence is not
carried by its quotes; it cannot tell that it is: meaning is not judged here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from kb.verification import wording
from kb.verification.surroundings import hedge_ending_at
from kb.verification.tokens import TokenText, read_tokens
from kb.verification.verdict import Fault, Verdict

# Languages write a decimal comma or point, so figures are compared with either; group marks too.
_MARKS = str.maketrans({",": ".", " ": ""})
_HEDGE_REACH = 4


def rewriting_fault(sentence: str, quotes: Sequence[str]) -> Fault | None:
    """The first thing that the sentence says beyond its quotes, or null; quotes may be in another language.

    Figures in digits, units and names of the sentence must stand in a quote; a sentence denies if and
    only if one of its quotes does; a figure that is hedged wherever it is quoted must stay hedged.
    """
    written = read_tokens(_without_marks(sentence))
    read = [read_tokens(quote) for quote in quotes]
    return _figure_fault(written, read) or _name_fault(written, read) or _negation_fault(written, read)


def _figure_fault(written: TokenText, read: Sequence[TokenText]) -> Fault | None:
    known = {figure: place for tokens in read for figure, place in _figures(tokens)}
    for figure, _ in _figures(written):
        if figure not in known:
            return Fault(Verdict.NUMBER_CHANGED, f"the figure {figure} is in none of the quotes")
    hedged = {figure for tokens in read for figure, place in _figures(tokens) if _is_hedged(tokens, place)}
    bare = {figure for tokens in read for figure, place in _figures(tokens) if not _is_hedged(tokens, place)}
    for figure, place in _figures(written):
        if figure in hedged - bare and not _is_hedged(written, place):
            return Fault(Verdict.NUMBER_CHANGED, f"the figure {figure} lost its hedge")
    return None


def _figures(tokens: TokenText) -> list[tuple[str, int]]:
    """The numbers in digits with their percent sign or scale, and their places."""
    found = []
    for index, key in enumerate(tokens.keys):
        if key[-1:].isdigit() and not key[:1].isalpha():
            following = tokens.keys[index + 1] if index + 1 < len(tokens) else ""
            found.append((key.translate(_MARKS) + _measure(following), index))
    return found


def _measure(following: str) -> str:
    """The part of a measure that both languages share: percent or points, and the power of ten of a scale word."""
    if following in ("%", "percent", "por", "per"):
        return "%"
    if following in ("points", "puntos", "percentage", "pp", "point", "punto"):
        return " points"
    return _SCALE_POWERS.get(following, "")


def _is_hedged(tokens: TokenText, place: int) -> bool:
    low = max(0, place - _HEDGE_REACH)
    return any(hedge_ending_at(tokens.keys, end) for end in range(low + 1, place + 1))


def _name_fault(written: TokenText, read: Sequence[TokenText]) -> Fault | None:
    known = {_folded(key) for tokens in read for key in tokens.keys}
    for index, form in enumerate(written.forms):
        if form[:1].isupper() and not written.starts_sentence(index) and _folded(form) not in known:
            return Fault(Verdict.NOT_FOUND, f"the name “{form}” is in none of the quotes")
    return None


def _negation_fault(written: TokenText, read: Sequence[TokenText]) -> Fault | None:
    denied = [denial for tokens in read for denial in wording.denials(tokens.keys)]
    denying = wording.denials(written.keys)
    if denying and not denied:
        return Fault(Verdict.NEGATION_CHANGED, f"“{denying[0]}” denies what no quote denies")
    if denied and not denying and all(wording.denials(tokens.keys) for tokens in read):
        return Fault(Verdict.NEGATION_CHANGED, f"“{denied[0]}” of the quotes was left out")
    return None


def _folded(word: str) -> str:
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(mark for mark in decomposed if not unicodedata.combining(mark))


def _without_marks(sentence: str) -> str:
    """The sentence without its citation marks [1], [2]; other brackets stay."""
    parts = sentence.split("[")
    kept = [parts[0]]
    for part in parts[1:]:
        number, closing, rest = part.partition("]")
        kept.append(rest if closing and number.strip().isdigit() else "[" + part)
    return "".join(kept)


_SCALE_POWERS = {
    "mil": "e3",
    "thousand": "e3",
    "k": "e3",
    "millón": "e6",
    "millones": "e6",
    "million": "e6",
    "millions": "e6",
    "m": "e6",
    "billion": "e9",
    "billions": "e9",
    "bn": "e9",
    "billón": "e12",
    "billones": "e12",
    "trillion": "e12",
    "trillions": "e12",
}
