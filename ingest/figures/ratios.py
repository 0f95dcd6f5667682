"""Ratios: the "out of M" after a number ("4 out of 5", "nueve de cada diez", "8,3 sobre 10").

Tells shares of people from scores; knows nothing of hedges.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.figures.lines import Number
from ingest.figures.nouns import MEASURED_NOUNS, RESPONDENT_NOUNS
from ingest.figures.numerals import read_number
from ingest.figures.scan import Token, lower_at, word_set
from ingest.figures.units import TIME
from kb.language import Language


@dataclass(frozen=True, slots=True)
class Ratio:
    """The "out of M" after a number: the token after it, M, and whether it is a score."""

    stop: int
    whole: Decimal
    score: bool


# Connectors between N and M, and whether the words alone make it a ratio.
_OUT_OF: dict[Language, tuple[tuple[tuple[str, ...], bool], ...]] = {
    Language.ES: (
        (("de", "cada"), True),
        (("por", "cada"), True),
        (("en", "cada"), True),
        (("entre", "cada"), True),
        (("de", "entre"), False),
        (("sobre",), False),
        (("(", "sobre"), False),
        (("de",), False),
        (("/",), False),
    ),
    Language.EN: (
        (("out", "of", "every"), True),
        (("out", "of", "each"), True),
        (("out", "of"), True),
        (("of", "every"), True),
        (("in", "every"), True),
        (("for", "every"), False),
        (("-", "in", "-"), True),
        (("-", "out", "-", "of", "-"), True),
        (("(", "out", "of"), False),
        (("in",), False),
        (("of",), False),
        (("/",), False),
    ),
}
_OUT_OF[Language.OTHER] = _OUT_OF[Language.EN]
_OUT_OF_STARTS = frozenset(row[0][0] for rows in _OUT_OF.values() for row in rows)
_ROUND_WHOLES = frozenset(Decimal(size) for size in (3, 4, 5, 6, 7, 8, 9, 10, 20, 25, 50, 100, 1000, 10000))
_SCORE_WHOLES = frozenset(Decimal(size) for size in (5, 7, 10, 20, 100))
_SCORE_NOUNS = word_set(
    "rating rated score scored scores ratings rate stars star points grade average puntuación puntuaciones nota "
    "notas calificación calificó calificaron valoración valoran valoraron estrellas puntos puntaje media csat nps "
    "ces puntúan puntuaron promedio mean satisfacción satisfaction"
)

# Verbs and nouns after which anything "out of" anything is a score.
_SCORED = word_set(
    "scored scores score rating puntuación puntuaciones puntaje puntajes calificación nota valoración obtuvo puntuó"
)
_CLOSES = word_set("en y por in on and for para from de according según on at")


def ratio_after(tokens: list[Token], number: Number, language: Language) -> Ratio | None:
    """The ratio that ``number`` opens ("4 out of 5", "nueve de cada diez", "8,3 sobre 10"), or null."""
    if number.scale != 1 or number.plus or number.negative:
        return None
    if lower_at(tokens, number.stop) not in _OUT_OF_STARTS:
        return None
    for words, sure in _OUT_OF[language]:
        start = number.stop + len(words)
        if start >= len(tokens) or not _stands(tokens, number.stop, words):
            continue
        second = read_number(tokens, start, language)
        if second is None or second.stop <= start or second.plus or (second.digits or "1").count(",") > 1:
            return None
        if second.scale != 1 and second.words is None:
            return None
        return _judge_ratio(tokens, number, second, words, sure, language)
    return None


def _stands(tokens: list[Token], index: int, words: tuple[str, ...]) -> bool:
    return all(lower_at(tokens, index + place) == word for place, word in enumerate(words))


def _judge_ratio(
    tokens: list[Token], number: Number, second: Number, words: tuple[str, ...], sure: bool, language: Language
) -> Ratio | None:
    whole = second.words * second.scale if second.words is not None else _plain_decimal(second.digits or "")
    if whole is None or whole <= 1:
        return None
    after = tokens[second.stop] if second.stop < len(tokens) else None
    score = _is_score(tokens, number, second, whole)
    if score and words[0] in ("out", "sobre", "/", "of", "de", "(") and words[-1] not in ("cada", "every"):
        return Ratio(second.stop, whole, True)
    if sure:
        return Ratio(second.stop, whole, False)
    if words == ("in",) and (after is None or after.kind == "p") and whole in _ROUND_WHOLES:
        return Ratio(second.stop, whole, False)
    if after is None or after.kind != "w" or after.lower in TIME[language]:
        return None
    if words[0] == "/":
        return Ratio(second.stop, whole, False) if whole in _SCORE_WHOLES and tokens[number.stop].glued else None
    return Ratio(second.stop, whole, False) if _plausible(tokens, number, second, whole, words) else None


def _plain_decimal(digits: str) -> Decimal | None:
    plain = digits.replace(".", "").replace(",", "") if len(digits) > 4 else digits
    return Decimal(plain) if plain.isdigit() else None


def _is_score(tokens: list[Token], number: Number, second: Number, whole: Decimal) -> bool:
    decimals = number.digits is not None and not number.digits.isdigit()
    before = {lower_at(tokens, place) for place in range(number.first - 6, number.first)}
    after = lower_at(tokens, second.stop)
    if whole not in _SCORE_WHOLES:
        return bool(before & _SCORED) and after not in MEASURED_NOUNS
    if after in MEASURED_NOUNS and not decimals:
        return False
    joiner = lower_at(tokens, number.stop)
    closes = not after or tokens[second.stop].kind != "w" or after in _CLOSES
    if closes and (joiner == "sobre" or (joiner == "/" and whole != 7 and number.digits is not None)):
        return True
    full = number.digits is not None and second.digits == number.digits and whole <= 10
    return decimals or bool((before | {after, joiner}) & _SCORE_NOUNS) or (full and closes)


def _plausible(tokens: list[Token], number: Number, second: Number, whole: Decimal, words: tuple[str, ...]) -> bool:
    """Whether "one in five", "8 de 10 clientes", "three of four" is a ratio and not "2 in 2020", "5 de 10 de mayo"."""
    if not _alike(number, second, words):
        return False
    if whole not in _ROUND_WHOLES and not (words == ("in",) and _counts_people(tokens, number, second, whole)):
        return False
    after = lower_at(tokens, second.stop)
    before = lower_at(tokens, number.first - 1)
    if words == ("de",) and (after in ("de", "del", "a") or before in _LABELS):
        return False
    return before not in _LABELS


def _counts_people(tokens: list[Token], number: Number, second: Number, whole: Decimal) -> bool:
    """ "1 in 26 unhappy customers": one of that many people."""
    one = number.digits == "1" or number.words == 1
    near = {lower_at(tokens, second.stop + step) for step in range(3)}
    return one and whole <= 100 and bool(near & RESPONDENT_NOUNS)


def _alike(number: Number, second: Number, words: tuple[str, ...]) -> bool:
    """Whether both are words or both digits, or as the press writes them: "four in 10", not "one of 10"."""
    if (number.digits is None) == (second.digits is None):
        return True
    return number.digits is None and number.words is not None and (words == ("in",) or number.words > 1)


_LABELS = word_set(
    "parte part paso step página page capítulo chapter fase phase nivel level sección section entrega figura "
    "figure tabla table"
)
