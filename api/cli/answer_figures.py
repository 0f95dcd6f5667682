"""The figures of an evaluation of answers, for people."""

from __future__ import annotations

from api.cli.output import out
from api.cli.retrieval_figures import share
from index.evaluate.answers import AnswerFigures
from index.evaluate.calibration import chosen


def print_answers(figures: AnswerFigures, verbose: bool) -> None:
    """The shares; with ``verbose`` the calibration, every question that went wrong and what was cited."""
    out.print(f"{figures.answerable} answerable questions, {figures.unanswerable} unanswerable")
    for name in ("cited", "first", "refusal_precision", "refusal_recall", "verbatim"):
        out.print(f"{name:<20}{share(getattr(figures, name))}")
    if not verbose:
        return
    if figures.calibration:
        out.print(f"{'margin over null':<20}{'answered':>10}{'refused':>9}")
        for row in figures.calibration:
            out.print(f"{row.threshold:<20.2f}{share(row.answered):>10}{share(row.refused):>9}")
        out.print(f"best balance at {chosen(figures.calibration):.2f}")
    for outcome in figures.outcomes:
        if outcome.verdict not in ("first", "refused"):
            out.print(f"{outcome.verdict}  {outcome.id}  {outcome.question}", markup=False)
            for quote in outcome.cited:
                out.print(f"    {quote}", markup=False)
