"""Quantities in a line of tokens: a number with what stands around it, as percent, sum, ratio, factor, count and so on.

Finds every number, figure or not; whether it is a figure is decided elsewhere (``ingest.refusing``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from kb.numbers.hedging import hedge_after, hedged
from kb.numbers.joining import joined
from kb.numbers.marks import AMBIGUOUS, Counted, as_decimal
from kb.numbers.numerals import GROUPS, MONEY_SCALES, SCALES, SMALL, VAGUE, read_number
from kb.numbers.ranges import second_of_range
from kb.numbers.ratios import ratio_at
from kb.numbers.records import Line, Number, Quantity, is_whole
from kb.numbers.scores import is_mark, named_score
from kb.numbers.shares import (
    OPENERS,
    WHOLES,
    factor_at,
    part_of_unit,
    share_at,
    share_kind,
    share_range,
    unit_and_half,
)
from kb.numbers.units import (
    CODES,
    MONEY_STARTS,
    POINT_UNITS,
    SHORT_TIME,
    SIGNS,
    TIME,
    currency_after,
    currency_before,
    factor_unit_at,
    percent_at,
    time_at,
)
from kb.records.language import Language
from kb.records.statistic import Comparator, Kind
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, lower_at, words_at

_Tokens = Sequence[Token]
_Unit = tuple[int, Kind, str | None, Decimal, Counted]
_ORDINALS = {one: lexicon().numbers("ordinal", one) for one in Language}
_ORDINAL_ENDS = words_of("ordinal_ending")
_TIME_ONE = words_of("time_one")
_STARTS = {
    one: frozenset(SMALL[one]) | frozenset(VAGUE[one]) | frozenset(_ORDINALS[one]) | OPENERS[one] | MONEY_STARTS
    | words_of("number_opener", one) | frozenset(["x", "×"])
    for one in Language
}  # fmt: skip
_SIZED = frozenset().union(*(frozenset(table[one]) for table in (SCALES, GROUPS) for one in Language))
# "un" and "a" tell nothing alone: they open a number only before one of the others.
_TELLING = (frozenset().union(*_STARTS.values(), _TIME_ONE, _SIZED, WHOLES)) - words_of("untelling")
_OUT = words_of("ratio_joiner")
_AFTER_A = WHOLES | _SIZED | _TIME_ONE | {"$", "-", "a"}
_AFTER_UN = WHOLES | _SIZED | frozenset(TIME[Language.ES]) | words_of("currency_word") | words_of("after_un")
_ARTICLES = {"a": _AFTER_A, "an": _AFTER_A, "un": _AFTER_UN, "una": _AFTER_UN}
_DIGIT = re.compile(r"\d|[¼-¾⅐-⅞]")
_WORD = re.compile(r"[^\W\d_]+")
_BEFORE_FACTOR = words_of("before_factor")
_MULTIPLIED = lexicon().stems("multiplied_stem")
_BEFORE_TIMES = words_of("before_times_sign")
_TIMES, _COMPARES, _NO_NOUNS = words_of("factor_unit"), words_of("after_factor"), words_of("no_noun")
_DIRECTIONS, _EACH = lexicon().phrases("move_stem"), words_of("every") | {"a", "al", "por", "per"}
_COUNT_NOTHING = words_of("counts_nothing")
_SMALLER = {"hours": ("minutes", 60), "minutes": ("seconds", 60), "years": ("months", 12), "days": ("hours", 24)}
_HALVES = (("y", "media"), ("y", "medio"), ("and", "a", "half"))
_OF_RANKED = words_of("rank_base")
_SCALE_UNSURE = "ambiguous scale"
_BROKEN = "digits that cannot be read surely"
_SUPERSCRIPTS = re.compile(r"[⁰-⁹²³¹]")


def read_quantities(line: Line) -> list[Quantity]:
    """Every quantity of the line in order, with its hedge, its kind and what it shares with its neighbours."""
    shared = joined(line, list(_find_quantities(line)))
    named = joined(line, [named_score(line, found) for found in shared])
    return [hedged(line, found) for found in _with_bases(line, named)]


def _with_bases(line: Line, found: list[Quantity]) -> list[Quantity]:
    """The quantities, the number of those ranked marked as a base: "puesto 23 entre 64 países", "7th of 112"."""
    marked = list(found)
    for place in range(1, len(found)):
        rank, base = found[place - 1], found[place]
        between = [token.lower for token in line.tokens[rank.stop : base.first]]
        if (
            rank.kind is Kind.RANK
            and base.kind is Kind.COUNT
            and 0 < len(between) <= 3
            and _OF_RANKED.issuperset(between)
        ):
            marked[place] = replace(base, form="base")
    return marked


def _find_quantities(line: Line) -> Iterator[Quantity]:
    """Every quantity of the line, in order, without overlap; "un" and "una" alone are none."""
    starts, stop = _STARTS[line.language], 0
    for index, token in enumerate(line.tokens):
        if index < stop:
            continue
        if token.kind == "w":
            if token.lower not in starts and token.text not in CODES:
                continue
        elif token.kind not in "nv" and token.text not in SIGNS and token.text != "%":
            continue
        found = _quantity_at(line, index)
        if found is None:
            continue
        stop = found.stop
        if not (found.stop - found.first == 1 and line.tokens[found.first].lower in ("un", "una")):
            yield _readable(line, found)


def as_told(line: Line, found: Quantity) -> Quantity:
    """The quantity of a finding as what it is told: a number that nothing but its decimals tells is a score, and
    "times" counts, as in "crashed 17 times", "2.8 times a year", unless it compares, as in "3 veces más", "five times
    dearer", "creció 2.4 veces"."""
    if is_mark(line, found):
        return replace(found, kind=Kind.SCORE)
    unit = line.tokens[found.stop - 1]
    if found.kind is not Kind.MULTIPLIER or unit.lower not in _TIMES:
        return found
    after, moved = lower_at(line.tokens, found.stop), _DIRECTIONS.at(line.tokens, found.first - 1)
    dearer = after.endswith("er") and after not in _NO_NOUNS
    grew = moved is not None and moved.entry.effect == "increase"
    compares = after in _COMPARES or dearer or grew or not is_whole(found.value or Decimal("0.5"))
    return found if compares and after not in _EACH else replace(found, kind=Kind.COUNT, unit=unit.text)


