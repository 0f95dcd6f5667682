"""``kb evaluate KIND PATH``: judged sets to figures, as tables or JSON."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Annotated, Any

import typer

from api.cli import options
from api.cli.evaluations import judged_answers as evaluations
from api.cli.evaluations import judged_reading as reading_evaluations
from api.cli.output import print_json
from api.cli.shown import evaluation_tables as reading_figures
from api.cli.shown.evaluation_tables import print_answers, print_cases, print_evidence, print_manners
from api.cli.shown.retrieval_tables import print_retrieval
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import InputError
from kb.records.messages import say


class EvaluationKind(str, Enum):  # noqa: UP042 - typer shows the values of a str enum
    """What is measured."""

    RETRIEVAL = "retrieval"
    TOPICS = "topics"
    STATISTICS = "statistics"
    FIGURES = "figures"
    ATTRIBUTION = "attribution"
    ANSWERS = "answers"
    MANNERS = "manners"
    EVIDENCE = "evidence"
    CASES = "cases"
    EXTRACTION = "extraction"
    LANGUAGE = "language"
    VERIFY = "verify"
    CITATIONS = "citations"
    DRAFTS = "drafts"


_RUNS: dict[EvaluationKind, Callable[[Wiring, Path], Any]] = {
    EvaluationKind.RETRIEVAL: evaluations.retrieval,
    EvaluationKind.TOPICS: reading_evaluations.topics,
    EvaluationKind.STATISTICS: reading_evaluations.statistics,
    EvaluationKind.FIGURES: reading_evaluations.figures,
    EvaluationKind.ATTRIBUTION: reading_evaluations.attribution,
    EvaluationKind.ANSWERS: evaluations.answers,
    EvaluationKind.MANNERS: evaluations.manners,
    EvaluationKind.EVIDENCE: evaluations.evidence,
    EvaluationKind.CASES: evaluations.cases,
    EvaluationKind.EXTRACTION: reading_evaluations.extraction,
    EvaluationKind.LANGUAGE: reading_evaluations.language,
    EvaluationKind.VERIFY: reading_evaluations.verify,
    EvaluationKind.CITATIONS: reading_evaluations.citations,
    EvaluationKind.DRAFTS: evaluations.drafts,
}
_SHOWS: dict[EvaluationKind, Callable[[Any, bool], None]] = {
    EvaluationKind.RETRIEVAL: print_retrieval,
    EvaluationKind.TOPICS: reading_figures.print_topics,
    EvaluationKind.STATISTICS: reading_figures.print_statistics,
    EvaluationKind.FIGURES: reading_figures.print_figures,
    EvaluationKind.ATTRIBUTION: reading_figures.print_attribution,
    EvaluationKind.ANSWERS: print_answers,
    EvaluationKind.MANNERS: print_manners,
    EvaluationKind.EVIDENCE: print_evidence,
    EvaluationKind.CASES: print_cases,
    EvaluationKind.EXTRACTION: reading_figures.print_extraction,
    EvaluationKind.LANGUAGE: reading_figures.print_language,
    EvaluationKind.VERIFY: reading_figures.print_verify,
    EvaluationKind.CITATIONS: reading_figures.print_citations,
    EvaluationKind.DRAFTS: reading_figures.print_drafts,
}


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("evaluate")(evaluate)


def evaluate(
    kind: Annotated[EvaluationKind, typer.Argument(help="What to measure.")],
    path: Annotated[
        Path, typer.Argument(help="A folder (retrieval, statistics, figures, extraction) or a .jsonl file.")
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
    report: Any
    if kind is EvaluationKind.EVIDENCE:
        report = evaluations.evidence(wiring, path, every, kept)
    elif documents is not None:
        report = (evaluations.cases if kind is EvaluationKind.CASES else evaluations.drafts)(wiring, path, documents)
    else:
        report = _RUNS[kind](wiring, path)
    if as_json:
        print_json(report)
    else:
        _SHOWS[kind](report, verbose)
