"""``kb evaluate KIND PATH``: judged sets to figures, as tables or JSON."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api.cli import options
from api.cli.evaluations import judged_answers as asked
from api.cli.evaluations import judged_reading as read
from api.cli.evaluations import topic_learning
from api.cli.output import print_json
from api.cli.shown import evaluation_tables as tables
from api.cli.shown.evaluation_tables import print_retrieval
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import InputError
from kb.records.messages import say

EvaluationKind = Literal[
    "retrieval", "topics", "statistics", "figures", "attribution", "answers", "manners", "evidence", "cases",
    "extraction", "words", "language", "verify", "citations", "drafts",
]  # fmt: skip
# Of each kind what makes a report of a path, and what shows it.
_KINDS: dict[EvaluationKind, tuple[Callable[[Wiring, Path], Any], Callable[[Any, bool], None]]] = {
    "retrieval": (asked.retrieval, print_retrieval),
    "topics": (topic_learning.topics, tables.print_topics),
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
