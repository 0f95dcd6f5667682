"""A backup, and the doctor, while others write: documents come and go, jobs wait and end; each sees one moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from index.search import lexical
from ingest.sources.sources import SourceFile
from kb.records.operation import Job, JobState
from kb.store import Store
from kb.store.disk.copies import Lacking
from kb.store.upkeep.backup import back_up, restore
from kb.store.upkeep.checking import check
from kb.store.upkeep.checking_rows import StoreFault
from tests.api.conftest import corpus_base, pipeline_of, store

__all__ = ["corpus_base", "store"]

NOW = datetime(2026, 11, 22, tzinfo=UTC)
BACKUPS = [5, pytest.param(25, marks=pytest.mark.slow)]


def note(number: int) -> SourceFile:
    return SourceFile.of(f"note-{number}", f"Loyalty and churn, note {number}.".encode(), "text/plain")


@pytest.mark.parametrize("backups", BACKUPS)
def test_documents_that_come_and_go_meanwhile(
    store: Store, tmp_path: Path, backups: int, record_property: Callable[[str, object], None]
) -> None:
    """One writer adds and removes all the time; every backup is whole and answers for itself."""
    stop = threading.Event()
    writer = Store.open(store.folder)
    failed: list[BaseException] = []

    def write() -> None:
        pipeline = pipeline_of(writer)
        try:
            for number in range(10_000):
                if stop.is_set():
                    return
                (report,) = pipeline.run([note(number)]).files
                writer.remove(str(report.document_id))
        except BaseException as error:  # noqa: BLE001 - shown by the test
            failed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(backups):
            assert check(store, lexical) == []
            report = back_up(store, tmp_path / f"copy-{number}")
            assert restore(tmp_path / f"copy-{number}", tmp_path / f"base-{number}") == report
    finally:
        stop.set()
        thread.join()
        writer.close()

    record_property("tried", backups)
    assert failed == []
    for number in range(backups):
        restored = Store.open(tmp_path / f"base-{number}")
        assert check(restored, lexical) == []
        restored.close()


def test_an_original_that_was_removed_after_the_snapshot(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another snapshot is taken, without the document; the originals of the first are not kept."""
    gone = store.documents()[-1]
    read = Store.original
    monkeypatch.setattr(Store, "original", lambda base, sha256: removing(base, sha256))

    def removing(base: Store, sha256: str) -> bytes:
        if sha256 == gone.sha256 and base.has_bytes(sha256):
            base.remove(gone.id)
        return read(base, sha256)

    report = back_up(store, tmp_path / "copy")
    kept = {path.name for path in (tmp_path / "copy" / "originals").glob("*/*")}

    assert (report.documents, report.originals) == (3, 3)
    assert kept == {document.sha256 for document in store.documents()}


def test_originals_that_are_lost_are_named(store: Store, tmp_path: Path) -> None:
    """Nothing is left out in silence, and all the rest is kept: the backup says what it lacks, so does the restored
    base."""
    gone, changed, *_ = store.documents()
    store._originals.discard(gone.sha256)
    place_of(store, changed.sha256).write_bytes(b"other")
    report = back_up(store, tmp_path / "copy")
    restored = restore(tmp_path / "copy", tmp_path / "new")

    assert set(report.lacking) == {
        Lacking(gone.sha256, (gone.source_id,), "is not kept in this base"),
        Lacking(changed.sha256, (changed.source_id,), "was changed on disk"),
    }
    assert (report.documents, report.originals) == (4, 2)
    assert restored == report
    again = Store.open(tmp_path / "new")
    assert [one.kind for one in check(again, lexical)] == [StoreFault.ORIGINAL, StoreFault.ORIGINAL]
    again.close()


def place_of(store: Store, sha256: str) -> Path:
    return store.folder / "originals" / sha256[:2] / sha256


def test_what_was_sent_for_a_job_that_waits_is_part_of_it(store: Store, tmp_path: Path) -> None:
    """An acknowledged upload survives the machine: the restored base goes on with it. Ended jobs leave nothing."""
    for job_id in ("j1", "j2"):
        folder = store.folder / "incoming" / job_id / "0000"
        folder.mkdir(mode=0o700, parents=True)
        (folder / "note.txt").write_text("Loyalty.", encoding="utf-8")
        store.jobs.queue(Job(job_id, JobState.QUEUED, NOW, 1), "me")
    store.jobs.finish("j2", NOW)
    report = back_up(store, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "new")
    restored = Store.open(tmp_path / "new")

    assert report.waiting == 1
    assert [path.relative_to(restored.folder).as_posix() for path in (tmp_path / "new").rglob("*.txt")] == [
        "incoming/j1/0000/note.txt"
    ]
    assert check(restored, lexical) == []
    assert restored.jobs.get("j1").state is JobState.QUEUED
    restored.close()


def test_a_job_that_was_running_waits_in_the_restored_base(store: Store, tmp_path: Path) -> None:
    """As after a crash: the next server goes on with it, and the doctor finds nothing."""
    (store.folder / "incoming" / "j1" / "0000").mkdir(mode=0o700, parents=True)
    (store.folder / "incoming").chmod(0o700)
    store.jobs.queue(Job("j1", JobState.QUEUED, NOW, 1), "me")
    store.jobs.take(NOW)
    back_up(store, tmp_path / "copy")
    restore(tmp_path / "copy", tmp_path / "new")
    restored = Store.open(tmp_path / "new")

    assert restored.jobs.get("j1").state is JobState.QUEUED
    assert check(restored, lexical) == []
    restored.close()


def test_a_half_written_file_that_is_gone_when_it_is_looked_at(store: Store) -> None:
    """A link to nothing stands for it: listed, and not there."""
    folder = store.folder / "originals" / "ab"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    (folder / "gone.part").symlink_to(folder / "nowhere")

    assert check(store, lexical) == []
