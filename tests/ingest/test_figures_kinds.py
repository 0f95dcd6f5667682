"""Sentences of every kind, in the marks of many countries: each figure as judged, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from index.evaluate.figures.figure_cases import CaseScores, score_cases
from index.evaluate.figures.judged_figures import rows_of_file
from ingest.figures import read_figures, read_passages
from ingest.text.prepare import prepare_text
from kb.records.language import Language
from kb.records.statistic import Statistic

CASES = Path(__file__).parents[1] / "cases"


def read(text: str, language: Language) -> tuple[Statistic, ...]:
    prepared = prepare_text(text, language)
    return read_figures(prepared.document, prepared.passages)


@pytest.mark.parametrize("name", ["figures_kinds.jsonl", "figures_grammar.jsonl"])
def test_every_kind_is_read_as_judged(name: str) -> None:
    report = score_cases(rows_of_file(CASES / name), read)

    assert report.faults == ()
    assert report.right == report.cases > 200
    assert {(one.wrong, one.false, one.recall) for one in report.scores.values()} == {(0, 0, 1.0)}


def test_scores_are_told_by_language() -> None:
    """A place read with another value, a false figure and a match, with what each share is over."""
    expected = [
        {"raw": "40%", "value": 0.4, "kind": "percent", "comparator": "exact"},
        {"raw": "12 banks", "value": 13, "kind": "count", "comparator": "exact"},
    ]
    row = {"id": "one", "lang": "en", "text": "40% left 12 banks and 30% stayed.", "expected": expected}

    report = score_cases([row], read)

    assert report.scores == {Language.EN: CaseScores(2, 1, 1, 1, 0.5, 1 / 3, 0.5, 1.0, 1.0)}
    assert report.faults[0].faults == ("not found: '12 banks' = 13", "read as 12: '12'", "no figure: '30%' = 0.30")


def test_a_fault_is_told_by_what_differs() -> None:
    row: dict[str, Any] = {
        "id": "one",
        "lang": "en",
        "text": "About 40% agree.",
        "expected": [{"raw": "40%", "value": 0.4, "kind": "ratio", "comparator": "exact"}],
    }
    (fault,) = score_cases([row], read).faults

    assert fault.faults == ("'About 40%' is percent, not ratio", "'About 40%' is about, not exact")


UNREADABLE = [
    ("El 73²% de los socios repite.", "digits that cannot be read surely"),
    ("El gasto fue de M$ 320.", "ambiguous scale"),
    ("Llegaron 1\x002\x003 pedidos, según el estudio.", "digits that cannot be read surely"),
]


@pytest.mark.parametrize(("text", "note"), UNREADABLE)
def test_what_cannot_be_read_surely_has_no_value_but_a_reason(text: str, note: str) -> None:
    (one,) = read(text, Language.ES)

    assert (None, note) == (one.value, one.note)


def test_ten_thousand_digits_are_no_figure() -> None:
    prepared = prepare_text(f"Son {'7' * 10_000} clientes.", Language.ES)
    reading = read_passages(prepared.document, prepared.passages)

    assert reading.statistics == ()
    assert all(one.reason == "too_long" for one in reading.rejected)


CRASHED = [
    f"Son {'123 ' * 200}clientes.",
    "Kantria's 2.21 report found that few agree.",
    "La nota fue de 4’310.500 de 12.",
]


@pytest.mark.parametrize("text", CRASHED)
def test_what_is_no_number_of_anything_is_read_without_a_fault(text: str) -> None:
    assert all(one.value is None or one.value < 10**7 for one in read(text, Language.ES))
