"""Numbers as written: digit groups with their scales, or number words, with what adds to them.

Gives the value's parts and the tokens used; which mark is decimal is decided later (``marks``), when it is known what
is counted.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from kb.numbers.records import Number, rounded
from kb.numbers.units import CODES, SIGNS, TIME, currency_after, percent_at
from kb.records.language import Language
from kb.words.lexicon import lexicon, words_of
from kb.words.tokens import MAX_DIGITS, Token, lower_at, words_at

_Tokens = Sequence[Token]
_WORDS = lexicon()
_ONE, _HALF = Decimal(1), Decimal("0.5")
SMALL = {one: _WORDS.numbers("number", one) for one in Language}
"""The number words below a thousand."""
SCALES = {one: _WORDS.numbers("scale", one) for one in Language}
"""Scale words: Spanish on the long scale (billón is 10^12), English on the short one (billion is 10^9)."""
GROUPS = {one: _WORDS.numbers("group", one) for one in Language}
"""Words that count in dozens, hundreds and so on, with their size."""
VAGUE = {one: _WORDS.numbers("vague", one) for one in Language}
"""Plurals that name an order of magnitude only ("docenas de métricas"): read as about one of it."""
SIZES = {one: {**SCALES[one], **GROUPS[one]} for one in Language}
"""Scales and groups together."""
_GLUED = {one: _WORDS.numbers("glued_scale", one) for one in Language}
MONEY_SCALES = _WORDS.numbers("money_scale")
"""Abbreviated scales that stand apart before a currency, or behind a sum: "30 M€", "US$ 1,2 MM"."""
_IN_MILLIONS = words_of("currency_in_millions")
_COUNTED, _NO_NOUNS = words_of("measured_noun"), words_of("no_noun")
_DECIMAL = {one: words_of("decimal_word", one) for one in Language}
_AFTER_DECIMALS = words_of("factor_unit") | words_of("point")
_HALVES = {Language.ES: (("y", "medio"), ("y", "media")), Language.EN: (("and", "a", "half"),)}
_HALVES[Language.OTHER] = _HALVES[Language.EN]
_MINUS = words_of("minus")
_BEFORE_MINUS = words_of("before_minus")
_HALF_ES = words_of("half_word", Language.ES)
_THOUSANDS = re.compile(r"[1-9][0-9]{0,2}[.,][0-9]{3}")
_UNREADABLE = "?"
_TEN_TO_18 = 10**18


def read_number(tokens: _Tokens, index: int, language: Language) -> Number | None:
    """The number that starts at this token, or null."""
    kind = tokens[index].kind
    if kind == "n":
        return _read_digits(tokens, index, language)
    if kind == "v":
        return Number(index, index + 1, None, _fraction(tokens[index]))
    return _read_words(tokens, index, language) if kind == "w" else None


def _fraction(token: Token) -> Decimal:
    """The value of a written fraction."""
    return rounded(Decimal(str(unicodedata.numeric(token.text))))


def _read_digits(tokens: _Tokens, index: int, language: Language) -> Number | None:
    if len(tokens[index].text) > MAX_DIGITS:
        return None
    digits, stop = _space_groups(tokens, index)
    first = _sign_start(tokens, index)
    if len(digits) > MAX_DIGITS:
        digits = _UNREADABLE  # groups without an end are no number of anything
    number = Number(index if first is None else first, stop, digits, None, negative=first is not None)
    if stop < len(tokens) and tokens[stop].kind == "v" and tokens[stop].glued:
        scaled = _with_scales(tokens, replace(number, stop=stop + 1), language)
        return replace(scaled, plus=scaled.plus + _fraction(tokens[stop]) * scaled.scale)  # "1½", "3½ million"
    return _with_scales(tokens, number, language)


def _sign_start(tokens: _Tokens, index: int) -> int | None:
    """Where the minus of the digits at ``index`` starts, or null: a glued sign, "de menos 9", "minus 9"."""
    before = tokens[index - 1] if index else None
    if before is None:
        return None
    if before.text in "-−–" and tokens[index].glued:
        opens = index == 1 or tokens[index - 2].text in "([" or not before.glued
        return index - 1 if opens and not (index > 1 and tokens[index - 2].kind == "n") else None
    if before.lower in _MINUS and lower_at(tokens, index - 2) in _BEFORE_MINUS:
        return index - 1
    return None


def _space_groups(tokens: _Tokens, index: int) -> tuple[str, int]:
    """The digits of "6 000" joined, and the token after them; each further group has exactly three digits."""
    digits, stop = tokens[index].text, index + 1
    if len(digits) == 1 and _is_broken(tokens, stop):
        return digits + tokens[stop].text, stop + 1
    if len(digits) > 3 or not digits.isdigit() or digits.startswith("0"):
        return digits, stop
    while stop < len(tokens) and _continues(tokens[stop - 1], tokens[stop]):
        digits += tokens[stop].text
        stop += 1
        if not tokens[stop - 1].text.isdigit():
            break
    return digits, stop


def _is_broken(tokens: _Tokens, place: int) -> bool:
    """ "7 3 %": one digit, a blank and one digit before a percent sign are one number that a page broke."""
    if lower_at(tokens, place + 1) != "%" or len(tokens[place].text) != 1 or tokens[place].kind != "n":
        return False
    alone = tokens[place].start - tokens[place - 1].end == 1
    return alone and (place < 2 or tokens[place - 2].kind == "w")


def _continues(before: Token, token: Token) -> bool:
    # "6 000" yes; "6 0000", "6  000" and "6, 000" no.
    if token.kind != "n" or token.start - before.end != 1:
        return False
    head = token.text.replace(",", ".").split(".")[0]
    return len(head) == 3 and (token.text.isdigit() or len(token.text) != 7)


def _with_scales(tokens: _Tokens, number: Number, language: Language) -> Number:
    """The number with its scale words, what follows the scale, and half of it more."""
    stop, scale = number.stop, _ONE
    word = tokens[stop] if stop < len(tokens) else None
    glued = word is not None and word.kind == "w" and word.glued and word.text in _GLUED[language]
    if word is not None and glued and (word.text != "m" or _is_million(tokens, stop)):
        return replace(number, stop=stop + 1, scale=_GLUED[language][word.text])
    while stop < len(tokens):
        factor = SIZES[language].get(tokens[stop].lower)
        if factor is None or tokens[stop].lower == "score" or scale * factor > _TEN_TO_18:
            break
        scale, stop = scale * factor, stop + 1
        stop += _is_abbreviated(tokens, stop)
    sized = _money_scale(tokens, stop, language)
    if sized is not None:
        return replace(number, stop=sized[0], scale=scale * sized[1])  # "30 M€", "7 mil M€", "1,8 M de socios"
    stop, scale, plus = _rest(tokens, stop, scale, language)
    if not plus:
        stop, plus = _and_a_half(tokens, stop, scale, language)
    if lower_at(tokens, stop) in _IN_MILLIONS:  # "3,450 mdp", "2 mil 345 mdd"
        scale, plus = scale * 10**6, plus * 10**6
    return replace(number, stop=stop, scale=scale, plus=plus)


def _is_abbreviated(tokens: _Tokens, stop: int) -> bool:
    """Whether a full stop belongs to the scale word before it: "450 mill. de euros"."""
    return lower_at(tokens, stop) == "." and lower_at(tokens, stop - 1) == "mill" and tokens[stop].glued


def _money_scale(tokens: _Tokens, stop: int, language: Language) -> tuple[int, Decimal] | None:
    """The token after an abbreviated scale that stands apart, before a currency or what is counted, and the scale."""
    size = MONEY_SCALES.get(tokens[stop].text) if stop < len(tokens) else None
    if size is None:
        return None
    after = lower_at(tokens, stop + 1)
    led = after in ("de", "of") and stop + 2 < len(tokens) and tokens[stop + 2].kind == "w"
    named = stop + 1 < len(tokens) and tokens[stop + 1].kind == "w" and tokens[stop + 1].text.islower()
    big = tokens[stop].text in ("M", "MM") and (led or (named and after not in _NO_NOUNS))
    counted = after in _COUNTED or big
    decimal = not tokens[stop - 1].text.isdigit() and tokens[stop - 1].kind == "n" and after.endswith("s")
    if currency_after(tokens, stop + 1) or counted or (decimal and len(after) > 3 and language is not Language.ES):
        return stop + 1, size
    return None


def _is_million(tokens: _Tokens, place: int) -> bool:
    """Whether the "m" at this token is a million ("$45m", "5m users") and not minutes or metres ("6m 30s")."""
    following = [lower_at(tokens, place + step) for step in (1, 2, 3)]
    counted = next((at for at, word in enumerate(following) if word in _COUNTED), None)
    if currency_after(tokens, place + 1) or (counted is not None and _NO_NOUNS.isdisjoint(following[:counted])):
        return True
    before = place - 2
    while before > max(0, place - 7) and (tokens[before].kind == "n" or tokens[before].lower in ("-", "–", "m", "to")):
        before -= 1
    return before >= 0 and (tokens[before].text in SIGNS or tokens[before].text in CODES)


def _rest(tokens: _Tokens, stop: int, scale: Decimal, language: Language) -> tuple[int, Decimal, Decimal]:
    """What smaller parts after a scale add: "84 millones | 310 mil", "2 mil | 345", "45 mil | 500 millones".

    Gives the token after them, the scale of the number before them and what they add to it.
    """
    plus, floor = Decimal(0), scale
    while floor >= 1000 and stop < len(tokens) and tokens[stop].kind == "n" and not tokens[stop].glued:
        part = tokens[stop].text
        if floor == 10**6 and _THOUSANDS.fullmatch(part):
            return stop + 1, scale, plus + int(re.sub("[.,]", "", part))  # "2 millones 600.000"
        if not part.isdigit() or len(part) > 3 or part.startswith("0"):
            break
        size = SCALES[language].get(lower_at(tokens, stop + 1))
        if size is not None and size < floor:
            plus, stop, floor = plus + Decimal(part) * size, stop + 2, size
        elif size is not None and floor == 1000 and size == 10**6 and language is Language.ES:
            return stop + 2, scale * size, (plus + Decimal(part)) * size
        elif (
            size is None
            and language is Language.ES
            and lower_at(tokens, stop - 1) == "mil"
            and (len(part) > 1 or lower_at(tokens, stop + 1).endswith("s"))
        ):
            if lower_at(tokens, stop + 1) in ("%", "por", ",", "/"):
                break
            return stop + 1, scale, plus + Decimal(part)
        else:
            break
    return stop, scale, plus


def _and_a_half(tokens: _Tokens, stop: int, scale: Decimal, language: Language) -> tuple[int, Decimal]:
    """ "un millón y medio", "two and a half": the token after it and what it adds."""
    for words in _HALVES[language]:
        if words_at(tokens, stop, words):
            return stop + len(words), scale * _HALF
    return stop, Decimal(0)


def _read_words(tokens: _Tokens, index: int, language: Language) -> Number | None:
    """The number whose words start at this token, or null."""
    word, after = tokens[index].lower, lower_at(tokens, index + 1)
    spanish, sizes = language is Language.ES, SIZES[language]
    if spanish and word in _HALF_ES and after in sizes and not after.endswith("s"):
        return Number(index, index + 2, None, _HALF * sizes[after])
    if word == "half" and after in ("a", "an") and lower_at(tokens, index + 2) in sizes:
        return Number(index, index + 3, None, _HALF * sizes[lower_at(tokens, index + 2)])
    if word in ("cien", "ciento") and lower_at(tokens, index - 1) == "por":
        return None  # "treinta y tantos por ciento"
    scaled = spanish and (
        word in ("mil", "millón") or (word in ("billón", "millardo") and lower_at(tokens, index - 1) == "el")
    )
    opens = scaled or (word in ("a", "an") and after in sizes and after != "score")
    if opens or word in SMALL[language]:
        value, stop = _sum_words(tokens, index, language)
        return _finish_words(tokens, index, stop, value, language)
    if word in VAGUE[language] and after in ("de", "of"):
        return _vague(tokens, index, language)
    return None


def _vague(tokens: _Tokens, index: int, language: Language) -> Number:
    """ "docenas de", and "decenas de miles", "hundreds of thousands": one of each, multiplied."""
    size = VAGUE[language][tokens[index].lower]
    beyond = VAGUE[language].get(lower_at(tokens, index + 2), Decimal(0))
    if beyond < 1000:
        return Number(index, index + 1, None, size, vague=True)
    return Number(index, index + 3, None, size * beyond, vague=True)


def _finish_words(tokens: _Tokens, index: int, stop: int, value: int, language: Language) -> Number:
    spoken = _spoken_decimals(tokens, index, stop, value, language)
    if spoken is not None:
        return spoken
    scales, last = SCALES[language], lower_at(tokens, stop - 1)
    if value >= 1000 and last in scales:
        end, scale, rest = _rest(tokens, stop, scales[last], language)
        if rest:  # "mil 200 sucursales", "un millón 200 mil"
            return Number(index, end, None, Decimal(value) * scale / scales[last] + rest)
    end, plus = _and_a_half(tokens, stop, SIZES[language].get(last, _ONE), language)
    size = scales.get(last, _ONE)
    if not plus and size >= 1000 and value % int(size) == 0:
        return Number(index, stop, None, Decimal(value // int(size)), size)
    total = Decimal(value) + plus
    if plus and lower_at(tokens, end) in scales:  # "two and a half million"
        return Number(index, end + 1, None, total * scales[lower_at(tokens, end)])
    return Number(index, end, None, total)


def _spoken_decimals(tokens: _Tokens, index: int, stop: int, value: int, language: Language) -> Number | None:
    """ "veintidós coma cinco por ciento", "one point two million": decimals in words, before a unit or a scale."""
    if value >= 1000 or lower_at(tokens, stop) not in _DECIMAL[language]:
        return None
    small, digits, place = SMALL[language], "", stop + 1
    while place < len(tokens) and len(digits) < 4 and small.get(tokens[place].lower, 100) < 100:
        digits += str(small[tokens[place].lower])
        place += 1
    scale = SCALES[language].get(lower_at(tokens, place))
    unit = lower_at(tokens, place) in TIME[language] or lower_at(tokens, place) in _AFTER_DECIMALS
    if not digits or not (scale or unit or percent_at(tokens, place)):
        return None
    spoken = Decimal(f"{value}.{digits}")
    return Number(index, place + 1, None, spoken * scale) if scale else Number(index, place, None, spoken)


def _sum_words(tokens: _Tokens, index: int, language: Language) -> tuple[int, int]:
    """The value of the number words from ``index`` and the token after the last: parts grow smaller."""
    small, scales, groups = SMALL[language], SCALES[language], GROUPS[language]
    total, group, floor, stop = 0, 0, 10**4, index
    while stop < len(tokens):
        word = tokens[stop].lower
        step = 1 if stop > index and word in ("y", "and", "-") else 0
        joiner, word = word, lower_at(tokens, stop + step)
        size = small.get(word)
        if size is not None and size < floor and (not step or _may_join(group, int(size), joiner)):
            group, floor = group + int(size), _next_floor(int(size))
        elif word in ("a", "an") and stop == index:
            group = 1
        elif step:
            break
        elif word in groups and (group or (word not in VAGUE[language] and word != "score")):
            group, floor = max(group, 1) * int(groups[word]), 100
        elif word in scales and (group or total or stop == index):
            total, group, floor = _apply_scale(total, group, int(scales[word]))
        else:
            break
        stop += step + 1
    return total + group, stop


def _next_floor(size: int) -> int:
    if size >= 100:
        return 100
    return 10 if size >= 20 and size % 10 == 0 else 1


def _may_join(group: int, size: int, joiner: str) -> bool:
    if joiner == "and":
        return group >= 100 and group % 100 == 0
    return group % 100 >= 20 and group % 10 == 0 and size < 10


def _apply_scale(total: int, group: int, scale: int) -> tuple[int, int, int]:
    """ "mil millones" multiplies the whole, "dos millones trescientos mil" only the last group."""
    if total and scale >= 10**6 and (total < scale or (not group and total < 10**9)):
        return (total + group) * scale, 0, 1000  # "dos mil millones", "six lakh crore"
    return total + max(group, 1) * scale, 0, 1000
