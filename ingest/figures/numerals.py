"""Numbers as written: digit groups with their scale, or number words (``spoken``).

Gives the value's parts and the tokens used; which mark is decimal is decided later (``marks``),
when it is known what is counted.
"""

from __future__ import annotations

from decimal import Decimal

from ingest.figures.lines import Number
from ingest.figures.nouns import MEASURED_NOUNS
from ingest.figures.number_tables import GROUPS, SCALES
from ingest.figures.rests import and_a_half, mixed_rest
from ingest.figures.scan import MAX_DIGITS, Token, lower_at
from ingest.figures.spoken import read_words
from ingest.figures.units import CODES, SIGNS, currency_after
from kb.language import Language

_ONE = Decimal(1)
_GLUED_SCALES = {"k": 10**3, "K": 10**3, "M": 10**6, "MM": 10**6, "mil": 10**3, "bn": 10**9}
_GLUED_SCALES_EN = {**_GLUED_SCALES, "B": 10**9, "bn": 10**9, "Bn": 10**9, "m": 10**6, "T": 10**12}
_MONEY_SCALES = {"M": 10**6, "MM": 10**6, "k": 10**3, "K": 10**3, "m": 10**6}
_RANGE_OF_MILLIONS = frozenset({"-", "–", "m", "to", "and"})


def read_number(tokens: list[Token], index: int, language: Language) -> Number | None:
    """The number that starts at this token, or null."""
    token = tokens[index]
    if token.kind == "n":
        return _read_digits(tokens, index, language)
    if token.kind == "w":
        return read_words(tokens, index, language)
    return None


def _read_digits(tokens: list[Token], index: int, language: Language) -> Number | None:
    if len(tokens[index].text) > MAX_DIGITS:
        return None
    digits, stop = _space_groups(tokens, index)
    negative = _has_minus(tokens, index)
    number = Number(index - 1 if negative else index, stop, digits, None, negative=negative)
    return _with_scale(tokens, number, language)


def _has_minus(tokens: list[Token], index: int) -> bool:
    if not (index and tokens[index].glued and tokens[index - 1].text in "-−"):
        return False
    return index == 1 or not tokens[index - 1].glued or tokens[index - 2].text in "(["


def _space_groups(tokens: list[Token], index: int) -> tuple[str, int]:
    """The digits of "6 000" joined, and the token after them; each further group has exactly three digits."""
    digits = tokens[index].text
    stop = index + 1
    if len(digits) > 3 or not digits.isdigit() or digits.startswith("0"):
        return digits, stop
    while stop < len(tokens) and _continues(tokens[stop - 1], tokens[stop]):
        digits += tokens[stop].text
        stop += 1
        if not tokens[stop - 1].text.isdigit():
            break
    return digits, stop


def _continues(before: Token, token: Token) -> bool:
    # "6 000" yes; "6 0000", "6  000" and "6, 000" no.
    if token.kind != "n" or token.start - before.end != 1:
        return False
    head = token.text.replace(",", ".").split(".")[0]
    return len(head) == 3 and (token.text.isdigit() or len(token.text) != 7)


def _with_scale(tokens: list[Token], number: Number, language: Language) -> Number:
    stop, scale = number.stop, _ONE
    word = tokens[stop] if stop < len(tokens) else None
    if word is not None and word.glued and word.kind == "w":
        glued = _GLUED_SCALES_EN if language is not Language.ES else _GLUED_SCALES
        if word.text in glued and (word.text != "m" or _is_million(tokens, stop)):
            return _replace(number, stop + 1, Decimal(glued[word.text]))
    while stop < len(tokens):
        factor = SCALES[language].get(tokens[stop].lower) or _group_scale(tokens, stop, language)
        if factor is None or scale * factor > 10**18:
            break
        scale *= factor
        stop += 1
    if scale == 1 and word is not None and word.text in _MONEY_SCALES and currency_after(tokens, stop + 1):
        return _replace(number, stop + 1, Decimal(_MONEY_SCALES[word.text]))  # "30 M€", "30 MM de dólares"
    if scale == 10**3:
        stop, scale, plus = mixed_rest(tokens, stop, scale, language)
        if plus:
            return _in_millions(tokens, _replace(number, stop, scale, plus))
    stop, plus = and_a_half(tokens, stop, scale, language)
    return _in_millions(tokens, _replace(number, stop, scale, plus))


def _is_million(tokens: list[Token], place: int) -> bool:
    """Whether the "m" at this token is a million ("$45m", "5m users") and not minutes or metres ("6m 30s")."""
    if currency_after(tokens, place + 1) or any(lower_at(tokens, place + step) in MEASURED_NOUNS for step in (1, 2, 3)):
        return True
    before = place - 2
    while before > max(0, place - 7) and (tokens[before].kind == "n" or tokens[before].lower in _RANGE_OF_MILLIONS):
        before -= 1
    return before >= 0 and (tokens[before].text in SIGNS or tokens[before].text in CODES)


def _in_millions(tokens: list[Token], number: Number) -> Number:
    """ "3,450 mdp", "2 mil 345 mdd": millions that the currency's abbreviation holds."""
    if lower_at(tokens, number.stop) not in ("mdp", "mdd"):
        return number
    return _replace(number, number.stop, number.scale * 10**6, number.plus * 10**6)


def _group_scale(tokens: list[Token], index: int, language: Language) -> int | None:
    return GROUPS[language].get(tokens[index].lower) if tokens[index].lower != "score" else None


def _replace(number: Number, stop: int, scale: Decimal, plus: Decimal = Decimal(0)) -> Number:
    return Number(number.first, stop, number.digits, number.words, scale, plus, number.negative)