def may_hold_numbers(text: str) -> bool:
    """Whether a text has a digit or a word that could be, or be part of, a number: a quick look before reading."""
    return _DIGIT.search(text) is not None or not _TELLING.isdisjoint(_WORD.findall(text.lower()))


def _readable(line: Line, found: Quantity) -> Quantity:
    """The quantity, without a value where a raised digit is glued to its number: a power, or the mark of a note."""
    after = line.tokens[found.bare] if found.bare < len(line.tokens) else None
    if found.form == "digits" and after is not None and after.glued and _SUPERSCRIPTS.match(after.text):
        return replace(found, value=None, high=None, note=_BROKEN)
    return found


def _quantity_at(line: Line, index: int) -> Quantity | None:
    tokens, language = line.tokens, line.language
    token = tokens[index]
    if token.text in ("%", "x", "×", "X"):
        return _signed(line, index)
    word = token.kind == "w"
    followers = _ARTICLES.get(token.lower) if word else None
    if followers is not None and not _opens_number(tokens, index, followers):
        return None
    if word or token.kind == "v":
        part = part_of_unit(tokens, index, language)
        if part is not None:
            return _in_smaller_unit(_after_number(line, part))
        special = unit_and_half(tokens, index, language) or share_range(tokens, index, language)
        if special is not None:
            return special
    share = share_at(tokens, index, language)
    if share is not None and not _has_unit(line, share.stop, token):
        first, kind, hedge = share_kind(tokens, index, share)
        return Quantity(first, share.stop, share.stop, share.value, kind, "named", comparator=hedge)
    factor = factor_at(tokens, index, language) if word else None
    if factor is not None:
        return Quantity(index, factor.stop, factor.stop, factor.value, Kind.MULTIPLIER, "named")
    money = currency_before(tokens, index) if token.kind != "n" else None
    if money is not None:
        return _money(line, index, *money)
    ordinal = _ordinal_at(tokens, index, language)
    if ordinal is not None:
        return ordinal
    number = read_number(tokens, index, language)
    return _after_number(line, number) if number is not None else None


