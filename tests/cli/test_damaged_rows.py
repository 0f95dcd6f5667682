"""One damaged value in a base, in every way: each door gives what it gave or names it, and the doctor finds it."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from api.cli.commands.doctoring import find_faults
from kb.store import Store
from kb.store.tables import columns
from kb.store.upkeep.checking_rows import StoreFinding
from tests.cli.conftest import Kb
from tests.cli.damaged_rows import Damage, damages, do, sample
from tests.cli.every_door import Doors, make_base

pytestmark = pytest.mark.model
SEED, QUICK = 14, 4
# Of some hundred damages each: pytest keeps every log record of a test until its end, with the frames of its error and
# all that they hold, and in one test they were 8 GB.
SLICES = 26


@dataclass(frozen=True, slots=True)
class Whole:
    """A base that no test changes, its doors, and what each gives while the base is whole."""

    base: Path
    doors: Doors
    outcomes: dict[str, Any]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Whole:
    folder = tmp_path_factory.mktemp("whole")
    (folder / "sources").mkdir()
    make_base(folder / "base", folder / "sources")
    doors = Doors(folder / "base")
    shutil.copytree(folder / "base", folder / "copy")
    outcomes = doors.outcomes(folder / "copy")
    assert [name for name, outcome in outcomes.items() if str(outcome).startswith(("crash", "named"))] == []
    assert faults(folder / "base") == []
    return Whole(folder / "base", doors, outcomes)


def faults(base: Path) -> list[StoreFinding]:
    store = Store.open(base, despite_loss=True)
    try:
        return find_faults(store)
    finally:
        store.close()


def wrongs(whole: Whole, damage: Damage, place: Path) -> list[str]:
    """What is wrong with how this damage is met: doors that crash, and what the doctor passes over."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(whole.base, place)
    if not do(damage, place):
        return []
    found = faults(place)
    met = whole.doors.outcomes(place)
    wrong = [f"{damage}: {name}: {outcome}" for name, outcome in met.items() if str(outcome).startswith("crash")]
    unlike = [name for name, outcome in met.items() if outcome != whole.outcomes.get(name)]
    if unlike and not found and not is_whole(damage):
        wrong.append(f"{damage}: the doctor finds nothing and {', '.join(unlike)} differ")
    return wrong


def is_whole(damage: Damage) -> bool:
    """Whether the record with another field is one that could have been written: no damage that anybody can tell."""
    if damage.value is None:
        return False
    try:
        columns.TABLES[damage.table]["record"].load(damage.value)
    except ValueError:
        return False
    return True


def met_by_doors(whole: Whole, some: Sequence[Damage], place: Path) -> list[str]:
    return [wrong for damage in some for wrong in wrongs(whole, damage, place)]


def test_no_damaged_value_is_a_traceback(whole: Whole, tmp_path: Path) -> None:
    """A sample of all damages; the whole of them is the slow test."""
    assert met_by_doors(whole, sample(whole.base, QUICK, SEED), tmp_path / "base") == []


def test_a_figure_of_another_passage_and_a_huge_share_are_no_tracebacks(whole: Whole, tmp_path: Path) -> None:
    """What the whole of the damages found: the first was no error with a name, the second none of arithmetic."""
    kinds = {("passage_id", "text"), ("passage_id", "dangling"), ("value", "huge"), ("high", "huge")}
    some = [one for one in damages(whole.base) if one.table == "statistics" and (one.field, one.kind) in kinds]

    assert len(some) >= 6
    assert met_by_doors(whole, some, tmp_path / "base") == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("piece", range(SLICES))
def test_no_damaged_value_at_all_is_a_traceback(
    whole: Whole, tmp_path: Path, piece: int, record_property: Callable[[str, object], None]
) -> None:
    """Every value of the first and of the last row of every table, every 26th of them in each piece."""
    some = list(damages(whole.base))[piece::SLICES]
    record_property("tried", len(some))
    assert met_by_doors(whole, some, tmp_path / "base") == []


def record_of(table: str, column: str, expression: str, place: int = 0) -> Damage:
    return Damage(table, column, expression[:9], expression, place)


MENDED = [
    record_of("meta", "value", "'nine'", 1),
    record_of("documents", "year", "'x'", 1),
    record_of("jobs", "record", "'{}'", 1),
    record_of("keys", "record", "'{}'"),
    record_of("sources", "owner", "x'00'"),
]
# Most with the model that makes what is derived again.
MADE_AGAIN = [
    record_of("statistics", "key", "999"),
    record_of("passage_topics", "topic", "'none'"),
    record_of("replies", "made", "'then'"),
    record_of("deliveries", "due", "'then'"),
    record_of("meta", "value", "'{}'"),
    record_of("documents", "record", "'{'"),
    record_of("documents", "sha256", "'x'"),
    record_of("passages", "record", "CAST(x'ff' AS TEXT)"),
    record_of("passages", "document_id", "'d0'"),
    record_of("passages", "live", "NULL"),
    record_of("statistics", "record", "'[]'"),
    record_of("vectors", "tokens", "x'00'"),
    record_of("fingerprints", "runs", "x'00'"),
]
# What is lost for good; everything else answers as before.
LOST = {"keys", "replies", "sources"}
# A job whose row was lost is a new one that waits.
MAY_DIFFER = {"jobs", "GET /v1/jobs/j2", "take", "taggings"}
# Their document is read again, as its next version.
READ_AGAIN = ("documents", "passages", "statistics")


@pytest.mark.parametrize(
    "damage", [*MENDED, *(pytest.param(one, marks=pytest.mark.slow) for one in MADE_AGAIN)], ids=str
)
def test_the_doctor_mends_it(whole: Whole, kb: Kb, tmp_path: Path, damage: Damage) -> None:
    """Named by table, row and column; nothing is left after ``--fix``, and every door that has what it reads answers
    as it did. What was there lies aside."""
    base = tmp_path / "base"
    shutil.copytree(whole.base, base)
    assert do(damage, base)
    found = [one for one in faults(base) if one.thing.startswith(f"table {damage.table}, row ")]
    looked = kb("doctor", "--base", str(base))
    fixed = kb("doctor", "--fix", "--base", str(base))

    assert [one.thing.rsplit(" ", 1)[1] for one in found] == [damage.column]
    assert (looked.exit_code, found[0].thing in looked.output) == (1, True)
    assert (fixed.exit_code, "0 faults left" in fixed.output) == (0, True), fixed.output
    assert faults(base) == []
    (aside,) = (base / "set-aside").iterdir()
    assert (aside / "kb.sqlite").exists()
    if damage.column == "record" and damage.table in READ_AGAIN:
        met = whole.doors.outcomes(base)
        assert [name for name, one in met.items() if str(one).startswith(("crash", "named"))] == []
        assert "read again from its original" in fixed.output
    elif damage.table not in LOST:
        unlike = {name for name, one in whole.doors.outcomes(base).items() if one != whole.outcomes[name]}
        assert unlike <= MAY_DIFFER, unlike
