"""Who measured, when, and whom they asked, sentence by sentence; a wrong credit is worse than none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ingest.figures import read_passages
from ingest.text.prepare import prepare_text
from kb.records.language import Language
from kb.records.statistic import Statistic

CASES = Path(__file__).parents[1] / "cases"


def cases(name: str) -> list[Any]:
    """The rows of a case file; rows with ``known_failure`` are strict xfails."""
    rows = json.loads((CASES / name).read_text("utf-8"))
    return [
        pytest.param(
            row,
            id=row["text"][:60],
            marks=[pytest.mark.xfail(strict=True, reason=row["known_failure"])] if "known_failure" in row else [],
        )
        for row in rows
    ]


def read(row: dict[str, Any]) -> tuple[Statistic, ...]:
    prepared = prepare_text(row["text"], Language(row["language"]))
    return read_passages(prepared.document, prepared.passages).statistics


@pytest.mark.parametrize("row", cases("figures_sources.json"))
def test_the_source_and_year_of_the_44_percent(row: dict[str, Any]) -> None:
    """The text's last figure with the digits 44."""
    one = [one for one in read(row) if "44" in one.raw][-1]

    assert (row["source"], row["year"]) == (one.source, one.year)


@pytest.mark.parametrize("row", cases("figures_samples.json"))
def test_the_size_of_a_sample(row: dict[str, Any]) -> None:
    """Only the count of those asked is one: no employees of the firms asked, no questions, no part of the sample."""
    expected = [] if row["sample"] is None else [row["sample"]]

    assert expected == [one.sample_size for one in read(row) if one.sample_size is not None]


@pytest.mark.parametrize("row", cases("figures_populations.json"))
def test_who_a_share_is_of(row: dict[str, Any]) -> None:
    """The noun phrase before its verb; none where a verb alone, a pronoun clause, time or a total follows."""
    assert row["populations"] == [one.population for one in read(row)]


TABLE = (
    "| Sector | NPS 2021 | NPS 2022 | Interviews, 2022 |\n\n| Banks | 37 | 35 | 6,405 |\n\n"
    "| Hotels | 41 | 44 | 3,987 |\n\n"
    "| Average | 39 | 40 | 5,196 |"
)


def test_a_row_of_a_table_says_whom() -> None:
    """The first cell, unless it stands for all. Rows of one figure are answers of the same people."""
    found = [(one.raw, one.population) for one in read({"language": "en", "text": TABLE})]
    answers = "| Reason | Share |\n\n| Price | 41 |\n\n| Moving | 13 |\n\n| Others | 46 |"

    assert [one for one in found if one[0] in ("35", "44", "40")] == [("35", "Banks"), ("44", "Hotels"), ("40", None)]
    assert {one.population for one in read({"language": "en", "text": answers})} == {None}
