"""A write-ahead log damaged, cut or deleted: a base holds all that was acknowledged, or what it lacks has a name."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from api.cli.bringing_back import bring_back, still_lost
from api.http.auth import create_key
from index.search import lexical
from ingest.pipeline import Pipeline
from ingest.readers.dispatch import read_document
from ingest.readers.extract import Extract
from ingest.recovering import MakePipeline, Recovery
from ingest.sources.sources import SourceFile
from ingest.tagging import Tagger
from kb.records.document import Document
from kb.records.errors import BaseError, SourceError
from kb.records.operation import Job, JobState, Scope
from kb.records.ports import Embedder
from kb.records.source import BY_HAND
from kb.store import Store
from kb.store.disk.acknowledged import Acknowledged
from kb.store.upkeep.checking import check
from kb.store.upkeep.checking_rows import StoreFault
from kb.store.upkeep.losses import losses, net, said_of
from tests.fakes import FakeEmbedder
from tests.kb.making import meta

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOTES = 8
MUTATIONS = 24


def tagger_of(embedder: Embedder) -> Tagger:
    return Tagger.load(embedder.stamp)


def makes(store: Store) -> MakePipeline:
    def make(keep: frozenset[str]) -> Pipeline:
        return Pipeline(store, FakeEmbedder, lexical, tagger_of, keep=keep)

    return make


def note(number: int) -> SourceFile:
    text = f"Loyalty and churn, note {number}. In 2024, {number + 30} % of customers left.".encode()
    return SourceFile.of(f"notes/note-{number}.txt", text, "text/plain")


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A base as a killed process leaves it: everything but the first two documents stands in the log alone."""
    folder = tmp_path_factory.mktemp("killed") / "base"
    store = Store.open(folder, create=True)
    makes(store)(frozenset()).run([note(0), note(1)])
    store._connections._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    makes(store)(frozenset()).run([note(number) for number in range(2, NOTES)])
    store.remove(store.documents()[0].id)
    (store.folder / "incoming" / "j1" / "0000").mkdir(mode=0o700, parents=True)
    (store.folder / "incoming").chmod(0o700)
    store.jobs.queue(Job("j1", JobState.QUEUED, NOW, 1), "me")
    left = tmp_path_factory.mktemp("left") / "base"
    shutil.copytree(folder, left, ignore=shutil.ignore_patterns("*-shm"))
    yield left
    store.close()


def state(store: Store) -> dict[str, object]:
    """All that was acknowledged of a base."""
    return {
        "documents": [(one.id, one.source_id, one.text, one.version) for one in store.documents(all_versions=True)],
        "passages": {one.id: [passage.id for passage in store.passages_of(one.id)] for one in store.documents()},
        "jobs": [store.jobs.get(job) for job in store.jobs.ids_in_state(JobState.QUEUED)],
        "counts": store.counts(),
    }


@pytest.fixture
def base(killed: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(killed, tmp_path / "base"))


@pytest.fixture
def whole(killed: Path, tmp_path: Path) -> dict[str, object]:
    store = Store.open(Path(shutil.copytree(killed, tmp_path / "whole")))
    try:
        return state(store)
    finally:
        store.close()


def flipped(log: Path, chosen: random.Random) -> None:
    data = bytearray(log.read_bytes())
    data[chosen.randrange(len(data))] ^= 1 << chosen.randrange(8)
    log.write_bytes(data)


def cut(log: Path, chosen: random.Random) -> None:
    log.write_bytes(log.read_bytes()[: chosen.randrange(log.stat().st_size)])


def overwritten(log: Path, chosen: random.Random) -> None:
    data = bytearray(log.read_bytes())
    place = chosen.randrange(len(data))
    data[place : place + 512] = chosen.randbytes(len(data[place : place + 512]))
    log.write_bytes(data)


def deleted(log: Path, chosen: random.Random) -> None:
    log.unlink()


def emptied(log: Path, chosen: random.Random) -> None:
    log.write_bytes(b"")


WAYS = [flipped, cut, overwritten, flipped, cut, overwritten, deleted, emptied]


