"""``kb evaluate KIND PATH``: judged sets to figures, as tables or JSON."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from api.cli import options
from api.cli.evaluations import judged_answers as asked
from api.cli.evaluations import judged_reading as read
from api.cli.evaluations import topic_learning
from api.cli.output import print_json
from api.cli.shown.evaluation_tables import print_report
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import InputError
from kb.records.messages import say

EvaluationKind = Literal[
    "retrieval", "topics", "statistics", "figures", "attribution", "answers", "manners", "evidence", "cases",
    "extraction", "words", "language", "verify", "citations", "drafts",
]  # fmt: skip
# Of each kind what makes a report of a path.
_KINDS: dict[EvaluationKind, Callable[[Wiring, Path], Any]] = {
    "retrieval": asked.retrieval, "topics": topic_learning.topics, "statistics": read.statistics,
    "figures": read.figures, "attribution": read.attribution, "answers": asked.answers, "manners": asked.manners,
    "evidence": asked.evidence, "cases": asked.cases, "extraction": read.extraction, "words": read.words,
    "language": read.language, "verify": read.verify, "citations": read.citations, "drafts": asked.drafts,
}  # fmt: skip


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

    Example: kb evaluate retrieval my-judged-set
    """
    if not path.exists():
        raise InputError(str(path), say("there_is_no_such_file_or"), say("check_the_spelling"))
    wiring = Wiring(Settings())
    report: Any
    if kind == "evidence":
        report = asked.evidence(wiring, path, every, kept)
    elif documents is not None:
        report = (asked.cases if kind == "cases" else asked.drafts)(wiring, path, documents)
    else:
        report = _KINDS[kind](wiring, path)
    print_json(report) if as_json else print_report(report, verbose)
