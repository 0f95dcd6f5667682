"""Values of statistics as people write them: "87 %" and "87%", "15,7 billones de dólares" and "$15.7 trillion".

Formats only; what is written here is read back to the same value (``quantities``), but for shares without an end,
which are shown with two decimals of a percent. Marks are those of ``kb.records.language``.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from kb.records.language import Language
from kb.records.statistic import Comparator, Kind, Statistic
from kb.records.tables import rows_of

_SPACE = "\u00a0"
_SHARES = (Kind.PERCENT, Kind.FRACTION, Kind.RATIO)
_SCALES = {
    Language.ES: ((10**12, "billón", "billones"), (10**6, "millón", "millones")),
    Language.EN: ((10**12, "trillion", "trillion"), (10**9, "billion", "billion"), (10**6, "million", "million")),
}
_SCALES[Language.OTHER] = _SCALES[Language.EN]
_SIGNS = {"USD": "$", "EUR": "€", "GBP": "£", "$": "$"}
# Shares that people name ("five twelfths"), and those that they count ("18 of 75").
_SCALED_FROM = 10**6
_LARGEST_PART, _LARGEST_WHOLE = 12, 1000
_SAME_PART = Decimal("0.0001")
_WORDS = [*rows_of("kb", "figure_words.tsv", "of", "word", "es", "es_many", "en")]
# Units in Spanish, of one and of several; points and hedges in both languages.
_UNITS_ES = {unit: (one, many) for of, unit, one, many, _ in _WORDS if of == "unit"}
_POINTS = {unit: (es, en) for of, unit, es, _, en in _WORDS if of == "points"}
_HEDGES = {Comparator(word): (es, en) for of, word, es, _, en in _WORDS if of == "hedge"}
_PARTS = {"percentage points": 100, "basis points": 10000, "per mille": 1000}


def format_statistic(statistic: Statistic, language: Language) -> str:
    """The value with its hedge and unit in the language's number format; the raw form when it has no value.

    A share said in words or as "N of M" keeps the form of its source and never becomes decimals that nobody measured:
    "dos tercios (2/3)", "76/100 (76%)"; in another language it is a fraction or a round percentage ("about 2/3").
    """
    if statistic.value is None:
        return statistic.raw
    if statistic.kind in (Kind.FRACTION, Kind.RATIO) and statistic.high is None and 0 < statistic.value < 1:
        return _said_share(statistic, statistic.value, language)
    return format_hedged(
        statistic.value, statistic.high, statistic.kind, statistic.unit, statistic.comparator, language
    )


def beside_raw(statistic: Statistic, language: Language) -> str | None:
    """The value as the language writes it where that says more than the text does: "2/3" beside "dos tercios"; null
    where it does not, or has no value."""
    raw, written = " ".join(statistic.raw.split()), format_statistic(statistic, language)
    if statistic.value is None or "".join(written.split()).casefold() == "".join(raw.split()).casefold():
        return None
    beside = written.removeprefix(f"{raw} (")
    return written if beside == written else beside.removesuffix(")")


def _said_share(statistic: Statistic, value: Decimal, language: Language) -> str:
    """A share in the words of its source with its fraction beside it; with its hedge in another language."""
    percent = value * 100
    if percent == percent.quantize(Decimal("0.1")) and statistic.kind is Kind.RATIO:
        plain = _format_share(value, None, language)
    else:
        part = Fraction(value).limit_denominator(_LARGEST_PART)
        if abs(Decimal(part.numerator) / part.denominator - value) > _SAME_PART:
            part = Fraction(value).limit_denominator(_LARGEST_WHOLE)
        plain = f"{part.numerator}/{part.denominator}"
    if language is statistic.language:
        said = " ".join(statistic.raw.split())
        return said if said == plain else f"{said} ({plain})"
    hedge = _HEDGES.get(statistic.comparator)
    return plain if hedge is None else f"{hedge[0] if language is Language.ES else hedge[1]} {plain}"


def format_hedged(
    value: Decimal, high: Decimal | None, kind: Kind, unit: str | None, comparator: Comparator, language: Language
) -> str:
    """A value with its hedge: "casi el 80 %", "more than 5,500", "entre 3 y 4"."""
    spanish = language is Language.ES
    if high is not None:
        low, top = format_value(value, kind, unit, language), format_value(high, kind, unit, language)
        low = low if kind in _SHARES or kind is Kind.CURRENCY else format_number(value, language, kind)
        if spanish and kind in _SHARES:
            return f"entre el {low} y el {top}"
        return f"entre {low} y {top}" if spanish else f"between {low} and {top}"
    shown = format_value(value, kind, unit, language)
    hedge = _HEDGES.get(comparator)
    if hedge is None:
        return shown
    if spanish and kind in _SHARES and unit is None:
        return _contracted(f"{hedge[0]} el {shown}")
    return f"{hedge[0] if spanish else hedge[1]} {shown}"


def _contracted(text: str) -> str:
    return text.replace(" de el ", " del ")


def format_value(value: Decimal, kind: Kind, unit: str | None, language: Language) -> str:
    """A value as its kind is written: "87 %", "1.73 times", "15,7 billones de dólares", "2,27 horas"."""
    spanish = language is Language.ES
    if kind is Kind.RATIO and value > 1:  # "10 to 1" is no share
        return f"{_digits(value, language, kind)} {'a' if spanish else 'to'} 1"
    if kind in _SHARES:
        return _format_share(value, unit, language)
    if kind is Kind.CURRENCY:
        return _format_money(value, unit, language)
    number = format_number(value, language, kind)
    if kind is Kind.MULTIPLIER:
        return f"{number}{_SPACE}{'veces' if spanish else 'times'}"
    if kind is Kind.DURATION and unit is not None:
        names = _UNITS_ES.get(unit, (unit, unit)) if spanish else (unit.removesuffix("s"), unit)
        return f"{number}{_SPACE}{names[0] if value == 1 else names[1]}"
    if kind is Kind.SCORE and unit in _POINTS:
        return f"{number}{_SPACE}{_POINTS[unit or ''][0 if spanish else 1]}"
    if kind is Kind.SCORE and unit is not None and unit.startswith("out of "):
        return f"{number}/{_digits(Decimal(unit.removeprefix('out of ')), language, Kind.COUNT)}"
    if kind is Kind.SCORE and unit == "points":
        one = abs(value) == 1
        return f"{number}{_SPACE}{('punto' if one else 'puntos') if spanish else ('point' if one else 'points')}"
    if kind is Kind.RANK:
        return f"{'puesto' if spanish else 'place'}{_SPACE}{number}"
    return number


def format_number(value: Decimal, language: Language, kind: Kind = Kind.COUNT) -> str:
    """A plain number with the language's marks; millions and more in words where two decimals are enough.

    Groups are never written where a reader could take the group mark for a decimal one (shares,
    factors), and three decimals get a fourth digit where they could be taken for thousands.
    """
    if kind in (Kind.COUNT, Kind.CURRENCY):
        scaled = _scaled(value, language)
        if scaled is not None:
            return scaled
    return _digits(value, language, kind)


def _scaled(value: Decimal, language: Language) -> str | None:
    for size, one, many in _SCALES[language]:
        base = value / size
        if abs(base) >= 1 and base == base.quantize(Decimal("0.01")):
            return f"{_digits(base, language, Kind.COUNT)}{_SPACE}{one if base == 1 else many}"
    return None


def _digits(value: Decimal, language: Language, kind: Kind) -> str:
    plain = f"{value.normalize():f}"
    whole, _, decimals = plain.lstrip("-").partition(".")
    grouped = kind not in (*_SHARES, Kind.MULTIPLIER, Kind.SCORE, Kind.RANK)
    if grouped:
        whole = f"{int(whole):,}".replace(",", language.facts.thousands_mark)
    if len(decimals) == 3 and kind not in (*_SHARES, Kind.MULTIPLIER):
        decimals += "0"
    sign = "-" if plain.startswith("-") else ""
    return f"{sign}{whole}{language.facts.decimal_mark}{decimals}" if decimals else f"{sign}{whole}"


def _format_share(value: Decimal, unit: str | None, language: Language) -> str:
    spanish = language is Language.ES
    if unit in _POINTS:
        es, en = _POINTS[unit or ""]
        gap = "" if en == "‰" and not spanish else _SPACE
        return f"{_digits(value * _PARTS[unit or ''], language, Kind.PERCENT)}{gap}{es if spanish else en}"
    share = value * 100
    if share != round(share) and share != share.quantize(Decimal("1e-6")):  # two thirds have no end
        share = share.quantize(Decimal("0.01"))
    number = _digits(share, language, Kind.PERCENT)
    return f"{number}{_SPACE}%" if spanish else f"{number}%"


def _with_cents(number: str, value: Decimal, language: Language) -> str:
    """A sum with one decimal gets its second: "$4.50", not "$4.5"."""
    mark = language.facts.decimal_mark
    single = len(number) > 2 and number[-2] == mark and number[-1].isdigit()
    return f"{number}0" if single and abs(value) < _SCALED_FROM else number


def _format_money(value: Decimal, unit: str | None, language: Language) -> str:
    number = _with_cents(format_number(value, language, Kind.CURRENCY), value, language)
    if language is not Language.ES:
        sign = _SIGNS.get(unit or "")
        return f"{sign}{number}" if sign and value >= 0 else f"{number}{_SPACE}{unit or ''}".strip()
    names = _UNITS_ES.get(unit or "", (unit or "", unit or ""))
    of = "de " if number[-1].isalpha() and names[1].islower() else ""
    return f"{number}{_SPACE}{of}{names[0] if value == 1 else names[1]}".strip()
