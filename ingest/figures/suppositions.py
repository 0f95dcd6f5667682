"""Numbers that claim nothing of the world: idioms, scales, worked examples, formulas, segments.

Each function is one rule from a quantity in its sentence to a reason, or null.
"""

from __future__ import annotations

from decimal import Decimal

from ingest.figures.lines import Line, Quantity
from ingest.figures.scan import lower_at, word_set
from ingest.figures.settings import Setting
from kb.statistic import Comparator, Kind

_AFTER_ALL = word_set(
    "of de del en in more más increase , . ( ) y and growth say said ; are is was agree : when cuando"
)
_AGES = word_set("age aged ages edad edades old mayores menores adultos jóvenes older younger adults")
_MOVES = (
    "aument", "increment", "crec", "subi", "sube", "mejor", "gan", "perd", "pierd", "cay", "baj", "redu",
    "dismin", "descend",
    "increas", "rose", "rise", "rising", "grew", "gain", "lost", "drop", "fell", "fall", "declin", "improv",
    "jump", "climb",
)  # fmt: skip
_EDGES = word_set("a al to and y - with siendo con de")
_PROVERBIAL = word_set("words palabras thanks gracias")
_GIVEN = word_set("dar da dan doy damos den dé dando give gives giving gave")
_SHOES = word_set("zapatos shoes")
_BASES = frozenset(Decimal(10) ** power for power in range(1, 7))
_ROUND_SCALES = (3, 5, 6, 7, 8, 10, 100)
_SEGMENT_LEADS = word_set(
    "las los empresas compañías companies businesses organizations those con with having aquellas firms entre between"
)
_STAFF = word_set("empleados employees trabajadores staff workers people personas")
_FIRMS = word_set("empresas compañías organizaciones firmas pymes companies businesses organizations firms those las")
_SIZED = word_set("with de con of than under over below above employing between")
_ERROR_MARGINS = (
    "margin of error", "error margin", "margen de error", "sampling error", "error muestral",
)  # fmt: skip
_CLAUSE_ENDS = word_set(", ; ( . and y")
_TOLD = word_set("people persons friends personas amigos conocidos")
_OWNS = word_set("encuesta encuestó surveyed survey polled interviewed entrevistó muestra sample entre among total")


