"""A restore checks every file of a backup before there is a base, and touches nothing that was there before."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.records.errors import InputError
from kb.records.operation import Job, JobState
from kb.store import Store
from kb.store.upkeep.backup import back_up, restore
from tests.api.conftest import corpus_base, store
from tests.cli.conftest import Kb, kb

__all__ = ["corpus_base", "kb", "store"]

NOW = datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def copy(store: Store, tmp_path: Path) -> Path:
    """A backup of four documents and a job that waits."""
    sent = store.folder / "incoming" / "j1" / "0000"
    sent.mkdir(mode=0o700, parents=True)
    (sent / "note.txt").write_text("Loyalty.", encoding="utf-8")
    store.jobs.queue(Job("j1", JobState.QUEUED, NOW, 1), "me")
    back_up(store, tmp_path / "copy")
    return tmp_path / "copy"


def an_original(copy: Path) -> Path:
    return next(path for path in sorted((copy / "originals").rglob("*")) if path.is_file())


def changed_original(copy: Path) -> None:
    path = an_original(copy)
    path.write_bytes(path.read_bytes()[:-1] + b"?")


def lost_original(copy: Path) -> None:
    an_original(copy).unlink()


def changed_upload(copy: Path) -> None:
    (copy / "incoming/j1/0000/note.txt").write_text("Disloyalty.", encoding="utf-8")


def lost_upload(copy: Path) -> None:
    shutil.rmtree(copy / "incoming/j1")


def more_uploads(copy: Path) -> None:
    (copy / "incoming/j1/0000/more.txt").write_text("More.", encoding="utf-8")


def lost_database(copy: Path) -> None:
    (copy / "kb.sqlite").unlink()


DAMAGES = [
    (changed_original, r"the original of \S+ \([0-9a-f]{16}\) was changed"),
    (lost_original, r"the original of \S+ \([0-9a-f]{16}\) is gone"),
    (changed_upload, "the upload j1/0000/note.txt was changed"),
    (lost_upload, "the upload j1/0000/note.txt is gone"),
    (more_uploads, "the upload j1/0000/more.txt was changed"),
    (lost_database, "kb.sqlite is gone"),
]


@pytest.mark.parametrize(("damage", "reason"), DAMAGES, ids=[damage.__name__ for damage, _ in DAMAGES])
def test_a_changed_backup_is_refused_by_name(
    copy: Path, tmp_path: Path, damage: Callable[[Path], None], reason: str
) -> None:
    """Without being asked to look, and before anything is made."""
    damage(copy)
    with pytest.raises(InputError, match=f"was changed after it was made: {reason}"):
        restore(copy, tmp_path / "new")

    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "copy"]


def test_what_lies_beside_the_new_base_stays(copy: Path, tmp_path: Path) -> None:
    """A folder of the user's whose name is near that of the new base, and one that waits empty for it."""
    beside = tmp_path / "new.part"
    beside.mkdir()
    (beside / "thesis.txt").write_text("mine", encoding="utf-8")
    (tmp_path / "new").mkdir()
    restore(copy, tmp_path / "new")

    assert (beside / "thesis.txt").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["base", "copy", "new", "new.part"]
    assert (tmp_path / "new").stat().st_mode & 0o077 == 0


def test_a_backup_of_before_lists_were_kept_is_restored(copy: Path, tmp_path: Path) -> None:
    """Its manifest says neither what it lacks nor what was sent."""
    manifest = copy / "manifest.json"
    lines = manifest.read_text(encoding="utf-8").split(',\n  "lacking"')
    manifest.write_text(lines[0] + "\n}", encoding="utf-8")
    report = restore(copy, tmp_path / "new")

    assert (report.documents, report.waiting, report.lacking, report.uploads) == (4, 1, (), None)


def test_the_commands_name_what_is_lacking(kb: Kb, store: Store, tmp_path: Path) -> None:
    """Backup and restore do all the rest, name it, and end with 1; what is put back ends that."""
    document = store.documents()[0]
    original = store.folder / "originals" / document.sha256[:2] / document.sha256
    kept = tmp_path / "mine" / "renamed.md"
    kept.parent.mkdir()
    shutil.copyfile(original, kept)
    original.unlink()
    base = ("--base", str(store.folder))
    made = kb("backup", str(tmp_path / "one"), *base)
    back = kb("restore", str(tmp_path / "one"), "--base", str(tmp_path / "new"))
    left = kb("doctor", "--fix", *base)
    mended = kb("doctor", "--fix", "--from", str(kept.parent), *base)
    again = kb("backup", str(tmp_path / "two"), *base)

    named = f"lacking: the original of {document.source_id}: is not kept in this base ({document.sha256})"
    assert (made.exit_code, back.exit_code, left.exit_code) == (1, 1, 1)
    assert named in made.stderr
    assert named in back.stderr
    assert f"Ingest its source again ({document.source_id})" in left.stdout
    assert mended.exit_code == 0, mended.output
    assert f"its original was put back from {kept}" in mended.stdout
    assert again.exit_code == 0, again.output


def test_the_doctor_looks_in_the_backups_that_were_made(kb: Kb, store: Store, tmp_path: Path) -> None:
    """Nobody has to say where they are."""
    base = ("--base", str(store.folder))
    document = store.documents()[0]
    original = store.folder / "originals" / document.sha256[:2] / document.sha256
    whole = original.read_bytes()
    assert kb("backup", str(tmp_path / "copy"), *base).exit_code == 0
    original.write_bytes(b"other")
    fixed = kb("doctor", "--fix", *base)

    assert fixed.exit_code == 0, fixed.output
    assert original.read_bytes() == whole
