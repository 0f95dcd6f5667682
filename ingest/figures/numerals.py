"""Numbers as written: digit groups with their scale, and number words of both languages.

Gives the value's parts and the tokens used; which mark is decimal is decided later (``marks``),
when it is known what is counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.figures.marks import Counted, MarkEvidence, read_marked
from ingest.figures.nouns import MEASURED_NOUNS
from ingest.figures.scan import MAX_DIGITS, Token, lower_at, word_set, words_at
from ingest.figures.units import CODES, SIGNS, TIME, currency_after, percent_at
from kb.language import Language

_ONE = Decimal(1)
_HALF = Decimal("0.5")


def _table(words: str, first: int = 0, step: int = 1) -> dict[str, int]:
    return {word: first + step * place for place, word in enumerate(words.split())}


_EN_SMALL = {
    **_table(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen"
    ),
    **_table("twenty thirty forty fifty sixty seventy eighty ninety", 20, 10),
}
_ES_SMALL = {
    **_table(
        "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciséis "
        "diecisiete dieciocho diecinueve veinte veintiuno veintidós veintitrés veinticuatro veinticinco veintiséis "
        "veintisiete veintiocho veintinueve"
    ),
    **_table("treinta cuarenta cincuenta sesenta setenta ochenta noventa", 30, 10),
    **_table(
        "cien doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos novecientos", 100, 100
    ),
    **_table(
        "ciento doscientas trescientas cuatrocientas quinientas seiscientas setecientas ochocientas novecientas",
        100,
        100,
    ),
    **{
        "un": 1,
        "una": 1,
        "veintiún": 21,
        "veintiuna": 21,
        "dieciseis": 16,
        "veintidos": 22,
        "veintitres": 23,
        "veintiseis": 26,
    },
}
SMALL = {Language.ES: _ES_SMALL, Language.EN: _EN_SMALL, Language.OTHER: _EN_SMALL}
"""The number words below a thousand."""

_ES_SCALES = {
    "mil": 10**3,
    "millón": 10**6,
    "millon": 10**6,
    "millones": 10**6,
    "millardo": 10**9,
    "millardos": 10**9,
    "billón": 10**12,
    "billon": 10**12,
    "billones": 10**12,
    "trillón": 10**18,
    "trillones": 10**18,
}
_EN_SCALES = {
    "thousand": 10**3,
    "million": 10**6,
    "mn": 10**6,
    "mln": 10**6,
    "billion": 10**9,
    "bn": 10**9,
    "trillion": 10**12,
    "tn": 10**12,
}
SCALES = {Language.ES: _ES_SCALES, Language.EN: _EN_SCALES, Language.OTHER: _EN_SCALES}
"""Scale words: Spanish on the long scale (billón is 10^12), English on the short one (billion is 10^9)."""

_GROUPS = {
    Language.ES: {
        "docena": 12,
        "docenas": 12,
        "decena": 10,
        "decenas": 10,
        "centenar": 100,
        "centenares": 100,
        "cientos": 100,
        "millar": 1000,
        "millares": 1000,
    },
    Language.EN: {"dozen": 12, "dozens": 12, "hundred": 100, "score": 20},
}
_GROUPS[Language.OTHER] = _GROUPS[Language.EN]
GROUP_WORDS = frozenset(_GROUPS[Language.ES]) | frozenset(_GROUPS[Language.EN])
"""Words that count in dozens, hundreds and so on."""
VAGUE = {
    Language.ES: {
        "docenas": 12,
        "decenas": 10,
        "centenares": 100,
        "cientos": 100,
        "millares": 1000,
        "miles": 1000,
        "millones": 10**6,
        "billones": 10**12,
    },
    Language.EN: {"dozens": 12, "hundreds": 100, "thousands": 1000, "millions": 10**6, "billions": 10**9},
}
"""Plurals that name an order of magnitude only ("docenas de métricas"): read as about one of it."""
VAGUE[Language.OTHER] = VAGUE[Language.EN]

_GLUED_SCALES = {"k": 10**3, "K": 10**3, "M": 10**6, "MM": 10**6, "mil": 10**3}
_GLUED_SCALES_EN = {**_GLUED_SCALES, "B": 10**9, "bn": 10**9, "Bn": 10**9, "m": 10**6, "T": 10**12}
_DECIMAL_WORDS = {Language.ES: ("coma", "punto"), Language.EN: ("point",), Language.OTHER: ("point",)}
_AFTER_DECIMALS = word_set("times veces points puntos")
_RANGE_OF_MILLIONS = frozenset({"-", "–", "m", "to", "and"})
_THIN = " \u00a0\u202f\u2009"


@dataclass(frozen=True, slots=True)
class Number:
    """A number at tokens ``first`` to ``stop``: digits as written or a value in words, times a scale, plus a rest."""

    first: int
    stop: int
    digits: str | None
    words: Decimal | None
    scale: Decimal = _ONE
    plus: Decimal = Decimal(0)
    negative: bool = False
    vague: bool = False

    @property
    def plain(self) -> bool:
        """Whether it is nothing but digits without marks or scale ("2020", "12")."""
        return self.digits is not None and self.digits.isdigit() and self.scale == 1 and not self.plus

    def value(self, language: Language, counted: Counted, evidence: MarkEvidence) -> Decimal | None:
        """The value, or null when its marks stay ambiguous."""
        if self.words is not None:
            base: Decimal | None = self.words
        else:
            # A scale word settles it: "1,245 millones" has decimals or groups by the language's own habit.
            base = read_marked(self.digits or "0", language, Counted.SCALED if self.scale > 1 else counted, evidence)
        if base is None:
            return None
        total = base * self.scale + self.plus
        return -total if self.negative else total


def read_number(tokens: list[Token], index: int, language: Language) -> Number | None:
    """The number that starts at this token, or null."""
    token = tokens[index]
    if token.kind == "n":
        return _read_digits(tokens, index, language)
    if token.kind == "w":
        return _read_words(tokens, index, language)
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
    if scale == 1 and word is not None and word.text in ("M", "MM") and currency_after(tokens, stop + 1):
        return _replace(number, stop + 1, Decimal(10**6))  # "30 M€", "30 MM de dólares"
    if scale == 10**3:
        stop, scale, plus = _mixed_rest(tokens, stop, scale, language)
        if plus:
            return _in_millions(tokens, _replace(number, stop, scale, plus))
    stop, plus = _and_a_half(tokens, stop, scale, language)
    return _in_millions(tokens, _replace(number, stop, scale, plus))


def _is_million(tokens: list[Token], place: int) -> bool:
    """Whether the "m" at this token is a million ("$45m", "5m users") and not minutes or metres ("6m 30s")."""
    if currency_after(tokens, place + 1) or any(lower_at(tokens, place + step) in MEASURED_NOUNS for step in (1, 2, 3)):
        return True
    before = place - 2
    while before > max(0, place - 7) and (tokens[before].kind == "n" or tokens[before].lower in _RANGE_OF_MILLIONS):
        before -= 1
    return before >= 0 and (tokens[before].text in SIGNS or tokens[before].text in CODES)


def _mixed_rest(tokens: list[Token], stop: int, scale: Decimal, language: Language) -> tuple[int, Decimal, Decimal]:
    """ "2 mil 345", "45 mil 500 millones": the token after it, its scale and what the digits after "mil" add."""
    rest = tokens[stop] if stop < len(tokens) else None
    after = lower_at(tokens, stop + 1)
    if (
        rest is None
        or language is not Language.ES
        or lower_at(tokens, stop - 1) != "mil"
        or not (rest.text.isdigit() and 2 <= len(rest.text) <= 3 and not rest.text.startswith("0"))
        or rest.glued
        or after in ("%", "mil", "por", ",", "/")
    ):
        return stop, scale, Decimal(0)
    if after in ("millones", "millón"):
        return stop + 2, scale * 10**6, Decimal(rest.text) * 10**6
    return stop + 1, scale, Decimal(rest.text)


def _in_millions(tokens: list[Token], number: Number) -> Number:
    """ "3,450 mdp", "2 mil 345 mdd": millions that the currency's abbreviation holds."""
    if lower_at(tokens, number.stop) not in ("mdp", "mdd"):
        return number
    return _replace(number, number.stop, number.scale * 10**6, number.plus * 10**6)