def _has_unit(line: Line, place: int, token: Token) -> bool:
    """Whether a written fraction has a unit of its own: "½ hora"."""
    return token.kind == "v" and _unit_at(line, place) is not None


def _opens_number(tokens: _Tokens, index: int, followers: frozenset[str]) -> bool:
    """Whether "a" or "un" may be a number or its first word: what follows has a unit, a fraction or a whole."""
    if lower_at(tokens, index + 1) in followers:
        return True
    return any(lower_at(tokens, index + step) in _OUT for step in (2, 3))


def _signed(line: Line, index: int) -> Quantity | None:
    """ "%73" and "x 4": a sign that stands before its number."""
    tokens, place = line.tokens, index + 1
    if place >= len(tokens) or tokens[place].kind != "n" or (index and tokens[index - 1].kind == "n"):
        return None
    number = read_number(tokens, place, line.language)
    if number is None or number.first != place:
        return None
    if tokens[index].text == "%":
        if not tokens[place].glued or percent_at(tokens, number.stop):
            return None
        made = _make(line, number, None, number.stop, Kind.PERCENT, Counted.SHARES, None)
        return replace(made, first=index, value=made.value * Decimal("0.01") if made.value is not None else None)
    named = tokens[place].glued and tokens[index].text == "X"
    if named or lower_at(tokens, index - 1) not in _BEFORE_TIMES or _unit_at(line, number.stop):
        return None
    made = _make(line, number, None, number.stop, Kind.MULTIPLIER, Counted.SHARES, None)
    return replace(made, first=index)


def _ordinal_at(tokens: _Tokens, index: int, language: Language) -> Quantity | None:
    """The ordinal at this token, as a rank yet to be judged; or null."""
    token = tokens[index]
    if token.kind == "n":
        end = index + 1 + (lower_at(tokens, index + 1) == "." and lower_at(tokens, index + 2) in ("º", "ª", "°"))
        glued = end < len(tokens) and tokens[end].glued and tokens[end].lower in _ORDINAL_ENDS
        if not glued or not token.text.isdigit() or len(token.text) > 4:
            return None
        return Quantity(index, end + 1, end + 1, Decimal(token.text), Kind.RANK, "ordinal")
    value = _ORDINALS[language].get(token.lower)
    return Quantity(index, index + 1, index + 1, value, Kind.RANK, "ordinal") if value is not None else None


def _money(line: Line, index: int, start: int, unit: str, scale: Decimal | None) -> Quantity | None:
    """The sum whose currency mark stands at ``index``: "US$ 3.4bn", "$5 to $7 million"; or null."""
    tokens = line.tokens
    if start >= len(tokens) or tokens[start].kind != "n":
        return None
    number = read_number(tokens, start, line.language)
    if number is None:
        return None
    second = second_of_range(line, number, skip=frozenset(SIGNS), lead=index)
    stop = second.stop if second is not None else number.stop
    named = currency_after(tokens, stop)
    if named is not None and (unit == "$" or named[1] == unit):
        stop, unit = named
    if unit == "$" and line.language is not Language.ES:
        unit = "USD"
    trailing = MONEY_SCALES.get(tokens[stop].text) if stop < len(tokens) and number.scale == 1 else None
    if trailing is not None and scale is not None:  # "US$ 1,2 MM"
        stop, scale = stop + 1, scale * trailing
    made = replace(_make(line, number, second, stop, Kind.CURRENCY, Counted.MONEY, unit), first=index)
    if scale is None:
        return replace(made, value=None, high=None, note=_SCALE_UNSURE)
    return made if scale == 1 else _times(made, scale)


def _times(made: Quantity, factor: Decimal) -> Quantity:
    value = made.value * factor if made.value is not None else None
    return replace(made, value=value, high=made.high * factor if made.high is not None else None)


