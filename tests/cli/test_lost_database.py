"""A database that is gone beside its originals: everybody says so, nobody starts afresh, one command rebuilds it."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from kb.records.errors import BaseError
from kb.records.operation import Job, JobState
from kb.store import Store
from kb.store.tables.steps import FORMAT
from kb.store.upkeep.checking import check
from tests.cli.conftest import Kb

NOW = datetime(2026, 11, 22, tzinfo=UTC)
LINE = {"id": "report/2024", "text": "Loyal customers stay. 40% of customers left in 2024.", "title": "The report"}
COMMANDS = (
    ("ingest", "sources"),
    ("serve",),
    ("doctor",),
    ("doctor", "--fix"),
    ("backup", "copy"),
    ("search", "loyalty"),
    ("documents",),
    ("key", "list"),
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, kb: Kb) -> Path:
    """A folder with sources and a base of three documents, one of them under two names."""
    folder = tmp_path_factory.mktemp("lost")
    sources = folder / "sources"
    sources.mkdir()
    (sources / "es.md").write_text("# Esfuerzo\n\nEl 37 % de los clientes se marchó en 2024.\n", encoding="utf-8")
    (sources / "lines.jsonl").write_text(json.dumps(LINE), encoding="utf-8")
    (sources / "en.txt").write_text("Customer effort explains churn. 30% of customers left.\n", encoding="utf-8")
    (sources / "second.txt").write_text("Customer effort explains churn. 30% of customers left.\n", encoding="utf-8")
    assert kb("ingest", str(sources), "--base", str(folder / "base")).exit_code == 0
    store = Store.open(folder / "base")
    (store.folder / "incoming" / "j1" / "0000").mkdir(mode=0o700, parents=True)
    (store.folder / "incoming").chmod(0o700)
    (store.folder / "incoming" / "j1" / "0000" / "sent.txt").write_text("Sent and waiting.", encoding="utf-8")
    store.jobs.queue(Job("j1", JobState.QUEUED, NOW, 1), "me")
    store.close()
    return folder


@pytest.fixture
def lost(made: Path, tmp_path: Path) -> Path:
    """That folder, its database deleted."""
    folder = Path(shutil.copytree(made, tmp_path / "lost"))
    for path in folder.glob("base/kb.sqlite*"):
        if path.name != "kb.sqlite.acknowledged":
            path.unlink()
    return folder


def held(base: Path) -> dict[str, object]:
    """What people find in a base."""
    store = Store.open(base)
    try:
        return {
            "documents": [(one.id, one.source_id, one.title, one.text) for one in store.documents()],
            "passages": [[passage.id for passage in store.passages_of(one.id)] for one in store.documents()],
            "origins": [one.origins for one in store.documents()],
            "aliases": store.names_of(store.document_ids()),
            "jobs": [store.jobs.get(job) for job in store.jobs.ids_in_state(JobState.QUEUED)],
            "counts": store.counts(),
        }
    finally:
        store.close()


def files_of(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("emptied", [False, True], ids=["deleted", "emptied"])
@pytest.mark.parametrize("words", COMMANDS, ids=[" ".join(words) for words in COMMANDS])
def test_every_command_says_what_is_missing(
    kb: Kb, lost: Path, words: Sequence[str], emptied: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And how to make it again; not a byte is changed."""
    monkeypatch.chdir(lost)
    if emptied:
        (lost / "base" / "kb.sqlite").write_bytes(b"")
    before = files_of(lost)
    result = kb(*words, "--base", "base")

    assert result.exit_code == 3
    assert isinstance(result.exception, BaseError)
    state = "empty" if emptied else "missing"
    assert result.exception.reason.startswith(f"its file kb.sqlite is {state}, beside 3 originals, uploads of 1 jobs")
    assert "kb restore FOLDER --base NEW" in result.exception.hint
    assert "kb doctor --fix --rebuild --base base" in result.exception.hint
    assert files_of(lost) == before


