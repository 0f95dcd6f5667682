"""Fractions that words name: halves, thirds, "tres cuartas partes", 2/3.

Reads tokens only; knows which neighbours make the words no share ("first half", "third party").
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ingest.figures.number_tables import SMALL
from ingest.figures.scan import Token, lower_at, word_set
from kb.language import Language


@dataclass(frozen=True, slots=True)
class Share:
    """A named share or factor up to token ``stop``; of "two thirds" the ``part`` is 2."""

    stop: int
    value: Decimal
    part: int = 1


def _names(rows: str) -> dict[str, int]:
    return {word: int(size) for row in rows.split() for size, word in [row.split(":")]}


_DENOMINATORS_EN = _names(
    "2:half 2:halves 3:third 3:thirds 4:quarter 4:quarters 4:fourth 4:fourths 5:fifth 5:fifths 6:sixth 6:sixths "
    "7:seventh 7:sevenths 8:eighth 8:eighths 9:ninth 9:ninths 10:tenth 10:tenths 12:twelfth 20:twentieth "
    "100:hundredth 100:hundredths"
)
_DENOMINATORS_ES = _names(
    "3:tercio 3:tercios 4:cuarto 4:cuartos 5:quinto 5:quintos 6:sexto 6:sextos 7:séptimo 7:séptimos 8:octavo 8:octavos "
    "9:noveno 9:novenos 10:décimo 10:décimos"
)
# "Subió dos décimas" is of a point, not of the whole: a share only where it says of what.
_TENTHS_ES = _names("10:décima 10:décimas 100:centésima 100:centésimas")
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
# What can only follow a share as a subject ("a third say"); never a noun ("a third party").
_SAY = word_set(
    "agree disagree oppose favor favour doubt fear hope intend visit call contact read pay return refuse rely own "
    "admit believe expect prefer want think feel use plan trust abandon complain consider cite rate rank "
    "switch report struggle lack claim know need shop buy leave would could will can do did are were have had "
    "said felt thought knew left bought also never still now already say spend spent reported admitted agreed "
    "preferred expected wanted used planned abandoned complained considered cited rated ranked switched lacked "
    "claimed don’t don't didn't didn’t won’t won't wouldn’t wouldn't can’t can't aren't aren’t stopped stop went "
    "go"
)
_COMPARATIVES = word_set("higher lower more less fewer faster cheaper likelier")
_CLOSING = frozenset(["", ".", ",", ";", ")", "("])
_BEFORE_SHARE = word_set("by than nearly almost about around over roughly only from to just under below above")
_SAY_ES = word_set(
    "se no ha han prefiere prefieren dice dicen cree creen considera consideran afirma afirman opina opinan usa "
    "usan utiliza utilizan compra compran abandona abandonan espera esperan está están es son tiene tienen quiere "
    "quieren reconoce reconocen asegura aseguran declara declaran admite admiten piensa piensan nunca ya todavía "
    "aún cambió cambiaron dejó dejaron volvió volvieron eligió eligieron . ,"
)
# "Un cuarto de baño" is a room, "cuartos de final" a round.
_ROOMS_ES = word_set("baño estar juegos invitados costura máquinas final siglo kilo")
_ORDINAL_LIKE = word_set("cuarto quinto sexto séptimo octavo noveno décimo")
_QUANTIFIERS_EN = frozenset({"a", "an", "one"})


def _fraction(part: int, whole: int) -> Decimal:
    share = Decimal(part) / Decimal(whole)
    return share.quantize(Decimal("0.0001")) if share.quantize(Decimal("0.0001")) != share else share


DENOMINATORS = frozenset(_DENOMINATORS_EN) | frozenset(_DENOMINATORS_ES) | frozenset(_PARTS_ES)
"""Every word that may name the parts of a fraction."""
FRACTION_STARTS = {
    Language.ES: frozenset(_PARTS_ES) | {"mitad"},
    Language.EN: frozenset({"half", "halved", "halving", "a", "an", "one"}),
}
"""Words that may open a fraction, beside the number words."""
FRACTION_STARTS[Language.OTHER] = FRACTION_STARTS[Language.EN]


def fraction_at(tokens: list[Token], index: int, language: Language) -> Share | None:
    """The fraction that starts at this token ("two-thirds", "la mitad", "una cuarta parte", "2/3"), or null."""
    if tokens[index].kind == "n":
        return _slash_fraction(tokens, index)
    third = _part_of(tokens, index) if language is Language.ES else None
    if third is not None:
        return third
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
    if tokens[index].lower == "half":
        return _half(tokens, index)
    if tokens[index].lower in ("halved", "halving"):
        return Share(index + 1, Decimal("0.5"))
    share = _named_english(tokens, index)
    if share is None or (share.part == 1 and not _opens_share(tokens, index, share.stop - 1)):
        return None
    return share


def _named_english(tokens: list[Token], index: int) -> Share | None:
    """ "a third", "two-thirds", whatever stands around it."""
    word = tokens[index].lower
    part = 1 if word in _QUANTIFIERS_EN else SMALL[Language.EN].get(word)
    if part is None or part > 99:
        return None
    place = index + (2 if lower_at(tokens, index + 1) == "-" else 1)
    name = lower_at(tokens, place)
    whole = _DENOMINATORS_EN.get(name)
    if whole is None or part >= whole or (part > 1) != name.endswith(("s", "halves")):
        return None
    return Share(place + 1, _fraction(part, whole), part=part)


def share_named(tokens: list[Token], index: int, language: Language) -> Share | None:
    """The fraction whose words start here, whatever stands around it: for places where nothing else can stand."""
    if index >= len(tokens):
        return None
    word = tokens[index].lower
    if language is Language.ES:
        if word == "mitad":
            return Share(index + 1, Decimal("0.5"))
        return _named_spanish(tokens, index)
    return Share(index + 1, Decimal("0.5")) if word == "half" else _named_english(tokens, index)


def _opens_share(tokens: list[Token], index: int, place: int) -> bool:
    """Whether "a third", "one quarter" is a share: not "a third party", "one quarter later", "a second half"."""
    before, after, name = (lower_at(tokens, at) for at in (index - 1, place + 1, place))
    if name == "half":
        return after in ("of", "") or not tokens[index].lower.startswith("a")
    if after == "of":
        beyond = tokens[place + 2] if place + 2 < len(tokens) else None
        return not (name == "quarter" and beyond is not None and beyond.kind == "n" and len(beyond.text) == 4)
    if after in _SAY or (after in _COMPARATIVES and name != "quarter"):
        return True
    ends = after in _CLOSING
    if before in _BEFORE_SHARE:
        return ends or after in ("in", "to", "from", "over", "since", "after", "within", "during", "last", "compared")
    return tokens[index].lower == "one" and (ends or place - index == 2)


def _half(tokens: list[Token], index: int) -> Share | None:
    before, after, beyond = (lower_at(tokens, index + step) for step in (-1, 1, 2))
    if after == "as":
        return None  # "half as likely" is a factor
    if after in ("a", "an"):
        return None  # "half an hour"
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
    share = _named_spanish(tokens, index)
    if share is None or lower_at(tokens, share.stop - 1) not in _ORDINAL_LIKE:
        return share
    after = lower_at(tokens, share.stop)
    if after == "de" and lower_at(tokens, share.stop + 1) in _ROOMS_ES:
        return None
    dated = after == "en" and lower_at(tokens, share.stop + 1)[:2] in ("19", "20")
    return share if after in ("de", "del") or (share.part == 1 and (dated or after in _SAY_ES)) else None


def _named_spanish(tokens: list[Token], index: int) -> Share | None:
    """ "tres cuartas partes", "un tercio", whatever stands around it."""
    word = tokens[index].lower
    part = SMALL[Language.ES].get(word)
    if part is None or part > 99:
        return None
    name, after = lower_at(tokens, index + 1), lower_at(tokens, index + 2)
    if name in _PARTS_ES and after in ("parte", "partes"):
        whole = _PARTS_ES[name]
        return Share(index + 3, _fraction(part, whole), part=part) if part < whole else None
    if name in _TENTHS_ES and after == "de":
        return Share(index + 2, _fraction(part, _TENTHS_ES[name]), part=part)
    whole = _DENOMINATORS_ES.get(name, 0)
    if part >= whole or word in ("la", "una") or (part > 1) != name.endswith("s"):
        return None
    return Share(index + 2, _fraction(part, whole), part=part)


def _mitad(tokens: list[Token], index: int) -> Share | None:
    before, after = lower_at(tokens, index - 1), lower_at(tokens, index + 1)
    if before in ("a", "primera", "segunda", "otra", "última", "en", "hacia"):
        return None
    if lower_at(tokens, index - 2) == "en" and before == "la" and after in ("de", "del"):
        return None
    return Share(index + 1, Decimal("0.5"))


def _part_of(tokens: list[Token], index: int) -> Share | None:
    """ "la tercera parte de los clientes": a third; "la tercera parte de la serie" is not."""
    whole = _PARTS_ES.get(lower_at(tokens, index))
    if whole is None or lower_at(tokens, index + 1) != "parte" or lower_at(tokens, index - 1) != "la":
        return None
    after = [lower_at(tokens, index + step) for step in (2, 3, 4)]
    if after[0] not in ("de", "del") or _WORKS_ES.intersection(after):
        return None
    return Share(index + 2, _fraction(1, whole))
