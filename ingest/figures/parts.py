"""Parts of a unit and ranges between fractions: "a quarter of a million", "medio punto", "between a third and half".

A fraction of a scale word is a count, of an hour a duration, of a percent a percentage; only of a whole is it a share.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from ingest.figures.fractions_in_words import share_named
from ingest.figures.lines import Line, Number, Quantity
from ingest.figures.number_tables import GROUPS, SCALES
from ingest.figures.ranges import after_between, after_from
from ingest.figures.scan import Token, lower_at, word_set
from ingest.figures.units import TIME
from kb.language import Language
from kb.statistic import Comparator, Kind

_HALF = Decimal("0.5")
_HALVES_ES = word_set("medio media")
_POINTS = {
    Language.ES: word_set("punto"),
    Language.EN: word_set("percent percentage point basis star"),
}
_POINTS[Language.OTHER] = _POINTS[Language.EN]
_SIZES = {language: {**SCALES[language], **GROUPS[language]} for language in Language}
_TIME_ES = word_set("hora minuto segundo día semana mes trimestre año década")
_TIME_EN = word_set("hour minute second day week month year decade")
_SMALLER = {"hours": ("minutes", 60), "minutes": ("seconds", 60), "years": ("months", 12), "days": ("hours", 24)}
_AND = {Language.ES: word_set("y e"), Language.EN: word_set("and"), Language.OTHER: word_set("and")}
_TO = {Language.ES: word_set("a"), Language.EN: word_set("to"), Language.OTHER: word_set("to")}
_ARTICLES = word_set("la el the")
_HEDGING = word_set("within under than about around nearly almost least to")
PART_STARTS = {
    Language.ES: _HALVES_ES | _TIME_ES | {"vez"},
    Language.EN: word_set("half a an"),
    Language.OTHER: word_set("half a an"),
}
"""Words that may open a part of a unit, beside the number words."""


def part_of_unit(tokens: list[Token], index: int, language: Language) -> Number | None:
    """The part at this token as a number that its unit follows ("half a | percent", "tres cuartos de | hora"), or null.

    Of a scale word the scale is in the number ("un cuarto de millón" is 250,000).
    """
    share = share_named(tokens, index, language)
    if share is not None:
        place, part = _of(tokens, share.stop, language), share.value
    elif (
        language is Language.ES and tokens[index].lower in _HALVES_ES and lower_at(tokens, index - 1) not in ("y", "a")
    ):
        place, part = index + 1, _HALF
    else:
        return None
    if share is not None and place is None and tokens[index].lower == "half":
        place = index + 1 + (lower_at(tokens, index + 1) in ("a", "an", "-"))
    if place is None:
        return None
    word = lower_at(tokens, place)
    size = _SIZES[language].get(word)
    if size is not None and size >= 100 and (share is None or place > share.stop):
        return Number(index, place + 1, None, part, Decimal(size))
    time = word in (_TIME_ES if language is Language.ES else _TIME_EN)
    if time or word in _POINTS[language]:
        return Number(index, place, None, part) if place > index + 1 or language is Language.ES or not time else None
    return None


def _of(tokens: list[Token], place: int, language: Language) -> int | None:
    """The token after "of a", "de", where the unit of a part stands; or null."""
    if language is Language.ES:
        return place + 1 if lower_at(tokens, place) == "de" else None
    if lower_at(tokens, place) == "of" and lower_at(tokens, place + 1) in ("a", "an", "one"):
        return place + 2
    return None


def in_smaller_unit(found: Quantity) -> Quantity:
    """A quarter of an hour as 15 minutes; half an hour, and what is no part, as it is."""
    smaller = _SMALLER.get(found.unit or "")
    if found.kind is not Kind.DURATION or smaller is None or found.value is None or not 0 < found.value < 1:
        return found
    value = found.value * smaller[1]
    whole = value.to_integral_value()
    if found.value == _HALF or abs(value - whole) > Decimal("0.05"):
        return found
    return replace(found, value=whole, unit=smaller[0])


def unit_and_half(tokens: list[Token], index: int, language: Language) -> Quantity | None:
    """ "hora y media", "a year and a half", "un punto y medio", and "within an hour": a unit without a number."""
    word = tokens[index].lower
    if language is Language.ES:
        led = lower_at(tokens, index + 1) == "y" and lower_at(tokens, index + 2) in _HALVES_ES
        if not led:
            return None
        if word == "vez":
            return Quantity(index, index + 3, index + 3, Decimal("1.5"), Kind.MULTIPLIER, "named")
        unit = TIME[language].get(word)
        return (
            Quantity(index, index + 3, index + 1, Decimal("1.5"), Kind.DURATION, "named", unit=unit) if unit else None
        )
    if word not in ("a", "an") or lower_at(tokens, index + 1) not in _TIME_EN:
        return None
    unit = TIME[language][lower_at(tokens, index + 1)]
    if [lower_at(tokens, index + step) for step in (2, 3, 4)] == ["and", "a", "half"]:
        return Quantity(index, index + 5, index + 2, Decimal("1.5"), Kind.DURATION, "named", unit=unit)
    if lower_at(tokens, index - 1) not in _HEDGING or lower_at(tokens, index + 2) in ("-", "ago"):
        return None
    if lower_at(tokens, index - 1) == "to" and lower_at(tokens, index - 2) != "up":
        return None
    return Quantity(index, index + 2, index + 1, Decimal(1), Kind.DURATION, "named", unit=unit)


def fraction_range(line: Line, index: int) -> Quantity | None:
    """ "(between) a quarter and a third", "(entre la) mitad y dos tercios", "a third to a half": a range of shares; or
    null."""
    tokens, language = line.tokens, line.language
    low = share_named(tokens, index, language)
    if low is None:
        return None
    joiner = lower_at(tokens, low.stop)
    if joiner in _AND[language]:
        if not after_between(tokens, index):
            return None
    elif joiner not in _TO[language] or after_from(tokens, index):
        return None
    start = low.stop + 1 + (lower_at(tokens, low.stop + 1) in _ARTICLES)
    high = share_named(tokens, start, language)
    if high is None or low.value >= high.value:
        return None
    return Quantity(
        index, high.stop, high.stop, low.value, Kind.FRACTION, "named", high=high.value, comparator=Comparator.RANGE
    )
