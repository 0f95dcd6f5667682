"""Findings in sentences that look like an order, an example or a benchmark; they stay figures."""

from __future__ import annotations

import pytest

from ingest.figures import read_passages
from ingest.text.prepare import prepare_text
from kb.records.language import Language

FINDINGS = [
    ("You should keep in mind that 70% of buyers leave.", "70%"),
    ("You should listen: 70% of buyers leave.", "70%"),
    ("Consider that 40% of buyers leave.", "40%"),
    ("CSAT is above 85%.", "above 85%"),
    ("Wait times fell to 3 minutes.", "3 minutes"),
    ("Reply times dropped by 4 minutes.", "4 minutes"),
    ("Guests spend $900 a year.", "$900"),
    ("Los huéspedes gastan 900 € al año.", "900 €"),
    ("The average chat costs $3.", "$3"),
    ("Cada chat cuesta 3 € a la empresa.", "3 €"),
    ("Turnover costs $8,000 per agent.", "$8,000"),
    ("Ticket medio: 42 €.", "42 €"),
    ("Plan holders pay $30 a month on average.", "$30"),
    ("El precio medio del plan subió a 42 €.", "42 €"),
    ("Each seat left empty costs the airline $210.", "$210"),
    ("Shoppers who use coupons save $25 a month.", "$25"),
    ("Agents spend 9 hours a week on reports.", "9 hours"),
    ("Los agentes dedican 9 horas semanales a informes.", "9 horas"),
    ("El curso medio dura 9 horas.", "9 horas"),
    ("The clip got 8,120 views in a week.", "8,120"),
    ("El vídeo recibió 8.120 visitas.", "8.120"),
    ("The app has 3M users.", "3M"),
    ("Over 45 brands took part in the study.", "Over 45"),
    ("If callers wait more than 3 minutes, 35% hang up.", "35%"),
    ("Si el cliente espera más de 3 minutos, el 35 % cuelga.", "35 %"),
]


@pytest.mark.parametrize(("text", "raw"), FINDINGS)
def test_findings_stay(text: str, raw: str) -> None:
    prepared = prepare_text(text, None)

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
