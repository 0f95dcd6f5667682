"""A copy of a base that can be trusted, taken while it is in use.

A backup is a folder: the database as one transaction saw it, the originals by hash, the uploads of jobs that wait,
and a manifest written last. A folder without a manifest is no backup. ``kb.store.upkeep.backup`` checks it and
makes a base of it.
"""

import io
import json
import shutil
import sqlite3
import tempfile
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

from kb.records.errors import BaseError, InputError, NotFoundError
from kb.records.messages import say, together
from kb.store.base import DATABASE, Store
from kb.store.disk.copies import (
    MANIFEST,
    BackupReport,
    DatabaseContents,
    Lacking,
    copy_database,
    hash_of,
    hashes_below,
    named_in,
    sources_by_hash,
    write_manifest,
)
from kb.store.disk.originals import INCOMING
from kb.store.disk.space import sync, write_synced

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
        write_synced(place, io.BytesIO(data))
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


_NAMED = 10


def restore(source: Path, folder: Path) -> BackupReport:
    """Make a base in ``folder`` of a backup; InputError when it is no whole backup, when any of its files was changed
    or is gone (they are named), or when the folder is in use."""
    report = _read_manifest(source)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise InputError(str(folder), say("is_not_empty"), say("restore_into_a_new_folder_base"))
    part = None
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", suffix=".restoring", dir=folder.parent))
        faults = _copied(source, part, report)
        if faults:
            raise _changed(source, faults)
        _begin(part)
        part.rename(folder)  # onto nothing or an empty folder; never onto one with something in it
    except (OSError, shutil.Error, sqlite3.Error) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise BaseError(
            say("base", folder=folder), say("could_not_be_written", error=reason), say("choose_another_base")
        ) from error
    finally:
        if part is not None and part.exists():
            shutil.rmtree(part, ignore_errors=True)
    return report


def _read_manifest(source: Path) -> BackupReport:
    """What a backup says of itself; InputError when it is none."""
    try:
        found = json.loads((source / MANIFEST).read_text(encoding="utf-8"))
        lacking = tuple(
            Lacking(one["sha256"], tuple(one["sources"]), one["reason"]) for one in found.pop("lacking", ())
        )
        return BackupReport(**found, lacking=lacking)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(str(source), say("is_not_a_whole_backup"), say("make_one_kb_backup_folder")) from error


def _copied(source: Path, part: Path, report: BackupReport) -> list[str]:
    """Copy a backup and say what of the copy is not what was backed up."""
    if not (source / DATABASE).is_file():
        return [say("file_is_gone", database=DATABASE)]
    shutil.copyfile(source / DATABASE, part / DATABASE)
    (part / DATABASE).chmod(0o600)
    if hash_of(part / DATABASE) != report.sha256:
        return [say("file_was_changed", database=DATABASE)]
    with closing(sqlite3.connect(f"file:{part / DATABASE}?mode=ro", uri=True)) as copy:
        sources = sources_by_hash(copy)
    lacking = {one.sha256 for one in report.lacking}
    faults = []
    for sha256, names in sources.items():
        if sha256 in lacking:
            continue
        fault = _copied_original(source, part, sha256)
        if fault:
            faults.append(say("original_of_sources", sources=", ".join(names), sha256=sha256[:16], fault=fault))
    return [*faults, *_copied_uploads(source / INCOMING, part / INCOMING, report.uploads)]


def _copied_original(source: Path, part: Path, sha256: str) -> str | None:
    """Copy an original; why it is not the one that was backed up, or null."""
    place = Path("originals") / sha256[:2] / sha256
    if not (source / place).is_file():
        return say("is_gone")
    for folder in ((part / place).parent.parent, (part / place).parent):
        folder.mkdir(mode=0o700, exist_ok=True)
    shutil.copyfile(source / place, part / place)
    (part / place).chmod(0o600)
    return None if hash_of(part / place) == sha256 else say("was_changed")


def _copied_uploads(source: Path, target: Path, uploads: dict[str, str] | None) -> list[str]:
    """Copy what was sent for jobs that wait; a sentence for each file that is not what was backed up."""
    if source.is_dir():
        shutil.copytree(source, target)
        target.chmod(0o700)
    if uploads is None:  # a backup of before they were written down
        return []
    found = hashes_below(target)
    gone = [say("the_upload_is_gone", name=name) for name in uploads if name not in found]
    return [*gone, *(say("the_upload_was_changed", name=name) for name in found if found[name] != uploads.get(name))]


def _changed(source: Path, faults: list[str]) -> InputError:
    more = [say("and_more", count=len(faults) - _NAMED)] if len(faults) > _NAMED else []
    shown = together(*faults[:_NAMED], *more)
    return InputError(str(source), say("was_changed_after_it_was_made", shown=shown), say("use_another_backup"))


def _begin(folder: Path) -> None:
    """A job that was running when the backup was taken runs nowhere now: it waits, as after a crash. What the base
    holds is what was acknowledged."""
    store = Store.open(folder)
    try:
        store.jobs.put_back()
        store.settle()
    finally:
        store.close()
    sync(folder)
