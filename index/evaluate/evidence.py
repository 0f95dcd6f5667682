"""Judged questions in both languages to figures: do the findings answer, all of them, and are near misses refused?

The folder holds ``pages*.jsonl`` (documents) and ``questions*.jsonl``, plain or gzip (``id, doc, es, en, kind, answers,
near``): a question has the sentences of its document that answer it, none where its kind is "near" or "far". A third of
the documents, told by the hash of their id, is held out: it is scored apart and never listed. Pure: the answering
itself is handed in.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from index.evaluate.answers import GoldQuote, hit_by
from index.evaluate.figures.figure_documents import is_held_out, read_rows
from kb.records.answer import Answer, Status
from kb.records.errors import SourceError
from kb.records.language import Language
from kb.records.messages import say

_ASKED_IN = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class EvidenceQuestion:
    """A question in one language: its kind, and the sentences that answer (none for "near" and "far")."""

    id: str
    document: str
    language: Language
    question: str
    kind: str
    answers: tuple[GoldQuote, ...]


@dataclass(frozen=True, slots=True)
class EvidenceOutcome:
    """What became of one: which findings answer (in their order), and which of the judged sentences were cited."""

    question: EvidenceQuestion
    refused: bool
    findings: tuple[bool, ...]
    cited: tuple[bool, ...]
    quotes: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether it was refused or answered as judged, with nothing else and nothing left out."""
        return self.refused == (not self.question.answers) and all(self.findings) and all(self.cited)


@dataclass(frozen=True, slots=True)
class EvidenceFigures:
    """The shares (0 to 1; null over nothing) of one part in one language (null: both).

    ``answered`` and ``first`` (its first finding answers) are of the answerable questions, ``given`` of the findings
    that these get, ``had`` of the sentences that answer them, ``lists`` of the questions for a list (every judged
    sentence cited); ``near`` and ``far`` are the unanswerable ones refused, ``refusal_precision`` the refusals that are
    right, and ``findings`` the mean number of findings of an answer.
    """

    held_out: bool
    language: Language | None
    questions: int
    answered: float | None
    first: float | None
    given: float | None
    had: float | None
    lists: float | None
    near: float | None
    far: float | None
    refusal_precision: float | None
    findings: float | None


@dataclass(frozen=True, slots=True)
class EvidenceReport:
    """The figures by part and language, and what became of every question that is not held out."""

    figures: tuple[EvidenceFigures, ...]
    outcomes: tuple[EvidenceOutcome, ...]


def read_questions(folder: Path, every: int = 1) -> tuple[EvidenceQuestion, ...]:
    """The questions of a folder in both languages, one in ``every`` of them (chosen by the hash of its id).

    Raises InputError when there are none, SourceError for a broken row.
    """
    found: list[EvidenceQuestion] = []
    for row in read_rows(folder, "questions*.jsonl*"):
        try:
            if int(sha256(str(row["id"]).encode()).hexdigest(), 16) % every:
                continue
            answers = tuple(GoldQuote(row["doc"], sentence) for sentence in row["answers"])
            found += [
                EvidenceQuestion(row["id"], row["doc"], asked_in, row[asked_in.value], row["kind"], answers)
                for asked_in in _ASKED_IN
            ]
        except (KeyError, TypeError) as error:
            name = str(row.get("id", folder))
            raise SourceError(name, say("is_not_a_row", error=error), say("name_a_folder_in_the_format")) from error
    return tuple(found)


def evaluate_evidence(
    questions: Sequence[EvidenceQuestion], ask: Callable[[str], Answer], text_of: Callable[[str], str]
) -> EvidenceReport:
    """The figures of ``ask``; ``text_of`` gives the canonical text of a document id."""
    outcomes = [_outcome(one, ask(one.question), text_of) for one in questions]
    figures = [
        _figures(held, language, chosen)
        for held in (False, True)
        for language in (*_ASKED_IN, None)
        if (
            chosen := [
                one
                for one in outcomes
                if is_held_out(one.question.document) is held and language in (None, one.question.language)
            ]
        )
    ]
    return EvidenceReport(tuple(figures), tuple(one for one in outcomes if not is_held_out(one.question.document)))


def _outcome(question: EvidenceQuestion, answer: Answer, text_of: Callable[[str], str]) -> EvidenceOutcome:
    hit = {
        citation.number: [hit_by(gold, citation, text_of) for gold in question.answers] for citation in answer.citations
    }
    return EvidenceOutcome(
        question,
        answer.status is Status.NO_EVIDENCE,
        tuple(any(any(hit[number]) for number in statement.citations) for statement in answer.statements),
        tuple(any(found[place] for found in hit.values()) for place in range(len(question.answers))),
        tuple(statement.text for statement in answer.statements),
    )


def _figures(held_out: bool, language: Language | None, outcomes: Sequence[EvidenceOutcome]) -> EvidenceFigures:
    answerable = [one for one in outcomes if one.question.answers]
    answered = [one for one in answerable if not one.refused]
    refused = [one for one in outcomes if one.refused]
    findings = [answers for one in answered for answers in one.findings]
    return EvidenceFigures(
        held_out,
        language,
        len(outcomes),
        _share([not one.refused for one in answerable]),
        _share([bool(one.findings) and one.findings[0] for one in answerable]),
        _share(findings),
        _share([cited for one in answerable for cited in one.cited]),
        _share([all(one.cited) for one in answerable if one.question.kind == "list"]),
        _share([one.refused for one in outcomes if one.question.kind == "near"]),
        _share([one.refused for one in outcomes if one.question.kind == "far"]),
        _share([not one.question.answers for one in refused]),
        len(findings) / len(answered) if answered else None,
    )


def _share(right: Sequence[bool]) -> float | None:
    return sum(right) / len(right) if right else None
