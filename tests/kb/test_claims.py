"""Claims against the sentences of their sources: which part differs, in either language."""

from __future__ import annotations

from decimal import Decimal

import pytest

from kb.numbers.marks import MarkEvidence
from kb.quotes.comparing import ClaimPart, Context, differences, other_unit, same_figure
from kb.quotes.statements import Stated, names_in, read_statements, speaker_of
from kb.records.language import Language

PAIRS = [
    (
        "McKinsey said in 2019 that 71% of members pay.",
        "McKinsey said in 2021 that 71% of members pay.",
        [(ClaimPart.YEAR, "2021")],
    ),
    ("Almost 71% of members pay.", "Up to 71% of members pay.", [(ClaimPart.HEDGE, "up_to")]),
    ("El uso subió un 12 % en Soria.", "El uso bajó un 12 % en Soria.", [(ClaimPart.DIRECTION, "decrease")]),
    (
        "The bank lost 4% of letters.",
        "The bank denies that it lost 4% of letters.",
        [(ClaimPart.DENIAL, "denies that")],
    ),
    ("El 71 % no paga.", "El 71 % paga.", [(ClaimPart.DENIAL, "")]),
    ("71% of men pay.", "71% of women pay.", [(ClaimPart.POPULATION, "women")]),
    ("According to Gallup, 71% pay.", "According to Gartner, 71% pay.", [(ClaimPart.SOURCE, "Gartner")]),
    ("Según Gartner, el 71 % paga.", "According to Gartner, 71% pay.", []),
]


@pytest.mark.parametrize(("claim", "source", "expected"), PAIRS)
def test_the_part_that_differs_is_named(claim: str, source: str, expected: list[tuple[ClaimPart, str]]) -> None:
    mine, theirs = only(claim), only(source)
    around = Context(names_in(source), (), (), (), "", source)

    found = differences(mine, theirs, around, speaker_of(claim, Language.ES if "paga" in claim else Language.EN))

    assert same_figure(mine, theirs)
    assert expected == [(one.part, one.theirs) for one in found]


def test_another_unit_is_no_other_figure() -> None:
    """Nine weeks and nine days are one number; nine people are not."""
    assert other_unit(only("It took 9 weeks."), only("It took 9 days."))
    assert not other_unit(only("It took 9 weeks."), only("It took 9.5 days."))
    assert not other_unit(only("It took 9 weeks."), only("There were 9 people."))


def test_ages_are_of_whom_a_figure_is() -> None:
    """They are no figure of their own."""
    [one] = read_statements("El 72 % de los pacientes menores de 40 años llama.", MarkEvidence())

    assert {(pole.axis, pole.side) for pole in one.poles} == {("age", "younger 40")}


SPEAKERS = [
    ("El 41 % de los cuidadores del Sur entrevistados en 2023 por la Alianza Faro llamó.", ("alianza", "faro")),
    ("Un sondeo realizado por Norte Consulting halló un 30 %.", ("norte", "consulting")),
]


@pytest.mark.parametrize(("sentence", "speaker"), SPEAKERS)
def test_who_asked_is_who_says_it(sentence: str, speaker: tuple[str, ...]) -> None:
    assert speaker == speaker_of(sentence, Language.ES)


SUMS = [
    ("Se devolvieron 22,3 millones de dólares australianos en comisiones.", "22300000", "AUD"),
    ("Se debían 3,2 lakh de rupias a los usuarios.", "320000", "INR"),
]


@pytest.mark.parametrize(("sentence", "value", "unit"), SUMS)
def test_sums_of_other_countries_keep_their_currency(sentence: str, value: str, unit: str) -> None:
    one = only(sentence)

    assert (Decimal(value), "money", unit) == (one.value, one.measure, one.unit)


def only(sentence: str) -> Stated:
    [one] = read_statements(sentence, MarkEvidence())
    return one