@pytest.mark.parametrize("seed", range(MUTATIONS))
def test_no_loss_is_silent(base: Path, whole: dict[str, object], seed: int) -> None:
    """Every mutation leaves identical data, or a base that says so, whose doctor names each thing that is missing and
    brings it back. Of what was there not a file goes."""
    WAYS[seed % len(WAYS)](base / "kb.sqlite-wal", random.Random(seed))  # noqa: S311 - seeded
    files = {path: path.read_bytes() for path in base.rglob("*") if path.is_file()}
    refused = refusal_of(base)
    same_files = not refused or {path: path.read_bytes() for path in files} == files
    store = Store.open(base, despite_loss=True)
    missing = missing_of(whole, store)
    named = {said_of(change) for change in losses(store)}
    found = [finding.thing for finding in check(store, lexical) if finding.kind is StoreFault.LOSS]
    repairs = bring_back(store, makes(store))
    store.settle()

    assert ("changes that were acknowledged" in refused, same_files) == (bool(missing), True)
    assert missing <= named
    assert set(found) == named
    assert all(repair.done for repair in repairs)
    assert missing_of(whole, store) == set()
    assert state(store)["counts"] == whole["counts"]
    assert [one for one in check(store, lexical) if one.kind is not StoreFault.TEMPORARY] == []
    store.close()
    assert refusal_of(base) == ""


def refusal_of(base: Path) -> str:
    """Why a base does not open; nothing when it does."""
    try:
        Store.open(base).close()
    except BaseError as error:
        return error.reason
    return ""


def missing_of(whole: dict[str, object], store: Store) -> set[str]:
    """What a base lacks of a whole one, or has too much, as it is called."""
    here = {(identity, source) for identity, source, *_ in state(store)["documents"]}  # type: ignore[attr-defined]
    there = {(identity, source) for identity, source, *_ in whole["documents"]}  # type: ignore[attr-defined]
    jobs = {job.id for job in whole["jobs"]} - {job.id for job in state(store)["jobs"]}  # type: ignore[attr-defined]
    return {f"document {identity} ({source})" for identity, source in here ^ there} | {f"job {job}" for job in jobs}


def test_a_loss_that_only_a_person_can_mend_is_named(base: Path) -> None:
    """A revoked key would live again in silence: it is named, and counts as known only after the doctor has said so."""
    store = Store.open(base)
    store._connections._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    key, _ = create_key(store.keys, "desk", frozenset({Scope.READ}), None)
    left = base.with_name("left")
    shutil.copytree(base, left, ignore=shutil.ignore_patterns("*-shm", "*-wal"))
    store.close()
    with pytest.raises(BaseError, match="lacks the last 1 changes"):
        Store.open(left)
    again = Store.open(left, despite_loss=True)
    (repair,) = bring_back(again, makes(again))

    assert (repair.thing, repair.done) == (f"key {key.id}", False)
    again.settle()
    again.close()
    Store.open(left).close()


def test_a_document_that_cannot_be_read_again_stays_lost(base: Path) -> None:
    """Its original is whole, so it is named until it is in; one whose original is gone too is named once."""
    (base / "kb.sqlite-wal").unlink()
    store = Store.open(base, despite_loss=True)
    lost = [change for change in losses(store) if change.facts.get("sha256")]
    gone, unread, *_ = lost
    (base / "originals" / gone.facts["sha256"][:2] / gone.facts["sha256"]).unlink()
    refused = bring_back(store, refusing(store, str(unread.facts["source"])))
    store.settle(still_lost(store))
    store.close()
    store = Store.open(base)

    assert [repair.thing for repair in refused if not repair.done] == [said_of(gone), said_of(unread)]
    assert losses(store) == [unread]
    assert all(repair.done for repair in bring_back(store, makes(store)))
    assert losses(store) == []
    store.close()


def refusing(store: Store, name: str) -> MakePipeline:
    """Steps that cannot read one source."""

    def read(data: bytes, media_type: str, source_id: str) -> Extract:
        if source_id == name:
            raise SourceError(source_id, "cannot be read today", "Try again")
        return read_document(data, media_type, source_id)

    return lambda keep: Pipeline(store, FakeEmbedder, lexical, tagger_of, read=read, keep=keep)


def lost_end(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-7])


def lost_file(path: Path) -> None:
    path.unlink()


def half_line(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b'[99, [["docu')


