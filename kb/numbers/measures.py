"""What a heading measures: "Satisfacción media (0-10)", "Wait (min)", "% satisfechos", "Reclamos por operador".

For numbers that stand bare under or behind it, in tables and in lists. Knows nothing of where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.numbers.records import Quantity
from kb.numbers.units import SHORT_TIME, SIGNS, TIME, currency_after
from kb.records.language import Language
from kb.records.statistic import Kind
from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at

_SHARES = words_of("share_heading")
_SCORES = words_of("index_name") | words_of("score_name") | words_of("score_noun")
_COUNTED = words_of("measured_noun")
_OPENS = frozenset("(,/[")
_CLOSES = frozenset(").,]/")
_IN = frozenset(["en", "in"])


@dataclass(frozen=True, slots=True)
class Measure:
    """A kind with its unit, and what a number under it is multiplied by."""

    kind: Kind
    unit: str | None = None
    factor: Decimal = Decimal(1)

    def given(self, found: Quantity) -> Quantity:
        """A bare quantity as one of this measure; ``anchor`` -1 says that it has it from a heading."""
        value = found.value * self.factor if found.value is not None else None
        return replace(found, kind=self.kind, unit=self.unit, value=value, anchor=-1)


def measure_of(tokens: Sequence[Token], language: Language) -> Measure | None:
    """The measure that the tokens of a heading name, or null."""
    words = [token.lower for token in tokens]
    if not _SHARES.isdisjoint(words):
        return Measure(Kind.PERCENT, None, Decimal("0.01"))
    for place, word in enumerate(words):
        led = place == 0 or lower_at(tokens, place - 1) in _OPENS or lower_at(tokens, place - 1) in _IN
        closed = place == 0 or place + 1 >= len(words) or words[place + 1] in _CLOSES
        unit = (TIME[language].get(word) or SHORT_TIME.get(word)) if led and closed else None
        if unit is not None:
            return Measure(Kind.DURATION, unit)
        money = currency_after(tokens, place) if led or word in SIGNS else None
        if money is not None:
            return Measure(Kind.CURRENCY, money[1])
    if not _SCORES.isdisjoint(words):
        return Measure(Kind.SCORE)
    noun = next((token.text for token in tokens if token.lower in _COUNTED), None)
    return Measure(Kind.COUNT, noun) if noun is not None else None
