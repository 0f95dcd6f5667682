"""Quantities in a line of tokens: a number with what follows it, as percent, ratio, multiplier, count and so on.

Finds every number, figure or not; whether it is a figure is decided elsewhere (``refusals``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from ingest.figures.factors import FACTOR_WORDS, named_factor_at
from ingest.figures.fractions_in_words import DENOMINATORS, FRACTION_STARTS, fraction_at
from ingest.figures.lines import Line, Number, Quantity
from ingest.figures.marks import AMBIGUOUS, Counted, as_decimal
from ingest.figures.number_tables import GROUP_WORDS, SCALES, SMALL, VAGUE
from ingest.figures.numerals import read_number
from ingest.figures.ordinals import ORDINALS, ordinal_at
from ingest.figures.ranges import second_of_range
from ingest.figures.ratios import ratio_after
from ingest.figures.scan import Token, lower_at, word_set, words_at
from ingest.figures.units import (
    CODES,
    DOLLAR_PREFIXES,
    SIGNS,
    SINGULAR_TIME,
    TIME,
    currency_after,
    currency_before,
    percent_at,
)
from kb.language import Language
from kb.statistic import Comparator, Kind

_OPENERS = {
    Language.ES: word_set("mil medio media millón"),
    Language.EN: word_set("a an half"),
    Language.OTHER: word_set("a an half"),
}
_SINGULAR_ES = word_set("hora minuto día semana mes año década trimestre tercio cuarto quinto parte mitad")
_TIMES = frozenset({"veces", "times", "vez"})
_STARTS = {
    language: frozenset(SMALL[language]) | frozenset(VAGUE[language]) | frozenset(ORDINALS[language])
    | FRACTION_STARTS[language] | FACTOR_WORDS[language] | frozenset(DOLLAR_PREFIXES) | _OPENERS[language]
    for language in Language
}  # fmt: skip
# "un" and "a" tell nothing alone: they open a number only before one of the others.
_TELLING = (
    frozenset().union(*_STARTS.values(), SINGULAR_TIME, *SCALES.values(), GROUP_WORDS, _SINGULAR_ES, DENOMINATORS)
    - word_set("un una a an us")
)  # fmt: skip
_AND_MORE = (("+",), ("-", "plus"))
_DIGIT = re.compile(r"[0-9]")
_WORD = re.compile(r"[^\W\d_]+")


def find_quantities(line: Line) -> Iterator[Quantity]:
    """Every quantity of the line, in order, without overlap; "un" and "una" alone are none."""
    index = 0
    while index < len(line.tokens):
        found = _quantity_at(line, index) if _may_start(line, index) else None
        if found is not None and not _is_article(line, found):
            yield found
        index = found.stop if found is not None else index + 1


def _is_article(line: Line, found: Quantity) -> bool:
    """Whether the "number" is a Spanish article ("un", "una"), which is none."""
    return found.stop - found.first == 1 and line.tokens[found.first].lower in ("un", "una")


def _may_start(line: Line, index: int) -> bool:
    token = line.tokens[index]
    if token.kind == "w":
        return token.lower in _STARTS[line.language] or token.text in CODES
    return token.kind == "n" or token.text in SIGNS


def may_hold_numbers(text: str) -> bool:
    """Whether a text has a digit or a word that could be, or be part of, a number: a quick look before reading."""
    return _DIGIT.search(text) is not None or not _TELLING.isdisjoint(_WORD.findall(text.lower()))


def _quantity_at(line: Line, index: int) -> Quantity | None:
    tokens = line.tokens
    share = fraction_at(tokens, index, line.language)
    if share is not None:
        kind = Kind.FRACTION if share.unit is None else Kind.DURATION
        return Quantity(index, share.stop, share.stop, share.value, kind, "named", unit=share.unit)
    factor = named_factor_at(tokens, index, line.language)
    if factor is not None:
        return Quantity(index, factor.stop, factor.stop, factor.value, Kind.MULTIPLIER, "named")
    money = currency_before(tokens, index)
    if money is not None:
        return _money_quantity(line, index, money)
    ordinal = ordinal_at(tokens, index, line.language)
    if ordinal is not None:
        return ordinal
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


def _after_number(line: Line, number: Number) -> Quantity:
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
    return _single_or_range(line, number)


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
        if unit is not None and unit[1] is Kind.PERCENT:  # "un 5 % a 300 millones" is none
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


def _with_unit(line: Line, number: Number, second: Number | None, unit: _Unit | None) -> Quantity:
    bare = second.stop if second is not None else number.stop
    if unit is None and _multiplied(line.tokens, number.first):
        return _make(line, number, second, bare, bare, Kind.MULTIPLIER, Counted.SHARES, None)
    if unit is None:
        return _make(line, number, second, bare, bare, Kind.COUNT, _counted_by_noun(line, bare), None)
    stop, kind, name, factor, counted = unit
    made = _make(line, number, second, stop, bare, kind, counted, name)
    if kind is Kind.DURATION:
        return _with_half(line, made)
    if factor == 1:
        return made
    value = made.value * factor if made.value is not None else None
    high = made.high * factor if made.high is not None else None
    return replace(made, value=value, high=high)


def _with_half(line: Line, found: Quantity) -> Quantity:
    """ "dos horas y media", "a year and a half": half a unit more."""
    halves = (("y", "media"), ("y", "medio"), ("and", "a", "half"))
    for words in halves:
        if found.value is not None and found.high is None and words_at(line.tokens, found.stop, words):
            return replace(found, stop=found.stop + len(words), value=found.value + Decimal("0.5"))
    return _with_minutes(line, found)


def _with_minutes(line: Line, found: Quantity) -> Quantity:
    """ "3 horas y 46 minutos", "1 hour and 20 minutes": one duration in the smaller unit."""
    tokens, place = line.tokens, found.stop
    smaller = {"hours": "minutes", "minutes": "seconds"}.get(found.unit or "")
    if smaller is None or found.value is None or found.high is not None:
        return found
    place += 1 if lower_at(tokens, place) in ("y", "and", ",", "con") else 0
    minutes = read_number(tokens, place, line.language) if place < len(tokens) else None
    value = minutes.value(line.language, Counted.THINGS, line.evidence) if minutes is not None else None
    if (
        minutes is None
        or value is None
        or value >= 60
        or TIME[line.language].get(lower_at(tokens, minutes.stop)) != smaller
    ):
        return found
    return replace(found, stop=minutes.stop + 1, bare=minutes.stop, value=found.value * 60 + value, unit=smaller)


def _multiplied(tokens: list[Token], first: int) -> bool:
    """ "se multiplicó por cuatro", "multiplied by 3"."""
    return lower_at(tokens, first - 1) in ("por", "by") and any(
        lower_at(tokens, first - step).startswith(("multiplic", "multipli")) for step in (2, 3)
    )


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


def share_of(part: Decimal, whole: Decimal) -> Decimal:
    """``part / whole``; what does not end is rounded to four digits (2/3 is 0.6667)."""
    share = part / whole
    rounded = share.quantize(Decimal("0.0001"))
    return share if -share.normalize().as_tuple().exponent <= 4 else rounded  # type: ignore[operator]
