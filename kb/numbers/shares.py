"""Shares and factors that words name: halves, thirds, "tres cuartas partes", 2/3, twice, "se ha duplicado".

Knows which neighbours make the words no share ("first half", "third party", "double-check"). A part of a scale word is
a count ("a quarter of a million"), of an hour a duration; only of a whole is it a share.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from kb.numbers.hedging import hedge_after, moved_before
from kb.numbers.numerals import SIZES, SMALL
from kb.numbers.records import Number, Quantity, rounded
from kb.numbers.units import TIME
from kb.records.language import Language
from kb.records.statistic import Comparator, Kind
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, lower_at, words_at

_Tokens = Sequence[Token]
_WORDS = lexicon()
_EN, _ES = Language.EN, Language.ES
_HALF = Decimal("0.5")


@dataclass(frozen=True, slots=True)
class Share:
    """A named share or factor up to token ``stop``; of "two thirds" the ``part`` is 2."""

    stop: int
    value: Decimal
    part: int = 1


_WHOLES_EN = _WORDS.numbers("denominator", _EN)
_WHOLES_ES = _WORDS.numbers("denominator", _ES)
_PARTS_ES = _WORDS.numbers("part_word", _ES)
_TENTHS_ES = _WORDS.numbers("tenth", _ES)
_FACTORS = {one: _WORDS.numbers("factor", one) for one in Language}
_DOUBLES = {one: _WORDS.numbers("double", one) for one in Language}
_TWICE = _WORDS.numbers("twice", _EN)
_NOT_AFTER_HALF = words_of("not_after_half")
_PERIODS_EN = words_of("not_before_half")
_SAY = words_of("share_verb")
_WORKS_ES = words_of("work_in_parts")
_ROOMS_ES = words_of("not_after_quarter")
_BEFORE_SHARE = words_of("before_share")
_AFTER_SHARE = words_of("after_share")
_SURE_HEDGES = words_of("sure_share_hedge")
_CUT = words_of("cut_in_half")
_EFFORT_ES = words_of("duplicated_thing")
_AFTER_DOUBLE = {one: words_of("after_double", one) for one in Language}
_BEFORE_DOUBLE = words_of("before_double")
_AFTER_TWICE = words_of("after_twice")
_AS = words_of("as_adjective")
_HAVING = words_of("having")
_TIME_ONE = {one: words_of("time_one", one) for one in Language}
_POINT_ONE = {one: words_of("point_one", one) for one in Language}
_HALF_ES = words_of("half_word", _ES)
_WITHIN_UNIT = words_of("before_unit_alone")
_AMPLE = frozenset(["good", "full", "solid"])
_CLOSING = frozenset(["", ".", ",", ";", ")"])
_BETWEEN, _FROM = words_of("between"), words_of("from")
_ARTICLES = words_of("article")
_JOIN = {_ES: ("y", "e"), _EN: ("and",), Language.OTHER: ("and",)}
_TO = {_ES: "a", _EN: "to", Language.OTHER: "to"}
WHOLES = frozenset(_WHOLES_EN) | frozenset(_WHOLES_ES) | frozenset(_PARTS_ES) | frozenset(_TENTHS_ES)
"""Every word that may name the parts of a fraction."""
OPENERS = {
    one: frozenset(_FACTORS[one]) | frozenset(_DOUBLES[one])
    | (frozenset(_PARTS_ES) | _HALF_ES | _TIME_ONE[_ES] | frozenset(["mitad", "vez"]) if one is _ES
       else frozenset(_TWICE) | frozenset(["half", "halved", "halving", "a", "an", "one"]))
    for one in Language
}  # fmt: skip
"""Words that may open a share, a factor or a part of a unit, beside the number words."""


def _fraction(part: int, whole: int) -> Decimal:
    return rounded(Decimal(part) / Decimal(whole))


def after_between(tokens: _Tokens, first: int) -> bool:
    """Whether "between" or "entre" stands right before this token, articles aside."""
    return _led_by(tokens, first, _BETWEEN)


def after_from(tokens: _Tokens, first: int) -> bool:
    """Whether "from" or "del" stands right before this token, articles aside."""
    return _led_by(tokens, first, _FROM)


def _led_by(tokens: _Tokens, first: int, words: frozenset[str]) -> bool:
    before = lower_at(tokens, first - 1)
    return before in words or (before in _ARTICLES and lower_at(tokens, first - 2) in words)


def share_at(tokens: _Tokens, index: int, language: Language) -> Share | None:
    """The fraction that starts at this token ("two-thirds", "la mitad", "una cuarta parte", "2/3"), or null."""
    token = tokens[index]
    if token.kind == "v":
        own = not (token.glued and index and tokens[index - 1].kind == "n")
        return _share_named(tokens, index, language) if own else None
    if token.kind == "n":
        return _slashed(tokens, index)
    return (_spanish if language is _ES else _english)(tokens, index)


def _slashed(tokens: _Tokens, index: int) -> Share | None:
    """ "2/3", and "4/5 de los clientes": where nothing says of what, fifths are more often a score."""
    if lower_at(tokens, index + 1) != "/" or not tokens[index + 1].glued or index + 2 >= len(tokens):
        return None
    part, whole = tokens[index].text, tokens[index + 2].text
    if not (part.isdigit() and whole.isdigit() and tokens[index + 2].glued and len(part) == 1 and len(whole) <= 2):
        return None
    before, after = lower_at(tokens, index - 1), lower_at(tokens, index + 3)
    if before == "/" or (after == "/" and tokens[index + 3].glued) or not 0 < int(part) < int(whole):
        return None
    of_them = after in ("de", "of") and lower_at(tokens, index + 4) not in _TIME_ONE[_ES]
    if (len(whole) == 2 or (whole == "5" and int(part) > 2)) and not of_them:
        return None
    if len(whole) == 2 and lower_at(tokens, index + 4) not in _ARTICLES:
        return None  # "5/10 de mayo"
    return Share(index + 3, _fraction(int(part), int(whole)), int(part))


def share_kind(tokens: _Tokens, index: int, share: Share) -> tuple[int, Kind, Comparator | None]:
    """Where a named share starts, its kind and its hedge: "cut in half" and "cayó a la mitad" tell of a factor."""
    before, beyond = lower_at(tokens, index - 1), lower_at(tokens, index - 2)
    if share.value == _HALF and before == "in":
        return index - 1, Kind.MULTIPLIER, None
    if share.value == _HALF and (beyond, before) == ("a", "la") and moved_before(tokens, index - 2):
        return index - 2, Kind.MULTIPLIER, None
    ample = lower_at(tokens, index + 1) == "good"
    return index, Kind.FRACTION, Comparator.MORE_THAN if ample else None


def _share_named(tokens: _Tokens, index: int, language: Language) -> Share | None:
    """The fraction whose words start here, whatever stands around it: for places where nothing else can stand."""
    if index >= len(tokens):
        return None
    word = tokens[index].lower
    if tokens[index].kind == "v":
        number = {"½": (1, 2), "¼": (1, 4), "¾": (3, 4), "⅓": (1, 3), "⅔": (2, 3), "⅕": (1, 5)}.get(word)
        return Share(index + 1, _fraction(*number), number[0]) if number else None
    if word == ("mitad" if language is _ES else "half"):
        return Share(index + 1, _HALF)
    return (_named_spanish if language is _ES else _named_english)(tokens, index)


def _named_english(tokens: _Tokens, index: int) -> Share | None:
    word = tokens[index].lower
    part = 1 if word in ("a", "an") else int(SMALL[_EN].get(word, 0))
    place = index + (2 if lower_at(tokens, index + 1) in ("-", *_AMPLE) else 1)
    name = lower_at(tokens, place)
    whole = int(_WHOLES_EN.get(name, 0))
    if not 0 < part < whole or part > 99 or (part > 1) != name.endswith("s"):
        return None
    return Share(place + 1, _fraction(part, whole), part)


def _named_spanish(tokens: _Tokens, index: int) -> Share | None:
    word, name, after = (lower_at(tokens, index + step) for step in (0, 1, 2))
    part = int(SMALL[_ES].get(word, 0))
    if not 0 < part < 100:
        return None
    if name in _PARTS_ES and after in ("parte", "partes"):
        whole = int(_PARTS_ES[name])
        return Share(index + 3, _fraction(part, whole), part) if part < whole else None
    if name in _TENTHS_ES and after == "de":
        return Share(index + 2, _fraction(part, int(_TENTHS_ES[name])), part)
    whole = int(_WHOLES_ES.get(name, 0))
    if part >= whole or word == "una" or (part > 1) != name.endswith("s"):
        return None
    return Share(index + 2, _fraction(part, whole), part)


def _english(tokens: _Tokens, index: int) -> Share | None:
    word = tokens[index].lower
    if word == "half":
        return _half(tokens, index)
    share = _named_english(tokens, index)
    return share if share is not None and (share.part > 1 or _is_share(tokens, index, share.stop - 1)) else None


def _is_share(tokens: _Tokens, index: int, place: int) -> bool:
    """Whether "a third", "one quarter" is a share: not "a third party", "one quarter later", "a second half"."""
    before, after, name = (lower_at(tokens, at) for at in (index - 1, place + 1, place))
    if name == "half":
        return after in ("of", "") or not tokens[index].lower.startswith("a")
    beyond = tokens[place + 2] if place + 2 < len(tokens) else None
    if after == "of":
        return not (name == "quarter" and beyond is not None and beyond.kind == "n" and len(beyond.text) == 4)
    if after == "(" and beyond is not None and beyond.kind == "n":
        return True  # "A fifth (21%) never call"
    if after in _SAY or (after in _AFTER_TWICE and after.endswith(("er", "s", "e")) and name != "quarter"):
        return True
    if before in _SURE_HEDGES and after not in ("party", "parties"):
        return True  # "roughly a third skip breakfast"
    ends = after in _CLOSING or after == "("
    if before in _BEFORE_SHARE:
        return ends or after in _AFTER_SHARE
    return tokens[index].lower == "one" and (ends or place - index == 2)


def _half(tokens: _Tokens, index: int) -> Share | None:
    before, after, beyond = (lower_at(tokens, index + step) for step in (-1, 1, 2))
    led = before in ("-", "and") or before in _PERIODS_EN or (before == "a" and lower_at(tokens, index - 2) == "and")
    if led or after == "again" or after in _NOT_AFTER_HALF or (after == "the" and beyond in _NOT_AFTER_HALF):
        return None
    if before == "in" and not any(lower_at(tokens, index - step) in _CUT for step in range(2, 8)):
        return None
    return Share(index + 1, _HALF)


def _spanish(tokens: _Tokens, index: int) -> Share | None:
    word, before, after = (lower_at(tokens, index + step) for step in (0, -1, 1))
    if word in _PARTS_ES and after == "parte" and before == "la":
        near = [lower_at(tokens, index + step) for step in (2, 3, 4)]
        of_people = near[0] in ("de", "del") and not _WORKS_ES.intersection(near)
        return Share(index + 2, _fraction(1, int(_PARTS_ES[word]))) if of_people else None
    if word == "mitad":
        led = before in _PERIODS_EN or before in ("a", "en", "hacia")
        placed = before == "la" and lower_at(tokens, index - 2) == "en" and after in ("de", "del")
        return None if led or placed else Share(index + 1, _HALF)
    share = _named_spanish(tokens, index)
    if share is None or lower_at(tokens, share.stop - 1) not in _WHOLES_ES:
        return share
    name, after, beyond = (lower_at(tokens, share.stop + step) for step in (-1, 0, 1))
    if name in ("tercio", "tercios"):
        return share
    if after in ("de", "del"):
        return None if beyond in _ROOMS_ES else share
    dated = after == "en" and beyond[:2] in ("19", "20")
    own = share.part == 1 and (dated or after in _SAY or after in ("(", ".", ",") or after in ("largo", "corto"))
    return share if own else None


def factor_at(tokens: _Tokens, index: int, language: Language) -> Share | None:
    """The factor that this word names ("twice as", "triplicó", "el doble de"), or null."""
    word, before, after = (lower_at(tokens, index + step) for step in (0, -1, 1))
    factors, doubles = _FACTORS[language], _DOUBLES[language]
    if word == "half" and after == "again" and lower_at(tokens, index + 2) == "as":
        return Share(index + 2, 1 + _HALF)
    if word == "half" and after == "as" and lower_at(tokens, index + 2) in _AS:
        return Share(index + 1, _HALF) if lower_at(tokens, index + 3) != "again" else None
    if word in _TWICE and language is not _ES:
        return Share(index + 1, _TWICE[word]) if after in _AFTER_TWICE else None
    if word in factors:
        aside = after in ("down", "-", "up", "back") or {after, lower_at(tokens, index + 2)} & _EFFORT_ES
        participle = word.endswith("ado") and before not in _HAVING
        return None if aside or participle else Share(index + 1, factors[word])
    if word not in doubles or after == "-":
        return None
    if language is _ES:
        led = before in ("el", "al", "del") or (before in ("casi", "hasta") and after == "de")
        return Share(index + 1, doubles[word]) if led and after in _AFTER_DOUBLE[language] else None
    closed = before in _BEFORE_DOUBLE and after in _CLOSING
    return Share(index + 1, doubles[word]) if after in _AFTER_DOUBLE[language] or closed else None


def part_of_unit(tokens: _Tokens, index: int, language: Language) -> Number | None:
    """The part at this token as a number that its unit follows ("half a | percent", "tres cuartos de | hora"), or null.

    Of a scale word the scale is in the number ("un cuarto de millón" is 250,000).
    """
    share = _share_named(tokens, index, language)
    if share is not None:
        place, part = _of_one(tokens, share.stop, language), share.value
        if place is None and tokens[index].lower == "half":
            place = index + 1 + (lower_at(tokens, index + 1) in ("a", "an", "-"))
    elif language is _ES and tokens[index].lower in _HALF_ES and lower_at(tokens, index - 1) not in ("y", "a"):
        place, part = index + 1, _HALF
    else:
        return None
    if place is None:
        return None
    word = lower_at(tokens, place)
    size = SIZES[language].get(word)
    if size is not None and size >= 100 and (share is None or place > share.stop):
        value = part * size
        exact = value == value.to_integral_value() or size < 1000
        return Number(index, place + 1, None, part if exact else value.quantize(Decimal(1)) / size, size)
    time = word in _TIME_ONE[language]
    if time or word in _POINT_ONE[language]:
        return Number(index, place, None, part) if place > index + 1 or language is _ES or not time else None
    return None


def _of_one(tokens: _Tokens, place: int, language: Language) -> int | None:
    """The token after "of a", "de", where the unit of a part stands; or null."""
    if language is _ES:
        return place + 1 if lower_at(tokens, place) == "de" else None
    led = lower_at(tokens, place) == "of" and lower_at(tokens, place + 1) in ("a", "an", "one")
    return place + 2 if led else None


def unit_and_half(tokens: _Tokens, index: int, language: Language) -> Quantity | None:
    """ "hora y media", "vez y media", "a year and a half", and "within an hour": a unit without a number."""
    word = tokens[index].lower
    if language is _ES:
        unit = TIME[language].get(word)
        led = lower_at(tokens, index + 1) == "y" and lower_at(tokens, index + 2) in _HALF_ES
        if unit is not None and not led and hedge_after(tokens, index + 1, language) is not None:
            return Quantity(index, index + 1, index + 1, Decimal(1), Kind.DURATION, "named", unit=unit)
        if not led or (unit is None and word != "vez"):
            return None
        kind = Kind.MULTIPLIER if unit is None else Kind.DURATION
        return Quantity(index, index + 3, index + 1, Decimal("1.5"), kind, "named", unit=unit)
    if word not in ("a", "an") or lower_at(tokens, index + 1) not in _TIME_ONE[language]:
        return None
    unit = TIME[language][lower_at(tokens, index + 1)]
    if words_at(tokens, index + 2, ("and", "a", "half")):
        return Quantity(index, index + 5, index + 2, Decimal("1.5"), Kind.DURATION, "named", unit=unit)
    if hedge_after(tokens, index + 2, language) is not None:
        return Quantity(index, index + 2, index + 1, Decimal(1), Kind.DURATION, "named", unit=unit)
    before = lower_at(tokens, index - 1)
    if before not in _WITHIN_UNIT or lower_at(tokens, index + 2) in ("-", "ago"):
        return None
    if before == "to" and lower_at(tokens, index - 2) != "up":
        return None
    return Quantity(index, index + 2, index + 1, Decimal(1), Kind.DURATION, "named", unit=unit)


def share_range(tokens: _Tokens, index: int, language: Language) -> Quantity | None:
    """ "(between) a quarter and a third", "(entre la) mitad y dos tercios", "a third to a half"; or null."""
    low = _share_named(tokens, index, language)
    if low is None:
        return None
    joiner = lower_at(tokens, low.stop)
    led = after_between(tokens, index) if joiner in _JOIN[language] else joiner == _TO[language]
    if not led or (joiner == _TO[language] and after_from(tokens, index)):
        return None
    start = low.stop + 1 + (lower_at(tokens, low.stop + 1) in ("la", "el", "the"))
    high = _share_named(tokens, start, language)
    if high is None or low.value >= high.value:
        return None
    return Quantity(
        index, high.stop, high.stop, low.value, Kind.FRACTION, "named", high=high.value, comparator=Comparator.RANGE
    )
