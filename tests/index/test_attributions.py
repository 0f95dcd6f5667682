"""``kb evaluate attribution``: which figures are matched, and when a field counts as right, wrong or missing."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from index.evaluate.figures.attributions import (
    FieldScores,
    JudgedDocument,
    agrees,
    read_judged_documents,
    score_attributions,
)
from kb.records.document import Span
from kb.records.errors import SourceError
from kb.records.language import Language
from kb.records.statistic import Comparator, Granularity, Kind, Period, Statistic

TEXT = "Brezal measured it in 2021.\n\nOf the 400 members asked, 61% came back."
ROW = {
    "id": "d",
    "language": "en",
    "title": "Members",
    "publisher": None,
    "published": None,
    "text": TEXT,
    "figures": [
        {
            "raw": "61%",
            "sentence": "Of the 400 members asked, 61% came back.",
            "source": "Brezal",
            "study": None,
            "period": "in 2021",
            "year": 2021,
            "population": "the 400 members asked",
            "sample_size": 400,
        }
    ],
}


def statistic() -> Statistic:
    start = TEXT.index("61%")
    return Statistic(
        "s", "p", Span(start, start + 3), "61%", Decimal("0.61"), None, Kind.PERCENT, None, Comparator.EXACT, None,
        None, "the members asked", None, "Brezal Research", None, 2020, TEXT, Span(0, len(TEXT)), Language.EN,
    )  # fmt: skip


def reader(found: Statistic) -> object:
    def read(document: JudgedDocument) -> tuple[str, Sequence[Statistic]]:
        return document.text, [found]

    return read


@pytest.mark.parametrize("packed", [False, True])
def test_fields_are_right_wrong_or_missing(tmp_path: Path, packed: bool) -> None:
    """A name that holds the judged one is right, another year is given but wrong, a sample not told is missing."""
    path = tmp_path / "judged.jsonl"
    data = (json.dumps(ROW) + "\n").encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    report = score_attributions(read_judged_documents(path), reader(statistic()))  # type: ignore[arg-type]
    english = report.scores[Language.EN]

    assert (english.judged, english.read) == (1, 1)
    assert english.fields == {
        "source": FieldScores(1.0, 0.0, 0.0),
        "study": FieldScores(1.0, 0.0, 0.0),
        "period": FieldScores(0.0, 0.0, 1.0),
        "year": FieldScores(0.0, 1.0, 0.0),
        "population": FieldScores(1.0, 0.0, 0.0),
        "sample_size": FieldScores(0.0, 0.0, 1.0),
    }
    assert [(fault.field, fault.judged, fault.found) for fault in report.faults] == [
        ("period", "in 2021", None),
        ("year", 2021, 2020),
        ("sample_size", 400, None),
    ]


def test_a_figure_elsewhere_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text(json.dumps(ROW) + "\n", encoding="utf-8")
    elsewhere = replace(statistic(), span=Span(0, 3))
    report = score_attributions(read_judged_documents(path), reader(elsewhere))  # type: ignore[arg-type]

    assert (report.scores[Language.EN].read, report.scores[Language.EN].fields) == (0, {})


def test_a_period_is_judged_by_its_words() -> None:
    assert agrees("period", "En 2017", Period("2017", "2017", Granularity.YEAR, "2017", Span(3, 7)))
    assert agrees("period", "2017", Period("2017", "2017", Granularity.YEAR))
    assert not agrees("period", "entre marzo y junio de 2022", Period("2022", "2022", Granularity.YEAR, "2022"))


def test_a_population_is_neither_half_nor_twice_as_long() -> None:
    assert agrees("population", "customers who complained", "the customers who complained")
    assert not agrees("population", "customers who complained by phone last year", "customers")
    assert not agrees("population", "customers", "customers who complained by phone last year")


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    path = tmp_path / "judged.jsonl"
    path.write_text('{"id": "d"}\n', encoding="utf-8")

    with pytest.raises(SourceError, match="line 1"):
        read_judged_documents(path)
