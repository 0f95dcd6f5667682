"""What a place that repeats a figure changed of it."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from fastapi.testclient import TestClient

from api.service.genealogy import FigureChange, changes
from kb.records.document import Span
from kb.records.language import Language
from kb.records.statistic import Comparator, Kind, Statistic

QUOTE = "Almost 80% of the customers who use the app came back."
FIRST = Statistic(
    id="s1", passage_id="p1", span=Span(0, 10), raw="Almost 80%", value=Decimal("0.80"), high=None, kind=Kind.PERCENT,
    unit=None, comparator=Comparator.ALMOST, direction=None, subject=None,
    population="the customers who use the app", sample_size=1200, source="Gartner", study=None, year=2021, quote=QUOTE,
    quote_span=Span(0, 54), language=Language.EN,
)  # fmt: skip

CASES = [
    ({}, []),
    ({"year": None}, [FigureChange.YEAR_LOST]),
    ({"year": 2022}, [FigureChange.YEAR_CHANGED]),
    ({"comparator": Comparator.EXACT}, [FigureChange.HEDGE_LOST]),
    ({"comparator": Comparator.MORE_THAN}, [FigureChange.HEDGE_CHANGED]),
    ({"source": None, "sample_size": None}, [FigureChange.SOURCE_LOST, FigureChange.SAMPLE_LOST]),
    ({"source": "GARTNER"}, []),
    ({"population": "customers"}, [FigureChange.POPULATION_WIDENED]),
    ({"population": "drivers"}, [FigureChange.POPULATION_CHANGED]),
    ({"population": None}, [FigureChange.POPULATION_LOST]),
    ({"population": "los clientes", "language": Language.ES}, []),
    ({"value": Decimal("0.75")}, [FigureChange.VALUE_CHANGED]),
]


@pytest.mark.parametrize(("told", "expected"), CASES)
def test_what_a_repeater_changed(told: dict[str, object], expected: list[FigureChange]) -> None:
    other = replace(FIRST, id="s2", **told)  # type: ignore[arg-type]

    assert list(changes(FIRST, other)) == expected


def test_what_only_the_repeater_tells_is_no_change() -> None:
    assert changes(replace(FIRST, year=None, source=None, population=None), replace(FIRST, id="s2")) == ()


def test_the_history_over_http(client: TestClient) -> None:
    """The first place has no changes; the figure that is asked for is among the places."""
    one = client.get("/v1/statistics?limit=1").json()["statistics"][0]["statistic"]["id"]
    answer = client.get(f"/v1/statistics/{one}/history").json()

    assert answer["statistic_id"] == one
    assert answer["places"][0]["changes"] == []
    assert one in [place["statistic"]["id"] for place in answer["places"]]
    assert client.get("/v1/statistics/s0000000000000000/history").status_code == 404
