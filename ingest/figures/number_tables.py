"""The words that numbers are made of, in both languages: small numbers, scales, groups and vague plurals.

Tables only; how the words combine is read elsewhere (``spoken``).
"""

from __future__ import annotations

from kb.language import Language


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

GROUPS = {
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
GROUPS[Language.OTHER] = GROUPS[Language.EN]
"""Words that count in dozens, hundreds and so on, with their size."""
GROUP_WORDS = frozenset(GROUPS[Language.ES]) | frozenset(GROUPS[Language.EN])
"""All of them."""
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
    Language.EN: {"dozens": 12, "tens": 10, "hundreds": 100, "thousands": 1000, "millions": 10**6, "billions": 10**9},
}
"""Plurals that name an order of magnitude only ("docenas de métricas"): read as about one of it."""
VAGUE[Language.OTHER] = VAGUE[Language.EN]
