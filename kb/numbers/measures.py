"""What a heading measures: "Satisfacción media (0-10)", "Wait (min)", "% satisfechos", "Reclamos por operador".

For numbers that stand bare under or behind it, in tables and in lists. Knows nothing of where it stands.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from kb.numbers.numerals import MONEY_SCALES, SCALES, VAGUE
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
_TO = frozenset(["a", "to", "-", "–"])
_NAMED = (["escala"], ["scale"])
_ONE = Decimal(1)


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
    factor = next((one for at in range(len(tokens)) if (one := _factor_at(tokens, at, language)) is not None), _ONE)
    for place, word in enumerate(words):
        led = _is_led(tokens, place)
        closed = place == 0 or place + 1 >= len(words) or words[place + 1] in _CLOSES
        unit = (TIME[language].get(word) or SHORT_TIME.get(word)) if led and closed else None
        if unit is not None:
            return Measure(Kind.DURATION, unit)
        money = currency_after(tokens, place) if led or factor > 1 or word in SIGNS else None
        if money is not None:
            return Measure(Kind.CURRENCY, money[1], factor)
    if factor == 1 and (not _SCORES.isdisjoint(words) or any(_is_scale(words, place) for place in range(len(words)))):
        return Measure(Kind.SCORE)
    noun = next((token.text for token in tokens if token.lower in _COUNTED), None)
    return Measure(Kind.COUNT, noun, factor) if noun is not None or factor > 1 else None


def _is_led(tokens: Sequence[Token], place: int) -> bool:
    before = lower_at(tokens, place - 1)
    return place == 0 or before in _OPENS or before in _IN


def _factor_at(tokens: Sequence[Token], place: int, language: Language) -> Decimal | None:
    """What "(millones)", ", thousands", "(M€)", "($ million)" multiply the numbers under them by, or null."""
    word, after = tokens[place].lower, lower_at(tokens, place + 1)
    size = SCALES[language].get(word) or VAGUE[language].get(word, Decimal(0))
    money = lower_at(tokens, place - 1) in SIGNS or (_is_led(tokens, place) and after in SIGNS)
    if money:
        return size or MONEY_SCALES.get(tokens[place].text)
    ended = after in ("", "de", "of") or after in _CLOSES
    return size if size >= 1000 and ended and _is_led(tokens, place) else None


def _is_scale(words: Sequence[str], place: int) -> bool:
    """ "(0-10)", "(escala 1 a 7)": the ends of a scale in brackets."""
    start = place + 1 + (words[place + 1 : place + 2] in _NAMED)
    ends = words[start : start + 3]
    return words[place] == "(" and len(ends) == 3 and ends[0] in ("0", "1") and ends[1] in _TO
