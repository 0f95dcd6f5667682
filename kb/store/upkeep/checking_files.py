"""The files of a base beside the tables: originals, uploads that wait, temporary files, and who may read them.

Changes nothing. Knows which files belong to a base, and when a job that is running runs nowhere.
"""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kb.records.errors import BaseError, NotFoundError
from kb.records.messages import say
from kb.records.operation import JobState
from kb.store.base import DATABASE, Store
from kb.store.disk.acknowledged import ENDING
from kb.store.disk.originals import INCOMING, LEFT_OVER_SECONDS, LOCK
from kb.store.disk.space import disk_time
from kb.store.tables.steps import Sql
from kb.store.upkeep.checking_rows import REPAIR, StoreFault, StoreFinding

_PARTS = ("index/*.partial", "originals/*/*.part", f"{DATABASE}{ENDING}.*.part", f"{DATABASE}.*.rebuilding*")


def check_files(store: Store, *, strays: bool = True) -> Iterator[StoreFinding]:
    """Every fault of the files, those of permissions first; without ``strays`` no original is called one, for what a
    document is made of stands in its row."""
    for path in open_to_others(store):
        if stated := _stat(path):
            mode = stat.S_IMODE(stated.st_mode)
            yield StoreFinding(
                _named(store, path), say("can_be_read_by_others_mode", mode=mode), REPAIR, StoreFault.PERMISSIONS
            )
    with store._connections.write() as connection:
        found = stray_originals(store, connection) if strays else []
    for path in found:
        yield StoreFinding(_named(store, path), say("belongs_to_no_document"), REPAIR, StoreFault.STRAY_ORIGINAL)
    for path in left_over_files(store):
        yield StoreFinding(_named(store, path), say("was_left_over_by_a_run"), REPAIR, StoreFault.TEMPORARY)
    yield from _jobs(store)


def open_to_others(store: Store) -> list[Path]:
    """The base, its database and its folders where anyone but their owner may read or write them."""
    names = ("", DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}{ENDING}", "originals", INCOMING, "index")
    paths = [store.folder / name for name in names]
    return [path for path in paths if (found := _stat(path)) and found.st_mode & 0o077]


def stray_originals(store: Store, connection: Sql) -> list[Path]:
    """Files among the originals that no document has, of whichever version.

    ``connection`` is in a write transaction, so that nobody else writes: an original is on disk before its
    document is.
    """
    known = {sha256 for (sha256,) in connection.execute("SELECT sha256 FROM documents")}
    found = [path for path in (store.folder / "originals").rglob("*") if path.is_file()]
    return sorted(path for path in found if path.name not in known and path.suffix != ".part")


def left_over_files(store: Store) -> list[Path]:
    """Half-written files and uploads of jobs that have ended, an hour old at least: nobody works with them."""
    found = [path for pattern in _PARTS for path in store.folder.glob(pattern)]
    found += [path for path in (store.folder / INCOMING).glob("*") if path.is_dir() and _ended(store, path.name)]
    latest = disk_time(store.folder) - LEFT_OVER_SECONDS if found else 0.0
    return sorted(path for path in found if (stated := _stat(path)) and stated.st_mtime < latest)


def _stat(path: Path) -> os.stat_result | None:
    """What the system says of a file; null for one that is gone, as half-written files are a moment later."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _ended(store: Store, job_id: str) -> bool:
    try:
        return store.jobs.get(job_id).state.ended
    except NotFoundError:
        return True
    except BaseError:  # its row is damaged, which is named: what was sent for it stays
        return False


def _jobs(store: Store) -> Iterator[StoreFinding]:
    with no_runner(store) as alone:
        stale = store.jobs.ids_in_state(JobState.RUNNING) if alone else []
        for job_id in stale:
            yield StoreFinding(say("job", job=job_id), say("is_running_and_nobody_runs"), REPAIR, StoreFault.STALE_JOB)
        for job_id in lost_uploads(store) if alone else ():
            yield StoreFinding(
                say("job", job=job_id), say("waits_and_its_files_are_gone"), REPAIR, StoreFault.LOST_UPLOAD
            )


def lost_uploads(store: Store) -> list[str]:
    """The ids of jobs that have not ended and whose files are gone."""
    waiting = [job for state in (JobState.QUEUED, JobState.RUNNING) for job in store.jobs.ids_in_state(state)]
    return [job for job in waiting if not (store.folder / INCOMING / job).is_dir()]


@contextmanager
def no_runner(store: Store) -> Iterator[bool]:
    """Whether no server runs the jobs of the base; none can begin to while the block runs."""
    path = store.folder / INCOMING / LOCK
    if not path.exists():
        yield True
        return
    with path.open("rb") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        yield True


def _named(store: Store, path: Path) -> str:
    return f"file {path.relative_to(store.folder)}" if path != store.folder else f"folder {path}"
