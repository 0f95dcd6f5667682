"""Quantities in a line of tokens: a number with what follows it, as percent, ratio, multiplier, count and so on.

Finds every number, figure or not; whether it is a figure is decided elsewhere (``refusals``).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.figures.marks import Counted, MarkEvidence
from ingest.figures.numerals import SCALES, SMALL, VAGUE, Number, read_number
from ingest.figures.scan import Token, lower_at, word_set, words_at
from ingest.figures.shares import fraction_at, named_factor_at, ratio_after
from ingest.figures.units import (
    CODES,
    CURRENCY_WORDS,
    DOLLAR_PREFIXES,
    SIGNS,
    TIME,
    currency_after,
    currency_before,
    percent_at,
)
from kb.language import Language
from kb.statistic import Comparator, Kind


@dataclass(frozen=True, slots=True)
class Line:
    """A sentence as tokens, with the language and the document's use of marks that read it."""

    text: str
    tokens: list[Token]
    language: Language
    evidence: MarkEvidence


@dataclass(frozen=True, slots=True)
class Quantity:
    """A quantity at tokens ``first`` to ``stop``. ``form`` is "digits", "words", "vague" or "named".

    ``kind`` is null for a bare number without unit or noun; ``bare`` is the token after the last
    number itself (before its unit); ``whole`` the second number of a ratio or score.
    """

    first: int
    stop: int
    bare: int
    value: Decimal | None
    kind: Kind
    form: str
    high: Decimal | None = None
    unit: str | None = None
    comparator: Comparator | None = None
    whole: Decimal | None = None
    plain: bool = False
    note: str | None = None


_RANGE_SIGNS = frozenset("-–—")
_RANGE_WORDS = {
    Language.ES: {"a": "to", "al": "to", "y": "and", "o": "or", "u": "or", "hasta": "to", "e": "and"},
    Language.EN: {"to": "to", "and": "and", "or": "or"},
}
_RANGE_WORDS[Language.OTHER] = _RANGE_WORDS[Language.EN]
_BETWEEN = frozenset({"entre", "between"})
_ARTICLES = word_set("el los las la un una the a an")
_TIMES = frozenset({"veces", "times", "vez"})
_AMBIGUOUS = "ambiguous decimal or thousands mark"
_NAMED = word_set(
    "half third thirds quarter quarters fourths mitad tercio tercios cuarto cuartos tercera cuarta quinta twice "
    "thrice double doubled doubles doubling triple tripled triples tripling quadruple quadrupled doble triple "
    "cuádruple quíntuple twofold threefold fourfold fivefold tenfold"
)


def find_quantities(line: Line) -> Iterator[Quantity]:
    """Every quantity of the line, in order, without overlap."""
    index = 0
    while index < len(line.tokens):
        found = _quantity_at(line, index) if _may_start(line, index) else None
        if found is not None:
            yield found
        index = found.stop if found is not None else index + 1


def _may_start(line: Line, index: int) -> bool:
    token = line.tokens[index]
    if token.kind == "n" or token.text in SIGNS or token.text in CODES:
        return True
    if token.kind != "w":
        return False
    word = token.lower
    return (
        word in SMALL[line.language]
        or word in _NAMED
        or word in VAGUE[line.language]
        or word in ("a", "an", "mil", "medio", "media", "millón")
        or word in DOLLAR_PREFIXES
        or word[:5] in ("dupli", "tripl", "cuadr", "quint")
    )


def _quantity_at(line: Line, index: int) -> Quantity | None:
    tokens = line.tokens
    share = fraction_at(tokens, index, line.language)
    if share is not None:
        return Quantity(index, share.stop, share.stop, share.value, Kind.FRACTION, "named", unit=share.unit)
    factor = named_factor_at(tokens, index, line.language)
    if factor is not None:
        return Quantity(index, factor.stop, factor.stop, factor.value, Kind.MULTIPLIER, "named")
    money = currency_before(tokens, index)
    if money is not None:
        return _money_quantity(line, index, money)
    number = read_number(tokens, index, line.language)
    return _after_number(line, number) if number is not None else None


