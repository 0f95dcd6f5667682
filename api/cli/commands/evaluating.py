"""``kb evaluate KIND PATH``: judged sets to figures, as tables or JSON."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from api.cli import options
from api.cli.evaluations import judged_answers as asked
from api.cli.evaluations import judged_reading as read
from api.cli.output import print_json
from api.cli.shown import evaluation_tables as tables
from api.cli.shown.evaluation_tables import print_retrieval
from api.cli.wiring import Wiring
from api.settings import Settings
from index.evaluate.topics import CurveStep, GoldTopics, Prediction, TopicReport, read_gold, score_topics
from kb.records.errors import InputError
from kb.records.messages import say
from kb.records.ports import Embedder, FloatArray
from kb.records.topics import Topic

if TYPE_CHECKING:
    from ingest.tagging import LabelledPassage, Tagger, Trained


_STEPS = (500, 1000, 2500)


def topics(wiring: Wiring, path: Path) -> TopicReport:
    """The tagger over judged passages, with the vectors of the model that is set."""
    gold = read_gold(path.read_text(encoding="utf-8").splitlines())
    return _judged(wiring.tagger, gold, wiring.embedder.encode_passages([row.text for row in gold]))


def held_out(trained: Trained, passages: Sequence[LabelledPassage]) -> TopicReport:
    """What heads say of the passages of documents that they were kept from, in cross-validation."""
    gold = [GoldTopics(one.id, one.language, one.text, one.tags, one.borderline) for one in passages]
    levels = trained.head.meaning.thresholds
    return score_topics(gold, [_prediction(row, row >= levels) for row in trained.held_out])


def curve(passages: Sequence[LabelledPassage], embedder: Embedder, path: Path) -> tuple[CurveStep, ...]:
    """Heads learned from 500, 1,000, 2,500 and all passages, whole documents by the hash of their ids."""
    from ingest.tagging import Tagger, first_of, train_on_vectors

    gold = read_gold(path.read_text(encoding="utf-8").splitlines())
    judged = embedder.encode_passages([row.text for row in gold])
    vectors = embedder.encode_passages([one.text for one in passages])
    steps = []
    for number in (*(one for one in _STEPS if one < len(passages)), len(passages)):
        chosen = first_of(passages, number)
        part = [passages[row] for row in chosen]
        trained = train_on_vectors(part, vectors[chosen], embedder.stamp)
        report = _judged(Tagger.of(trained.head), gold, judged)
        seen = held_out(trained, part)
        by_topic = {one.topic: one.f1 for one in report.topics}
        steps.append(CurveStep(len(part), seen.macro_f1, report.macro_f1, by_topic, report.calibration_error))
    return tuple(steps)


def _judged(tagger: Tagger, gold: Sequence[GoldTopics], vectors: FloatArray) -> TopicReport:
    from ingest.tagging import TextToTag

    texts = [TextToTag(row.text, row.language, row.heading, (), row.document) for row in gold]
    chances = tagger.probabilities(texts, vectors)
    given = [{one.topic for one in row} for row in tagger.tag(texts, vectors)]
    rows = zip(chances, given, strict=True)
    return score_topics(gold, [_prediction(row, [topic in found for topic in Topic]) for row, found in rows])


def _prediction(chances: FloatArray, given: Sequence[bool] | FloatArray) -> Prediction:
    return Prediction(
        frozenset(topic for topic, one in zip(Topic, given, strict=True) if one),
        {topic: float(chance) for topic, chance in zip(Topic, chances, strict=True)},
    )


EvaluationKind = Literal[
    "retrieval", "topics", "statistics", "figures", "attribution", "answers", "manners", "evidence", "cases",
    "extraction", "words", "language", "verify", "citations", "drafts",
]  # fmt: skip
# Of each kind what makes a report of a path, and what shows it.
_KINDS: dict[EvaluationKind, tuple[Callable[[Wiring, Path], Any], Callable[[Any, bool], None]]] = {
    "retrieval": (asked.retrieval, print_retrieval),
    "topics": (topics, tables.print_topics),
    "statistics": (read.statistics, tables.print_statistics),
    "figures": (read.figures, tables.print_figures),
    "attribution": (read.attribution, tables.print_attribution),
    "answers": (asked.answers, tables.print_answers),
    "manners": (asked.manners, tables.print_manners),
    "evidence": (asked.evidence, tables.print_evidence),
    "cases": (asked.cases, tables.print_cases),
    "extraction": (read.extraction, tables.print_extraction),
    "words": (read.words, tables.print_words),
    "language": (read.language, tables.print_language),
    "verify": (read.verify, tables.print_verify),
    "citations": (read.citations, tables.print_citations),
    "drafts": (asked.drafts, tables.print_drafts),
}


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("evaluate")(evaluate)


def evaluate(
    kind: Annotated[EvaluationKind, typer.Argument(help="What to measure.")],
    path: Annotated[
        Path, typer.Argument(help="A folder (retrieval, statistics, figures, extraction, words) or a .jsonl file.")
    ],
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Every miss and false figure, one a line.")] = False,
    as_json: options.JsonOption = False,
    documents: Annotated[
        Path | None,
        typer.Option(help="The documents of drafts (a .jsonl of {name, text}, or a folder) or of cases (a .jsonl)."),
    ] = None,
    every: Annotated[
        int, typer.Option(min=1, help="For evidence: ask one question in so many, by the hash of its id.")
    ] = 1,
    kept: Annotated[
        Path | None, typer.Option(help="For evidence: where the base of its pages is kept, and taken the next time.")
    ] = None,
) -> None:
    """Measure the program on a judged set (formats in docs/evaluate.md).

    Example: kb evaluate retrieval ../shared/eval/xquad
    """
    if not path.exists():
        raise InputError(str(path), say("there_is_no_such_file_or"), say("check_the_spelling"))
    wiring = Wiring(Settings())
    make, show = _KINDS[kind]
    report: Any
    if kind == "evidence":
        report = asked.evidence(wiring, path, every, kept)
    elif documents is not None:
        report = (asked.cases if kind == "cases" else asked.drafts)(wiring, path, documents)
    else:
        report = make(wiring, path)
    print_json(report) if as_json else show(report, verbose)