def idiom(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "100% spot on", "al 100%", "100% online", "110%"."""
    before, after = lower_at(line.tokens, found.first - 1), lower_at(line.tokens, found.stop)
    large = found.kind is Kind.COUNT and found.value is not None and found.value >= 100
    if large and found.form != "digits" and (after in _PROVERBIAL or before in _PROVERBIAL):
        return "idiom"
    if found.kind is Kind.FRACTION and after == "past":
        return "idiom"  # "half past ten"
    whole = found.kind is Kind.PERCENT and found.value in (Decimal(1), Decimal("1.1"))
    if not whole or comparator is not Comparator.EXACT or found.unit is not None:
        return None
    given = before in ("el", "your", "tu", "su", "my", "nuestro") and lower_at(line.tokens, found.first - 2) in _GIVEN
    if (
        given
        or before == "your"
        or _SHOES.intersection(token.lower for token in line.tokens[found.stop : found.stop + 4])
    ):
        return "idiom"
    if before == "al" and after not in ("de", "del"):
        return "idiom"
    if after in ("de", "in") and lower_at(line.tokens, found.stop + 1) in ("acuerdo", "agreement"):
        return "idiom"
    return "idiom" if after and after not in _AFTER_ALL else None


def list_price(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "Plans start at $29", "Básico: 9,99 €, hasta 3 usuarios", "Save 20% today", "$10 off": offered, not measured."""
    if found.kind not in (Kind.CURRENCY, Kind.PERCENT, Kind.COUNT, Kind.DURATION):
        return None
    money = found.kind is Kind.CURRENCY
    if (money or found.kind is Kind.PERCENT) and (setting.buying or (setting.coupon and _is_discount(line, found))):
        return "list_price"
    if money and setting.exemplary and _is_tagged(line, found):
        return "hypothetical"
    return "list_price" if setting.priced else None


def _is_discount(line: Line, found: Quantity) -> bool:
    """ "20% off", "un 20 % de descuento"."""
    near = lower_at(line.tokens, found.stop), lower_at(line.tokens, found.stop + 1)
    return near[0] == "off" or near[1] in ("descuento", "dto")


def _is_tagged(line: Line, found: Quantity) -> bool:
    """ "a $5 coffee", "un café de 5 €": a thing at a price, not what was paid for it."""
    tokens, before = line.tokens, lower_at(line.tokens, found.first - 1)
    if before in ("a", "an", "the"):
        return found.stop < len(tokens) and tokens[found.stop].kind == "w"
    return before == "de" and lower_at(tokens, found.first - 3) in ("un", "una")


def scale(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "0-10 scale", "del 1 al 10", "a score between 30 and 70 is great", "from 0% to 100%"."""
    if found.kind not in (Kind.COUNT, Kind.SCORE, Kind.PERCENT, Kind.RANK) or found.unit == "percentage points":
        return None
    before = lower_at(line.tokens, found.first - 1)
    ends = {found.value, found.high}
    if (
        found.high is not None
        and found.value in (0, 1)
        and found.high in _ROUND_SCALES
        and (before in ("del", "from", "the") or setting.scale)
    ):
        return "scale"
    if [lower_at(line.tokens, found.stop + step) for step in (0, 1, 2)] == ["-", "point", "scale"]:
        return "scale"  # "on a 1,000-point scale"
    if found.kind is Kind.SCORE and found.unit == "points" and _is_mark(line, found):
        return "scale"
    if setting.benchmark:
        return "scale"
    if not setting.scale:
        return None
    if found.kind is Kind.PERCENT:
        edge = ends & {Decimal(0), Decimal("0.01"), Decimal(1)}
        return "scale" if (edge and (found.high is not None or before in _EDGES)) or Decimal(0) in ends else None
    small = found.value is None or abs(found.value) <= 100
    measured = found.form == "digits" and not found.plain and (setting.average or found.kind is Kind.SCORE)
    near = {lower_at(line.tokens, found.stop), lower_at(line.tokens, found.stop + 1)}
    measured = measured or (found.kind is Kind.COUNT and setting.average and bool(near & _TOLD))
    return "scale" if small and not measured else None


def _is_mark(line: Line, found: Quantity) -> bool:
    """ "recibió 5 puntos del 50.8%": a mark on a scale, not a change or an index."""
    near = [lower_at(line.tokens, found.first - step) for step in range(1, 6)]
    moved = any(word.startswith(_MOVES) for word in near)
    return found.plain and found.value is not None and 0 <= found.value <= 10 and not moved


def denominator(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "5.6 bags per 1,000 passengers", "por cada 100.000 habitantes": the base of a rate, which counts nothing."""
    if found.kind is not Kind.COUNT or found.value is None or comparator is not Comparator.EXACT:
        return None
    before, beyond = lower_at(line.tokens, found.first - 1), lower_at(line.tokens, found.first - 2)
    if before == "in" and beyond in ("one", "1") and found.plain and found.value <= 100:
        named = lower_at(line.tokens, found.first - 3) in ("number", "no", ".", "#", "ranked", "rank")
        return None if named else "base_of_rate"  # "one in 40 applicants", where it is not read as a ratio
    led = before == "per" or (before == "cada" and beyond == "por") or (before in ("every", "each") and beyond == "for")
    return "base_of_rate" if led and found.value in _BASES else None


def supposed(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """Worked examples ("if 100 people respond …") and formulas ("multiply by 100")."""
    kinds = (Kind.COUNT, Kind.PERCENT, Kind.SCORE, Kind.MULTIPLIER)
    worked = setting.formula and found.kind in kinds
    if (worked or (setting.equation and found.kind is Kind.RATIO)) and not _printed(found):
        return "formula"
    if setting.supposed is None:
        return None
    start = line.tokens[found.first].start
    inside = setting.supposed[0] <= start < setting.supposed[1]
    if inside:
        return "hypothetical"
    return None


def _printed(found: Quantity) -> bool:
    """Whether the figure is too particular for a formula or an example ("37.4%", "1,297")."""
    return (
        found.form == "digits"
        and not found.plain
        and found.kind is Kind.PERCENT
        and found.value is not None
        and ((found.value * 100) % 1 != 0)
    )


def segment(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "las de 1 a 9 empleados", "aged 18 to 34", "jóvenes de entre 18 y 25 años"."""
    tokens = line.tokens
    near = {lower_at(tokens, place) for place in range(found.first - 4, found.first)}
    after = [lower_at(tokens, found.stop + step) for step in range(3)]
    if found.kind is Kind.DURATION and found.unit == "years":
        low, high = found.value or Decimal(0), found.high or Decimal(0)
        if (
            near & _AGES
            or after[0] in ("old", "olds")
            or after[:2] in (["-", "old"], ["-", "olds"], ["de", "edad"], ["of", "age"])
        ):
            return "segment_definition"
        if found.high is not None and low >= 14 and high - low >= 4:
            return "segment_definition"
    if found.kind is not Kind.COUNT or not found.plain:
        return None
    if near & {"aged", "ages"} or (near & _AGES and _is_age_bracket(found)):
        return "segment_definition"
    if found.high is not None and after[0] in _STAFF and near & _SEGMENT_LEADS:
        return "segment_definition"
    wide = {lower_at(tokens, place) for place in range(found.first - 7, found.first)}
    sized = near & _SIZED and wide & _FIRMS and not wide & _OWNS
    return "segment_definition" if after[0] in _STAFF and sized else None


def _is_age_bracket(found: Quantity) -> bool:
    """18-34, 45-54: whole years, four or more of them."""
    low, high = found.value or Decimal(0), found.high or Decimal(0)
    return 12 <= low <= 90 and 4 <= high - low <= 40 and low % 1 == 0 == high % 1


def error_margin(line: Line, found: Quantity, comparator: Comparator, setting: Setting) -> str | None:
    """ "a margin of error of ±3 points", "con un error muestral de ±2,8 %": how sure a study is of its figures."""
    if found.kind not in (Kind.COUNT, Kind.SCORE, Kind.PERCENT):
        return None
    near = [lower_at(line.tokens, found.first - step) for step in range(1, 9)]
    near = near[: next((place for place, word in enumerate(near) if word in _CLAUSE_ENDS), len(near))]
    said = " ".join(reversed(near))
    named = any(name in said for name in _ERROR_MARGINS) or (near[:1] == ["±"] and "error" in near)
    return "margin_of_error" if named else None
