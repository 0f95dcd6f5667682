"""What is formatted is read back: the same value, kind and hedge, in both languages, over the whole grammar."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from ingest.figures import read_passages
from ingest.text.prepare import prepare_text
from kb.numbers import format_hedged
from kb.records.language import Language
from kb.records.statistic import Comparator, Kind, Statistic

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


def shown_percents(values: list[Decimal], language: Language) -> list[str]:
    """Bare numbers as percentages are written, without the sign."""
    return [
        format_hedged(one, None, Kind.PERCENT, None, Comparator.EXACT, language).rstrip("%\u00a0") for one in values
    ]


@given(decimals("0.01", "0.99", 3), decimals("0.01", "0.99", 3), LANGUAGES)
def test_both_ends_of_a_change_share_the_percent_sign(first: Decimal, second: Decimal, language: Language) -> None:
    low, high = shown_percents([first, second], language)
    text = {
        Language.ES: f"La tasa pasó del {low} al {high} por ciento tras el cambio.",
        Language.EN: f"The rate went from {low} to {high} percent after the change.",
    }[language]
    prepared = prepare_text(text, language)
    found = read_passages(prepared.document, prepared.passages).statistics

    assert [(first, Kind.PERCENT), (second, Kind.PERCENT)] == [(one.value, one.kind) for one in found]


@given(st.integers(-99, 99), st.integers(-99, 99), LANGUAGES)
def test_both_ends_of_a_score_are_scores(first: int, second: int, language: Language) -> None:
    text = {
        Language.ES: f"El NPS pasó de {first} a {second} tras el cambio.",
        Language.EN: f"The NPS went from {first} to {second} after the change.",
    }[language]
    prepared = prepare_text(text, language)
    found = read_passages(prepared.document, prepared.passages).statistics

    assert [(Decimal(first), Kind.SCORE), (Decimal(second), Kind.SCORE)] == [(one.value, one.kind) for one in found]


@given(st.integers(2, 9), st.integers(2, 9), st.sampled_from([10**6, 10**9]), LANGUAGES)
def test_both_ends_of_a_change_share_the_scale(first: int, second: int, size: int, language: Language) -> None:
    scale = {(10**6, Language.ES): "millones", (10**9, Language.ES): "mil millones"}.get((size, language))
    scale = scale or {10**6: "million", 10**9: "billion"}[size]
    text = {
        Language.ES: f"El gasto pasó de {first} a {second} {scale} de euros.",
        Language.EN: f"Spending went from €{first} to €{second} {scale}.",
    }[language]
    prepared = prepare_text(text, language)
    found = read_passages(prepared.document, prepared.passages).statistics

    assert [Decimal(first * size), Decimal(second * size)] == [one.value for one in found]


@given(st.integers(1, 9), st.integers(0, 59), LANGUAGES)
def test_a_duration_of_two_units_is_one_in_the_smaller(minutes: int, seconds: int, language: Language) -> None:
    text = {
        Language.ES: f"El tiempo medio de espera fue de {minutes} min {seconds} s.",
        Language.EN: f"The average hold time was {minutes}m {seconds}s.",
    }[language]
    prepared = prepare_text(text, language)
    (one,) = read_passages(prepared.document, prepared.passages).statistics

    assert (Decimal(minutes * 60 + seconds), "seconds", Kind.DURATION) == (one.value, one.unit, one.kind)
