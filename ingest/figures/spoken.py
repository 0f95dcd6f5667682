"""Numbers in words: "doscientos mil", "two and a half million", "veintidós coma cinco".

Gives the value and the tokens used; what is counted is read elsewhere.
"""

from __future__ import annotations

from decimal import Decimal

from ingest.figures.lines import Number
from ingest.figures.number_tables import GROUPS, SCALES, SMALL, VAGUE
from ingest.figures.rests import and_a_half, mixed_rest
from ingest.figures.scan import Token, lower_at, word_set
from ingest.figures.units import TIME, percent_at
from kb.language import Language

_ONE = Decimal(1)
_HALF = Decimal("0.5")
_DECIMAL_WORDS = {Language.ES: ("coma", "punto"), Language.EN: ("point",), Language.OTHER: ("point",)}
_AFTER_DECIMALS = word_set("times veces points puntos")
_SIZES = {language: {**SCALES[language], **GROUPS[language]} for language in (Language.ES, Language.EN)}


def read_words(tokens: list[Token], index: int, language: Language) -> Number | None:
    """The number whose words start at this token, or null."""
    if language is Language.ES:
        return _read_spanish(tokens, index)
    return _read_english(tokens, index)


def _read_spanish(tokens: list[Token], index: int) -> Number | None:
    word = tokens[index].lower
    if word in ("medio", "media") and lower_at(tokens, index + 1) in ("millón", "docena", "centenar", "billón"):
        size = _SIZES[Language.ES][lower_at(tokens, index + 1)]
        return Number(index, index + 2, None, _HALF * size)
    if word in ("cien", "ciento") and lower_at(tokens, index - 1) == "por":
        return None  # "treinta y tantos por ciento"
    if word in SMALL[Language.ES] or word in ("mil", "millón"):
        value, stop = _sum_words(tokens, index, Language.ES)
        return _finish_words(tokens, index, stop, value, Language.ES)
    if word in VAGUE[Language.ES] and lower_at(tokens, index + 1) == "de":
        return _vague_product(tokens, index, Language.ES) or Number(
            index, index + 1, None, Decimal(VAGUE[Language.ES][word]), vague=True
        )
    return None


def _read_english(tokens: list[Token], index: int) -> Number | None:
    word, after = tokens[index].lower, lower_at(tokens, index + 1)
    sizes = _SIZES[Language.EN]
    if word == "half" and after in ("a", "an") and lower_at(tokens, index + 2) in sizes:
        return Number(index, index + 3, None, _HALF * sizes[lower_at(tokens, index + 2)])
    if word in ("a", "an") and after in sizes and after != "score":
        value, stop = _sum_words(tokens, index, Language.EN)
        return _finish_words(tokens, index, stop, value, Language.EN)
    if word in SMALL[Language.EN]:
        value, stop = _sum_words(tokens, index, Language.EN)
        return _finish_words(tokens, index, stop, value, Language.EN)
    if word in VAGUE[Language.EN] and after == "of":
        return _vague_product(tokens, index, Language.EN) or Number(
            index, index + 1, None, Decimal(VAGUE[Language.EN][word]), vague=True
        )
    return None


def _vague_product(tokens: list[Token], index: int, language: Language) -> Number | None:
    """ "decenas de miles", "hundreds of thousands", "cientos de millones": one of each, multiplied."""
    vague = VAGUE[language]
    beyond = vague.get(lower_at(tokens, index + 2))
    if beyond is None or beyond < 1000:
        return None
    return Number(index, index + 3, None, Decimal(vague[tokens[index].lower] * beyond), vague=True)


def _finish_words(tokens: list[Token], index: int, stop: int, value: int, language: Language) -> Number:
    spoken = _spoken_decimals(tokens, index, stop, value, language)
    if spoken is not None:
        return spoken
    if value % 1000 == 0 and value < 10**6:
        end, scale, rest = mixed_rest(tokens, stop, _ONE, language)
        if rest:  # "mil 200 sucursales"
            return Number(index, end, None, Decimal(value) * scale + rest)
    plus_stop, plus = and_a_half(tokens, stop, _last_scale(tokens, stop, language), language)
    size = SCALES[language].get(lower_at(tokens, stop - 1), 1)
    if not plus and size >= 1000 and value % size == 0:
        return Number(index, stop, None, Decimal(value // size), Decimal(size))
    number = Number(index, plus_stop, None, Decimal(value) + plus)
    if plus and lower_at(tokens, plus_stop) in SCALES[language]:  # "two and a half million"
        factor = Decimal(SCALES[language][lower_at(tokens, plus_stop)])
        return Number(index, plus_stop + 1, None, (Decimal(value) + plus) * factor)
    return number


def _spoken_decimals(tokens: list[Token], index: int, stop: int, value: int, language: Language) -> Number | None:
    """ "veintidós coma cinco por ciento", "one point two million": decimals in words, before a unit or a scale."""
    if value >= 1000 or lower_at(tokens, stop) not in _DECIMAL_WORDS[language]:
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


def _last_scale(tokens: list[Token], stop: int, language: Language) -> Decimal:
    word = lower_at(tokens, stop - 1)
    return Decimal(SCALES[language].get(word) or GROUPS[language].get(word) or 1)


def _sum_words(tokens: list[Token], index: int, language: Language) -> tuple[int, int]:
    """The value of the number words from ``index`` and the token after the last: parts grow smaller."""
    small, scales, groups = SMALL[language], SCALES[language], GROUPS[language]
    total, group, floor, stop = 0, 0, 10**4, index
    while stop < len(tokens):
        word = tokens[stop].lower
        joined = stop > index and word in ("y", "and", "-")
        step = 1 if joined else 0
        word = lower_at(tokens, stop + step) if joined else word
        size = small.get(word)
        if size is not None and size < floor and (not joined or _may_join(group, size, tokens[stop].lower)):
            group, floor = group + size, _next_floor(size)
        elif word in ("a", "an") and stop == index:
            group = 1
        elif not joined and word in groups and word not in VAGUE[language] and (group or word != "score"):
            group, floor = max(group, 1) * groups[word], 100
        elif (not joined and word in scales and (group or word in ("mil", "millón"))) or (
            not joined and word in scales and total
        ):
            total, group, floor = _apply_scale(total, group, scales[word])
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
    if scale >= 10**6 and total and total < scale:
        return (total + group) * scale, 0, 1000
    return total + max(group, 1) * scale, 0, 1000