def test_the_rebuild_brings_everything_back_under_its_name(kb: Kb, made: Path, lost: Path) -> None:
    """Documents with ids, names, metadata and passages, further sources, and the job that waits."""
    result = kb("doctor", "--fix", "--rebuild", "--base", str(lost / "base"))

    assert result.exit_code == 0, result.output
    assert result.stdout.count("made again from its original (added)") == 3
    assert "repaired  job j1: waits again" in result.stdout
    assert "Not made again: keys, saved searches, webhooks" in result.stderr
    assert held(lost / "base") == held(made / "base")
    assert not list((lost / "base").glob("*rebuilding*"))
    assert kb("doctor", "--base", str(lost / "base")).exit_code == 0


def test_without_the_record_names_are_lost_and_that_is_said(kb: Kb, made: Path, lost: Path) -> None:
    """Every text is there with the ids of its passages; uploads are named with the command that reads them."""
    (lost / "base" / "kb.sqlite.acknowledged").unlink()
    result = kb("doctor", "--fix", "--rebuild", "--base", str(lost / "base"))
    found, wanted = held(lost / "base"), held(made / "base")

    assert result.exit_code == 1
    assert "whose name is written nowhere, as recovered/" in result.stdout
    assert "refused   upload incoming/j1: its job is written nowhere" in result.stdout
    assert {one[0] for one in found["documents"]} == {one[0] for one in wanted["documents"]}  # type: ignore[attr-defined]
    assert found["counts"] == wanted["counts"]


def test_a_changed_original_is_named_and_the_rest_is_made(kb: Kb, lost: Path) -> None:
    """One file costs itself."""
    original = next(path for path in sorted((lost / "base" / "originals").glob("*/*")))
    original.write_bytes(b"other")
    result = kb("doctor", "--fix", "--rebuild", "--base", str(lost / "base"))

    assert result.exit_code == 1
    assert result.stdout.count("made again from its original (added)") == 2
    assert "was changed on disk" in result.stdout
    assert original.exists() or list((lost / "base" / "set-aside").rglob(original.name))


def test_a_database_that_is_there_is_never_replaced(kb: Kb, made: Path, tmp_path: Path) -> None:
    """The word is refused, also without --fix."""
    folder = Path(shutil.copytree(made, tmp_path / "whole"))
    before = held(folder / "base")
    refused = kb("doctor", "--fix", "--rebuild", "--base", str(folder / "base"))
    unsaid = kb("doctor", "--rebuild", "--base", str(folder / "base"))

    assert (refused.exit_code, unsaid.exit_code) == (2, 2)
    assert held(folder / "base") == before


def test_a_file_that_is_no_database_is_set_aside_when_that_is_asked(kb: Kb, made: Path, lost: Path) -> None:
    """It is kept as it is."""
    (lost / "base" / "kb.sqlite").write_bytes(b"no database" * 1000)
    assert kb("doctor", "--base", str(lost / "base")).exit_code == 3
    assert kb("doctor", "--fix", "--rebuild", "--base", str(lost / "base")).exit_code == 0
    (aside,) = (lost / "base" / "set-aside").rglob("kb.sqlite")

    assert aside.read_bytes() == b"no database" * 1000
    assert held(lost / "base") == held(made / "base")
    store = Store.open(lost / "base")
    assert check(store) == []
    store.close()


def test_a_newer_base_is_not_rebuilt(kb: Kb, made: Path, tmp_path: Path) -> None:
    """It is whole, and only this program cannot read it: its documents would lose what it knows of them."""
    folder = tmp_path / "newer"
    shutil.copytree(made / "base", folder)
    with closing(sqlite3.connect(folder / "kb.sqlite")) as connection:
        connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    before = (folder / "kb.sqlite").read_bytes()

    refused = kb("doctor", "--fix", "--rebuild", "--base", str(folder))

    assert isinstance(refused.exception, BaseError)
    assert "is in format" in refused.exception.reason
    assert (folder / "kb.sqlite").read_bytes() == before
