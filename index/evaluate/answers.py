"""Judged questions to figures: was it answered, with the gold quote among its citations, and verbatim?

Pure: the answering itself is handed in. Measures as in the README of the evaluation data.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from index.evaluate.measures import flat, share
from kb.records.answer import Answer, Status
from kb.records.search import Citation

# Margins over the null set, as cosines.
_THRESHOLDS = tuple(round(0.02 * step + 0.01, 2) for step in range(-3, 16))


@dataclass(frozen=True, slots=True)
class CalibrationRow:
    """What a threshold does: shares (0 to 1) of answerable questions answered and of unanswerable ones refused."""

    threshold: float
    answered: float
    refused: float

    @property
    def balance(self) -> float:
        """The mean of the two: what is right when both kinds of question are asked as often."""
        return (self.answered + self.refused) / 2


def calibrate(
    answerable: Sequence[bool],
    decide: Callable[[float], Sequence[bool]],
    thresholds: Sequence[float] = _THRESHOLDS,
) -> tuple[CalibrationRow, ...]:
    """A row a threshold; ``decide`` says of each question whether it is answered at a threshold.

    Raises ValueError unless there are questions of both kinds.
    """
    if all(answerable) or not any(answerable):
        raise ValueError("calibrating needs answerable and unanswerable questions")
    return tuple(_row(threshold, answerable, decide(threshold)) for threshold in thresholds)


def chosen(rows: Sequence[CalibrationRow]) -> float:
    """The threshold of the best balance; of equal ones the middle, which lies furthest from a mistake."""
    best = max(row.balance for row in rows)
    equal = [row.threshold for row in rows if row.balance == best]
    return equal[len(equal) // 2]


def _row(threshold: float, answerable: Sequence[bool], answered: Sequence[bool]) -> CalibrationRow:
    yes = [said for said, can in zip(answered, answerable, strict=True) if can]
    no = [not said for said, can in zip(answered, answerable, strict=True) if not can]
    return CalibrationRow(threshold, sum(yes) / len(yes), sum(no) / len(no))


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """A verbatim passage that answers: the document's name and the quote."""

    document: str
    quote: str


@dataclass(frozen=True, slots=True)
class GoldQuestion:
    """A question with every quote that answers it; none when the documents do not answer it."""

    id: str
    question: str
    quotes: tuple[GoldQuote, ...]


@dataclass(frozen=True, slots=True)
class AnswerOutcome:
    """What became of one question: first, cited, wrong, false_refusal, refused or not_refused."""

    id: str
    question: str
    verdict: str
    cited: tuple[str, ...]
    not_verbatim: tuple[str, ...]

    @property
    def is_right(self) -> bool:
        """Whether it was answered first with what answers it, or rightly refused."""
        return self.verdict in ("first", "refused")


@dataclass(frozen=True, slots=True)
class AnswerFigures:
    """Shares (0 to 1): gold among the citations, gold first, refusal precision and recall, verbatim quotes.

    A share over nothing (no question refused, say) is null. ``calibration`` shows where an answer could begin.
    """

    answerable: int
    unanswerable: int
    cited: float | None
    first: float | None
    refusal_precision: float | None
    refusal_recall: float | None
    verbatim: float | None
    outcomes: tuple[AnswerOutcome, ...]
    calibration: tuple[CalibrationRow, ...] = ()

    @property
    def best_margin(self) -> float | None:
        """The threshold of the best balance; null without a calibration."""
        return chosen(self.calibration) if self.calibration else None


def read_gold(rows: Sequence[Mapping[str, Any]]) -> tuple[GoldQuestion, ...]:
    """The questions of ``qa_gold.jsonl`` rows; a row without a question says where the documents are."""
    return tuple(
        GoldQuestion(
            row["id"],
            row["question"],
            tuple(GoldQuote(answer["doc"], answer["quote"]) for answer in row.get("answers", ())),
        )
        for row in rows
        if "question" in row
    )


def documents_of(rows: Sequence[Mapping[str, Any]]) -> str | None:
    """The folder of documents that the file names, relative to itself; null when it names none."""
    return next((str(row["documents"]) for row in rows if "documents" in row), None)


def evaluate_answers(
    gold: Sequence[GoldQuestion], ask: Callable[[str], Answer], text_of: Callable[[str], str]
) -> AnswerFigures:
    """The figures of ``ask`` over the gold; ``text_of`` gives the canonical text of a document id."""
    outcomes = []
    quotes = 0
    for question in gold:
        answer = ask(question.question)
        quotes += len(answer.citations)
        outcomes.append(outcome_of(question, answer, text_of))
    count = {
        verdict: sum(1 for outcome in outcomes if outcome.verdict == verdict)
        for verdict in ("first", "cited", "refused", "false_refusal")
    }
    answerable = sum(1 for question in gold if question.quotes)
    unanswerable = len(gold) - answerable
    not_verbatim = sum(len(outcome.not_verbatim) for outcome in outcomes)
    return AnswerFigures(
        answerable,
        unanswerable,
        share(count["first"] + count["cited"], answerable),
        share(count["first"], answerable),
        share(count["refused"], count["refused"] + count["false_refusal"]),
        share(count["refused"], unanswerable),
        share(quotes - not_verbatim, quotes),
        tuple(outcomes),
    )


def outcome_of(question: GoldQuestion, answer: Answer, text_of: Callable[[str], str]) -> AnswerOutcome:
    """What became of the question, answered so."""
    hits = [any(hit_by(gold, citation, text_of) for gold in question.quotes) for citation in answer.citations]
    if answer.status is Status.NO_EVIDENCE:
        verdict = "false_refusal" if question.quotes else "refused"
    elif not question.quotes:
        verdict = "not_refused"
    else:
        verdict = "first" if hits and hits[0] else "cited" if any(hits) else "wrong"
    return AnswerOutcome(
        question.id,
        question.question,
        verdict,
        tuple(citation.quote for citation in answer.citations),
        tuple(c.quote for c in answer.citations if c.span.cut(text_of(c.document.id)) != c.quote),
    )


def hit_by(gold: GoldQuote, citation: Citation, text_of: Callable[[str], str]) -> bool:
    """Whether the gold quote and the cited characters share some, in the same document."""
    if gold.document.rpartition("/")[2].removesuffix(".txt") not in citation.document.source_id:
        return False
    quote, cited = flat(gold.quote), flat(citation.quote)
    if quote in cited or cited in quote:
        return True
    start = text_of(citation.document.id).find(gold.quote)
    return start >= 0 and citation.span.start < start + len(gold.quote) and start < citation.span.end


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
