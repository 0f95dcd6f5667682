"""What is formatted is read back: the same value, kind and hedge, in both languages, over the whole grammar."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.figures import read_passages
from ingest.prepare import prepare_text
from kb.language import Language
from kb.numbers import format_hedged
from kb.statistic import Comparator, Kind, Statistic

LANGUAGES = st.sampled_from([Language.ES, Language.EN])
HEDGES = st.sampled_from([one for one in Comparator if one is not Comparator.RANGE])
CARRIERS = {
    Language.ES: ("Según el estudio, la cifra de clientes fue de ", " en la región."),
    Language.EN: ("The survey found that the figure came to ", " in the region."),
}


def decimals(low: str, high: str, places: int) -> st.SearchStrategy[Decimal]:
    return st.decimals(min_value=Decimal(low), max_value=Decimal(high), places=places)


def reread(shown: str, language: Language) -> Statistic:
    before, after = CARRIERS[language]
    prepared = prepare_text(f"{before}{shown}{after}", language)
    (one,) = read_passages(prepared.document, prepared.passages).statistics
    return one


def check(value: Decimal, kind: Kind, unit: str | None, hedge: Comparator, language: Language) -> None:
    one = reread(format_hedged(value, None, kind, unit, hedge, language), language)

    assert (value, kind, hedge) == (one.value, one.kind, one.comparator)


@given(decimals("0.0001", "0.9999", 4) | decimals("1.01", "99", 2), HEDGES, LANGUAGES)
def test_percents(value: Decimal, hedge: Comparator, language: Language) -> None:
    check(value, Kind.PERCENT, None, hedge, language)


@given(decimals("1.1", "999", 3), HEDGES, LANGUAGES)
def test_multipliers(value: Decimal, hedge: Comparator, language: Language) -> None:
    if value == value.to_integral_value():
        value += Decimal("0.5")
    check(value, Kind.MULTIPLIER, None, hedge, language)


@given(st.integers(min_value=2101, max_value=10**15).map(Decimal), HEDGES, LANGUAGES)
def test_counts(value: Decimal, hedge: Comparator, language: Language) -> None:
    check(value, Kind.COUNT, None, hedge, language)


@settings(max_examples=200)
@given(
    decimals("2", "999", 3) | st.integers(2, 10**15).map(Decimal),
    st.sampled_from(["USD", "EUR", "GBP", "MXN"]),
    HEDGES,
    LANGUAGES,
)
def test_currency(value: Decimal, unit: str, hedge: Comparator, language: Language) -> None:
    check(value, Kind.CURRENCY, unit, hedge, language)


@given(decimals("1.1", "300", 2), st.sampled_from(["seconds", "minutes", "hours", "months"]), HEDGES, LANGUAGES)
def test_durations(value: Decimal, unit: str, hedge: Comparator, language: Language) -> None:
    if value == value.to_integral_value():
        value += Decimal("0.5")
    check(value, Kind.DURATION, unit, hedge, language)


@given(decimals("0.01", "0.5", 2), decimals("0.51", "0.99", 2), LANGUAGES)
def test_ranges(low: Decimal, high: Decimal, language: Language) -> None:
    one = reread(format_hedged(low, high, Kind.PERCENT, None, Comparator.RANGE, language), language)

    assert (low, high, Comparator.RANGE) == (one.value, one.high, one.comparator)
