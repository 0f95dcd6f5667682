"""Single questions over a few documents, each with what must and must not stand in its answer: which of them hold.

A case is a row of JSON: ``id, documents: [{name, text}], question`` and any of ``first`` (words of the first finding),
``must`` (of any), ``must_not`` (words of none, or the name of a document that is not cited), ``subject`` (words of the
first quote or of what it stands under), ``most`` (findings at most), ``note``, ``refused`` with ``missing`` (words of
the refusal), ``either`` (answered or refused). Pure: the answering itself is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kb.records.answer import Answer, Status


@dataclass(frozen=True, slots=True)
class AnswerCaseFault:
    """What is wrong with the answer to one case, and the answer."""

    id: str
    question: str
    faults: tuple[str, ...]
    answer: str


@dataclass(frozen=True, slots=True)
class AnswerCaseReport:
    """How many cases there are, and those that do not hold."""

    cases: int
    faults: tuple[AnswerCaseFault, ...]


def score_answer_cases(
    rows: Sequence[Mapping[str, Any]], ask: Callable[[Mapping[str, Any]], Answer]
) -> AnswerCaseReport:
    """The report over all rows; ``ask`` answers the question of a row from its documents."""
    found = []
    for row in rows:
        answer = ask(row)
        faults = tuple(faults_of(answer, row))
        if faults:
            found.append(AnswerCaseFault(row["id"], row["question"], faults, answer.text))
    return AnswerCaseReport(len(rows), tuple(found))


def faults_of(answer: Answer, case: Mapping[str, Any]) -> Iterator[str]:
    """What the case asks for and the answer has not, a line each."""
    refused = answer.status is Status.NO_EVIDENCE
    if refused != bool(case.get("refused")) and not (refused and case.get("either")):
        yield "refused" if refused else "answered"
        return
    if refused:
        yield from (f"does not name {word}" for word in case.get("missing", ()) if word not in answer.text)
        return
    quotes = [statement.text for statement in answer.statements]
    names = [citation.document.source_id for citation in answer.citations]
    about = " ".join((quotes[0], answer.citations[0].document.title or "", *answer.citations[0].headings))
    yield from (f"not first: {word}" for word in case.get("first", ()) if word not in quotes[0])
    yield from (f"not quoted: {word}" for word in case.get("must", ()) if not any(word in one for one in quotes))
    yield from (f"quoted: {word}" for word in case.get("must_not", ()) if any(word in one for one in (*quotes, *names)))
    yield from (f"subject not given: {word}" for word in case.get("subject", ()) if word not in about)
    yield from (f"not noted: {word}" for word in case.get("note", ()) if word not in " ".join(answer.notes))
    if len(quotes) > case.get("most", len(quotes)):
        yield f"{len(quotes)} findings"