def _money_quantity(line: Line, index: int, money: tuple[int, str]) -> Quantity | None:
    start, unit = money
    if start >= len(line.tokens) or line.tokens[start].kind != "n":
        return None
    number = read_number(line.tokens, start, line.language)
    if number is None:
        return None
    stop, high = number.stop, None
    second = _second_of_range(line, number, skip=frozenset(SIGNS))
    if second is not None:
        high, stop = second, second.stop
    named = currency_after(line.tokens, stop)
    if named is not None and (unit == "$" or named[1] == unit):
        stop, unit = named[0], named[1]
    if unit == "$" and line.language is not Language.ES:
        unit = "USD"
    found = _make(line, number, high, stop, stop, Kind.CURRENCY, Counted.UNKNOWN, unit)
    return replace(found, first=index)


def _after_number(line: Line, number: Number) -> Quantity:
    """The quantity that a number opens: what stands after it decides."""
    tokens = line.tokens
    if number.vague:
        return _make(line, number, None, number.stop, number.stop, Kind.COUNT, Counted.THINGS, None)
    ratio = ratio_after(tokens, number, line.language)
    if ratio is not None:
        kind = Kind.SCORE if ratio.score else Kind.RATIO
        value = number.value(line.language, Counted.SHARES, line.evidence)
        if value is not None and 0 <= value <= ratio.whole:
            form = "digits" if number.digits else "words"
            shown = value if ratio.score else share_of(value, ratio.whole)
            return Quantity(
                number.first,
                ratio.stop,
                number.stop,
                shown,
                kind,
                form,
                whole=ratio.whole,
                unit=f"out of {ratio.whole.normalize():f}" if ratio.score else None,
            )
    return _single_or_range(line, number)


def _single_or_range(line: Line, number: Number) -> Quantity:
    first_unit = _unit_at(line, number.stop)
    second = _second_of_range(line, number)
    if second is not None:
        unit = _unit_at(line, second.stop)
        return _with_unit(line, number, second, unit)
    after = first_unit[0] if first_unit is not None and first_unit[1] is Kind.PERCENT else None
    if first_unit is not None and after is not None:
        second = _second_of_range(line, replace(number, stop=after), needs_unit=first_unit)
        if second is not None:
            return _with_unit(line, number, second, _unit_at(line, second.stop))
    return _with_unit(line, number, None, first_unit)


_Unit = tuple[int, Kind, str | None, Decimal, Counted]


def _unit_at(line: Line, index: int) -> _Unit | None:
    """The unit that stands at this token: the token after it, kind, name, factor, and what it counts."""
    tokens = line.tokens
    percent = percent_at(tokens, index)
    if percent is not None:
        return percent[0], Kind.PERCENT, percent[1], percent[2], Counted.SHARES
    word = lower_at(tokens, index)
    if word in ("x", "×") and _is_factor_sign(tokens, index):
        return index + 1, Kind.MULTIPLIER, None, Decimal(1), Counted.SHARES
    if word == "-" and lower_at(tokens, index + 1) == "fold":
        return index + 2, Kind.MULTIPLIER, None, Decimal(1), Counted.SHARES
    if word in _TIMES:
        return index + 1, Kind.MULTIPLIER, "times", Decimal(1), Counted.SHARES
    money = currency_after(tokens, index)
    if money is not None:
        return money[0], Kind.CURRENCY, money[1], Decimal(1), Counted.UNKNOWN
    return _time_at(line, index)


def _is_factor_sign(tokens: list[Token], index: int) -> bool:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is None or not (following.glued and following.kind in "wn")


def _time_at(line: Line, index: int) -> _Unit | None:
    tokens = line.tokens
    step = 1 if lower_at(tokens, index) == "-" and index < len(tokens) and tokens[index].glued else 0
    if lower_at(tokens, index + step) in ("business", "working", "full", "calendar"):
        step += 1
    unit = TIME[line.language].get(lower_at(tokens, index + step))
    if unit is None:
        return None
    return index + step + 1, Kind.DURATION, unit, Decimal(1), Counted.THINGS


