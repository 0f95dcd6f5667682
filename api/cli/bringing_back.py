"""What ``kb doctor --fix`` does about documents and jobs that were acknowledged and lost, and about a lost database."""

from __future__ import annotations

import secrets
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from ingest.recovering import MakePipeline, Recovery
from kb.records.document import document_id
from kb.records.errors import BaseError, InputError, KnowledgeBaseError, NotFoundError
from kb.records.messages import say, told
from kb.store import Store
from kb.store.base import DATABASE, rest_of_base
from kb.store.disk.acknowledged import ENDING, Acknowledged, Change, Did
from kb.store.disk.connections import Connections
from kb.store.disk.originals import INCOMING, Originals
from kb.store.upkeep.losses import do_again, is_document, losses, net, said_of, write_job
from kb.store.upkeep.mending import Repair

if TYPE_CHECKING:
    from ingest.sources.report import FileReport

_REPLACED = (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", "index")
NOT_MADE_AGAIN = (
    "keys, saved searches, webhooks, topics of one's own, ended jobs and earlier readings are written "
    "nowhere else: make them again"
)


def bring_back(store: Store, make: MakePipeline) -> list[Repair]:
    """Do again what was acknowledged and is not in the base, in its order; a line for each thing."""
    recovery = Recovery(store, make)
    return [_brought_back(store, recovery, change) for change in losses(store)]


def still_lost(store: Store) -> list[Change]:
    """The documents that are lost and whose originals are whole, but could not be read: they stay what they are."""
    documents = [change for change in losses(store) if is_document(change)]
    return [change for change in documents if store.fault_of_original(str(change.facts["sha256"])) is None]


def _brought_back(store: Store, recovery: Recovery, change: Change) -> Repair:
    if is_document(change):
        return _repair(said_of(change), recovery.named(change), say("brought_back_from_its_original"))
    try:
        done = do_again(store, change)
    except KnowledgeBaseError as error:
        return Repair(said_of(change), False, told(error))
    return Repair(said_of(change), done is not None, done or say("did_and_is_lost_do_it_again", did=change.did.said))


def _repair(thing: str, report: FileReport, done: str) -> Repair:
    if report.reason is None:
        return Repair(thing, True, say("with_detail", first=done, detail=report.outcome.value))
    return Repair(
        thing,
        False,
        say("reason_and_hint", first=report.reason, then=report.hint)
        if report.hint
        else say("as_a_sentence", sentence=report.reason),
    )


def rebuild(folder: Path, make: Callable[[Store], MakePipeline], aside: Path) -> list[Repair]:
    """Make the database of a base again from its originals; what lay in its place is put into ``aside``.

    InputError where there is a database that can be opened: it is never replaced.
    """
    _refuse_whole(folder)
    part = folder / f"{DATABASE}.{secrets.token_hex(4)}.rebuilding"
    store = Store(folder, Connections(part), Originals(folder / "originals"))
    try:
        repairs = _made_again(store, Recovery(store, make(store)))
        store.settle()
        store.close()
        _put_in_place(folder, part, aside)
    finally:
        store.close()
        for path in folder.glob(f"{part.name}*"):
            path.unlink(missing_ok=True)
    return repairs


def _refuse_whole(folder: Path) -> None:
    if not rest_of_base(folder):
        raise BaseError(
            say("base", folder=folder),
            say("there_are_no_originals_here"),
            say("make_it_kb_ingest_path_base", folder=folder),
        )
    if not (folder / DATABASE).exists() or not (folder / DATABASE).stat().st_size:
        return
    try:
        Store.open(folder, despite_loss=True).close()
    except BaseError as error:
        # What is newer, in use or has no room for its copy is whole: only a file that cannot be read is replaced.
        if type(error) is BaseError and isinstance(error.__cause__, sqlite3.DatabaseError):
            return
        raise
    raise InputError("--rebuild", say("is_for_a_base_without"), say("use_fix_alone"))


def _made_again(store: Store, recovery: Recovery) -> list[Repair]:
    """Documents under their names where they are written down, then jobs that wait, then originals without a name."""
    lines = [line for line in Acknowledged(store.folder / DATABASE).lines() if line is not None]
    removed = {change.id for line in lines for change in line.changes if change.did is Did.REMOVED}
    changes = net(lines)
    repairs = []
    for change in changes:
        if is_document(change):
            repairs.append(_repair(said_of(change), recovery.named(change), say("made_again_from_its_original")))
        elif change.did is Did.NAMED:
            repairs.append(_brought_back(store, recovery, change))
        elif change.did is Did.QUEUED:
            repairs.append(_queued_again(store, change))
    return [*repairs, *_nameless(store, recovery, removed), *_unknown_jobs(store)]


def _queued_again(store: Store, change: Change) -> Repair:
    if not (store.folder / INCOMING / change.id).is_dir():
        return Repair(change.thing, False, say("its_files_are_gone_send_them"))
    with store._connections.write() as connection:
        write_job(connection, change)
    return Repair(change.thing, True, say("waits_again_kb_serve_goes"))


def _nameless(store: Store, recovery: Recovery, removed: set[str]) -> list[Repair]:
    """Lines for originals that no document has by now, whatever they are called."""
    repairs = []
    for path in sorted((store.folder / "originals").glob("*/*")):
        if path.suffix == ".part" or store.has_bytes(path.name) or document_id(path.name) in removed:
            continue
        report = recovery.unnamed(path.name)
        done = say("made_again_from_its_original_whose", name=report.source_id)
        repairs.append(_repair(say("original", sha256=path.name), report, done))
    return repairs


def _unknown_jobs(store: Store) -> list[Repair]:
    """Lines for uploads whose job is written nowhere."""
    lines = []
    for path in sorted((store.folder / INCOMING).glob("*")):
        if not path.is_dir():
            continue
        try:
            store.jobs.get(path.name)
        except NotFoundError:
            what = say("its_job_is_written_nowhere", path=path)
            lines.append(Repair(say("upload", incoming=INCOMING, path=path.name), False, what))
    return lines


def _put_in_place(folder: Path, part: Path, aside: Path) -> None:
    """The new database in its place; what lies there by now goes into ``aside`` first."""
    old = folder / f"{DATABASE}{ENDING}"
    if any((folder / name).exists() for name in (old.name, *_REPLACED)):
        aside.mkdir(mode=0o700, parents=True, exist_ok=True)
    if old.exists():  # stays until the new one takes its place: the names in it are nowhere else
        shutil.copyfile(old, aside / old.name)
    for name in _REPLACED:
        if (folder / name).exists():
            (folder / name).rename(aside / name)
    part.rename(folder / DATABASE)
    part.with_name(part.name + ENDING).replace(old)
