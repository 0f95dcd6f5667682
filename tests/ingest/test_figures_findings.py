"""Findings in sentences that look like an order, an example or a benchmark; they stay figures."""

from __future__ import annotations

import pytest

from ingest.figures import read_passages
from ingest.prepare import prepare_text
from kb.language import Language

FINDINGS = [
    ("You should keep in mind that 70% of buyers leave.", "70%"),
    ("You should listen: 70% of buyers leave.", "70%"),
    ("Consider that 40% of buyers leave.", "40%"),
    ("CSAT is above 85%.", "above 85%"),
    ("Wait times fell to 3 minutes.", "3 minutes"),
    ("Reply times dropped by 4 minutes.", "4 minutes"),
]


@pytest.mark.parametrize(("text", "raw"), FINDINGS)
def test_findings_stay(text: str, raw: str) -> None:
    prepared = prepare_text(text, Language.EN)

    assert [raw] == [one.raw for one in read_passages(prepared.document, prepared.passages).statistics]


POPULATIONS = [
    ("El 12 % de los visitantes eligió el chat.", Language.ES, "los visitantes"),
    ("El 12 % de los clientes insatisfechos reclama.", Language.ES, "los clientes insatisfechos"),
    ("El 12 % de los jefes de tienda planea un cambio.", Language.ES, "los jefes de tienda"),
    ("Some 12% of callers hang up.", Language.EN, "callers"),
    ("Some 12% of stores compete on price.", Language.EN, "stores"),
    ("Some 12% of sales managers agree.", Language.EN, "sales managers"),
    ("Some 12% of people surveyed agree.", Language.EN, "people surveyed"),
]


@pytest.mark.parametrize(("text", "language", "population"), POPULATIONS)
def test_the_population_ends_before_the_verb(text: str, language: Language, population: str) -> None:
    prepared = prepare_text(text, language)
    (one,) = read_passages(prepared.document, prepared.passages).statistics

    assert one.population == population
