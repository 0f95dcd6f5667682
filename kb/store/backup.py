"""A copy of a base that can be trusted: taken while it is in use, and checked before it is used again.

A backup is a folder: the database as one transaction saw it, the originals by hash, and a manifest
written last. A folder without a manifest is no backup.
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

from kb.errors import BaseError, InputError
from kb.store.base import DATABASE, Store

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds: the SHA-256 of its database, and how many originals, documents, passages, statistics."""

    sha256: str
    originals: int
    documents: int
    passages: int
    statistics: int


def back_up(store: Store, target: Path) -> BackupReport:
    """Write a backup into ``target``, a new folder; InputError when there is something, BaseError when it fails."""
    if target.exists() and any(target.iterdir()):
        raise InputError(str(target), "is not empty", "Name a new folder")
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
        database = target / DATABASE
        _copy_database(store.folder / DATABASE, database)
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as copy:
            hashes = [row[0] for row in copy.execute("SELECT DISTINCT sha256 FROM documents ORDER BY sha256")]
            counted = _counted(copy)
        for sha256 in hashes:
            place = target / "originals" / sha256[:2] / sha256
            place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(place, store.original(sha256))
        report = BackupReport(_hash(database), len(hashes), *counted)
        _write(target / MANIFEST, json.dumps(asdict(report), indent=2).encode())
    except (OSError, sqlite3.Error) as error:
        raise BaseError(f"backup {target}", f"could not be written ({error})", "Choose another folder") from error
    return report


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
        _write(part / DATABASE, (source / DATABASE).read_bytes())
        if (source / "originals").exists():
            shutil.copytree(source / "originals", part / "originals")
        if folder.exists():
            folder.rmdir()
        part.rename(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise BaseError(
            f"base {folder}", f"could not be written ({error.strerror})", "Choose another --base"
        ) from error
    return report


def read_manifest(source: Path) -> BackupReport:
    """What a backup says of itself; InputError when it is none."""
    try:
        return BackupReport(**json.loads((source / MANIFEST).read_text(encoding="utf-8")))
    except (OSError, ValueError, TypeError) as error:
        raise InputError(str(source), "is not a whole backup", "Make one: kb backup FOLDER") from error


def _copy_database(source: Path, target: Path) -> None:
    """The state of one moment, while others read and write: cp of a live database gave 2 usable copies of 25."""
    with closing(sqlite3.connect(f"file:{source}?mode=ro", uri=True)) as live, closing(sqlite3.connect(target)) as copy:
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
