"""What a case asks for and an answer has not."""

from pathlib import Path
from typing import Any

import pytest

from index.evaluate.answers import AnswerCaseFault, AnswerCaseReport, faults_of, score_answer_cases
from kb.records.answer import Answer, Statement, Status
from kb.records.document import Span
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference

REFERENCE = DocumentReference("d1", "desk.md", "The night desk", (), None, None, None)
CITED = tuple(
    Citation(number, REFERENCE, "p1", quote, Span(0, len(quote)), "0" * 64, "/passages/p1", headings=("Tasks",))
    for number, quote in enumerate(("They answer letters.", "They answer calls."), start=1)
)
ANSWER = Answer(
    "What does the desk do?",
    Language.EN,
    Status.ANSWERED,
    "They answer letters. [1]\n\nThey answer calls. [2]",
    tuple(Statement(one.quote, (one.number,)) for one in CITED),
    CITED,
    notes=("You asked for 3; the source lists 2.",),
)
REFUSAL = Answer("Who?", Language.EN, Status.NO_EVIDENCE, "Nothing of: Acme.", (), ())


@pytest.mark.parametrize(
    ("case", "faults"),
    [
        ({"first": ["letters"], "must": ["calls"], "must_not": ["cards"], "subject": ["Tasks", "night desk"]}, []),
        ({"note": ["3", "2"], "most": 2}, []),
        ({"first": ["calls"]}, ["not first: calls"]),
        ({"must": ["mail"]}, ["not quoted: mail"]),
        ({"must_not": ["letters", "desk.md"]}, ["quoted: letters", "quoted: desk.md"]),
        ({"subject": ["Day desk"]}, ["subject not given: Day desk"]),
        ({"note": ["9"]}, ["not noted: 9"]),
        ({"most": 1}, ["2 findings"]),
        ({"refused": True}, ["answered"]),
    ],
)
def test_what_an_answer_lacks(case: dict[str, Any], faults: list[str]) -> None:
    assert list(faults_of(ANSWER, case)) == faults


@pytest.mark.parametrize(
    ("case", "faults"),
    [
        ({"refused": True, "missing": ["Acme"]}, []),
        ({"either": True, "first": ["anything"], "missing": ["Acme"]}, []),
        ({"refused": True, "missing": ["Zeta"]}, ["does not name Zeta"]),
        ({"first": ["anything"]}, ["refused"]),
    ],
)
def test_what_a_refusal_lacks(case: dict[str, Any], faults: list[str]) -> None:
    assert list(faults_of(REFUSAL, case)) == faults


def test_the_cases_that_do_not_hold_are_listed() -> None:
    rows = [{"id": "a", "question": "?", "most": 1}, {"id": "b", "question": "?", "most": 2}]

    assert score_answer_cases(rows, lambda _: ANSWER) == AnswerCaseReport(
        2, (AnswerCaseFault("a", "?", ("2 findings",), ANSWER.text),)
    )


@pytest.mark.model
@pytest.mark.slow
def test_the_cases_hold() -> None:
    """Lists of every form, headlines, subjects, notes and near misses, each over its own documents."""
    from api.cli.evaluations.judged_answers import cases
    from api.cli.wiring import Wiring
    from api.settings import Settings

    report = cases(Wiring(Settings()), Path(__file__).parents[1] / "cases" / "answers.jsonl")

    assert (report.cases, report.faults) == (12, ())
