"""The bars of the figures: only shares of somebody, each named by whole words of its sentence."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient

from api.page.views.figures_table import bars_of
from api.service.knowledge_base import KnowledgeBase
from api.service.schemas import CitedStatistic
from kb.records.document import Span
from kb.records.language import Language
from kb.records.search import StatisticQuery
from kb.records.statistic import Direction, Granularity, Kind, Period

QUARTER = Period("2020-01", "2020-03", Granularity.QUARTER)
FORECAST = Period("2031", "2031", Granularity.YEAR, target=True)


@pytest.fixture
def cited(knowledge_base: KnowledgeBase) -> CitedStatistic:
    return knowledge_base.statistics(StatisticQuery(kind=Kind.PERCENT)).statistics[0]


def figure(cited: CitedStatistic, quote: str, **known: object) -> CitedStatistic:
    """A figure whose sentence is ``quote``, with "88%" in it."""
    at = quote.index("88%")
    stated = {
        "quote": quote,
        "quote_span": Span(100, 100 + len(quote)),
        "span": Span(100 + at, 103 + at),
        "raw": "88%",
        "value": Decimal("0.88"),
        "high": None,
        "kind": Kind.PERCENT,
        "direction": None,
        "population": None,
        "subject": None,
        "source": None,
        "year": None,
        "period": None,
        **known,
    }
    return replace(cited, statistic=replace(cited.statistic, **stated))  # type: ignore[arg-type]


WHOLE = [
    (
        "Salesforce found that 88% of customers value it.",
        "customers",
        "customers value it",
        "88% of customers value it",
    ),
    ("Some 88% of them agree.", None, "them agree", None),
    (
        "In Mexico, 88% of staff used e-mail, while few customers did.",
        "staff",
        "staff used e-mail",
        "In Mexico, 88% of staff used e-mail, while few customers did.",
    ),
    ("So did 88% of those elsewhere.", "those elsewhere", "those elsewhere", "So did 88% of those elsewhere."),
    ("Firm | 2021 | 88% of firms expect it", "firms", "firms expect it", None),
]


@pytest.mark.parametrize(("quote", "population", "subject", "claim"), WHOLE)
def test_a_bar_says_what_it_measures_in_whole_words(
    cited: CitedStatistic, quote: str, population: str | None, subject: str, claim: str | None
) -> None:
    """The clause where it stands for itself, else the sentence, with the figure marked; a row of a table, and a share
    of nobody knows whom, are no bar."""
    bars = bars_of([figure(cited, quote, population=population, subject=subject)], Language.ES)

    assert [("".join(one.text for one in bar.claim)) for bar in bars] == ([] if claim is None else [claim])
    assert [[one.text for one in bar.claim if one.marked] for bar in bars] == [["88%"]] * len(bars)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, [(0.0, 88.0, "")]),
        ({"source": "Ejemplo", "year": 2024}, [(0.0, 88.0, "Ejemplo, 2024")]),
        ({"year": 2024}, [(0.0, 88.0, "2024")]),
        ({"period": QUARTER, "year": 2020}, [(0.0, 88.0, "primer trimestre de 2020")]),
        ({"period": FORECAST}, [(0.0, 88.0, "previsión para 2031")]),
        ({"high": Decimal("0.95")}, [(88.0, 95.0, "")]),
        ({"direction": Direction.INCREASE}, []),
        ({"kind": Kind.MULTIPLIER}, []),
        ({"value": Decimal("1.2")}, []),
        ({"value": None}, []),
    ],
)
def test_a_bar_is_a_share_of_a_whole(
    cited: CitedStatistic, known: dict[str, object], expected: list[tuple[float, float, str]]
) -> None:
    """With who measured it and when; a change, a multiple and what exceeds the whole are none."""
    one = figure(cited, "Said 88% of customers.", population="customers", **known)

    assert [(bar.low, bar.high, bar.beside) for bar in bars_of([one], Language.ES)] == expected


def test_the_page_draws_the_bars_and_says_how_many_figures_are_none(client: TestClient) -> None:
    """None without words or filters, which compare nothing."""
    html = client.get("/statistics?kind=percent").text
    claims = [re.sub(r"<[^>]*>", "", one) for one in re.findall(r'class="bar-what"><span [^>]*>(.*?)</span>', html)]

    assert claims == [
        "Almost 40% of customers left after one failure, says Example.",
        "37,5 % de los clientes se marchó tras un solo fallo en 2024",
        "Up to 12% of customers came back",
    ]
    assert html.count('class="track"') == len(claims)
    assert 'class="bar-what"' not in client.get("/statistics").text