def _after_number(line: Line, number: Number) -> Quantity:
    """The quantity that a number opens: what stands after it decides."""
    tokens = line.tokens
    if number.vague:
        return _make(line, number, None, number.stop, Kind.COUNT, Counted.THINGS, None)
    found = ratio_at(line, number) or _clock(line, number)
    if found is not None:
        return found
    inner = hedge_after(tokens, number.stop, line.language)
    beyond = _unit_at(line, inner[0] + (lower_at(tokens, inner[0]) == "de")) if inner is not None else None
    if inner is not None and beyond is not None:  # "70+ percent", "treinta y tantos minutos"
        return replace(_with_unit(line, number, None, beyond), comparator=inner[1])
    raised = number.stop < len(tokens) and _SUPERSCRIPTS.match(tokens[number.stop].text) is not None
    unit = _unit_at(line, number.stop + raised)
    second = second_of_range(line, number)
    if second is not None:
        return _with_unit(line, number, second, _unit_at(line, second.stop))
    if unit is not None and unit[1] is Kind.PERCENT:
        second = second_of_range(line, replace(number, stop=unit[0]), unit_between=True)
        beyond = _unit_at(line, second.stop) if second is not None else None
        if beyond is not None and beyond[1] is Kind.PERCENT and beyond[2] == unit[2]:
            return _with_unit(line, number, second, beyond)  # "un 5 % a 300 millones" and "14 points to 63 %" are none
    return _with_unit(line, number, None, unit)


def _clock(line: Line, number: Number) -> Quantity | None:
    """ "3:20 minutos", "1:30 h": a time in two parts before its unit, in the smaller one."""
    tokens, place = line.tokens, number.stop
    if lower_at(tokens, place) != ":" or not tokens[place].glued or not number.plain or place + 1 >= len(tokens):
        return None
    rest, unit = tokens[place + 1], time_at(tokens, place + 2, line.language)
    if unit is None or len(rest.text) != 2 or not rest.text.isdigit() or unit[1] not in ("hours", "minutes"):
        return None
    value = Decimal(number.digits or 0) * 60 + Decimal(rest.text)
    return Quantity(
        number.first, unit[0], place + 2, value, Kind.DURATION, "digits", unit=_SMALLER[unit[1]][0], plain=False
    )


def _unit_at(line: Line, index: int) -> _Unit | None:
    """The unit that stands at this token: the token after it, kind, name, factor, and what it counts."""
    tokens = line.tokens
    percent = percent_at(tokens, index)
    if percent is not None:
        kind = Kind.SCORE if percent[1] in POINT_UNITS else Kind.PERCENT
        return percent[0], kind, percent[1], percent[2], Counted.SHARES
    times = factor_unit_at(tokens, index)
    if times is not None:
        return times[0], Kind.MULTIPLIER, times[1], Decimal(1), Counted.SHARES
    money = currency_after(tokens, index)
    if money is not None:
        return money[0], Kind.CURRENCY, money[1], Decimal(1), Counted.MONEY
    time = time_at(tokens, index, line.language)
    return (time[0], Kind.DURATION, time[1], Decimal(1), Counted.THINGS) if time is not None else None


def _with_unit(line: Line, number: Number, second: Number | None, unit: _Unit | None) -> Quantity:
    bare = second.stop if second is not None else number.stop
    if unit is None and _multiplied(line.tokens, number.first):
        return _make(line, number, second, bare, Kind.MULTIPLIER, Counted.SHARES, None)
    if unit is None:
        return _make(line, number, second, bare, Kind.COUNT, _counted_by_noun(line, bare), None)
    stop, kind, name, factor, counted = unit
    made = _make(line, number, second, stop, kind, counted, name)
    if kind is Kind.DURATION:
        return _whole_duration(line, made)
    if name == "times" and words_at(line.tokens, stop, ("y", "media")) and made.value is not None:
        return replace(made, stop=stop + 2, value=made.value + Decimal("0.5"), unit=None)  # "una vez y media"
    if kind is Kind.PERCENT and made.value is None and second is None:
        decimal = as_decimal(number.digits or "")
        if decimal is not None and decimal >= 10:  # "99.125 %": nobody means ninety-nine thousand percent
            made = replace(made, value=-decimal if number.negative else decimal, note=None)
    return made if factor == 1 else _times(made, factor)


