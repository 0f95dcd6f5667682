"""Tries every promise against the real program and says what was lost.

    python -m tests.torture [--only R3] [--quick] [--resume] [--minutes N] [--start N --count N] [--first] [--write]

Each piece of a row is a line of ``build/torture/results.jsonl``; with ``--resume`` those of this very program are not
run again. A piece that lost something leaves its folder and log beside that file and the command that repeats it.
With ``--first`` the program and all that it starts run before what else wants a processor, so that the rows in seconds
measure the program and not the machine's other work; that needs the rights for it, and a C compiler. Ends with 1 when
anything was lost. ``--write`` puts the table of all results into ``docs/guarantees.md``, where a row that was not run
as far here keeps its line.
"""

from __future__ import annotations

import argparse
import os
import shlex
import shutil
import sys
import time
import traceback
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

# One thread each: children are forked, and a pool of threads does not survive that.
os.environ.setdefault("OMP_NUM_THREADS", "1")
# What is installed is compiled once, and not at each start.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

from tests.torture import ledger
from tests.torture.calls import shim
from tests.torture.ledger import FOLDER, ROOT, Line
from tests.torture.rows import NotHereError, Row, Tally
from tests.torture.table import ROWS

PAGE = ROOT / "docs" / "guarantees.md"
BEGIN, END = "<!-- table -->\n", "<!-- /table -->"


def main(argv: list[str]) -> int:
    """Run what is asked for; 1 when something was lost, else 0."""
    asked = _arguments().parse_args(argv)
    rows = [row for row in ROWS if not asked.only or row.id in asked.only]
    if unknown := set(asked.only) - {row.id for row in rows}:
        raise SystemExit(f"no such row: {', '.join(sorted(unknown))}")
    if asked.write:
        write(PAGE)
        return 0
    if asked.first:
        _go_first()
    until = time.monotonic() + 60 * asked.minutes if asked.minutes else float("inf")
    lost = sum([_row(row, asked, until) for row in rows if row.quick or not asked.quick])
    return int(lost > 0)


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--only", action="append", default=[], metavar="ROW", help="this row alone; may be repeated")
    parser.add_argument("--quick", action="store_true", help="a few tries of each row: five minutes")
    parser.add_argument("--resume", action="store_true", help="go on where the last run of this program ended")
    parser.add_argument("--minutes", type=float, help="begin no piece after so long")
    parser.add_argument("--start", type=int, help="of one row, the try to begin with")
    parser.add_argument("--count", type=int, default=1, help="with --start, how many tries")
    parser.add_argument("--first", action="store_true", help="run before what else wants a processor (Linux, root)")
    parser.add_argument("--write", action="store_true", help="write the table of what is known, and run nothing")
    return parser


def _go_first() -> None:
    """Take the processors before others, for this process and all it starts; jobs do not wait for idle moments then."""
    os.environ |= {"LD_PRELOAD": str(shim()), "TORTURE_AWAKE": "1"}
    os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(10))


def _row(row: Row, asked: argparse.Namespace, until: float) -> int:
    """Run the pieces of a row and print what came of them; how many did not hold."""
    pieces = row.pieces(quick=asked.quick) if asked.start is None else [(asked.start, asked.count)]
    known = ledger.kept() if asked.resume else []
    program = ledger.program()
    done = {(one.start, one.count): one for one in known if one.row == row.id and one.program == program}
    lines = []
    for piece in pieces:
        if piece in done and not done[piece].lost:
            lines.append(done[piece])
        elif time.monotonic() < until:
            lines.append(_piece(row, piece))
    found = ledger.total(lines)
    missing = next((line.missing for line in lines if line.missing), None)
    broken = found.broken(row) if lines and missing is None else []
    survived = found.tried - len(found.lost)
    _say(f"{row.id:<4} {row.says}: tried {found.tried}, survived {survived}, lost {len(found.lost)}")
    for line in broken[:20]:
        _say(f"     {line}")
    if missing or len(lines) < len(pieces):
        _say(f"     not run: {missing or f'{len(pieces) - len(lines)} of {len(pieces)} pieces, the time is over'}")
    return len(broken)


def _piece(row: Row, piece: tuple[int, int]) -> Line:
    """Run one piece, keep its line, and leave its folder only when something was lost."""
    start, count = piece
    folder = FOLDER / f"{row.id}-{start}"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    date, began = datetime.now(UTC).isoformat(timespec="seconds"), time.monotonic()
    line = Line(row.id, start, count, ledger.program(), date, 0.0, first=os.sched_getscheduler(0) == os.SCHED_RR)
    try:
        line = line.ran(row.run(start, count, folder), time.monotonic() - began)
    except NotHereError as error:
        line = replace(line, missing=str(error))
    except Exception as error:  # noqa: BLE001 - a row that ends early is lost, and the next one is run
        (folder / "traceback.txt").write_text(traceback.format_exc(), encoding="utf-8")
        line = line.ran(Tally(1, [f"the row ended: {type(error).__name__}: {error}"[:500]]), time.monotonic() - began)
    ledger.keep(line)
    if line.lost:
        again = shlex.join(
            [sys.executable, "-m", "tests.torture", "--only", row.id, "--start", str(start), "--count", str(count)]
        )
        (folder / "again.sh").write_text(f"cd {shlex.quote(str(ROOT))}\n{again}\n", encoding="utf-8")
        _say(f"     {row.id} lost something in {folder}; again: {again}")
    else:
        shutil.rmtree(folder, ignore_errors=True)
    return line


def write(page: Path) -> None:
    """Put the table of all results where the page has its place for it."""
    text = page.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    then, _, after = rest.partition(END)
    made = ledger.table(ROWS, ledger.kept(), then)
    today = datetime.now(UTC).date().isoformat()
    page.write_text(
        f"{before}{BEGIN}\nWritten on {today}; {ledger.machine()}.\n\n{made}\n{END}{after}", encoding="utf-8"
    )


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