@pytest.mark.parametrize("damage", [lost_end, lost_file, half_line])
def test_the_record_mends_itself(base: Path, damage: Callable[[Path], None]) -> None:
    """A crash between COMMIT and the record, or a record that is gone, refuses no base, and the next change puts it
    right."""
    acknowledged = Acknowledged(base / "kb.sqlite")
    damage(acknowledged.path)
    store = Store.open(base)
    makes(store)(frozenset()).run([note(77)])
    named = [change.facts["source"] for line in acknowledged.lines() if line for change in line.changes if "source" in
             change.facts]  # fmt: skip

    assert acknowledged.number() == int(meta(store, "acknowledged") or 0)
    assert "notes/note-77.txt" in named
    assert losses(store) == []
    assert acknowledged.path.stat().st_mode & 0o077 == 0
    store.close()


def test_a_removal_that_the_record_lacks_is_no_loss(base: Path) -> None:
    """Killed between COMMIT and the record, or a disk that did not take the line: the doctor does not say that the
    document is lost, and does not bring it back."""
    store = Store.open(base)
    store.remove(store.documents()[0].id)
    path = Acknowledged(base / "kb.sqlite").path
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))

    assert losses(store) == []
    assert check(store, lexical) == []
    makes(store)(frozenset()).run([note(77)])
    assert losses(store) == []
    assert Acknowledged(base / "kb.sqlite").number() == int(meta(store, "acknowledged") or 0)
    store.close()


def test_a_base_of_before_the_record_opens(base: Path) -> None:
    """It has neither count nor record; the first change writes all of it down."""
    store = Store.open(base)
    with store._connections.write() as connection:
        connection.execute("DELETE FROM meta WHERE key = 'acknowledged'")
    store.close()
    (base / "kb.sqlite.acknowledged").unlink()
    store = Store.open(base)
    makes(store)(frozenset()).run([note(77)])
    documents = {change.id for line in Acknowledged(base / "kb.sqlite").lines() if line for change in line.changes}

    assert documents >= {one.id for one in store.documents()}
    assert check(store, lexical) == []
    store.close()


def corrected(store: Store) -> Document:
    """The first document, its title corrected twice."""
    for title in ("By one", "By another"):
        document = store.documents()[0]
        store.correct(document.corrected({"title": title}, NOW, "operator", BY_HAND), None, document.revision)
    return store.documents()[0]


def test_a_correction_that_was_lost_is_put_back_with_its_history(base: Path) -> None:
    """The document itself is there; of the file of what was acknowledged its record is made again."""
    store = Store.open(base)
    store._connections._writer.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[attr-defined]
    left = base.with_name("left")
    wanted = corrected(store)
    shutil.copytree(base, left, ignore=shutil.ignore_patterns("*-shm", "*-wal"))
    store.close()
    assert "lacks the last 2 changes" in refusal_of(left)

    again = Store.open(left, despite_loss=True)
    assert again.document(wanted.id).revision == 0
    repairs = bring_back(again, makes(again))

    assert [(one.thing, one.done) for one in repairs] == [(f"document {wanted.id} ({wanted.source_id})", True)]
    assert again.document(wanted.id) == wanted
    again.settle()
    again.close()
    assert refusal_of(left) == ""


def test_a_document_that_was_corrected_and_lost_comes_back_corrected(base: Path) -> None:
    """Read again from its original, under the record that was acknowledged last."""
    store = Store.open(base)
    wanted = corrected(store)
    changes = list(net(line for line in Acknowledged(base / "kb.sqlite").lines() if line is not None))
    change = next(one for one in changes if one.id == wanted.id)
    store.remove(wanted.id)
    store._originals.keep(note(1).data)

    Recovery(store, makes(store)).named(change)

    assert store.document(wanted.id) == wanted
    store.close()


def test_the_record_of_a_base_is_the_same_written_at_once(base: Path) -> None:
    """What each correction noted, and what a base says of itself when the file is made anew."""
    store = Store.open(base)
    wanted = corrected(store)
    noted = next(one for one in net(Acknowledged(base / "kb.sqlite").lines()) if one.id == wanted.id)  # type: ignore[arg-type]
    store._connections.settle()
    anew = next(one for one in net(Acknowledged(base / "kb.sqlite").lines()) if one.id == wanted.id)  # type: ignore[arg-type]

    assert (noted.did.name, anew.did.name) == ("CORRECTED", "ADDED")
    assert json.loads(json.dumps(noted.facts)) == anew.facts
    store.close()
