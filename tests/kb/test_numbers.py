"""Values in the number format of each language."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kb.numbers import format_hedged, format_number, format_value
from kb.records.language import Language
from kb.records.statistic import Comparator, Kind

ES, EN = Language.ES, Language.EN
NBSP = "\u00a0"

VALUES = [
    ("0.87", Kind.PERCENT, None, "87 %", "87%"),
    ("0.375", Kind.PERCENT, None, "37,5 %", "37.5%"),
    ("12.5", Kind.PERCENT, None, "1250 %", "1250%"),
    ("-0.052", Kind.PERCENT, None, "-5,2 %", "-5.2%"),
    ("0.015", Kind.PERCENT, "percentage points", "1,5 puntos porcentuales", "1.5 percentage points"),
    ("1.5", Kind.SCORE, "percentage points", "1,5 puntos porcentuales", "1.5 percentage points"),
    ("0.6666666667", Kind.FRACTION, None, "66,67 %", "66.67%"),
    ("0.8", Kind.RATIO, None, "80 %", "80%"),
    ("3", Kind.RATIO, None, "3 a 1", "3 to 1"),
    ("1.73", Kind.MULTIPLIER, None, "1,73 veces", "1.73 times"),
    ("5500", Kind.COUNT, None, "5.500", "5,500"),
    ("1234567", Kind.COUNT, None, "1.234.567", "1,234,567"),
    ("1500000", Kind.COUNT, None, "1,5 millones", "1.5 million"),
    ("1000000", Kind.COUNT, None, "1 millón", "1 million"),
    ("3400000000", Kind.COUNT, None, "3.400 millones", "3.4 billion"),
    ("15700000000000", Kind.CURRENCY, "USD", "15,7 billones de dólares", "$15.7 trillion"),
    ("1200", Kind.CURRENCY, "EUR", "1.200 euros", "€1,200"),
    ("37.90", Kind.CURRENCY, "EUR", "37,90 euros", "€37.90"),
    ("1", Kind.CURRENCY, "USD", "1 dólar", "$1"),
    ("8.3", Kind.SCORE, "out of 10", "8,3/10", "8.3/10"),
    ("4.50", Kind.CURRENCY, "USD", "4,50 dólares", "$4.50"),
    ("4120", Kind.CURRENCY, "$", "4.120 $", "$4,120"),
    ("2", Kind.SCORE, "points", "2 puntos", "2 points"),
    ("3", Kind.RANK, None, "puesto 3", "place 3"),
    ("2.27", Kind.DURATION, "hours", "2,27 horas", "2.27 hours"),
    ("1", Kind.DURATION, "hours", "1 hora", "1 hour"),
    ("1.245", Kind.COUNT, None, "1,2450", "1.2450"),
]


@pytest.mark.parametrize(("value", "kind", "unit", "spanish", "english"), VALUES)
def test_values(value: str, kind: Kind, unit: str | None, spanish: str, english: str) -> None:
    """Blanks inside a value do not break."""
    assert spanish == format_value(Decimal(value), kind, unit, ES).replace(NBSP, " ").replace(" ", " ")
    assert english == format_value(Decimal(value), kind, unit, EN).replace(NBSP, " ")


HEDGES = [
    (Comparator.ALMOST, "casi el 80 %", "almost 80%"),
    (Comparator.ABOUT, "alrededor del 80 %", "about 80%"),
    (Comparator.MORE_THAN, "más del 80 %", "more than 80%"),
    (Comparator.EXACT, "80 %", "80%"),
]


@pytest.mark.parametrize(("comparator", "spanish", "english"), HEDGES)
def test_a_hedge_is_never_lost(comparator: Comparator, spanish: str, english: str) -> None:
    shown = [
        format_hedged(Decimal("0.8"), None, Kind.PERCENT, None, comparator, language).replace(NBSP, " ")
        for language in (ES, EN)
    ]

    assert [spanish, english] == shown


def test_ranges() -> None:
    low, high = Decimal("0.2"), Decimal("0.3")

    assert (
        format_hedged(low, high, Kind.PERCENT, None, Comparator.RANGE, ES).replace(NBSP, " ")
        == "entre el 20 % y el 30 %"
    )
    assert (
        format_hedged(Decimal(30000), Decimal(45000), Kind.CURRENCY, "USD", Comparator.RANGE, EN)
        == "between $30,000 and $45,000"
    )


def test_the_language_decides_the_marks() -> None:
    assert format_number(Decimal("12345.67"), ES) == "12.345,67"
    assert format_number(Decimal("12345.67"), EN) == "12,345.67"
