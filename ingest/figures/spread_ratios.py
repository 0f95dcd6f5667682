"""Ratios whose two numbers stand apart: "one call in five", "de cada 10 clientes, 7", "two of the ten banks", "3 to 1".

Reads the words between and right after the numbers; numbers side by side are ``ratios``'.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from ingest.figures.hedges import hedge_before
from ingest.figures.lines import Line, Number, Quantity
from ingest.figures.marks import Counted
from ingest.figures.nouns import LIST_NOUNS, MEASURED_NOUNS
from ingest.figures.numerals import read_number
from ingest.figures.scan import Token, lower_at, word_set, words_at
from ingest.figures.units import TIME, percent_at
from kb.language import Language
from kb.statistic import Kind

# Between a number and its noun, and what it is out of.
_SURE = {
    Language.ES: (("de", "cada"), ("por", "cada")),
    Language.EN: (("out", "of", "every"), ("out", "of", "each"), ("in", "every"), ("of", "every"), ("out", "of")),
}
_SURE[Language.OTHER] = _SURE[Language.EN]
_EVERY = {
    Language.ES: (("de", "cada"),),
    Language.EN: (("out", "of", "every"), ("of", "every"), ("for", "every"), ("out", "of", "each"), ("in", "every")),
}
_EVERY[Language.OTHER] = _EVERY[Language.EN]
_OF_THE = {
    Language.ES: (("de", "los"), ("de", "las"), ("entre", "los"), ("entre", "las")),
    Language.EN: (("of", "the"), ("out", "of", "the"), ("of", "our"), ("of", "its")),
}
_OF_THE[Language.OTHER] = _OF_THE[Language.EN]
_PREDICATES = word_set(
    "is are was were has have had will would can could now never says say said still ends goes gets leaves fails "
    "who whose"
)
_NO_NOUNS = word_set(
    "de of y and o or que that who which en in para for to a con with por by the los las el la un una is are was were "
    "times veces es son fue más more less menos hasta up out"
)
_TOPS = word_set("largest biggest top leading major principales mayores grandes primeros primeras líderes")
_ODDS = (
    "ratio",
    "proporción",
    "proporcion",
    "razón",
    "relación",
    "outnumber",
    "odds",
    "margin",
    "superan",
    "superaron",
)
_WHOLES = frozenset(Decimal(size) for size in (3, 4, 5, 6, 7, 8, 9, 10, 20, 25, 50, 100, 1000, 10000))
_MOST_NAMED = 25

_EACH = word_set("cada every each")
_ODDS_SIGNS = word_set(": - to a")
_OF_STARTS = word_set("of out de entre")
_CONNECTORS = word_set("de por out in of")
_Rule = Callable[[Line, Number, Decimal], Quantity | None]


def spread_ratio(line: Line, number: Number) -> Quantity | None:
    """The ratio that ``number`` is one of the two numbers of, when words stand between them; or null."""
    tokens, stop = line.tokens, number.stop
    following = tokens[stop] if stop < len(tokens) else None
    rules: list[_Rule] = []  # a look at the neighbours first: most numbers have no second one
    if lower_at(tokens, number.first - 1) in _EACH:
        rules.append(_of_every)
    if following is not None and following.lower in _ODDS_SIGNS:
        rules.append(_odds)
    if following is not None and following.lower in _OF_STARTS:
        rules.append(_of_the)
    elif {lower_at(tokens, stop + 1), lower_at(tokens, stop + 2)} & _CONNECTORS:
        rules.append(_noun_between)
    if not rules:
        return None
    value = number.value(line.language, Counted.THINGS, line.evidence)
    if value is None or value != value.to_integral_value() or value < 1 or number.scale > 1000:
        return None
    return next((found for rule in rules for found in [rule(line, number, value)] if found is not None), None)


def _whole(line: Line, place: int, part: Decimal) -> tuple[Number, Decimal] | None:
    """The number at this token and its value where it is a round one above ``part``."""
    number = read_number(line.tokens, place, line.language) if place < len(line.tokens) else None
    value = number.value(line.language, Counted.THINGS, line.evidence) if number is not None else None
    return (number, value) if number is not None and value in _WHOLES and value is not None and value > part else None


def _quantity(first: int, stop: int, part: Decimal, whole: Decimal, words: bool) -> Quantity:
    return Quantity(first, stop, stop, share_of(part, whole), Kind.RATIO, "words" if words else "digits")


def _noun_between(line: Line, number: Number, part: Decimal) -> Quantity | None:
    """ "one call in five is", "una llamada de cada cinco", "4 times out of 10"."""
    tokens, language = line.tokens, line.language
    for place in range(number.stop + 1, number.stop + 3):
        noun = tokens[place - 1] if place - 1 < len(tokens) else None
        times = noun is not None and noun.lower in ("times", "veces")
        if noun is None or noun.kind != "w" or (noun.lower in _NO_NOUNS and not times) or noun.lower in TIME[language]:
            return None
        words = next((one for one in _SURE[language] if words_at(tokens, place, one)), None)
        loose = words is None and language is not Language.ES and lower_at(tokens, place) == "in"
        if words is None and not loose:
            continue
        whole = _whole(line, place + (1 if words is None else len(words)), part)
        if whole is None or (loose and not _is_predicated(line, whole[0])) or (times and whole[1] - part == 1):
            return None  # "nine times out of ten" is an idiom
        return _quantity(number.first, whole[0].stop, part, whole[1], number.digits is None)
    return None


def _is_predicated(line: Line, whole: Number) -> bool:
    """Whether "one customer in five" is what the sentence speaks of, not "one store in five cities"."""
    following = lower_at(line.tokens, whole.stop)
    return following in _PREDICATES or (following in (",", ".", "", ";", ")") and whole.digits is None)


def _of_every(line: Line, number: Number, whole: Decimal) -> Quantity | None:
    """ "de cada 10 clientes, 7 vuelven", "for every 10 customers, 7 return": from the whole to its part."""
    tokens = line.tokens
    words = next((one for one in _EVERY[line.language] if words_at(tokens, number.first - len(one), one)), None)
    if words is None or whole not in _WHOLES:
        return None
    comma = next((place for place in range(number.stop, number.stop + 5) if lower_at(tokens, place) == ","), None)
    if comma is None or any(token.kind != "w" for token in tokens[number.stop : comma]):
        return None
    for place in range(comma + 1, min(comma + 5, len(tokens))):
        part = read_number(tokens, place, line.language) if tokens[place].lower not in ("un", "una", "a") else None
        if part is not None:
            return _part_of_every(line, number.first - len(words), whole, part)
    return None


def _part_of_every(line: Line, first: int, whole: Decimal, part: Number) -> Quantity | None:
    value = part.value(line.language, Counted.THINGS, line.evidence)
    following = lower_at(line.tokens, part.stop)
    other = following in TIME[line.language] or following in MEASURED_NOUNS or following in LIST_NOUNS
    if value is None or value > whole or other or percent_at(line.tokens, part.stop) or part.scale != 1:
        return None
    hedge = hedge_before(line.tokens, part.first, line.language)
    found = Quantity(first, part.stop, part.stop, share_of(value, whole), Kind.RATIO, "digits")
    if hedge is None:
        return found
    return Quantity(first, part.stop, part.stop, share_of(value, whole), Kind.RATIO, "digits", comparator=hedge[1])


def _of_the(line: Line, number: Number, part: Decimal) -> Quantity | None:
    """ "two of the ten banks surveyed", "ocho de los diez principales bancos"; not "3 of the 5 steps"."""
    tokens = line.tokens
    words = next((one for one in _OF_THE[line.language] if words_at(tokens, number.stop, one)), None)
    if words is None or part < 2:
        return None
    place = number.stop + len(words)
    place += lower_at(tokens, place) in _TOPS
    whole = read_number(tokens, place, line.language) if place < len(tokens) else None
    value = whole.value(line.language, Counted.THINGS, line.evidence) if whole is not None else None
    if whole is None or value is None or not part < value <= _MOST_NAMED:
        return None
    near = {lower_at(tokens, whole.stop + step) for step in range(3)}
    counted = near & MEASURED_NOUNS or near & _TOPS or lower_at(tokens, place - 1) in _TOPS
    if not counted or near & (LIST_NOUNS - MEASURED_NOUNS) or lower_at(tokens, whole.stop) in TIME[line.language]:
        return None
    return _quantity(number.first, whole.stop, part, value, number.digits is None)


def _odds(line: Line, number: Number, value: Decimal) -> Quantity | None:
    """ "a ratio of 3:1", "outnumber them 10 to 1", "una proporción de 3 a 1": how many to one."""
    tokens, place = line.tokens, number.stop
    sign = lower_at(tokens, place)
    if sign == "-" and lower_at(tokens, place + 1) == "to" and lower_at(tokens, place + 2) == "-":
        place += 2
    elif sign not in (":", "to", "a"):
        return None
    if place + 1 >= len(tokens) or (sign == ":" and not tokens[place + 1].glued):
        return None
    second = read_number(tokens, place + 1, line.language)
    base = second.value(line.language, Counted.THINGS, line.evidence) if second is not None else None
    if (
        second is None
        or base is None
        or not 1 <= base < value
        or second.scale != 1
        or not _is_odds(tokens, number, second)
    ):
        return None
    return _quantity(number.first, second.stop, value, base, number.digits is None)


def _is_odds(tokens: list[Token], number: Number, second: Number) -> bool:
    near = [lower_at(tokens, place) for place in range(max(0, number.first - 8), number.first)]
    near += [lower_at(tokens, second.stop)]
    return any(word.startswith(_ODDS) for word in near)


def share_of(part: Decimal, whole: Decimal) -> Decimal:
    """``part / whole``; what does not end is rounded to four digits (2/3 is 0.6667)."""
    share = part / whole
    rounded = share.quantize(Decimal("0.0001"))
    exponent = share.normalize().as_tuple().exponent
    return share if isinstance(exponent, int) and exponent >= -4 else rounded
