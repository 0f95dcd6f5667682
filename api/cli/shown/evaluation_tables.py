"""The figures of ``kb evaluate`` for people: any report, by its shape."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from enum import Enum
from typing import Any

from api.cli.output import new_table, out, print_table
from index.evaluate.measures import Figures
from index.evaluate.retrieval import RetrievalReport
from kb.records.statistic import Statistic

# What is shown one by one, and only when all is asked for: everything judged wrongly, and what it was judged by.
_ONE_BY_ONE = frozenset(
    ("misses", "faults", "wrong", "outcomes", "false_figures", "pages", "files", "unjudged", "calibration")
)
# What a report keeps for programs alone.
_UNSHOWN = frozenset(("pairs",))
# What a record of one judgement says when there is nothing to show of it.
_RIGHT = "is_right"


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
    ours, plain = _measures(report.ours), _measures(report.plain_cosine)
    rows = tuple(FigureRow(name, value, plain.get(name)) for name, value in ours.items())
    return RetrievalTable(report.name, report.passages, report.questions, rows, report.notes)


def _measures(figures: Figures) -> dict[str, float | None]:
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


def share(value: float | None) -> str:
    """A share with three decimals, or a dash."""
    return "–" if value is None else f"{value:.3f}"


def print_report(report: Any, verbose: bool) -> None:
    """Single figures a line each, records of one kind as a table; with ``verbose`` also all that was judged wrongly,
    one by one."""
    for name, value in _members(report):
        if name in _UNSHOWN or (name in _ONE_BY_ONE and not verbose):
            continue
        if name in _ONE_BY_ONE:
            _print_each(name, value)
        elif is_dataclass(value):
            print_report(value, verbose)
        elif rows := list(_rows(value)):
            _print_rows(rows)
            for record in value if verbose and not isinstance(value, Mapping) else ():
                for inner, several in _members(record):
                    if _are_records(several):
                        _print_each(inner, several)
        elif value or not isinstance(value, tuple | dict):
            out.print(f"{name.replace('_', ' '):<24}{_shown(value)}", markup=False)


def _print_each(name: str, records: Iterable[object]) -> None:
    """A line for each record that does not say that all of it is right."""
    for one in records:
        if not getattr(one, _RIGHT, False):
            out.print("  ".join((name, *_cells(one).values())), markup=False)


def _rows(value: object) -> Iterator[dict[str, str]]:
    """The records in a value as rows of a table, their keys first; none for any other value."""
    if isinstance(value, Mapping):
        pairs = [({"": _shown(key)}, one) for key, one in value.items()]
    else:
        pairs = [({"": ""}, one) for one in value] if _are_records(value) and isinstance(value, Sequence) else []
    for key, one in pairs:
        if is_dataclass(one):
            yield key | _cells(one)
            inner = (many.items() for _, many in _members(one) if isinstance(many, Mapping))
            yield from (
                key | {" ": _shown(name)} | _cells(row) for rows in inner for name, row in rows if is_dataclass(row)
            )


def _are_records(value: object) -> bool:
    return isinstance(value, tuple | list) and any(map(is_dataclass, value))


def _print_rows(rows: Sequence[Mapping[str, str]]) -> None:
    names = [name for name in dict.fromkeys(name for row in rows for name in row) if any(row.get(name) for row in rows)]
    table = new_table(*(name.replace("_", " ") for name in names), numbers_from=1)
    for row in rows:
        table.add_row(*(row.get(name, "–") for name in names))
    print_table(table)


def _cells(record: object) -> dict[str, str]:
    """The members of a record as cells by their names, what is null left out; those of a record in it with its name
    before them, of several records how many there are."""
    if not is_dataclass(record):
        return {"": _shown(record)}
    cells: dict[str, str] = {}
    for name, value in _members(record):
        if isinstance(value, Statistic):
            cells[name] = f"{value.raw!r} = {value.value}  {value.quote}"
        elif is_dataclass(value):
            cells |= {f"{name} {inner}": cell for inner, cell in _cells(value).items()}
        elif _are_records(value):
            cells[name] = str(len(value))
        elif isinstance(value, Mapping):
            cells |= {} if any(map(is_dataclass, value.values())) else {name: _shown(value)}
        elif value is not None:
            cells[name] = _shown(value)
    return cells


def _members(record: Any) -> Iterator[tuple[str, Any]]:
    """The fields of a record, then what it works out of them."""
    yield from ((one.name, getattr(record, one.name)) for one in fields(record))
    worked_out = (name for name, one in vars(type(record)).items() if isinstance(one, property) and name != _RIGHT)
    yield from ((name, getattr(record, name)) for name in worked_out)


def _shown(value: object) -> str:
    if isinstance(value, float) or value is None:
        return share(value)
    if isinstance(value, Mapping):
        return "; ".join(f"{_shown(one)} {_shown(key)}" for key, one in value.items())
    if isinstance(value, tuple | list | frozenset):
        return "; ".join(map(_shown, value))
    return _shown(value.value) if isinstance(value, Enum) else str(value)
