"""Judged questions to figures, and the calibration of where an answer begins."""

from typing import Any

import pytest

from index.evaluate.answers import CalibrationRow, calibrate, chosen, documents_of, evaluate_answers, read_gold
from kb.records.answer import Answer, Status
from kb.records.document import Span
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference

TEXT = "One thing. Another thing. A third."
ROWS: list[dict[str, Any]] = [
    {"documents": "../articles"},
    {"id": "q1", "question": "first", "answers": [{"doc": "a.txt", "quote": "One thing."}]},
    {"id": "q2", "question": "refused wrongly", "answers": [{"doc": "a.txt", "quote": "A third."}]},
    {"id": "q3", "question": "refused rightly", "answers": []},
]


def ask(question: str) -> Answer:
    if question != "first":
        return Answer(question, Language.EN, Status.NO_EVIDENCE, "", (), ())
    reference = DocumentReference("d1", "folder/a.txt", None, (), None, None, None)
    citation = Citation(1, reference, "p1", TEXT[:25], Span(0, 25), "0" * 64, "/passages/p1")
    return Answer(question, Language.EN, Status.ANSWERED, "", (), (citation,))


def test_figures() -> None:
    """A quote inside a cited span counts; a refusal is right only where nothing answers."""
    figures = evaluate_answers(read_gold(ROWS), ask, lambda _: TEXT)

    assert (
        figures.answerable,
        figures.unanswerable,
        figures.cited,
        figures.first,
        figures.refusal_precision,
        figures.refusal_recall,
        figures.verbatim,
    ) == (2, 1, 0.5, 0.5, 0.5, 1.0, 1.0)
    assert [outcome.verdict for outcome in figures.outcomes] == ["first", "false_refusal", "refused"]


def test_documents_are_named_in_the_file() -> None:
    """The first line says where the documents are."""
    assert (documents_of(ROWS), documents_of(ROWS[1:])) == ("../articles", None)


def test_calibration_takes_the_middle_of_the_best() -> None:
    """Of the thresholds with the best balance the middle one is taken."""
    scores, answerable = [0.9, 0.6, 0.3], [True, True, False]
    rows = calibrate(answerable, lambda least: [score >= least for score in scores], (0.2, 0.4, 0.5, 0.6, 0.8))

    assert (
        CalibrationRow(0.2, 1.0, 0.0),
        CalibrationRow(0.4, 1.0, 1.0),
        CalibrationRow(0.5, 1.0, 1.0),
        CalibrationRow(0.6, 1.0, 1.0),
        CalibrationRow(0.8, 0.5, 1.0),
    ) == rows
    assert chosen(rows) == 0.5


def test_calibration_needs_both_kinds() -> None:
    """Without unanswerable questions nothing can be calibrated."""
    with pytest.raises(ValueError, match="unanswerable"):
        calibrate([True], lambda _: [True])
