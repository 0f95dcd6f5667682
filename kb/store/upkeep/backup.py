"""A copy of a base that can be trusted, taken while it is in use.

A backup is a folder: the database as one transaction saw it, the originals by hash, the uploads of jobs that wait,
and a manifest written last. A folder without a manifest is no backup. ``kb.store.upkeep.restoring`` checks it and
makes a base of it.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from kb.records.errors import BaseError, InputError, NotFoundError
from kb.records.messages import say
from kb.store.base import DATABASE, Store
from kb.store.disk.frozen import reading
from kb.store.disk.originals import INCOMING
from kb.store.tables import columns
from kb.store.tables.cells import select

MANIFEST = "manifest.json"
# What a snapshot names can go while it is copied: a document is removed, a job ends. Each time one more is taken.
_SNAPSHOTS = 20


@dataclass(frozen=True, slots=True)
class Lacking:
    """An original that could not be copied: its SHA-256, the sources of its documents, and why."""

    sha256: str
    sources: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds: the SHA-256 of its database, and how many originals, documents, passages, statistics and
    jobs that wait.

    ``lacking`` are the originals that it has not, for the base had lost them. ``uploads`` gives the SHA-256 of each
    file of the jobs that wait, by its place below the uploads; null in backups of before it was written.
    """

    sha256: str
    originals: int
    documents: int
    passages: int
    statistics: int
    waiting: int = 0
    lacking: tuple[Lacking, ...] = ()
    uploads: dict[str, str] | None = None


class _Gone(Exception):  # noqa: N818 - no error: another snapshot is taken
    """What a snapshot names is no longer there."""


def back_up(store: Store, target: Path) -> BackupReport:
    """Write a backup into ``target``, a new folder; InputError when there is something, BaseError when it fails.

    A base that has lost originals is backed up with all the rest, and the report names them.
    """
    if target.exists() and any(target.iterdir()):
        raise InputError(str(target), say("is_not_empty"), say("name_a_new_folder"))
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        hashes, waiting, counted, lacking = _snapshot(store, target)
        uploads = hashes_below(target / INCOMING)
        kept = len(hashes) - len(lacking)
        report = BackupReport(hash_of(target / DATABASE), kept, *counted, len(waiting), lacking, uploads)
        _write(target / MANIFEST, json.dumps(asdict(report), indent=2).encode())
    except (OSError, sqlite3.Error) as error:
        raise BaseError(
            say("backup", target=target), say("could_not_be_written", error=error), say("choose_another_folder")
        ) from error
    return report


def _snapshot(
    store: Store, target: Path
) -> tuple[dict[str, tuple[str, ...]], set[str], tuple[int, int, int], tuple[Lacking, ...]]:
    """A copy of the database with all that it names beside it: hashes of originals with their sources, ids of jobs that
    wait, counts, and the originals that are lost."""
    for _ in range(_SNAPSHOTS):
        copy_database(store.folder / DATABASE, target / DATABASE)
        with closing(sqlite3.connect(f"file:{target / DATABASE}?mode=ro", uri=True)) as copy:
            hashes = sources_by_hash(copy)
            unended = "SELECT id FROM jobs WHERE state IN ('queued', 'running')"
            waiting = {job for (job,) in select(copy, unended, (), columns.JOBS["id"])}
            counted = _counted(copy)
        try:
            lacking = _copy_originals(store, target / "originals", hashes)
            _copy_uploads(store, target / INCOMING, waiting)
        except _Gone:
            continue
        return hashes, waiting, counted, lacking
    raise BaseError(
        say("base", folder=store.folder),
        say("changed_while_each_of_copies", count=_SNAPSHOTS),
        say("try_again_kb_backup_folder"),
    )


def sources_by_hash(copy: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """The sources of the documents of each original that a database names, by its SHA-256."""
    found: dict[str, dict[str, None]] = {}
    query = "SELECT sha256, source_id FROM documents ORDER BY sha256, source_id"
    for sha256, source_id in select(copy, query, (), columns.DOCUMENTS["sha256"], columns.DOCUMENTS["source_id"]):
        found.setdefault(sha256, {})[source_id] = None
    return {sha256: tuple(sources) for sha256, sources in found.items()}


def _copy_originals(store: Store, folder: Path, hashes: dict[str, tuple[str, ...]]) -> tuple[Lacking, ...]:
    """The originals with these hashes and no others; those that are lost are given back. _Gone when a document was
    removed meanwhile."""
    lacking = []
    folder.mkdir(mode=0o700, exist_ok=True)
    for sha256 in sorted(hashes):
        place = folder / sha256[:2] / sha256
        if place.exists():
            continue
        try:
            data = store.original(sha256)
        except (NotFoundError, BaseError, OSError) as error:
            if not store.has_bytes(sha256):
                raise _Gone from None
            reason = error.strerror if isinstance(error, OSError) else error.reason
            lacking.append(Lacking(sha256, hashes[sha256], reason or type(error).__name__))
            continue
        place.parent.mkdir(mode=0o700, exist_ok=True)
        _write(place, data)
    for place in folder.glob("*/*"):
        if place.name not in hashes:
            place.unlink()
    return tuple(lacking)


def _copy_uploads(store: Store, folder: Path, waiting: set[str]) -> None:
    """What was sent for the jobs that wait, and for no others; _Gone when one ended meanwhile."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for job in sorted(waiting):
        try:
            shutil.copytree(store.folder / INCOMING / job, folder / job, dirs_exist_ok=True)
        except (FileNotFoundError, shutil.Error):
            if not store.jobs.get(job).state.ended:
                continue  # its files were lost before: kb doctor names it
            raise _Gone from None
    for place in folder.glob("*"):
        if place.name not in waiting:
            shutil.rmtree(place)


def copy_database(source: Path, target: Path) -> None:
    """The state of one moment, while others read and write: cp of a live database gave 2 usable copies of 25."""
    target.unlink(missing_ok=True)
    with reading(source) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    target.chmod(0o600)


def _counted(copy: sqlite3.Connection) -> tuple[int, int, int]:
    query = (
        "SELECT (SELECT count(*) FROM documents WHERE current = 1), (SELECT count(*) FROM passages WHERE live = 1), "
        "(SELECT count(*) FROM statistics JOIN passages USING (key) WHERE live = 1)"
    )
    documents, passages, statistics = copy.execute(query).fetchone()
    return documents, passages, statistics


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as file:
        path.chmod(0o600)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def hashes_below(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its place in it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hash_of(path) for path in found}


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