def _second_of_range(
    line: Line, number: Number, skip: frozenset[str] = frozenset(), needs_unit: _Unit | None = None
) -> Number | None:
    """The upper end of a range that ``number`` opens ("3 a 5", "entre 3 y 4", "2-3", "seis o siete"), or null."""
    tokens, stop = line.tokens, number.stop
    joiner = lower_at(tokens, stop)
    word = _RANGE_WORDS[line.language].get(joiner)
    if joiner not in _RANGE_SIGNS and word is None:
        return None
    if word == "and" and not _after_between(tokens, number.first):
        return None
    if needs_unit is not None and word == "to" and lower_at(tokens, number.first - 1) in ("from", "de", "del", "desde"):
        return None  # "del 20 % al 30 %", "from 20% to 30%": a change, two figures
    start = stop + 1
    while lower_at(tokens, start) in skip or (word and lower_at(tokens, start) in _ARTICLES and start < stop + 2):
        start += 1
    second = read_number(tokens, start, line.language) if start < len(tokens) else None
    if second is None or second.negative or (second.first == second.stop):
        return None
    return second if _is_range(line, number, second, word or joiner) else None


def _after_between(tokens: list[Token], first: int) -> bool:
    before = lower_at(tokens, first - 1)
    return before in _BETWEEN or (before in _ARTICLES and lower_at(tokens, first - 2) in _BETWEEN)


def _is_range(line: Line, low: Number, high: Number, joiner: str) -> bool:
    low_value = low.value(line.language, Counted.SHARES, line.evidence)
    high_value = high.value(line.language, Counted.SHARES, line.evidence)
    if low_value is None or high_value is None:
        low_value = low.value(line.language, Counted.THINGS, line.evidence)
        high_value = high.value(line.language, Counted.THINGS, line.evidence)
    if low_value is None or high_value is None or low_value >= high_value * max(Decimal(1), high.scale):
        return False
    if low_value >= high_value and low.scale == 1:
        return high.scale > 1
    if joiner == "or":
        return high_value - low_value <= max(Decimal(2), low_value) and unit_free(line.tokens, low.stop)
    return True


def unit_free(tokens: list[Token], index: int) -> bool:
    """Whether no percent sign stands at this token."""
    return percent_at(tokens, index) is None


def _with_unit(line: Line, number: Number, second: Number | None, unit: _Unit | None) -> Quantity:
    bare = second.stop if second is not None else number.stop
    if unit is None:
        return _make(line, number, second, bare, bare, Kind.COUNT, _counted_by_noun(line, bare), None)
    stop, kind, name, factor, counted = unit
    made = _make(line, number, second, stop, bare, kind, counted, name)
    if factor == 1:
        return made
    value = made.value * factor if made.value is not None else None
    high = made.high * factor if made.high is not None else None
    return replace(made, value=value, high=high)


def _counted_by_noun(line: Line, index: int) -> Counted:
    following = line.tokens[index] if index < len(line.tokens) else None
    if following is None or following.kind != "w" or following.lower in ("y", "and", "o", "or", "en", "in"):
        return Counted.UNKNOWN
    if following.lower.startswith(("punto", "point")):
        return Counted.UNKNOWN
    return Counted.THINGS


def _make(
    line: Line,
    number: Number,
    second: Number | None,
    stop: int,
    bare: int,
    kind: Kind,
    counted: Counted,
    unit: str | None,
) -> Quantity:
    value = number.value(line.language, counted, line.evidence)
    high = second.value(line.language, counted, line.evidence) if second is not None else None
    if second is not None and value is not None and number.scale == 1 and second.scale > 1 and value < 1000:
        value *= second.scale  # "entre 2 y 3 millones"
    note = _AMBIGUOUS if value is None or (second is not None and high is None) else None
    form = "vague" if number.vague else "digits" if number.digits is not None else "words"
    comparator = Comparator.RANGE if second is not None else Comparator.ABOUT if number.vague else None
    plain = number.plain and (second is None or second.plain)
    return Quantity(number.first, stop, bare, value, kind, form, high, unit, comparator, None, plain, note)


def share_of(part: Decimal, whole: Decimal) -> Decimal:
    """``part / whole``; what does not end is rounded to four digits (2/3 is 0.6667)."""
    share = part / whole
    rounded = share.quantize(Decimal("0.0001"))
    return share if -share.normalize().as_tuple().exponent <= 4 else rounded  # type: ignore[operator]


__all__ = ["CURRENCY_WORDS", "SCALES", "Line", "Quantity", "find_quantities", "words_at"]