def _multiplied(tokens: _Tokens, first: int) -> bool:
    """ "se multiplicó por cuatro", "multiplied their sales by more than 3", "by a factor of three"."""
    place = first - 1
    while lower_at(tokens, place) in _BEFORE_FACTOR:
        place -= 1
    word = lower_at(tokens, place)
    if word == "factor":
        return lower_at(tokens, first - 1) in ("of", "de", "than")
    if word not in ("por", "by"):
        return False
    return any(lower_at(tokens, place - step).startswith(_MULTIPLIED) for step in range(1, 6))


def _counted_by_noun(line: Line, index: int) -> Counted:
    following = line.tokens[index] if index < len(line.tokens) else None
    if following is None or following.kind != "w" or following.lower in _COUNT_NOTHING:
        return Counted.UNKNOWN
    return Counted.THINGS


def _whole_duration(line: Line, found: Quantity) -> Quantity:
    """The duration with what follows it: half a unit more, or the smaller units of the same time."""
    for words in _HALVES:
        if found.value is not None and found.high is None and words_at(line.tokens, found.stop, words):
            return replace(found, stop=found.stop + len(words), value=found.value + Decimal("0.5"))
    longer = _with_smaller(line, found)
    return longer if longer is found else _whole_duration(line, longer)


def _with_smaller(line: Line, found: Quantity) -> Quantity:
    """ "3 horas y 46 minutos", "1h 20m", "1h15": one duration in the smaller unit."""
    tokens, place = line.tokens, found.stop
    smaller = _SMALLER.get(found.unit or "") if found.unit in ("hours", "minutes") else None
    if smaller is None or found.value is None or found.high is not None or place >= len(tokens):
        return found
    place += lower_at(tokens, place) in ("y", "and", ",", "con")
    number = read_number(tokens, place, line.language) if place < len(tokens) else None
    value = number.value(line.language, Counted.THINGS, line.evidence) if number is not None else None
    if number is None or value is None or not 0 <= value < 60:
        return found
    word, stop = lower_at(tokens, number.stop), number.stop
    if (TIME[line.language].get(word) or SHORT_TIME.get(word)) == smaller[0]:
        stop += 1
    elif not (tokens[number.first].glued and tokens[number.first - 1].lower == "h" and len(number.digits or "") == 2):
        return found
    return replace(found, stop=stop, bare=number.stop, value=found.value * 60 + value, unit=smaller[0], plain=False)


def _in_smaller_unit(found: Quantity) -> Quantity:
    """A quarter of an hour as 15 minutes; half an hour, and what is no part, as it is."""
    smaller = _SMALLER.get(found.unit or "")
    if found.kind is not Kind.DURATION or smaller is None or found.value is None or not 0 < found.value < 1:
        return found
    value = found.value * smaller[1]
    whole = value.to_integral_value()
    if found.value == Decimal("0.5") or abs(value - whole) > Decimal("0.05"):
        return found
    return replace(found, value=whole, unit=smaller[0])


def _make(
    line: Line, number: Number, second: Number | None, stop: int, kind: Kind, counted: Counted, unit: str | None
) -> Quantity:
    value = number.value(line.language, counted, line.evidence)
    high = second.value(line.language, counted, line.evidence) if second is not None else None
    if second is not None and value is not None and high is not None and number.scale == 1 and second.scale > 1:
        value *= second.scale if value < min(Decimal(1000), high / second.scale) else 1  # "entre 2 y 3 millones"
    broken = number.digits is not None and number.digits.strip("0123456789.,'’") != ""
    unsure = value is None or (second is not None and high is None)
    comparator = Comparator.RANGE if second is not None else Comparator.ABOUT if number.vague else None
    return Quantity(
        number.first,
        stop,
        second.stop if second is not None else number.stop,
        value,
        kind,
        number.form,
        high,
        unit,
        comparator,
        number.plain and (second is None or second.plain),
        (_BROKEN if broken else AMBIGUOUS) if unsure else None,
        number.scale if second is None else second.scale,
    )
