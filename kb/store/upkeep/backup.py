"""A copy of a base that can be trusted, taken while it is in use.

A backup is a folder: the database as one transaction saw it, the originals by hash, the uploads of jobs that wait,
and a manifest written last. A folder without a manifest is no backup. ``kb.store.upkeep.restoring`` checks it and
makes a base of it.
"""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Collection
from pathlib import Path

from kb.records.errors import BaseError, InputError, NotFoundError
from kb.records.messages import say
from kb.store.base import DATABASE, Store
from kb.store.disk.copies import (
    BackupReport,
    DatabaseContents,
    Lacking,
    copy_database,
    hash_of,
    hashes_below,
    named_in,
    write_file,
    write_manifest,
)
from kb.store.disk.originals import INCOMING

# What a snapshot names can go while it is copied: a document is removed, a job ends. Each time one more is taken.
_SNAPSHOTS = 20


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
        named, lacking = _snapshot(store, target)
        uploads = hashes_below(target / INCOMING)
        kept = len(named.originals) - len(lacking)
        sha256 = hash_of(target / DATABASE)
        report = BackupReport(sha256, kept, *named.counted, len(named.waiting), lacking, uploads)
        write_manifest(target, report)
    except (OSError, sqlite3.Error) as error:
        raise BaseError(
            say("backup", target=target), say("could_not_be_written", error=error), say("choose_another_folder")
        ) from error
    return report


def _snapshot(store: Store, target: Path) -> tuple[DatabaseContents, tuple[Lacking, ...]]:
    """A copy of the database with all that it names beside it: what that is, and the originals that are lost."""
    for _ in range(_SNAPSHOTS):
        copy_database(store.folder / DATABASE, target / DATABASE)
        named = named_in(target / DATABASE)
        try:
            lacking = _copy_originals(store, target / "originals", named.originals)
            _copy_uploads(store, target / INCOMING, named.waiting)
        except _Gone:
            continue
        return named, lacking
    raise BaseError(
        say("base", folder=store.folder),
        say("changed_while_each_of_copies", count=_SNAPSHOTS),
        say("try_again_kb_backup_folder"),
    )


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
        write_file(place, data)
    for place in folder.glob("*/*"):
        if place.name not in hashes:
            place.unlink()
    return tuple(lacking)


def _copy_uploads(store: Store, folder: Path, waiting: Collection[str]) -> None:
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
