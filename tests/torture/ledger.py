"""What came of every piece, a line each in ``build/torture/results.jsonl``, and the table that is made of them.

A line holds for the program it was made with: the hash of the four packages says which.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from pathlib import Path

from tests.torture.rows import Row, Tally

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "build" / "torture"
RESULTS = FOLDER / "results.jsonl"


@dataclass(frozen=True, slots=True)
class Line:
    """One piece of one row; ``load`` is how many processes wanted a processor at its end, ``missing`` what the machine
    lacks, where it could not be run, ``first`` whether it ran before what else wanted a processor."""

    row: str
    start: int
    count: int
    program: str
    date: str
    seconds: float
    load: float = 0.0
    tried: int = 0
    lost: Sequence[str] = ()
    counted: dict[str, int] = field(default_factory=dict)
    measured: dict[str, list[float]] = field(default_factory=dict)
    missing: str | None = None
    first: bool = False

    def ran(self, tally: Tally, seconds: float) -> Line:
        """The line with what came of it."""
        measured = {name: [round(value, 4) for value in values] for name, values in tally.measured.items()}
        return replace(
            self,
            seconds=round(seconds, 1),
            load=round(os.getloadavg()[0], 1),
            tried=tally.tried,
            lost=list(tally.lost),
            counted=dict(tally.counted),
            measured=measured,
        )


@dataclass(frozen=True, slots=True)
class Sum:
    """All pieces of a row together."""

    tried: int
    lost: tuple[str, ...]
    counted: Counter[str]
    measured: dict[str, list[float]]
    seconds: float
    load: float
    date: str

    def broken(self, row: Row) -> list[str]:
        """What of the row did not hold: what was lost, and limits that were passed."""
        over = [
            f"{limit.of}: {value:.3f}, at most {limit.most} was promised"
            for limit in row.limits
            if limit.tells(values := self.measured.get(limit.of, ()))
            and not (value := limit.value(values)) <= limit.most
        ]
        return [*self.lost, *over]


@cache
def program() -> str:
    """The hash of what is tried, 12 hex digits: a row that itself has changed is to be run without ``--resume``."""
    digest = hashlib.sha256()
    for room in ("kb", "ingest", "index", "api"):
        for path in sorted((ROOT / room).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(path.relative_to(ROOT).as_posix().encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def machine() -> str:
    """What the rows were run on."""
    memory = Path("/proc/meminfo")
    kilobytes = int(memory.read_text(encoding="ascii").split()[1]) if memory.exists() else 0
    system = f"{platform.system()} {platform.release().partition('-')[0]}"
    processors = len(list(Path("/sys/devices/system/cpu").glob("cpu[0-9]*"))) or 1
    return f"{processors} processors, {kilobytes // 2**20} GB, {system}, Python {platform.python_version()}"


def keep(line: Line) -> None:
    """Add a line at the end."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with RESULTS.open("ab", buffering=0) as file:  # one write a line: two runs may go on at once
        file.write((json.dumps(asdict(line), ensure_ascii=False) + "\n").encode())


def kept() -> list[Line]:
    """Every line there is, in the order in which they were made."""
    if not RESULTS.exists():
        return []
    return [Line(**json.loads(line)) for line in RESULTS.read_text(encoding="utf-8").splitlines()]


def newest(lines: Iterable[Line], row: Row) -> dict[int, Line]:
    """The newest line of each piece of a row, by where it begins, all of one program: the newest with which the row was
    run as far as with any."""
    own: dict[str, dict[int, Line]] = {}
    for line in lines:
        if line.row == row.id:
            own[line.program] = own.pop(line.program, {}) | {line.start: line}
    most = max((sum(line.count for line in pieces.values()) for pieces in own.values()), default=0)
    whole = [pieces for pieces in own.values() if sum(line.count for line in pieces.values()) >= most]
    return whole[-1] if whole else {}


def total(lines: Iterable[Line]) -> Sum:
    """The pieces added up."""
    lines = list(lines)
    counted: Counter[str] = Counter()
    measured: dict[str, list[float]] = {}
    for line in lines:
        counted.update(line.counted)
        for name, values in line.measured.items():
            measured.setdefault(name, []).extend(values)
    return Sum(
        sum(line.tried for line in lines),
        tuple(lost for line in lines for lost in line.lost),
        counted,
        measured,
        sum(line.seconds for line in lines),
        max((line.load for line in lines), default=0.0),
        max((line.date for line in lines), default=""),
    )


def table(rows: Sequence[Row], lines: Sequence[Line], before: str = "") -> str:
    """The rows as a table of Markdown: what was promised, what was tried and lost, and when.

    ``before`` is the table there was: a row keeps its line of then where nothing is known of it here, as on a new
    machine, or where less than the whole of it was run here and all of that held.
    """
    head = ("row", "promise", "passes at", "tried", "lost", "counted as, and what else was seen", "run")
    then = {cells[0]: cells for line in before.splitlines() if len(cells := _cells_of(line)) == len(head)}
    body = [_now_or_then(row, list(newest(lines, row).values()), then.get(row.id)) for row in rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in (head, ("---",) * len(head), *body)) + "\n"


def _cells_of(line: str) -> tuple[str, ...]:
    return tuple(line.removeprefix("| ").removesuffix(" |").split(" | "))


def _now_or_then(row: Row, lines: list[Line], then: tuple[str, ...] | None) -> tuple[str, ...]:
    begun = [line for line in lines if line.missing is None]
    whole = sum(line.count for line in begun) >= row.full
    return _cells(row, lines) if then is None or whole or (begun and total(begun).broken(row)) else then


def _cells(row: Row, lines: list[Line]) -> tuple[str, ...]:
    begun = [line for line in lines if line.missing is None]
    if not begun:
        why = f"not run: {lines[0].missing}" if lines else "not run"
        return row.id, row.says, row.passes_at, "0", "", row.counted_as, why
    found = total(begun)
    seen = [f"{count:,} {name}" for name, count in found.counted.items() if count]
    for limit in row.limits:
        values = found.measured.get(limit.of, ())
        name = "largest" if limit.share == 1 else f"p{100 * limit.share:.0f}"
        seen.append(f"{limit.of}, {name} of {len(values):,}: {limit.value(values):.2f} (at most {limit.most})")
    wanted, done = sum(count for _, count in row.pieces(quick=False)), sum(line.count for line in begun)
    said = "; ".join([row.counted_as, *seen])
    over = len(found.broken(row)) - len(found.lost)
    lost = f"{len(found.lost)}{', limit passed' if over else ''}"
    when = f"{found.date[:10]}, {found.seconds / 60:.1f} min, load up to {found.load:.0f}, program {begun[0].program}"
    when += ", before all else" if all(line.first for line in begun) else ""
    part = "" if done >= wanted else f"; {done / wanted:.0%} of the whole row"
    return row.id, row.says, row.passes_at, f"{found.tried:,}", lost, said, when + part
