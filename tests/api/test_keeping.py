"""Doctor, backup and restore: faults are named, a copy answers as the base did."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from api.cli.program import app as program
from api.service.schemas import to_wire
from kb.records.errors import InputError
from kb.records.search import Filters, Query
from kb.store import Store
from kb.store.upkeep.backup import back_up, restore
from kb.store.upkeep.checking import check
from tests.api.conftest import knowledge_base_of

QUESTIONS = ("esfuerzo y abandono", "effort and churn", "dogs in the rain")


def test_a_whole_base_has_no_findings(store: Store) -> None:
    """What ingestion makes is whole."""
    assert check(store) == []


FAULTS = [
    ("DELETE FROM words_es", "word index es"),
    ("INSERT INTO words_en (rowid, plain, stemmed) VALUES (999, 'a', 'a')", "word index en"),
    ("DELETE FROM vectors WHERE key = 1", "vectors"),
    ("UPDATE vectors SET passage = x'00' WHERE key = 1", "vectors"),
    ("UPDATE documents SET record = replace(record, 'Rain', 'Hail') WHERE id = 'd086756249abdf972'", "passage p"),
    (
        "UPDATE documents SET record = '{}' WHERE id = 'd086756249abdf972'",
        "table documents, row d086756249abdf972, column record",
    ),
    ("UPDATE statistics SET record = replace(record, 'Almost 40%', 'Almost 50%')", "statistic s"),
]


@pytest.mark.parametrize(("damage", "thing"), FAULTS)
def test_the_doctor_names_what_is_wrong(store: Store, damage: str, thing: str) -> None:
    """Each kind of damage is found, with its cure."""
    with store._connections.write() as connection:
        connection.execute(damage)
    findings = check(store)

    assert [one for one in findings if one.thing.startswith(thing)], findings
    assert all(one.cure for one in findings)


def test_the_doctor_reads_every_original(store: Store) -> None:
    """A changed byte is found."""
    place = next(path for path in (store.folder / "originals").rglob("*") if path.is_file())
    place.write_bytes(b"other")

    assert ["was changed on disk" in one.fault for one in check(store)] == [True]


def test_a_restored_base_gives_identical_answers(store: Store, tmp_path: Path) -> None:
    """Backup, restore elsewhere, the same questions: equal to the last digit."""
    report = back_up(store, tmp_path / "copy")
    again = restore(tmp_path / "copy", tmp_path / "restored")
    restored = Store.open(tmp_path / "restored")
    ours, theirs = knowledge_base_of(store), knowledge_base_of(restored)

    assert report == again
    assert (report.documents, report.originals) == (4, 4)
    assert check(restored) == []
    for question in QUESTIONS:
        assert to_wire(theirs.search(Query(question))) == to_wire(ours.search(Query(question)))
        assert theirs.answer(question, None, Filters()) == ours.answer(question, None, Filters())
    restored.close()


def test_a_backup_that_was_changed_is_refused(store: Store, tmp_path: Path) -> None:
    """One byte, a missing manifest, a folder in use: nothing is made."""
    back_up(store, tmp_path / "copy")
    with (tmp_path / "copy" / "kb.sqlite").open("ab") as file:
        file.write(b"\0")
    with pytest.raises(InputError, match="was changed after it was made"):
        restore(tmp_path / "copy", tmp_path / "new")
    with pytest.raises(InputError, match="is not a whole backup"):
        restore(tmp_path, tmp_path / "new")
    with pytest.raises(InputError, match="is not empty"):
        back_up(store, store.folder)

    assert not (tmp_path / "new").exists()


def test_the_commands(store: Store, tmp_path: Path) -> None:
    """Doctor, backup and restore with JSON and exit codes."""
    run = CliRunner().invoke
    base = ["--base", str(store.folder), "--json"]
    sound = run(program, ["doctor", *base])
    made = run(program, ["backup", str(tmp_path / "copy"), *base])
    back = run(program, ["restore", str(tmp_path / "copy"), "--verify", "--base", str(tmp_path / "new"), "--json"])
    with store._connections.write() as connection:
        connection.execute("DELETE FROM words_es")
    broken = run(program, ["doctor", *base])

    assert (sound.exit_code, json.loads(sound.stdout)) == (0, [])
    assert (made.exit_code, back.exit_code) == (0, 0)
    assert json.loads(made.stdout) == json.loads(back.stdout)
    assert (broken.exit_code, json.loads(broken.stdout)[0]["thing"]) == (1, "word index es")
