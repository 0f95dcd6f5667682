"""``kb move``: a copy that is proved, or not made."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.vectors.sync import IndexKeeper
from kb.store import Store
from tests.cli.conftest import Kb


def test_a_base_is_moved_and_proved(kb: Kb, sample_base: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row and original, and the same answers to questions of it, also where it is so large that no command makes
    its index before it answers."""
    moved = tmp_path / "moved"
    usual = IndexKeeper.__init__.__kwdefaults__ or {}
    monkeypatch.setattr(IndexKeeper.__init__, "__kwdefaults__", usual | {"waited_for": 1})

    done = kb("move", sample_base, str(moved), "--questions", "3", "--json")

    report = json.loads(done.stdout)
    assert done.exit_code == 0, done.output
    assert (report["questions"], report["differing"], report["originals"]) == (3, [], 18)
    before, after = Store.open(Path(sample_base)), Store.open(moved)
    assert [one.id for one in after.documents()] == [one.id for one in before.documents()]
    before.close()
    after.close()


def test_only_into_a_new_base(kb: Kb, sample_base: str) -> None:
    """Onto itself, and from nowhere."""
    onto_itself = kb("move", sample_base, sample_base)
    from_nowhere = kb("move", "nowhere", "elsewhere")

    assert (onto_itself.exit_code, from_nowhere.exit_code) == (2, 3)
    assert "names the same base" in str(onto_itself.exception)
    assert not Path("elsewhere").exists()
