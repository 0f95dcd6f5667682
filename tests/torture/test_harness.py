"""The rows themselves: none is missing, what a run says is what was seen, and faults are really met."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.torture import ledger
from tests.torture.calls import FAULTS, KILLED, ran
from tests.torture.ledger import Line
from tests.torture.rows import Limit, Row, Tally
from tests.torture.storage import expected, source_of
from tests.torture.table import ROWS

# R9, R18 and S23 were never given to a promise; R13 and R14, and some of S, are tried together.
NUMBERS = {*(f"R{number}" for number in range(1, 26)), *(f"S{number}" for number in range(1, 28))} - {
    "R9",
    "R18",
    "S23",
}
ROW = Row(
    "R99", "a promise", "100 tries", "a try", 100, 10, 40, lambda start, count, folder: Tally(count),
    (Limit("ms", 0.95, 5.0),),
)  # fmt: skip
needs_compiler = pytest.mark.skipif(shutil.which("cc") is None, reason="no C compiler")


def test_every_promise_has_its_row() -> None:
    """Once, in the order of the table, each with something to run; some again on PostgreSQL."""
    ids = [row.id for row in ROWS if "+" not in row.id]
    assert ids == sorted(NUMBERS, key=lambda one: (one[0], int(one[1:])))
    assert [row.id for row in ROWS if "+" in row.id] == [f"{row}+postgresql" for row in ("R1", "R2", "R10", "R24")]
    assert all(row.full > 0 and row.piece > 0 and row.quick <= row.full for row in ROWS)


def test_a_row_is_run_in_pieces() -> None:
    assert ROW.pieces(quick=False) == [(0, 40), (40, 40), (80, 20)]
    assert ROW.pieces(quick=True) == [(0, 10)]


@pytest.mark.parametrize(("share", "value"), [(0.5, 2.0), (0.95, 4.0), (1.0, 4.0)])
def test_a_limit_is_of_the_share_that_it_names(share: float, value: float) -> None:
    assert Limit("ms", share, 5.0).value([4.0, 1.0, 3.0, 2.0]) == value


def line(start: int, program: str, *lost: str, ms: float = 1.0) -> Line:
    empty = Line("R99", start, 40, program, "2026-11-29T10:00:00+00:00", 0.0)
    return empty.ran(Tally(40, lost, {"kills": 2}, {"ms": [ms]}), 60.0)


def test_what_is_known_is_of_one_program() -> None:
    """Pieces of an older program are not added to those of the newest, and count where that one got less far."""
    lines = [line(0, "old"), line(0, "new"), line(40, "new", "it was gone")]
    found = ledger.total(ledger.newest(lines, ROW).values())

    assert (found.tried, found.lost, found.counted) == (80, ("it was gone",), {"kills": 4})
    assert found.broken(ROW) == ["it was gone"]
    lines += [line(0, "newer"), line(0, "newest"), line(40, "newest")]
    assert {one.program for one in ledger.newest(lines, ROW).values()} == {"newest"}
    assert {one.program for one in ledger.newest([*lines, line(0, "just begun")], ROW).values()} == {"newest"}
    slow = [line(number, "new", ms=6.0) for number in range(20)]
    assert ledger.total(slow).broken(ROW) == ["ms: 6.000, at most 5.0 was promised"]
    assert ledger.total(slow[1:]).broken(ROW) == [], "nineteen have no p95 but their largest"


def test_the_table_says_what_was_not_run() -> None:
    """A row without a line, one that was run in part, and one that this machine cannot run."""
    missing = Line("R99", 0, 40, "new", "2026-11-29T10:00:00+00:00", 0.0, missing="no C compiler")
    none, part, cannot = (ledger.table([ROW], lines).splitlines()[-1] for lines in ([], [line(0, "new")], [missing]))

    assert none == "| R99 | a promise | 100 tries | 0 |  | a try | not run |"
    assert cannot == "| R99 | a promise | 100 tries | 0 |  | a try | not run: no C compiler |"
    assert part.startswith(
        "| R99 | a promise | 100 tries | 40 | 0 | a try; 2 kills; ms, p95 of 1: 1.00 (at most 5.0) |"
    )
    assert part.endswith("program new; 40% of the whole row |")


def test_a_row_that_was_not_run_whole_here_keeps_its_line() -> None:
    """But not where something was lost here; a row that was run whole has the new line."""
    whole = [line(0, "old"), line(40, "old"), line(80, "old")]
    then = ledger.table([ROW], whole)

    assert ledger.table([ROW], [], then) == then
    assert ledger.table([ROW], [line(0, "new")], then) == then
    assert "1 | a try" in ledger.table([ROW], [line(0, "new", "it was gone")], then)
    again = ledger.table([ROW], [line(0, "new"), line(40, "new"), line(80, "new")], then)
    assert "program new |" in again


def test_what_is_expected_is_what_was_done() -> None:
    """Two texts of a source and then none: after a whole round nothing is left of it but the ones under way."""
    assert expected(1) == {"0.txt": expected(1)["0.txt"]}
    assert expected(2)["0.txt"] != expected(1)["0.txt"]
    assert (expected(3), source_of(3)) == ({}, "1.txt")


@needs_compiler
@pytest.mark.parametrize(("combinations", "end"), [(FAULTS, "refused"), (KILLED, "killed")], ids=["fails", "killed"])
def test_calls_really_fail_and_kill(combinations: list[tuple[str, str]], end: str, tmp_path: Path) -> None:
    """Of rotating a key, every ninth call to the file system: each is met, and nothing is in between."""
    at = next(number for number, (name, _) in enumerate(combinations) if name == "rotate a key")
    found = ran(combinations, at, 1, tmp_path, step=9)

    assert list(found.lost) == []
    assert found.tried >= 5
    assert found.counted[end] >= 2


@needs_compiler
@pytest.mark.parametrize(("name", "call"), [("restore", 9), ("mend", 30)])
def test_a_file_that_the_disk_does_not_give_is_named(name: str, call: int, tmp_path: Path) -> None:
    """The copy of a database that was just written, and the record of what was acknowledged."""
    found = ran([(name, "EIO")], 0, 1, tmp_path, step=1000, first=call)

    assert (found.tried, list(found.lost)) == (1, [])
