"""Judged questions in both languages to figures: first, given, had, lists, near misses refused."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from api.cli.evaluations.judged_answers import _pages, evidence
from api.cli.wiring import Wiring
from api.settings import Settings
from index.evaluate.evidence import EvidenceFigures, evaluate_evidence, read_questions
from kb.records.answer import Answer, Statement, Status
from kb.records.document import Span
from kb.records.errors import InputError, SourceError
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference

OPEN, HELD = "a", "g"
TEXT = "One thing. Another thing. A third."
SENTENCES = ("One thing.", "Another thing.", "A third.")


def row(document: str, number: int, kind: str, *answers: str) -> dict[str, Any]:
    name = f"{document}{number}"
    return {"id": name, "doc": document, "kind": kind, "answers": answers, "es": f"es {name}", "en": f"en {name}"}


ROWS = (
    row(OPEN, 1, "list", SENTENCES[0], SENTENCES[1]),
    row(OPEN, 2, "figure", SENTENCES[2]),
    row(OPEN, 3, "near"),
    row(OPEN, 4, "far"),
    row(HELD, 1, "why", SENTENCES[0]),
)
# The sentences that each question gets, a finding each.
GIVEN = {"es a1": (2, 0, 1), "en a1": (0,), "es a2": (), "en a2": (2,), "es a3": (1,), "es g1": (1, 0), "en g1": (0,)}


def ask(question: str) -> Answer:
    given = GIVEN.get(question, ())
    if not given:
        return Answer(question, Language.EN, Status.NO_EVIDENCE, "", (), ())
    reference = DocumentReference("d1", f"pages-1.jsonl#{question[3]}", None, (), None, None, None)
    citations = []
    for number, place in enumerate(given, start=1):
        start = TEXT.index(SENTENCES[place])
        span = Span(start, start + len(SENTENCES[place]))
        citations.append(Citation(number, reference, "p1", SENTENCES[place], span, "0" * 64, "/passages/p1"))
    statements = tuple(Statement(citation.quote, (citation.number,)) for citation in citations)
    return Answer(question, Language.EN, Status.ANSWERED, "", statements, tuple(citations))


def written(folder: Path) -> Path:
    data = "".join(json.dumps(one) + "\n" for one in ROWS).encode()
    (folder / "questions.jsonl.gz").write_bytes(gzip.compress(data))
    return folder


def test_figures_by_part_and_language(tmp_path: Path) -> None:
    report = evaluate_evidence(read_questions(written(tmp_path)), ask, lambda _: TEXT)

    assert report.figures == (
        EvidenceFigures(False, Language.ES, 4, 0.5, 0.0, 2 / 3, 2 / 3, 1.0, 0.0, 1.0, 0.5, 3.0),
        EvidenceFigures(False, Language.EN, 4, 1.0, 1.0, 1.0, 2 / 3, 0.0, 1.0, 1.0, 1.0, 1.0),
        EvidenceFigures(False, None, 8, 0.75, 0.5, 0.8, 4 / 6, 0.5, 0.5, 1.0, 0.75, 5 / 3),
        EvidenceFigures(True, Language.ES, 1, 1.0, 0.0, 0.5, 1.0, None, None, None, None, 2.0),
        EvidenceFigures(True, Language.EN, 1, 1.0, 1.0, 1.0, 1.0, None, None, None, None, 1.0),
        EvidenceFigures(True, None, 2, 1.0, 0.5, 2 / 3, 1.0, None, None, None, None, 1.5),
    )


def test_what_is_held_out_is_never_listed(tmp_path: Path) -> None:
    report = evaluate_evidence(read_questions(written(tmp_path)), ask, lambda _: TEXT)

    assert [(one.question.id, one.findings, one.cited) for one in report.outcomes[:2]] == [
        ("a1", (False, True, True), (True, True)),
        ("a1", (True,), (True, False)),
    ]
    assert {one.question.document for one in report.outcomes} == {OPEN}


def test_some_of_the_questions_are_chosen_by_the_hash_of_their_id(tmp_path: Path) -> None:
    every = [one.id for one in read_questions(written(tmp_path))]
    some = [one.id for one in read_questions(tmp_path, 2)]

    assert every == ["a1", "a1", "a2", "a2", "a3", "a3", "a4", "a4", "g1", "g1"]
    assert some == ["a1", "a1", "g1", "g1"]


def test_a_folder_without_questions_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"questions\*"):
        read_questions(tmp_path)


def test_a_row_without_a_question_is_named(tmp_path: Path) -> None:
    (tmp_path / "questions.jsonl").write_text(json.dumps({"id": "a7", "doc": OPEN}) + "\n", encoding="utf-8")

    with pytest.raises(SourceError, match="a7"):
        read_questions(tmp_path)


def test_pages_may_be_packed(tmp_path: Path) -> None:
    page = {"id": OPEN, "title": "T", "publisher": None, "published": None, "text": TEXT}
    with gzip.open(tmp_path / "pages-1.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write(json.dumps(page))

    assert [(one.source_id, one.data) for one in _pages(tmp_path)] == [(f"{OPEN}.md", TEXT.encode())]


def test_a_base_whose_pages_cannot_be_read_is_not_kept(tmp_path: Path) -> None:
    """Else the next run would ask an empty one, and find everything refused."""
    (tmp_path / "questions.jsonl").write_text(json.dumps(ROWS[0]), encoding="utf-8")

    with pytest.raises(InputError, match="pages"):
        evidence(Wiring(Settings(), tmp_path / "other"), tmp_path, kept=tmp_path / "kept")

    assert not (tmp_path / "kept").exists()
