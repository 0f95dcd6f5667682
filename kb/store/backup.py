"""A copy of a base that can be trusted: taken while it is in use, and checked before it is used again.

A backup is a folder: the database as one transaction saw it, the originals by hash, the uploads of jobs that wait,
and a manifest written last. A folder without a manifest is no backup.
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

from kb.errors import BaseError, InputError, NotFoundError
from kb.store.base import DATABASE, Store
from kb.store.files import INCOMING
from kb.store.frozen import reading

MANIFEST = "manifest.json"
# What a snapshot names can go while it is copied: a document is removed, a job ends. Each time one more is taken.
_SNAPSHOTS = 20


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds: the SHA-256 of its database, and how many originals, documents, passages, statistics and
    jobs that wait."""

    sha256: str
    originals: int
    documents: int
    passages: int
    statistics: int
    waiting: int = 0


class _Gone(Exception):  # noqa: N818 - no error: another snapshot is taken
    """What a snapshot names is no longer there."""


def back_up(store: Store, target: Path) -> BackupReport:
    """Write a backup into ``target``, a new folder; InputError when there is something, BaseError when it fails."""
    if target.exists() and any(target.iterdir()):
        raise InputError(str(target), "is not empty", "Name a new folder")
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        hashes, waiting, counted = _snapshot(store, target)
        report = BackupReport(_hash(target / DATABASE), len(hashes), *counted, len(waiting))
        _write(target / MANIFEST, json.dumps(asdict(report), indent=2).encode())
    except (OSError, sqlite3.Error) as error:
        raise BaseError(f"backup {target}", f"could not be written ({error})", "Choose another folder") from error
    return report


def _snapshot(store: Store, target: Path) -> tuple[set[str], set[str], tuple[int, int, int]]:
    """A copy of the database with all that it names beside it: hashes of originals, ids of jobs that wait, counts."""
    for _ in range(_SNAPSHOTS):
        copy_database(store.folder / DATABASE, target / DATABASE)
        with closing(sqlite3.connect(f"file:{target / DATABASE}?mode=ro", uri=True)) as copy:
            hashes = {sha256 for (sha256,) in copy.execute("SELECT DISTINCT sha256 FROM documents")}
            waiting = {job for (job,) in copy.execute("SELECT id FROM jobs WHERE state IN ('queued', 'running')")}
            counted = _counted(copy)
        try:
            _copy_originals(store, target / "originals", hashes)
            _copy_uploads(store, target / INCOMING, waiting)
        except _Gone:
            continue
        return hashes, waiting, counted
    raise BaseError(
        f"base {store.folder}", f"changed while each of {_SNAPSHOTS} copies was taken", "Try again: kb backup FOLDER"
    )


def _copy_originals(store: Store, folder: Path, hashes: set[str]) -> None:
    """The originals with these hashes and no others; _Gone when a document was removed meanwhile."""
    folder.mkdir(mode=0o700, exist_ok=True)
    for sha256 in sorted(hashes):
        place = folder / sha256[:2] / sha256
        if place.exists():
            continue
        try:
            data = store.original(sha256)
        except NotFoundError:
            if store.has_bytes(sha256):
                raise
            raise _Gone from None
        place.parent.mkdir(mode=0o700, exist_ok=True)
        _write(place, data)
    for place in folder.glob("*/*"):
        if place.name not in hashes:
            place.unlink()


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


def restore(source: Path, folder: Path) -> BackupReport:
    """Make a base in ``folder`` of a backup; InputError when it is no whole backup or the folder is in use."""
    report = read_manifest(source)
    if folder.exists() and any(folder.iterdir()):
        raise InputError(str(folder), "is not empty", "Restore into a new folder: --base NEW")
    if _hash(source / DATABASE) != report.sha256:
        raise InputError(str(source), "was changed after it was made", "Use another backup")
    part = folder.with_name(folder.name + ".part")
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(mode=0o700, parents=True)
        shutil.copyfile(source / DATABASE, part / DATABASE)
        (part / DATABASE).chmod(0o600)
        for name in ("originals", INCOMING):
            if (source / name).exists():
                shutil.copytree(source / name, part / name)
                (part / name).chmod(0o700)
        _queue_again(part)
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise BaseError(
            f"base {folder}", f"could not be written ({error.strerror})", "Choose another --base"
        ) from error
    return report


def _queue_again(folder: Path) -> None:
    """A job that was running when the backup was taken runs nowhere now: it waits, as after a crash."""
    store = Store.open(folder)
    store.jobs.put_back()
    store.close()


def read_manifest(source: Path) -> BackupReport:
    """What a backup says of itself; InputError when it is none."""
    try:
        return BackupReport(**json.loads((source / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(str(source), "is not a whole backup", "Make one: kb backup FOLDER") from error


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


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
