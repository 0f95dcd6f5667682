"""The words and signs that follow or lead a number and say what it measures: percent, money, time, factors.

Lookups in the lexicon only. Knows nothing of sentences or documents.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from kb.records.language import Language
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import Token, lower_at

_Tokens = Sequence[Token]
_WORDS = lexicon()
_PERCENT = _WORDS.phrases("percent")
_CURRENCY = _WORDS.phrases("currency_word")
SIGNS = _WORDS.names("currency_sign")
"""Signs of currencies and the unit of each; "$" is a unit of its own, for a Spanish text does not say whose."""
CODES = words_of("currency_code")
"""Three capitals that name a currency."""
POINT_UNITS = frozenset({"percentage points", "basis points"})
"""Units of a difference between shares: a score with its number, never a share."""
_PREFIXES = _WORDS.names("currency_prefix")
_DOTTED = _WORDS.names("currency_mark")
MONEY_STARTS = frozenset(_PREFIXES) | {mark.lower() for mark in _DOTTED} | {"mm", "m"}
"""Lower-case words that may stand before a sum: "US$ 5", "S/ 12.50", "Bs. 20", "MM$ 320"."""
TIME = {one: _WORDS.names("time", one) for one in Language}
"""Words of time and their unit."""
SHORT_TIME = _WORDS.names("time_short")
"""Abbreviations that are of time only where something takes time: "45m", "6m 30s"."""
_LED = words_of("time_qualifier")
_CLOCK = words_of("clock")
_TIMED = _WORDS.stems("timed_stem")
_RANGE_TO = frozenset(["to", "a", "-", "–", "y", "and"])
# "20 por 100 de los clientes" is a share; "20 por 100 cm" a size.
_AFTER_FIGURES = frozenset(["de", "del", "", ".", ",", ";", ")"])
_FACTOR_UNITS = words_of("factor_unit")


def percent_at(tokens: _Tokens, index: int) -> tuple[int, str | None, Decimal] | None:
    """The token after a percent sign or word, its unit (null for plain percent) and its factor; or null."""
    found = _PERCENT.at(tokens, index)
    if found is None:
        return None
    stop = index + len(found.words)
    if found.words[-1][0] == "1" and lower_at(tokens, stop) not in _AFTER_FIGURES:
        return None
    return stop, found.entry.effect or None, found.entry.number


def currency_after(tokens: _Tokens, index: int) -> tuple[int, str] | None:
    """The token after a currency name or sign at ``index`` ("€", "de dólares", "USD") and its unit; or null."""
    if index >= len(tokens):
        return None
    if tokens[index].text in SIGNS:
        # "100 $20 coupons": the sign belongs to the next number.
        own = index + 1 >= len(tokens) or not (tokens[index + 1].kind == "n" and tokens[index + 1].glued)
        return (index + 1, SIGNS[tokens[index].text]) if own else None
    place = index + (tokens[index].lower == "de")
    if place > index and place < len(tokens) and tokens[place].text in SIGNS:
        return place + 1, SIGNS[tokens[place].text]  # "310 mill. de €"
    found = _CURRENCY.at(tokens, place)
    if found is None:
        return None
    if found.entry.place == "after" and place == index:
        return None  # "diez reales" is not money, "diez millones de reales" is
    return place + len(found.words), found.entry.value


def currency_before(tokens: _Tokens, index: int) -> tuple[int, str, Decimal | None] | None:
    """Where the number starts that the currency mark at ``index`` leads, its unit, and its scale; or null.

    The scale is null where it is not sure: "M$" is thousands in Chile and millions elsewhere.
    """
    token, after = tokens[index], lower_at(tokens, index + 1)
    if token.text in SIGNS:
        return index + 1, SIGNS[token.text], Decimal(1)
    if token.text in ("MM", "M") and after in SIGNS and tokens[index + 1].glued:
        return index + 2, SIGNS[after], Decimal(10**6) if token.text == "MM" or after != "$" else None
    if token.text in CODES:
        return index + (2 if after in SIGNS else 1), token.text, Decimal(1)
    if token.text in _DOTTED:
        slash = after == "/" and tokens[index + 1].glued
        if slash or token.text != "S":
            place = index + 1 + slash
            return place + (lower_at(tokens, place) == "."), _DOTTED[token.text], Decimal(1)
    if after == "$" and token.lower in _PREFIXES and tokens[index + 1].glued:
        place = index + 2  # "US$ 5", "U$S 5"
        return place + (lower_at(tokens, place) == "s" and tokens[place].glued), _PREFIXES[token.lower], Decimal(1)
    return None


def factor_unit_at(tokens: _Tokens, index: int) -> tuple[int, str | None] | None:
    """The token after "times", "veces", "x" or "-fold", and "times" where it may also tell how often; or null."""
    word = lower_at(tokens, index)
    if word in ("x", "×"):
        following = tokens[index + 1] if index + 1 < len(tokens) else None
        glued = following is not None and following.glued and following.kind in "wn"
        return None if glued else (index + 1, None)
    if word == "-" and lower_at(tokens, index + 1) == "fold":
        return index + 2, None
    return (index + 1, "times") if word in _FACTOR_UNITS else None


def time_at(tokens: _Tokens, index: int, language: Language) -> tuple[int, str] | None:
    """The token after the unit of time that stands at ``index``, right after its number, and the unit; or null."""
    if index >= len(tokens):
        return None
    step = 1 if tokens[index].text == "-" and tokens[index].glued else 0
    step += lower_at(tokens, index + step) in _LED
    word = lower_at(tokens, index + step)
    unit = TIME[language].get(word)
    if unit is not None:
        stop = index + step + 1
        return stop + (lower_at(tokens, stop) in _LED and language is Language.ES), unit
    if word in SHORT_TIME and not step and _is_short_unit(tokens, index):
        return index + 1, SHORT_TIME[word]
    return None


def _is_short_unit(tokens: _Tokens, index: int) -> bool:
    """Whether "h", "m" or "s" after a number is of time: "48h", "45m" of a wait; not "a las 18 h", "the 90s", "5m"."""
    if index + 1 < len(tokens) and tokens[index + 1].glued and tokens[index + 1].text in "/'’":
        return False
    if lower_at(tokens, index - 2) in _CLOCK or tokens[index - 1].kind not in "nv":
        return False
    timed = any(tokens[place].lower.startswith(_TIMED) for place in range(max(0, index - 9), index - 1))
    unit = SHORT_TIME[tokens[index].lower]
    if unit == "hours":
        return timed or lower_at(tokens, index - 2) not in _RANGE_TO  # "de 9 a 18 h"
    if unit == "minutes" and SHORT_TIME.get(lower_at(tokens, index + 2)) == "seconds":
        return True
    timed = timed or (unit == "seconds" and not tokens[index - 1].text.isdigit())  # "carga en 1,9 s"
    return timed and lower_at(tokens, index - 2) not in ("the", "los")
