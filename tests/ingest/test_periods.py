"""When a sentence says that its figure was measured: one grammar for both languages; a comparison's year is not its."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.figures import read_figures, read_passages
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import TEXT
from ingest.sources.sources import SourceFile
from ingest.studies.when.periods import named_periods
from ingest.text.prepare import prepare, prepare_text
from kb.records.language import Language
from kb.records.statistic import Granularity, Period
from kb.words.tokens import tokenize

CASES = json.loads((Path(__file__).parents[1] / "cases" / "periods.json").read_text("utf-8"))


@pytest.mark.parametrize("row", CASES, ids=[row["text"] for row in CASES])
def test_the_period_of_the_44_percent(row: dict[str, Any]) -> None:
    """From, to, how finely, its words and whether it is a forecast; the span holds the words."""
    prepared = prepare_text(row["text"], Language(row["language"]))
    one = next(one for one in read_passages(prepared.document, prepared.passages).statistics if "44" in one.raw)
    when = one.period

    assert row["period"] == (when and [when.start, when.end, when.granularity.value, when.quote, when.target])
    assert one.year == (when and when.year)
    assert when is None or when.span is None or when.span.cut(row["text"]) == when.quote


RELATIVE = [
    ("El 44 % pagó con tarjeta el año pasado.", ("2021", "2021")),
    ("In October, 44% paid by card.", ("2021-10", "2021-10")),
    ("Between February and April, 44% paid by card.", ("2022-02", "2022-04")),
    ("Entre noviembre y enero pagó el 44 %.", ("2021-11", "2022-01")),
]


@pytest.mark.parametrize(("text", "expected"), RELATIVE)
def test_a_period_without_a_year_is_the_last_before_publication(text: str, expected: tuple[str, str]) -> None:
    (found,) = named_periods(text, tokenize(text), (2022, 5))

    assert (found.period.start, found.period.end) == expected
    assert named_periods(text, tokenize(text), None) == []


def test_what_is_expected_of_a_year_that_is_gone_is_no_forecast() -> None:
    text = "In 2022, 44% said they will buy more."

    assert [one.period.target for one in named_periods(text, tokenize(text), (2024, 3))] == [False]
    assert [one.period.target for one in named_periods(text, tokenize(text), (2022, 3))] == [True]


def test_a_period_names_one_year_or_none() -> None:
    assert Period("2022-03", "2022-06", Granularity.MONTH).year == 2022
    assert Period("2021-09", "2022-01", Granularity.MONTH).year is None
    assert Period("2031", "2031", Granularity.YEAR, target=True).year is None


def read(page: str) -> list[tuple[str, str | None, str | None]]:
    known = SourceMetadata.of("test", publisher="Diario de la Vega", published="2023-05-03")
    prepared = prepare(SourceFile.of("page", page.encode(), TEXT, metadata=known))
    return [
        (one.raw, one.source, None if one.period is None else one.period.start)
        for one in read_figures(prepared.document, prepared.passages)
    ]


BAD = {
    "without attribution": "# Clientes y canales\n\nEl 61 % prefiere el chat.\n\nEl 12 % vuelve a llamar.",
    "a study that the page invents": "# Clientes\n\nSegún un estudio, el 61 % prefiere el chat.",
    "years that contradict": "# Clientes\n\nLa encuesta es de 2019. La encuesta es de 2021.\n\nEl 61 % elige el chat.",
}


@pytest.mark.parametrize("page", BAD.values(), ids=BAD)
def test_null_rather_than_wrong(page: str) -> None:
    """No source and no period where the page names none, or names two of equal weight."""
    assert {one[1:] for one in read(page) if "%" in one[0]} == {(None, None)}


def test_twenty_studies_keep_their_own_years() -> None:
    """A list in which each figure has its study: no study is another's, and nobody's is taken for one."""
    page = "# Veinte cifras\n\n" + "\n\n".join(
        f"- Según el Instituto Arga, en {2000 + number} volvió el {30 + number} %." for number in range(20)
    )

    assert {(raw, start) for raw, _, start in read(page)} == {(f"{30 + n} %", str(2000 + n)) for n in range(20)}
