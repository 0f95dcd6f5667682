"""A retrieval report as rows: one figure a row, ours and plain cosine's beside it."""

from __future__ import annotations

from dataclasses import dataclass

from api.cli.output import messages, new_table, out, print_table
from index.evaluate.measures import Figures
from index.evaluate.retrieval import RetrievalReport


@dataclass(frozen=True, slots=True)
class FigureRow:
    """A measure, for whose questions and in which passages, with both figures (0 to 1, or null)."""

    measure: str
    ours: float | None
    plain_cosine: float | None


@dataclass(frozen=True, slots=True)
class RetrievalTable:
    """What ``kb evaluate retrieval --json`` gives."""

    set: str
    passages: int
    questions: int
    rows: tuple[FigureRow, ...]
    notes: tuple[str, ...]


def retrieval_table(report: RetrievalReport) -> RetrievalTable:
    """The rows of a report."""
    ours, plain = _flat(report.ours), _flat(report.plain_cosine)
    rows = tuple(FigureRow(name, value, plain.get(name)) for name, value in ours.items())
    return RetrievalTable(report.name, report.passages, report.questions, rows, report.notes)


def _flat(figures: Figures) -> dict[str, float | None]:
    flat: dict[str, float | None] = {}
    for language, mixed in figures.mixed.items():
        for name in ("hit_at_1", "recall_at_1", "recall_at_10", "both_at_2", "both_at_10", "other_share"):
            flat[f"{name} ({language.value})"] = getattr(mixed, name)
    for (asked, found), direction in figures.directions.items():
        arrow = f"{asked.value}→{found.value}"
        flat[f"hit_at_1 {arrow}"] = direction.hit_at_1
        flat[f"recall_at_10 {arrow}"] = direction.recall_at_10
    flat["overlap_at_10"] = figures.overlap_at_10
    flat["peer"] = figures.peer
    return flat


def print_retrieval(table: RetrievalTable, verbose: bool) -> None:
    """The rows as a table."""
    for note in table.notes:
        messages.print(note, markup=False)
    out.print(f"{table.set}: {table.questions} questions over {table.passages} passages of both languages in one pool")
    shown = new_table("measure", "ours", "plain cosine", numbers_from=1)
    for row in table.rows:
        shown.add_row(row.measure, share(row.ours), share(row.plain_cosine))
    print_table(shown)


def share(value: float | None) -> str:
    """A share with three decimals, or a dash."""
    return "–" if value is None else f"{value:.3f}"
