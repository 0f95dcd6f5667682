"""What may follow the scale of a number and add to it: "mil 345", "un millón y medio", "two and a half".

Knows nothing of how the number before it was read.
"""

from __future__ import annotations

from decimal import Decimal

from ingest.figures.scan import Token, lower_at, words_at
from kb.language import Language

_HALF = Decimal("0.5")


def mixed_rest(tokens: list[Token], stop: int, scale: Decimal, language: Language) -> tuple[int, Decimal, Decimal]:
    """ "2 mil 345", "45 mil 500 millones": the token after it, its scale and what the digits after "mil" add."""
    rest = tokens[stop] if stop < len(tokens) else None
    after = lower_at(tokens, stop + 1)
    if (
        rest is None
        or language is not Language.ES
        or lower_at(tokens, stop - 1) != "mil"
        or not (rest.text.isdigit() and 2 <= len(rest.text) <= 3 and not rest.text.startswith("0"))
        or rest.glued
        or after in ("%", "mil", "por", ",", "/")
    ):
        return stop, scale, Decimal(0)
    if after in ("millones", "millón"):
        return stop + 2, scale * 10**6, Decimal(rest.text) * 10**6
    return stop + 1, scale, Decimal(rest.text)


def and_a_half(tokens: list[Token], stop: int, scale: Decimal, language: Language) -> tuple[int, Decimal]:
    """ "un millón y medio", "two and a half": the tokens after it and what it adds."""
    if language is Language.ES:
        if lower_at(tokens, stop) == "y" and lower_at(tokens, stop + 1) in ("medio", "media"):
            return stop + 2, scale * _HALF
    elif words_at(tokens, stop, ("and", "a", "half")):
        return stop + 3, scale * _HALF
    return stop, Decimal(0)
