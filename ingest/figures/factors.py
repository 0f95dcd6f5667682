"""Factors that words name: twice, threefold, "el doble", "se ha duplicado", "multiplicó por cuatro".

Reads tokens only; knows which neighbours make the words no factor ("double-check", "contenido duplicado").
"""

from __future__ import annotations

from decimal import Decimal

from ingest.figures.fractions_in_words import Share
from ingest.figures.scan import Token, lower_at, word_set
from kb.language import Language

_FOLDS = {"twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "sixfold": 6, "tenfold": 10, "hundredfold": 100}
_VERBS_EN = {
    "doubled": 2,
    "tripled": 3,
    "trebled": 3,
    "quintupled": 5,
    "doubling": 2,
    "doubles": 2,
    "quadrupled": 4,
    "quadruples": 4,
    "quadrupling": 4,
    "trebling": 3,
    "trebles": 3,
    "quintuples": 5,
    "tripling": 3,
    "triples": 3,
}
_DOUBLES_EN = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_AFTER_DOUBLE = word_set(
    "the that those what their its his her in by over compared from within this last since as between"
)
_AS = word_set("likely many much often long fast expensive costly big large high well effective")
_AFTER_TWICE = word_set(
    "as more the their its that what over likely better higher faster larger bigger greater his her those"
)
_NAMES_ES = {"doble": 2, "triple": 3, "cuádruple": 4, "quíntuple": 5}
_AFTER_DOBLE = frozenset(
    ["", "de", "del", "que", ",", ".", ";", ")", "en", "a", "más", "o", "y", "para", "frente", "si"]
)
_STEMS_ES = {"duplic": 2, "triplic": 3, "cuadruplic": 4, "quintuplic": 5}
_ENDINGS_ES = word_set("a an ó aron ado ando ar ará arán aba aban aría arían arse arla arlo")
_STEM_WORDS_ES = {stem + ending: size for stem, size in _STEMS_ES.items() for ending in _ENDINGS_ES}
_STEM_WORDS_ES |= {"duplique": 2, "dupliquen": 2, "triplique": 3}
_EFFORT_ES = word_set("esfuerzos esfuerzo contenido contenidos registros datos tareas información trabajo")


FACTOR_WORDS = {
    Language.ES: frozenset(_NAMES_ES) | frozenset(_STEM_WORDS_ES),
    Language.EN: frozenset(_FOLDS) | frozenset(_VERBS_EN) | frozenset(_DOUBLES_EN) | {"twice", "thrice"},
}
"""Every word that may name a factor."""
FACTOR_WORDS[Language.OTHER] = FACTOR_WORDS[Language.EN]


def named_factor_at(tokens: list[Token], index: int, language: Language) -> Share | None:
    """The factor that a word names at this token ("twice as", "el doble", "se ha duplicado"), or null."""
    word = tokens[index].lower
    if language is Language.ES:
        return _spanish_factor(tokens, index, word)
    after, before = lower_at(tokens, index + 1), lower_at(tokens, index - 1)
    if word == "half" and after == "as" and lower_at(tokens, index + 2) in _AS:
        return Share(index + 1, Decimal("0.5")) if lower_at(tokens, index + 3) != "again" else None
    if word in _FOLDS:
        return Share(index + 1, Decimal(_FOLDS[word]))
    if word in ("twice", "thrice") and after in _AFTER_TWICE:
        return Share(index + 1, Decimal(2 if word == "twice" else 3))
    if word in _VERBS_EN and after not in ("down", "-", "up", "back"):
        return Share(index + 1, Decimal(_VERBS_EN[word]))
    if (
        word in _DOUBLES_EN
        and after != "-"
        and (
            after in _AFTER_DOUBLE
            or (
                before in ("than", "nearly", "almost", "about", "around", "to", "roughly", "over", "will")
                and after in ("", ".", ",", ";")
            )
        )
    ):
        return Share(index + 1, Decimal(_DOUBLES_EN[word]))
    return None


def _spanish_factor(tokens: list[Token], index: int, word: str) -> Share | None:
    after, before = lower_at(tokens, index + 1), lower_at(tokens, index - 1)
    if word in _NAMES_ES:
        led = before in ("el", "al", "del") or (before in ("casi", "hasta") and after == "de")
        return Share(index + 1, Decimal(_NAMES_ES[word])) if led and after in _AFTER_DOBLE else None
    if word in _STEM_WORDS_ES:
        if after in _EFFORT_ES or lower_at(tokens, index + 2) in _EFFORT_ES:
            return None
        if word.endswith("ado") and before not in (
            "ha",
            "han",
            "había",
            "habían",
            "haber",
            "habrá",
            "hemos",
            "he",
            "habría",
        ):
            return None
        return Share(index + 1, Decimal(_STEM_WORDS_ES[word]))
    return None
