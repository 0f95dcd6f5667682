"""A real base broken in each way: the doctor names it, ``--fix`` mends what can be made again and refuses the rest."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import sqlite3
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.service.schemas import to_wire
from index.search import lexical
from index.vectors.sync import IndexKeeper, check_index, remake_index
from ingest.entries import embed
from kb.records.document import Passage
from kb.records.errors import BaseError, ModelError
from kb.records.operation import Job, JobState
from kb.records.ports import PassageVectors
from kb.records.search import Query
from kb.store import Store
from kb.store.upkeep.checking import check
from kb.store.upkeep.checking_rows import StoreFault, left_over_files
from kb.store.upkeep.mending import Repair
from kb.store.upkeep.repairing import Repairer
from tests.api.conftest import corpus_base, knowledge_base_of, store
from tests.cli.conftest import Kb, kb
from tests.disks import closed
from tests.fakes import FakeEmbedder

__all__ = ["corpus_base", "kb", "store"]

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
QUESTIONS = ("esfuerzo y abandono", "effort and churn", "dogs in the rain")


def made_anew(passages: Sequence[Passage]) -> Sequence[PassageVectors]:
    return embed(FakeEmbedder(), passages)


def repairer_of(store: Store) -> Repairer:
    return Repairer(store, lexical, made_anew, NOW)


def answers(store: Store) -> list[object]:
    """What search gives, to the last digit."""
    base = knowledge_base_of(store)
    return [to_wire(base.search(Query(question))) for question in QUESTIONS]


def kinds(store: Store) -> set[StoreFault]:
    return {finding.kind for finding in check(store, lexical)}


def sql(*statements: str) -> Callable[[Store], None]:
    def damage(store: Store) -> None:
        with store._connections.write() as connection:
            for statement in statements:
                connection.execute(statement)

    return damage


def without_keys(statement: str) -> Callable[[Store], None]:
    """A statement that foreign keys would not let pass."""

    def damage(store: Store) -> None:
        store._connections._writer.execute("PRAGMA foreign_keys = OFF")  # type: ignore[attr-defined]
        sql(statement)(store)
        store._connections._writer.execute("PRAGMA foreign_keys = ON")  # type: ignore[attr-defined]

    return damage


ONE_GONE = sql("DELETE FROM words_en WHERE rowid = (SELECT min(rowid) FROM words_en)")
TOO_MANY = "SELECT key, 'social_media', 1.0 FROM passages"
NO_NUMBER = sql("UPDATE vectors SET passage = CAST(x'0000c07f' || substr(passage, 5) AS BLOB) WHERE key = 2")
DATABASE_FAULTS = [
    ("no words", StoreFault.WORDS, sql("DELETE FROM words_es")),
    ("one passage without words", StoreFault.WORDS, ONE_GONE),
    ("words of no passage", StoreFault.WORDS, sql("INSERT INTO words_en (rowid, plain, stemmed) VALUES (9, 'a', 'a')")),
    ("words in the wrong language", StoreFault.WORDS, sql("INSERT INTO words_en SELECT * FROM words_es LIMIT 1")),
    ("other words than the text", StoreFault.WORDS, sql("UPDATE words_es SET plain = 'nada', stemmed = 'nad'")),
    ("a word index out of step", StoreFault.WORDS, sql("DELETE FROM words_es_data WHERE id > 10")),
    ("no vectors", StoreFault.VECTORS, sql("DELETE FROM vectors")),
    ("a short vector", StoreFault.VECTORS, sql("UPDATE vectors SET passage = x'00' WHERE key = 1")),
    ("a zero vector", StoreFault.VECTORS, sql("UPDATE vectors SET passage = zeroblob(length(passage)) WHERE key = 1")),
    ("a vector of no numbers", StoreFault.VECTORS, NO_NUMBER),
    ("no vectors of sentences", StoreFault.VECTORS, sql("UPDATE vectors SET sentences = x'' WHERE key = 2")),
    ("no topics", StoreFault.LABELS, sql("DELETE FROM passage_topics")),
    ("a topic too many", StoreFault.LABELS, sql(f"INSERT OR IGNORE INTO passage_topics {TOO_MANY}")),
    ("no sub-topics", StoreFault.LABELS, sql("DELETE FROM passage_subtopics")),
    ("a label of none", StoreFault.FOREIGN_ROW, without_keys("INSERT INTO passage_topics VALUES (999, 'metrics', 1)")),
    ("a vector of nothing", StoreFault.FOREIGN_ROW, without_keys("INSERT INTO vectors VALUES (99, x'00', x'00', x'')")),
]  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "damage"), [row[1:] for row in DATABASE_FAULTS], ids=[row[0] for row in DATABASE_FAULTS]
)
def test_what_is_derived_is_made_again(store: Store, kind: StoreFault, damage: Callable[[Store], None]) -> None:
    """Found, repaired, whole again, with the answers from before; the database from before lies aside."""
    before = answers(store)
    damage(store)
    found = check(store, lexical)
    repairs = repairer_of(store).repair(found)

    assert kind in {finding.kind for finding in found}
    assert repairs
    assert all(repair.done for repair in repairs), repairs
    assert check(store, lexical) == []
    assert answers(store) == before
    aside = store.folder / "set-aside" / "20261122T020000Z"
    assert [path.name for path in aside.iterdir()] == ["kb.sqlite"]
    assert aside.stat().st_mode & 0o077 == 0


def test_a_whole_base_is_left_alone(store: Store) -> None:
    """Nothing to do: nothing written, nothing set aside."""
    version = store.version()

    assert repairer_of(store).repair(check(store, lexical)) == []
    assert store.version() == version
    assert not (store.folder / "set-aside").exists()


def test_what_cannot_be_made_again_is_refused(store: Store) -> None:
    """A lost original and a changed text: a line each with its cure, and not one byte is removed."""
    document = store.documents()[0]
    place = next(path for path in (store.folder / "originals").rglob("*") if path.name == document.sha256)
    place.unlink()
    sql("UPDATE documents SET record = replace(record, 'Rain', 'Hail') WHERE id = 'd086756249abdf972'")(store)
    found = check(store, lexical)
    repairs = repairer_of(store).repair(found)

    assert {finding.kind for finding in found} == {StoreFault.ORIGINAL, StoreFault.RECORD}
    assert [repair.done for repair in repairs] == [False] * len(found)
    assert f"document {document.id}" in [repair.thing for repair in repairs]
    assert all("Ingest its source again" in repair.what for repair in repairs)
    assert len(store.documents()) == 4
    assert check(store, lexical) == found


def test_what_cannot_be_read_is_a_finding(kb: Kb, store: Store) -> None:
    """Pages of the file overwritten: the doctor says to restore a backup, and moves no original on such evidence."""
    ((root,),) = store._connections.read().execute("SELECT rootpage FROM sqlite_master WHERE name = 'documents'")
    folder, size = store.folder, 4096
    store.close()
    with (folder / "kb.sqlite").open("r+b") as file:
        file.seek((root - 1) * size)
        file.write(b"\x55" * size)
    originals = sorted(path for path in (folder / "originals").rglob("*"))

    base = ("--base", str(folder))
    looked, fixed = kb("doctor", *base), kb("doctor", "--fix", *base)

    assert (looked.exit_code, fixed.exit_code) == (1, 1)
    assert "the file: cannot be read (database disk image is malformed). Restore a backup" in looked.output
    assert "refused   the file" in fixed.output
    assert sorted(path for path in (folder / "originals").rglob("*")) == originals


def test_stray_originals_are_moved_and_those_of_documents_stay(store: Store) -> None:
    """An original that no document has is set aside, whole; every other is where it was."""
    places = sorted((store.folder / "originals").rglob("*"))
    stray = store._originals.keep(b"what nobody has")
    strange = store.folder / "originals" / "notes.txt"
    strange.write_text("mine")
    (repair, other) = repairer_of(store).repair(check(store, lexical))
    aside = store.folder / "set-aside" / "20261122T020000Z"

    assert (repair.done, repair.what) == (True, "moved to set-aside/20261122T020000Z")
    assert other.thing == "original notes.txt"
    assert {path.name: path.read_bytes() for path in aside.iterdir()} == {
        stray: b"what nobody has",
        "notes.txt": b"mine",
    }
    assert [path for path in places if not path.exists()] == []
    assert check(store, lexical) == []


def test_left_over_files_go_when_they_are_old(store: Store) -> None:
    """Half-written files and uploads of no job, an hour old; younger ones may be somebody's work."""
    index, originals, incoming = (
        store.folder / name for name in ("index", "originals/ab", "incoming/j0000000000000000/0000")
    )
    for folder in (index, originals, incoming):
        folder.mkdir(mode=0o700, parents=True)
    (store.folder / "incoming").chmod(0o700)
    old = [index / "a.vectors.1.partial", originals / "ab12.77.part", incoming / "a.txt"]
    for path in old:
        path.write_text("half")
        os.utime(path, (1, 1))
    for folder in (incoming, incoming.parent):
        os.utime(folder, (1, 1))
    (index / "b.partial").write_text("young")
    repairs = repairer_of(store).repair(check(store, lexical))

    assert [path for path in old if path.exists()] == []
    assert [repair.thing for repair in repairs] == [
        "file incoming/j0000000000000000", "file index/a.vectors.1.partial", "file originals/ab/ab12.77.part",
    ]  # fmt: skip
    assert (index / "b.partial").exists()
    assert check(store, lexical) == []


