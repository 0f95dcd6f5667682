"""Quantities in a line of tokens: a number with what follows it, as percent, ratio, multiplier, count and so on.

Finds every number, figure or not; whether it is a figure is decided elsewhere (``refusals``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.figures.factors import FACTOR_WORDS, named_factor_at
from ingest.figures.fractions_in_words import DENOMINATORS, FRACTION_STARTS, fraction_at
from ingest.figures.lines import Line, Quantity
from ingest.figures.measures import after_number, money_quantity
from ingest.figures.number_tables import GROUP_WORDS, SCALES, SMALL, VAGUE
from ingest.figures.numerals import read_number
from ingest.figures.ordinals import ORDINALS, ordinal_at
from ingest.figures.parts import PART_STARTS, fraction_range, in_smaller_unit, part_of_unit, unit_and_half
from ingest.figures.scan import Token, lower_at, word_set
from ingest.figures.units import (
    CODES,
    CURRENCY_WORDS,
    MONEY_STARTS,
    SIGNS,
    SINGULAR_TIME,
    TIME,
    currency_before,
)
from kb.language import Language
from kb.statistic import Kind

_OPENERS = {
    Language.ES: word_set("mil medio media millón"),
    Language.EN: word_set("a an half"),
    Language.OTHER: word_set("a an half"),
}
_SINGULAR_ES = word_set("hora minuto día semana mes año década trimestre tercio cuarto quinto parte mitad")
_STARTS = {
    language: frozenset(SMALL[language]) | frozenset(VAGUE[language]) | frozenset(ORDINALS[language])
    | FRACTION_STARTS[language] | FACTOR_WORDS[language] | MONEY_STARTS | _OPENERS[language]
    | PART_STARTS[language]
    for language in Language
}  # fmt: skip
# "un" and "a" tell nothing alone: they open a number only before one of the others.
_TELLING = (
    frozenset().union(*_STARTS.values(), SINGULAR_TIME, *SCALES.values(), GROUP_WORDS, _SINGULAR_ES, DENOMINATORS)
    - word_set("un una a an us vez s c r u")
)  # fmt: skip
_OUT = word_set("de por out in of")
# What may follow "a" or "un" where it is "one" or opens a number; it is nearly always an article and left at once.
_AFTER_A = DENOMINATORS | frozenset(SCALES[Language.EN]) | GROUP_WORDS | SINGULAR_TIME | {"$", "-", "a"}
_AFTER_UN = (
    DENOMINATORS | frozenset(SCALES[Language.ES]) | GROUP_WORDS | frozenset(TIME[Language.ES])
    | frozenset(CURRENCY_WORDS) | word_set("vez veces punto estrella de por % y o u a al sobre entre / - , en $")
)  # fmt: skip
_ARTICLES = {"a": _AFTER_A, "an": _AFTER_A, "un": _AFTER_UN, "una": _AFTER_UN}
_DIGIT = re.compile(r"[0-9]")
_WORD = re.compile(r"[^\W\d_]+")


def find_quantities(line: Line) -> Iterator[Quantity]:
    """Every quantity of the line, in order, without overlap; "un" and "una" alone are none."""
    starts, stop = _STARTS[line.language], 0
    for index, token in enumerate(line.tokens):
        if index < stop:
            continue
        if token.kind == "w":
            if token.lower not in starts and token.text not in CODES:
                continue
        elif token.kind != "n" and token.text not in SIGNS:
            continue
        found = _quantity_at(line, index)
        if found is None:
            continue
        stop = found.stop
        if not _is_article(line, found):
            yield found


def _is_article(line: Line, found: Quantity) -> bool:
    """Whether the "number" is a Spanish article ("un", "una"), which is none."""
    return found.stop - found.first == 1 and line.tokens[found.first].lower in ("un", "una")


def may_hold_numbers(text: str) -> bool:
    """Whether a text has a digit or a word that could be, or be part of, a number: a quick look before reading."""
    return _DIGIT.search(text) is not None or not _TELLING.isdisjoint(_WORD.findall(text.lower()))


def _quantity_at(line: Line, index: int) -> Quantity | None:
    tokens, language = line.tokens, line.language
    word = tokens[index].kind == "w"
    followers = _ARTICLES.get(tokens[index].lower) if word else None
    if followers is not None and not _opens_number(tokens, index, followers):
        return None
    part = _part_at(line, index) if word else None
    if part is not None:
        return part
    share = fraction_at(tokens, index, language)
    if share is not None:
        return Quantity(index, share.stop, share.stop, share.value, Kind.FRACTION, "named")
    factor = named_factor_at(tokens, index, language) if word else None
    if factor is not None:
        return Quantity(index, factor.stop, factor.stop, factor.value, Kind.MULTIPLIER, "named")
    money = currency_before(tokens, index)
    if money is not None:
        return money_quantity(line, index, money)
    ordinal = ordinal_at(tokens, index, language)
    if ordinal is not None:
        return ordinal
    number = read_number(tokens, index, language)
    return after_number(line, number) if number is not None else None


def _opens_number(tokens: list[Token], index: int, followers: frozenset[str]) -> bool:
    """Whether "a" or "un" may be a number or its first word: what follows has a unit, a fraction or a whole."""
    if lower_at(tokens, index + 1) in followers:
        return True
    return any(lower_at(tokens, index + step) in _OUT for step in (2, 3))


def _part_at(line: Line, index: int) -> Quantity | None:
    """A part of a unit, a unit and a half, or a range between fractions at this word; or null."""
    tokens, language = line.tokens, line.language
    part = part_of_unit(tokens, index, language)
    if part is not None:
        return in_smaller_unit(after_number(line, part))
    return unit_and_half(tokens, index, language) or fraction_range(line, index)
