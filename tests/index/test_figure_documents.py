"""Whole documents against their keys: scores by part and language, kinds of fault, and what is never listed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from index.evaluate.figures.figure_cases import CaseScores
from index.evaluate.figures.figure_documents import FigureFault, PartReport, is_held_out, score_documents
from ingest.figures import read_passages
from ingest.text.prepare import prepare_text
from kb.records.errors import InputError, SourceError
from kb.records.language import Language
from kb.records.statistic import RejectedNumber, Statistic

OPEN, HELD = "a", "g"
TEXT = "Casi el 40 % volvió en 2021. El 30 % no volvió."


def read(text: str, language: Language) -> tuple[tuple[Statistic, ...], tuple[RejectedNumber, ...]]:
    prepared = prepare_text(text, language)
    reading = read_passages(prepared.document, prepared.passages)
    return reading.statistics, reading.rejected


def written(folder: Path, document: str, *keys: dict[str, Any]) -> None:
    page = {"id": document, "language": "es", "text": TEXT}
    for name, rows in (("pages", [page]), ("figures", [{"doc": document, **key} for key in keys])):
        with (folder / f"{name}-1.jsonl").open("a", encoding="utf-8") as file:
            file.writelines(json.dumps(row) + "\n" for row in rows)


SENTENCE = "Casi el 40 % volvió en 2021."
FIRST: dict[str, Any] = {"raw": "Casi el 40 %", "sentence": SENTENCE, "value": 0.4, "kind": "percent"}


def test_a_third_of_the_documents_is_held_out() -> None:
    assert [is_held_out(OPEN), is_held_out(HELD)] == [False, True]


def test_what_is_held_out_is_scored_and_not_listed(tmp_path: Path) -> None:
    for document in (OPEN, HELD):
        missed = {**FIRST, "raw": "2021", "value": 2021, "kind": "count", "comparator": "exact"}
        written(tmp_path, document, {**FIRST, "comparator": "exact"}, missed)

    report = score_documents(tmp_path, read)

    faults = {"comparator: exact read as almost": 1, "missed: year": 1, "false: percent": 1}
    scores = CaseScores(2, 1, 0, 1, 0.5, 0.5, 1.0, 1.0, 0.0)
    assert report.parts == tuple(PartReport(held, Language.ES, 1, scores, faults) for held in (False, True))
    assert report.faults == (
        FigureFault("comparator: exact read as almost", OPEN, "Casi el 40 %", "Casi el 40 %", SENTENCE),
        FigureFault("missed: year", OPEN, "2021", "2021", SENTENCE),
        FigureFault("false: percent", OPEN, "30 %", "0.30", "El 30 % no volvió."),
    )


def test_a_figure_that_its_document_does_not_hold_is_named(tmp_path: Path) -> None:
    written(tmp_path, OPEN, {**FIRST, "raw": "41 %", "comparator": "exact"})

    with pytest.raises(SourceError, match="41 %"):
        score_documents(tmp_path, read)


def test_a_folder_without_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"pages\*\.jsonl"):
        score_documents(tmp_path, read)