def test_a_young_file_of_another_process_survives_an_open(store: Store) -> None:
    """Opening a base removes no file that another process may be writing."""
    part = next((store.folder / "originals").iterdir()) / "ab12.77.part"
    part.write_text("half")
    Store.open(store.folder).close()
    young = part.exists()
    os.utime(part, (1, 1))
    Store.open(store.folder).close()

    assert (young, part.exists()) == (True, False)


def test_what_others_can_read_is_closed(store: Store) -> None:
    """The database holds the hashes of the keys: nobody but its owner reads it."""
    store.folder.chmod(0o755)
    (store.folder / "kb.sqlite").chmod(0o644)
    found = [finding.thing for finding in check(store, lexical)]
    repairs = repairer_of(store).repair(check(store, lexical))

    assert found[:2] == [f"folder {store.folder}", "file kb.sqlite"]
    assert all(repair.done for repair in repairs)
    assert check(store, lexical) == []
    assert [path.stat().st_mode & 0o777 for path in (store.folder, store.folder / "kb.sqlite")] == [0o700, 0o600]


def queued(store: Store, job_id: str, *, files: bool) -> None:
    store.jobs.queue(Job(job_id, JobState.QUEUED, NOW, 1), "me")
    if files:
        (store.folder / "incoming" / job_id).mkdir(mode=0o700, parents=True)
        (store.folder / "incoming").chmod(0o700)


