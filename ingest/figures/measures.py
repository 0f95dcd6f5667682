"""What a number is by what stands after it: percent, sum, factor, duration, ratio, score or a count.

Knows nothing of how a number is written or where one may start.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingest.figures.durations import time_at, whole_duration
from ingest.figures.lines import Line, Number, Quantity
from ingest.figures.marks import AMBIGUOUS, Counted, as_decimal
from ingest.figures.numerals import read_number
from ingest.figures.ranges import second_of_range
from ingest.figures.ratios import ratio_after
from ingest.figures.scan import Token, lower_at, word_set, words_at
from ingest.figures.spread_ratios import share_of, spread_ratio
from ingest.figures.units import (
    SIGNS,
    currency_after,
    percent_at,
)
from kb.language import Language
from kb.statistic import Comparator, Kind

_BEFORE_FACTOR = word_set("casi más de of menos nearly almost about more less than over around roughly al at least")
_TIMES = frozenset({"veces", "times", "vez"})
_AND_MORE = (("+",), ("-", "plus"))


def money_quantity(line: Line, index: int, money: tuple[int, str]) -> Quantity | None:
    """The sum whose currency mark stands at ``index``: "US$ 3.4bn", "$5 to $7 million"; or null."""
    start, unit = money
    if start >= len(line.tokens) or line.tokens[start].kind != "n":
        return None
    number = read_number(line.tokens, start, line.language)
    if number is None:
        return None
    stop, high = number.stop, None
    second = second_of_range(line, number, skip=frozenset(SIGNS), lead=index)
    if second is not None:
        high, stop = second, second.stop
    named = currency_after(line.tokens, stop)
    if named is not None and (unit == "$" or named[1] == unit):
        stop, unit = named[0], named[1]
    if unit == "$" and line.language is not Language.ES:
        unit = "USD"
    found = _make(line, number, high, stop, stop, Kind.CURRENCY, Counted.MONEY, unit)
    return replace(found, first=index)


def after_number(line: Line, number: Number) -> Quantity:
    """The quantity that a number opens: what stands after it decides."""
    tokens = line.tokens
    if number.vague:
        return _make(line, number, None, number.stop, number.stop, Kind.COUNT, Counted.THINGS, None)
    ratio = ratio_after(tokens, number, line.language)
    if ratio is not None:
        kind = Kind.SCORE if ratio.score else Kind.RATIO
        value = number.value(line.language, Counted.SHARES, line.evidence)
        if ratio.score and number.digits is not None and (value is None or value > ratio.whole):
            value = as_decimal(number.digits)  # "4.125 sobre 5"
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
                unit=f"out of {ratio.whole.normalize():f}" if ratio.score else None,
            )
    return spread_ratio(line, number) or _single_or_range(line, number)


def _single_or_range(line: Line, number: Number) -> Quantity:
    more = next((words for words in _AND_MORE if words_at(line.tokens, number.stop, words)), None)
    if more is not None and percent_at(line.tokens, number.stop + len(more)):  # "70+ percent"
        unit = _unit_at(line, number.stop + len(more))
        return replace(_with_unit(line, number, None, unit), comparator=Comparator.AT_LEAST)
    first_unit = _unit_at(line, number.stop)
    second = second_of_range(line, number)
    if second is not None:
        unit = _unit_at(line, second.stop)
        return _with_unit(line, number, second, unit)
    after = first_unit[0] if first_unit is not None and first_unit[1] is Kind.PERCENT else None
    if first_unit is not None and after is not None:
        second = second_of_range(line, replace(number, stop=after), unit_between=True)
        unit = _unit_at(line, second.stop) if second is not None else None
        alike = unit is not None and unit[1] is Kind.PERCENT and unit[2] == first_unit[2]
        if alike:  # "un 5 % a 300 millones" and "14 points to 63 percent" are none
            return _with_unit(line, number, second, unit)
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
        return money[0], Kind.CURRENCY, money[1], Decimal(1), Counted.MONEY
    time = time_at(line, index)
    return (time[0], Kind.DURATION, time[1], Decimal(1), Counted.THINGS) if time is not None else None


def _is_factor_sign(tokens: list[Token], index: int) -> bool:
    following = tokens[index + 1] if index + 1 < len(tokens) else None
    return following is None or not (following.glued and following.kind in "wn")


def _with_unit(line: Line, number: Number, second: Number | None, unit: _Unit | None) -> Quantity:
    bare = second.stop if second is not None else number.stop
    if unit is None and _multiplied(line.tokens, number.first):
        return _make(line, number, second, bare, bare, Kind.MULTIPLIER, Counted.SHARES, None)
    if unit is None:
        return _make(line, number, second, bare, bare, Kind.COUNT, _counted_by_noun(line, bare), None)
    stop, kind, name, factor, counted = unit
    made = _make(line, number, second, stop, bare, kind, counted, name)
    if kind is Kind.DURATION:
        return whole_duration(line, made)
    if factor == 1:
        return made
    if kind is Kind.PERCENT and made.value is None and second is None:
        made = _with_decimal_percent(made, number)
    value = made.value * factor if made.value is not None else None
    high = made.high * factor if made.high is not None else None
    return replace(made, value=value, high=high)


def _with_decimal_percent(found: Quantity, number: Number) -> Quantity:
    """ "99.125 %": with two digits before the mark it is decimal; nobody means ninety-nine thousand percent."""
    decimal = as_decimal(number.digits or "")
    if decimal is None or decimal < 10:
        return found
    return replace(found, value=-decimal if number.negative else decimal, note=None)


def _multiplied(tokens: list[Token], first: int) -> bool:
    """ "se multiplicó por cuatro", "multiplied their sales by more than 3", "by a factor of three"."""
    place = first - 1
    while lower_at(tokens, place) in _BEFORE_FACTOR:
        place -= 1
    word = lower_at(tokens, place)
    if word == "factor":
        return lower_at(tokens, first - 1) in ("of", "de", "than")
    if word not in ("por", "by"):
        return False
    near = [lower_at(tokens, place - step) for step in range(1, 6)]
    return any(one.startswith(("multiplic", "multipli")) for one in near)


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
    if second is not None and value is not None and high is not None and number.scale == 1 and second.scale > 1:
        value *= second.scale if value < min(Decimal(1000), high / second.scale) else 1  # "entre 2 y 3 millones"
    note = AMBIGUOUS if value is None or (second is not None and high is None) else None
    form = "vague" if number.vague else "digits" if number.digits is not None else "words"
    comparator = Comparator.RANGE if second is not None else Comparator.ABOUT if number.vague else None
    plain = number.plain and (second is None or second.plain)
    scale = number.scale if second is None else second.scale
    return Quantity(number.first, stop, bare, value, kind, form, high, unit, comparator, plain, note, scale)
