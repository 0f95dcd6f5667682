"""The scoring of figures, with a reader written by hand."""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

import pytest

from index.evaluate.figures.judged_figures import JudgedFigures, read_judged_figures
from index.evaluate.figures.statistic_scores import FigureScores, same_source, score_figures
from kb.records.document import Span
from kb.records.errors import InputError, SourceError
from kb.records.language import Language
from kb.records.statistic import Comparator, Kind, Statistic

TEXT = "In 2019 Acme found that over 60% of users stay. Two-thirds pay. They wait 3 hours."


def figure(raw: str, value: str, kind: Kind, comparator: Comparator = Comparator.EXACT) -> Statistic:
    start = TEXT.index(raw)
    span = Span(start, start + len(raw))
    return Statistic(
        f"s{start}", "p", span, raw, Decimal(value), None, kind, None, comparator, None, None, None, None, "Acme", None,
        2019, TEXT, Span(0, len(TEXT)), Language.EN,
    )  # fmt: skip


def gold(raw: str, value: float, kind: str, **other: object) -> dict[str, object]:
    row: dict[str, object] = {
        "doc": "en_x", "lang": "en", "sentence": TEXT, "raw": raw, "start": TEXT.index(raw), "value": value,
        "kind": kind, "modifier": "exact", "unit": None, "source": "Acme Inc.", "year": None, "optional": False,
        "doc_complete": True,
    }  # fmt: skip
    return row | other


@pytest.fixture
def judged(tmp_path: Path) -> JudgedFigures:
    rows = [
        gold("60%", 0.6, "percent", modifier="more_than", year="2019"),
        gold("Two-thirds", 0.6667, "fraction"),
        gold("3 hours", 3, "count", unit="hours", optional=True),
    ]
    year = {"doc": "en_x", "lang": "en", "sentence": TEXT, "raw": "2019", "start": 3, "reason": "year", "ignore": False}
    (tmp_path / "stats_gold.jsonl").write_text("\n".join(json.dumps(row) for row in rows), "utf-8")
    (tmp_path / "stats_negatives.jsonl").write_text(json.dumps(year), "utf-8")
    (tmp_path / "cx").mkdir()
    (tmp_path / "cx" / "en_x.txt").write_text(TEXT, "utf-8")
    return read_judged_figures(tmp_path)


def test_scores(judged: JudgedFigures) -> None:
    """One found, one missed, one false, one optional that counts neither way."""

    def reader(_name: str, _text: str) -> Sequence[Statistic]:
        return [
            figure("over 60%", "0.6", Kind.PERCENT, Comparator.MORE_THAN),
            figure("2019", "2019", Kind.COUNT),
            figure("3 hours", "3", Kind.DURATION),
        ]

    report = score_figures(judged, reader)

    assert report.scores[Language.EN] == FigureScores(2, 1, 0.5, 2, 0.5, 1.0, 1.0, 1.0, 1.0)
    assert report.scores[Language.ES] == FigureScores(0, 0, None, 0, None, None, None, None, None)
    assert [(miss.gold.raw, miss.seen) for miss in report.misses] == [("Two-thirds", None)]
    assert [(one.found.raw, one.reason) for one in report.false_figures] == [("2019", "year")]


def test_a_wrong_value_is_a_miss_and_a_false_figure(judged: JudgedFigures) -> None:
    def reader(_name: str, _text: str) -> Sequence[Statistic]:
        return [figure("60%", "60", Kind.PERCENT)]

    report = score_figures(judged, reader)

    assert [miss.gold.raw for miss in report.misses] == ["60%", "Two-thirds"]
    assert report.misses[0].seen is not None
    assert [one.found.raw for one in report.false_figures] == ["60%"]


def test_the_gold_writes_durations_as_counts(judged: JudgedFigures) -> None:
    assert [one.kind for one in judged.gold] == [Kind.PERCENT, Kind.FRACTION, Kind.DURATION]


SOURCES = [
    ("Zendesk y ESG", "Zendesk", True),
    ("Acme / Norte Consulting", "Norte Consulting", True),
    ("DataIQ Report 2017", "Data IQ", True),
    ("Gartner", "Forrester", False),
    ("Gartner", None, False),
    (None, "Gartner", False),
    (None, None, True),
]


@pytest.mark.parametrize(("theirs", "mine", "same"), SOURCES)
def test_same_source(theirs: str | None, mine: str | None, same: bool) -> None:
    assert same_source(theirs, mine) is same


def test_a_folder_without_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"stats_gold\.jsonl"):
        read_judged_figures(tmp_path)


def test_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "stats_gold.jsonl").write_text("{\n", "utf-8")
    with pytest.raises(SourceError, match="line 1"):
        read_judged_figures(tmp_path)