def _group_scale(tokens: list[Token], index: int, language: Language) -> int | None:
    return _GROUPS[language].get(tokens[index].lower) if tokens[index].lower != "score" else None


def _replace(number: Number, stop: int, scale: Decimal, plus: Decimal = Decimal(0)) -> Number:
    return Number(number.first, stop, number.digits, number.words, scale, plus, number.negative)


def _and_a_half(tokens: list[Token], stop: int, scale: Decimal, language: Language) -> tuple[int, Decimal]:
    """ "un millón y medio", "two and a half": the tokens after it and what it adds."""
    if language is Language.ES:
        if lower_at(tokens, stop) == "y" and lower_at(tokens, stop + 1) in ("medio", "media"):
            return stop + 2, scale * _HALF
    elif words_at(tokens, stop, ("and", "a", "half")):
        return stop + 3, scale * _HALF
    return stop, Decimal(0)


def _read_words(tokens: list[Token], index: int, language: Language) -> Number | None:
    if language is Language.ES:
        return _read_spanish(tokens, index)
    return _read_english(tokens, index)


def _read_spanish(tokens: list[Token], index: int) -> Number | None:
    word = tokens[index].lower
    if word in ("medio", "media") and lower_at(tokens, index + 1) in ("millón", "docena", "centenar", "billón"):
        size = {**_ES_SCALES, **_GROUPS[Language.ES]}[lower_at(tokens, index + 1)]
        return Number(index, index + 2, None, _HALF * size)
    if word in ("cien", "ciento") and lower_at(tokens, index - 1) == "por":
        return None  # "treinta y tantos por ciento"
    if word in _ES_SMALL or word in ("mil", "millón"):
        value, stop = _sum_words(tokens, index, Language.ES)
        return _finish_words(tokens, index, stop, value, Language.ES)
    if word in VAGUE[Language.ES] and lower_at(tokens, index + 1) == "de":
        return Number(index, index + 1, None, Decimal(VAGUE[Language.ES][word]), vague=True)
    return None


