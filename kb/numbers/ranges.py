"""The upper end of a range: "3 a 5", "entre 3 y 4", "2-3", "seis o siete", "between 20 and 30".

"From 20% to 30%" is a change, not a range: two figures. A year beside a number is no end of it. Knows nothing of units
but percent.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kb.numbers.hedging import moved_before
from kb.numbers.marks import Counted
from kb.numbers.numerals import read_number
from kb.numbers.records import Line, Number
from kb.numbers.shares import after_between, after_from
from kb.numbers.units import currency_before, percent_at
from kb.records.language import Language
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, is_yearlike, lower_at

_SIGNS = frozenset("-–—")
_JOINERS = {one: lexicon().names("range_joiner", one) for one in Language}
_SPREADS = lexicon().stems("spread_stem")
_ARTICLES = words_of("article")


def second_of_range(
    line: Line, number: Number, skip: frozenset[str] = frozenset(), unit_between: bool = False, lead: int | None = None
) -> Number | None:
    """The upper end of a range that ``number`` opens, or null.

    ``skip`` are signs that may stand before it ("$5 to $7"), ``unit_between`` says that a unit stands after ``number``,
    ``lead`` where what it opens starts when that is before the number.
    """
    tokens, stop = line.tokens, number.stop
    joiner = lower_at(tokens, stop)
    word = _JOINERS[line.language].get(joiner)
    if joiner not in _SIGNS and word is None:
        return None
    first = number.first if lead is None else lead
    if word == "and" and not after_between(tokens, first):
        return None
    changed = (unit_between or moved_before(tokens, first)) and not _spans_before(tokens, first)
    if changed and word == "to" and after_from(tokens, first):
        return None  # "del 20 % al 30 %", "from 20% to 30%": a change, two figures
    amount = lower_at(tokens, first - 1) in ("by", "un", "en")
    if word == "to" and amount and moved_before(tokens, first, 4):
        return None  # "improved by 0.4 to 8.2": where it ended
    start = stop + 1
    while lower_at(tokens, start) in skip or (word and lower_at(tokens, start) in _ARTICLES and start < stop + 2):
        start += 1
    if skip and start < len(tokens) and tokens[start].kind == "w":
        mark = currency_before(tokens, start)  # "entre S/ 20 y S/ 35"
        start = mark[0] if mark is not None else start
    second = read_number(tokens, start, line.language) if start < len(tokens) else None
    if second is None or second.negative or second.first == second.stop or _is_year_beside(number, second):
        return None
    if lower_at(tokens, first - 1) in ("en", "in") and is_yearlike(number.digits or "") != is_yearlike(
        second.digits or ""
    ):
        return None  # "preguntó en 2018 a 15 000 personas"
    return second if _is_range(line, number, second, word or joiner) else None


def _is_year_beside(low: Number, high: Number) -> bool:
    """ "5.120 en 2020 a 8.640", "in 2019 to 31.7": one of them is a year, and the other is not."""
    years = [one.plain and is_yearlike(one.digits or "") for one in (low, high)]
    return (years[0] and not high.plain) or (years[0] != years[1] and not (low.plain and high.plain))


def _spans_before(tokens: Sequence[Token], first: int) -> bool:
    """Whether what leads says that values spread, not that one moved: "ranged from 8% to 31%", "va del 5 % al 9 %"."""
    return any(
        tokens[place].lower.startswith(_SPREADS) or tokens[place].lower in ("va", "van")
        for place in range(max(0, first - 4), first)
    )


def _is_range(line: Line, low: Number, high: Number, joiner: str) -> bool:
    ends = [one.value(line.language, Counted.SHARES, line.evidence) for one in (low, high)]
    if None in ends:
        ends = [one.value(line.language, Counted.THINGS, line.evidence) for one in (low, high)]
    low_value, high_value = ends
    if low_value is None or high_value is None or low_value >= high_value * max(Decimal(1), high.scale):
        return False
    if low_value >= high_value and low.scale == 1:
        return high.scale > 1
    if joiner == "or":
        if low.scale == 1 and high.scale > 1:  # "2 o 3 millones"
            high_value /= high.scale
        return high_value - low_value <= max(Decimal(2), low_value) and percent_at(line.tokens, low.stop) is None
    return True
