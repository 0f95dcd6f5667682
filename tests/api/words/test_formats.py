"""Numbers, values and dates as each language writes them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from api.words.formats import day, number, percent
from kb.records.language import Language

ES, EN = Language.ES, Language.EN


@pytest.mark.parametrize(
    ("value", "spanish", "english"),
    [
        (Decimal("4760000000.00"), "4.760.000.000", "4,760,000,000"),
        (Decimal("0.5"), "0,5", "0.5"),
        (Decimal("1.73"), "1,73", "1.73"),
        (Decimal("-1234.50"), "-1.234,5", "-1,234.5"),
        (Decimal("1E+3"), "1.000", "1,000"),
        (7, "7", "7"),
    ],
)
def test_numbers(value: Decimal | int, spanish: str, english: str) -> None:
    assert (spanish, english) == (number(value, ES), number(value, EN))


def test_percentages_keep_a_no_break_space_in_spanish() -> None:
    assert (percent(Decimal("0.875"), ES), percent(Decimal("0.875"), EN)) == ("87,5\u00a0%", "87.5%")
    assert percent(Decimal("1.35"), ES) == "135\u00a0%"


@pytest.mark.parametrize(
    ("published", "spanish", "english"),
    [
        ("2022-09-30", "30 de septiembre de 2022", "30 September 2022"),
        ("2022-09", "septiembre de 2022", "September 2022"),
        ("2022", "2022", "2022"),
        ("2022-13", "2022", "2022"),
        ("soon", None, None),
        (None, None, None),
    ],
)
def test_dates(published: str | None, spanish: str | None, english: str | None) -> None:
    assert (spanish, english) == (day(published, ES), day(published, EN))