def test_a_job_that_nobody_runs_is_queued_again(store: Store) -> None:
    """A job that waits and has its files is no fault."""
    queued(store, "j1", files=True)
    store.jobs.take(NOW)
    queued(store, "j2", files=True)
    (repair,) = repairer_of(store).repair(check(store, lexical))

    assert repair == Repair("jobs", True, "queued 1 again: kb serve goes on with them")
    assert store.jobs.get("j1").state is JobState.QUEUED
    assert check(store, lexical) == []


def test_a_job_that_a_server_runs_is_left_alone(store: Store) -> None:
    """The lock of the one that runs the jobs says so."""
    queued(store, "j1", files=True)
    store.jobs.take(NOW)
    with (store.folder / "incoming" / ".lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)

        assert check(store, lexical) == []

    assert kinds(store) == {StoreFault.STALE_JOB}


def test_a_job_without_its_files_ends_as_failed(store: Store) -> None:
    """It would end as done with nothing in it."""
    queued(store, "j1", files=False)
    (repair,) = repairer_of(store).repair(check(store, lexical))
    job = store.jobs.get("j1")

    assert repair.what == "ended as failed: its files are gone: send them again"
    assert (job.state, job.error) == (JobState.FAILED, "its files are gone: send them again")


def test_what_cannot_be_set_aside_leaves_everything_as_it_is(store: Store) -> None:
    """No copy, no repair: the reason is said, and what was found is still there."""
    sql("DELETE FROM words_es")(store)
    found, repairer = check(store, lexical), repairer_of(store)
    repairer.folder.mkdir(mode=0o700, parents=True)
    with closed(repairer.folder), pytest.raises(BaseError, match="could not be written") as refused:
        repairer.repair(found)

    assert refused.value.hint == "Nothing was changed. Free some space"
    assert (check(store, lexical), list(repairer.folder.iterdir())) == (found, [])


def test_a_model_that_is_not_there_refuses_vectors_only(store: Store) -> None:
    """What needs no model is repaired all the same."""

    def no_model(passages: Sequence[Passage]) -> Sequence[PassageVectors]:
        raise ModelError("model x", "is not here", "Set KB_MODEL")

    sql("DELETE FROM vectors WHERE key = 1", "DELETE FROM words_es")(store)
    repairs = Repairer(store, lexical, no_model, NOW).repair(check(store, lexical))

    assert [(repair.thing, repair.done) for repair in repairs if not repair.done] == [("vectors", False)]
    assert kinds(store) == {StoreFault.VECTORS}


# -- the vector index ------------------------------------------------------------------------


@pytest.fixture
def index(store: Store) -> Path:
    """The saved index of the base."""
    folder = store.folder / "index"
    IndexKeeper(store, folder).save()
    return folder


def pointer_gone(folder: Path) -> None:
    (folder / "vectors.json").unlink()


def pointer_damaged(folder: Path) -> None:
    (folder / "vectors.json").write_text("{")


def file_gone(folder: Path) -> None:
    next(folder.glob("*.vectors")).unlink()


def file_damaged(folder: Path) -> None:
    path = next(folder.glob("*.vectors"))
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")


def dangling(folder: Path) -> None:
    (folder / f"{'0' * 64}.vectors").write_bytes(b"old")


def other_model(folder: Path) -> None:
    pointer = json.loads((folder / "vectors.json").read_text())
    pointer["stamp"]["name"] = "other"
    (folder / "vectors.json").write_text(json.dumps(pointer))


INDEX_FAULTS = [pointer_gone, pointer_damaged, file_gone, file_damaged, dangling, other_model]


@pytest.mark.parametrize("damage", INDEX_FAULTS)
def test_the_index_is_made_again(store: Store, index: Path, damage: Callable[[Path], None]) -> None:
    """Found, made anew out of the store, one generation left."""
    whole = check_index(store, index)
    damage(index)
    found = check_index(store, index)
    vectors, _ = remake_index(store, index)

    assert whole == []
    assert found
    assert {finding.kind for finding in found} == {StoreFault.INDEX}
    assert vectors == store.counts()["passages"]
    assert check_index(store, index) == []
    assert len(list(index.glob("*.vectors"))) == 1


def test_a_base_that_was_never_searched_has_no_index_and_no_fault(store: Store) -> None:
    shutil.rmtree(store.folder / "index", ignore_errors=True)

    assert check_index(store, store.folder / "index") == []


# -- the command -----------------------------------------------------------------------------


def test_the_command_says_line_by_line_what_it_did(kb: Kb, store: Store, index: Path) -> None:
    """Without --fix it changes nothing; with it each line says repaired or refused; 1 while something is left."""
    sql("DELETE FROM words_es")(store)
    store.folder.chmod(0o755)
    dangling(index)
    base = ("--base", str(store.folder))
    before = store.version()
    looked = kb("doctor", *base)
    unchanged = store.version() == before
    fixed = kb("doctor", "--fix", *base)
    again = kb("doctor", "--fix", "--json", *base)
    lines = fixed.stdout.splitlines()

    assert (looked.exit_code, unchanged) == (1, True)
    assert looked.stdout.splitlines()[0].endswith("Repair it: kb doctor --fix")
    assert looked.stdout.splitlines()[-1] == "3 faults"
    assert fixed.exit_code == 0, fixed.output
    assert "repaired  word index es: made anew from" in fixed.stdout
    assert any(line.startswith("repaired  vector index: made anew with") for line in lines)
    assert lines[-2].startswith("What was there before is in ")
    assert lines[-1].endswith("repaired, 0 faults left")
    assert json.loads(again.stdout) == {"repairs": [], "set_aside": None, "left": []}


def test_the_command_refuses_and_says_so(kb: Kb, store: Store) -> None:
    """A document whose original is gone stays; the exit code says that something is left."""
    for path in (store.folder / "originals").rglob("*"):
        if path.is_file():
            path.unlink()
    result = kb("doctor", "--fix", "--base", str(store.folder))

    assert result.exit_code == 1
    assert result.stdout.count("refused   document d") == 4
    assert result.stdout.splitlines()[-1] == "0 repaired, 4 faults left"
    assert len(store.documents()) == 4


def test_it_takes_seconds(store: Store) -> None:
    """Reading everything of a small base is a moment."""
    started = time.monotonic()
    check(store, lexical)

    assert time.monotonic() - started < 5


# -- many ways -------------------------------------------------------------------------------

ROW = "(SELECT key FROM passages WHERE live = 1 ORDER BY (key * 7919 + {seed}) % 101 LIMIT 1)"
WAYS = (
    "DELETE FROM words_es WHERE rowid IN (SELECT rowid FROM words_es ORDER BY (rowid * 31 + {seed}) % 17 LIMIT 3)",
    "UPDATE words_es SET plain = 'x{seed}' WHERE rowid = (SELECT rowid FROM words_es LIMIT 1 OFFSET {seed} % 3)",
    "INSERT INTO words_other (rowid, plain, stemmed) VALUES (5000 + {seed}, 'a', 'a')",
    "DELETE FROM vectors WHERE key = {row}",
    "UPDATE vectors SET passage = CAST(substr(passage, 1, 4 * (1 + {seed} % 5)) AS BLOB) WHERE key = {row}",
    "UPDATE vectors SET sentences = CAST(sentences || x'0000' AS BLOB) WHERE key = {row}",
    "INSERT OR IGNORE INTO passage_subtopics VALUES ({row}, 'way-{seed}')",
    "DELETE FROM passage_topics WHERE key = (SELECT key FROM passage_topics ORDER BY (key * 31 + {seed}) % 17 LIMIT 1)",
    "INSERT OR IGNORE INTO passage_own_topics VALUES ({row}, 'own-{seed}')",
    "DELETE FROM words_en_docsize WHERE id = (SELECT min(id) FROM words_en_docsize)",
)


def broken_and_mended(store: Store, seeds: range) -> int:
    """How many of the ways were found, mended and left the answers as they were."""
    before, sound = answers(store), 0
    for seed in seeds:
        sql(WAYS[seed % len(WAYS)].format(seed=seed, row=ROW.format(seed=seed)))(store)
        found = check(store, lexical)
        repairs = repairer_of(store).repair(found)
        sound += bool(found) and all(repair.done for repair in repairs) and check(store, lexical) == []
    assert answers(store) == before
    return sound


def test_ten_ways_out_of_step(store: Store) -> None:
    """Every one found, every one repaired."""
    assert broken_and_mended(store, range(10)) == 10


@pytest.mark.slow
def test_a_hundred_ways_out_of_step(store: Store, record_property: Callable[[str, object], None]) -> None:
    record_property("tried", 100)
    assert broken_and_mended(store, range(100)) == 100


def test_what_was_just_written_is_not_old_by_a_clock_that_runs_ahead(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither to the doctor nor to an open: the disk's own time counts."""
    part = next((store.folder / "originals").iterdir()) / "ab12.77.part"
    part.write_text("half")
    (store.folder / "incoming" / "j0000000000000000").mkdir(mode=0o700, parents=True)
    ahead = time.time() + 40 * 86_400
    monkeypatch.setattr(time, "time", lambda: ahead)
    Store.open(store.folder).close()

    assert (part.exists(), left_over_files(store)) == (True, [])


def test_a_document_whose_id_is_no_text_is_named(store: Store) -> None:
    """With its row: nothing is looked for by such an id."""
    with closing(sqlite3.connect(store.folder / "kb.sqlite")) as connection, connection:
        connection.execute(
            "UPDATE documents SET id = CAST(x'61ff62' AS TEXT) WHERE id = (SELECT min(id) FROM documents)"
        )
    found = check(store, lexical)

    assert [one.thing for one in found if one.fault == "is not UTF-8"] == [r"table documents, row a\udcffb, column id"]