def _read_english(tokens: list[Token], index: int) -> Number | None:
    word, after = tokens[index].lower, lower_at(tokens, index + 1)
    sizes = {**_EN_SCALES, **_GROUPS[Language.EN]}
    if word == "half" and after in ("a", "an") and lower_at(tokens, index + 2) in sizes:
        return Number(index, index + 3, None, _HALF * sizes[lower_at(tokens, index + 2)])
    if word in ("a", "an") and after in sizes and after != "score":
        value, stop = _sum_words(tokens, index, Language.EN)
        return _finish_words(tokens, index, stop, value, Language.EN)
    if word in _EN_SMALL:
        value, stop = _sum_words(tokens, index, Language.EN)
        return _finish_words(tokens, index, stop, value, Language.EN)
    if word in VAGUE[Language.EN] and after == "of":
        return Number(index, index + 1, None, Decimal(VAGUE[Language.EN][word]), vague=True)
    return None


def _finish_words(tokens: list[Token], index: int, stop: int, value: int, language: Language) -> Number:
    spoken = _spoken_decimals(tokens, index, stop, value, language)
    if spoken is not None:
        return spoken
    if value % 1000 == 0 and value < 10**6:
        end, scale, rest = _mixed_rest(tokens, stop, _ONE, language)
        if rest:  # "mil 200 sucursales"
            return Number(index, end, None, Decimal(value) * scale + rest)
    plus_stop, plus = _and_a_half(tokens, stop, _last_scale(tokens, stop, language), language)
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
    return Decimal(SCALES[language].get(word) or _GROUPS[language].get(word) or 1)


def _sum_words(tokens: list[Token], index: int, language: Language) -> tuple[int, int]:
    """The value of the number words from ``index`` and the token after the last: parts grow smaller."""
    small, scales, groups = SMALL[language], SCALES[language], _GROUPS[language]
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
