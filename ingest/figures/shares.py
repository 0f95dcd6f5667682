"""Shares and factors that words name: halves, thirds, "N out of M", twice, "se ha duplicado".

Reads tokens only; hedges, nouns and idioms around them are judged elsewhere, save those
without which the words would not name a share at all ("first half", "third party").
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.figures.numerals import SMALL, Number, read_number
from ingest.figures.scan import Token, lower_at, word_set
from ingest.figures.units import TIME
from kb.language import Language


@dataclass(frozen=True, slots=True)
class Share:
    """A named share or factor up to token ``stop``; ``unit`` only for "half an hour"."""

    stop: int
    value: Decimal
    unit: str | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """The "out of M" after a number: the token after it, M, and whether it is a score."""

    stop: int
    whole: Decimal
    score: bool


def _names(rows: str) -> dict[str, int]:
    return {word: int(size) for row in rows.split() for size, word in [row.split(":")]}


_DENOMINATORS_EN = _names(
    "2:half 2:halves 3:third 3:thirds 4:quarter 4:quarters 4:fourth 4:fourths 5:fifth 5:fifths 6:sixth 6:sixths "
    "7:seventh 7:sevenths 8:eighth 8:eighths 9:ninth 9:ninths 10:tenth 10:tenths 12:twelfth 20:twentieth "
    "100:hundredth 100:hundredths"
)
_DENOMINATORS_ES = _names(
    "3:tercio 3:tercios 4:cuarto 4:cuartos 5:quinto 5:quintos 6:sexto 6:sextos 7:séptimo 7:séptimos 8:octavo 8:octavos "
    "9:noveno 9:novenos 10:décimo 10:décimos 10:décima 10:décimas 100:centésima"
)
_PARTS_ES = _names(
    "3:tercera 3:terceras 4:cuarta 4:cuartas 5:quinta 5:quintas 6:sexta 6:sextas 7:séptima 7:séptimas 8:octava "
    "8:octavas 9:novena 9:novenas 10:décima 10:décimas"
)
# "la tercera parte de la serie" is part three, not a third.
_WORKS_ES = word_set(
    "serie informe estudio artículo guía entrega libro encuesta saga trilogía curso post texto documento análisis "
    "película historia libros entrevista esta este"
)
_PERIOD_WORDS_EN = word_set(
    "first second third fourth last latter other next this each every previous per fiscal same current past "
    "better past following final coming earlier"
)
_NOT_AFTER_HALF = word_set(
    "hour hours year years day days month months dozen million billion thousand time hearted way baked life price "
    "marathon empty full truth truths measure measures the-battle court"
)
_QUANTIFIERS_EN = frozenset({"a", "an", "one"})


def _fraction(part: int, whole: int) -> Decimal:
    share = Decimal(part) / Decimal(whole)
    return share.quantize(Decimal("0.0001")) if share.quantize(Decimal("0.0001")) != share else share


def fraction_at(tokens: list[Token], index: int, language: Language) -> Share | None:
    """The fraction that starts at this token ("two-thirds", "la mitad", "una cuarta parte", "2/3"), or null."""
    if tokens[index].kind == "n":
        return _slash_fraction(tokens, index)
    return _spanish_fraction(tokens, index) if language is Language.ES else _english_fraction(tokens, index)


def _slash_fraction(tokens: list[Token], index: int) -> Share | None:
    if lower_at(tokens, index + 1) != "/" or not tokens[index + 1].glued or index + 2 >= len(tokens):
        return None
    part, whole = tokens[index].text, tokens[index + 2].text
    if not (part.isdigit() and whole.isdigit() and len(part) == 1 and len(whole) == 1 and tokens[index + 2].glued):
        return None
    before, after = lower_at(tokens, index - 1), lower_at(tokens, index + 3)
    if before == "/" or (after == "/" and tokens[index + 3].glued) or not 0 < int(part) < int(whole):
        return None
    if whole not in "23456789" or (int(whole) == 5 and int(part) > 2):
        return None  # 4/5 is more often a score; "out of" says it
    return Share(index + 3, _fraction(int(part), int(whole)))


def _english_fraction(tokens: list[Token], index: int) -> Share | None:
    word = tokens[index].lower
    if word == "half":
        return _half(tokens, index)
    part = 1 if word in _QUANTIFIERS_EN else SMALL[Language.EN].get(word)
    if part is None or part > 99:
        return None
    hyphen = lower_at(tokens, index + 1) == "-"
    place = index + (2 if hyphen else 1)
    name = lower_at(tokens, place)
    whole = _DENOMINATORS_EN.get(name)
    if whole is None or part >= whole or (part > 1) != name.endswith(("s", "halves")):
        return None
    if part == 1 and not _opens_share(tokens, index, place, hyphen):
        return None
    return Share(place + 1, _fraction(part, whole))


def _opens_share(tokens: list[Token], index: int, place: int, hyphen: bool) -> bool:
    """Whether "a third", "one quarter" is a share: not "a third party", "one quarter later", "a second half"."""
    after, name = lower_at(tokens, place + 1), lower_at(tokens, place)
    if name == "half":
        return after in ("of", "") or not tokens[index].lower.startswith("a")
    if after == "of":
        beyond = tokens[place + 2] if place + 2 < len(tokens) else None
        return not (name == "quarter" and beyond is not None and beyond.kind == "n" and len(beyond.text) == 4)
    if lower_at(tokens, index - 1) in ("by", "than", "nearly", "almost", "about", "around", "over", "roughly", "only"):
        return after in ("", ".", ",", ";", ")", "are", "say", "said", "have", "would", "do", "in", "believe", "think")
    if tokens[index].lower == "one":
        return hyphen or after in (
            "",
            ".",
            ",",
            ")",
            "say",
            "said",
            "are",
            "were",
            "have",
            "believe",
            "think",
            "would",
            "(",
            "report",
            "reported",
            "also",
            "do",
            "did",
            "felt",
            "feel",
            "use",
            "want",
        )
    return after in ("say", "said", "believe", "report", "reported", "admit", "think", "want")


def _half(tokens: list[Token], index: int) -> Share | None:
    before, after, beyond = (lower_at(tokens, index + step) for step in (-1, 1, 2))
    if after in ("a", "an"):
        unit = TIME[Language.EN].get(beyond)
        return Share(index + 3, Decimal("0.5"), unit) if unit else None
    if after == "-" or before == "-" or before in _PERIOD_WORDS_EN or after in _NOT_AFTER_HALF:
        return None
    if after == "the" and beyond in ("battle", "story", "fun", "way", "problem", "time"):
        return None
    if before == "a" and lower_at(tokens, index - 2) == "and":
        return None
    if before == "and" or (before == "in" and lower_at(tokens, index - 2) not in _CUT):
        return None
    return Share(index + 1, Decimal("0.5"))


_CUT = word_set("cut cuts cutting costs time rate reduced drop dropped churn")


def _spanish_fraction(tokens: list[Token], index: int) -> Share | None:
    word = tokens[index].lower
    if word == "mitad":
        return _mitad(tokens, index)
    part = 1 if word == "la" else SMALL[Language.ES].get(word)
    if part is None and word in _PARTS_ES and lower_at(tokens, index + 1) == "parte":
        return None
    if part is None or part > 99:
        return None
    name = lower_at(tokens, index + 1)
    if name in _PARTS_ES and lower_at(tokens, index + 2) in ("parte", "partes"):
        whole = _PARTS_ES[name]
        return Share(index + 3, _fraction(part, whole)) if part < whole else None
    whole = _DENOMINATORS_ES.get(name, 0)
    if part >= whole or word in ("la", "una") or (part > 1) != name.endswith("s"):
        return None
    if name in ("cuarto", "quinto", "sexto", "séptimo", "octavo", "noveno", "décimo") and (
        lower_at(tokens, index + 2) not in ("de", "del")
    ):
        return None
    return Share(index + 2, _fraction(part, whole))


def _mitad(tokens: list[Token], index: int) -> Share | None:
    before, after = lower_at(tokens, index - 1), lower_at(tokens, index + 1)
    if before in ("a", "primera", "segunda", "otra", "última", "en", "hacia"):
        return None
    if lower_at(tokens, index - 2) == "en" and before == "la" and after in ("de", "del"):
        return None
    return Share(index + 1, Decimal("0.5"))


def third_part_at(tokens: list[Token], index: int) -> Share | None:
    """ "la tercera parte de los clientes": a third; "la tercera parte de la serie" is not."""
    whole = _PARTS_ES.get(lower_at(tokens, index))
    if whole is None or lower_at(tokens, index + 1) != "parte" or lower_at(tokens, index - 1) != "la":
        return None
    after = [lower_at(tokens, index + step) for step in (2, 3, 4)]
    if after[0] not in ("de", "del") or _WORKS_ES.intersection(after):
        return None
    return Share(index + 2, _fraction(1, whole))


# Connectors between N and M, and whether the words alone make it a ratio.
_OUT_OF: dict[Language, tuple[tuple[tuple[str, ...], bool], ...]] = {
    Language.ES: (
        (("de", "cada"), True),
        (("por", "cada"), True),
        (("en", "cada"), True),
        (("entre", "cada"), True),
        (("de", "entre"), False),
        (("sobre",), False),
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
        (("in",), False),
        (("of",), False),
        (("/",), False),
    ),
}
_OUT_OF[Language.OTHER] = _OUT_OF[Language.EN]
_ROUND_WHOLES = frozenset(Decimal(size) for size in (3, 4, 5, 6, 7, 8, 9, 10, 20, 25, 50, 100, 1000, 10000))
_SCORE_WHOLES = frozenset(Decimal(size) for size in (5, 7, 10, 20, 100))
_SCORE_NOUNS = word_set(
    "rating rated score scored scores ratings rate stars star points grade average puntuación puntuaciones nota "
    "notas calificación calificó calificaron valoración valoran valoraron estrellas puntos puntaje media csat nps "
    "ces puntúan puntuaron promedio mean satisfacción satisfaction"
)


def ratio_after(tokens: list[Token], number: Number, language: Language) -> Ratio | None:
    """The ratio that ``number`` opens ("4 out of 5", "nueve de cada diez", "8,3 sobre 10"), or null."""
    if number.scale != 1 or number.plus or number.negative:
        return None
    for words, sure in _OUT_OF[language]:
        start = number.stop + len(words)
        if start >= len(tokens) or not _stands(tokens, number.stop, words):
            continue
        second = read_number(tokens, start, language)
        if second is None or second.stop <= start or second.scale != 1 or (second.digits or "1").count(",") > 1:
            return None
        return _judge_ratio(tokens, number, second, words, sure, language)
    return None


def _stands(tokens: list[Token], index: int, words: tuple[str, ...]) -> bool:
    return all(lower_at(tokens, index + place) == word for place, word in enumerate(words))


def _judge_ratio(
    tokens: list[Token], number: Number, second: Number, words: tuple[str, ...], sure: bool, language: Language
) -> Ratio | None:
    whole = second.words if second.words is not None else _plain_decimal(second.digits or "")
    if whole is None or whole <= 1:
        return None
    after = tokens[second.stop] if second.stop < len(tokens) else None
    score = _is_score(tokens, number, second, whole)
    if score and words[0] in ("out", "sobre", "/", "of", "de") and words[-1] not in ("cada", "every"):
        return Ratio(second.stop, whole, True)
    if sure:
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
    if whole not in _SCORE_WHOLES:
        return False
    decimals = number.digits is not None and not number.digits.isdigit()
    around = {lower_at(tokens, place) for place in range(number.first - 6, number.first)}
    around |= {lower_at(tokens, second.stop), lower_at(tokens, number.stop)}
    return (
        decimals
        or bool(around & _SCORE_NOUNS)
        or (
            lower_at(tokens, number.stop) == "sobre"
            and (
                second.stop >= len(tokens)
                or tokens[second.stop].kind != "w"
                or tokens[second.stop].lower in ("en", "y", "por")
            )
        )
    )


def _plausible(tokens: list[Token], number: Number, second: Number, whole: Decimal, words: tuple[str, ...]) -> bool:
    """Whether "one in five", "8 de 10 clientes", "three of four" is a ratio and not "2 in 2020", "5 de 10 de mayo"."""
    if whole not in _ROUND_WHOLES or (number.digits is None) != (second.digits is None):
        return False
    after = lower_at(tokens, second.stop)
    before = lower_at(tokens, number.first - 1)
    if words == ("de",) and (after in ("de", "del", "a") or before in _LABELS):
        return False
    return before not in _LABELS


_LABELS = word_set(
    "parte part paso step página page capítulo chapter fase phase nivel level sección section entrega figura "
    "figure tabla table"
)

_FACTOR_NOUNS_EN = frozenset({"twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "tenfold": 10})
_FOLDS = {"twofold": 2, "threefold": 3, "fourfold": 4, "fivefold": 5, "sixfold": 6, "tenfold": 10, "hundredfold": 100}
_VERBS_EN = {
    "doubled": 2,
    "tripled": 3,
    "trebled": 3,
    "quadrupled": 4,
    "quintupled": 5,
    "doubling": 2,
    "doubles": 2,
    "tripling": 3,
    "triples": 3,
}
_DOUBLES_EN = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
_AFTER_DOUBLE = word_set(
    "the that those what their its his her in by over compared from within this last since as between"
)
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


def named_factor_at(tokens: list[Token], index: int, language: Language) -> Share | None:
    """The factor that a word names at this token ("twice as", "el doble", "se ha duplicado"), or null."""
    word = tokens[index].lower
    if language is Language.ES:
        return _spanish_factor(tokens, index, word)
    after, before = lower_at(tokens, index + 1), lower_at(tokens, index - 1)
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
