"""What was sent and waits to be ingested: files and addresses on disk, by job: an acknowledged job survives a kill.

Knows names and bytes; what becomes of them is not its business.
"""

from __future__ import annotations

import io
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from fastapi import Request

from api.http.auth import utc_now
from ingest.sources.report import SIDECAR_ENDING
from kb.records.errors import BaseError, InputError
from kb.records.messages import say
from kb.records.operation import Job, JobState
from kb.store import Store
from kb.store.disk.space import cannot_write, make_folder, sync, write_synced
from kb.store.operation.jobs import Jobs
from kb.store.operation.replies import KeptReply

# The name under which an address is kept; the inbox takes no file whose name begins with a full stop.
ADDRESS = ".address"
FOLDER = "incoming"
_MAX_NAME_BYTES = 150
_PART = ".part"


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file that was sent: its name, its bytes, and what its sender says of it; or the address of a page, then
    ``is_address`` and the bytes are the address."""

    name: str
    data: IO[bytes]
    metadata: Mapping[str, Any] | None = None
    is_address: bool = False

    @classmethod
    def at(cls, url: str, metadata: Mapping[str, Any] | None) -> Incoming:
        """The page at an address."""
        return cls(ADDRESS, io.BytesIO(url.encode()), metadata, is_address=True)


class Inbox:
    """Keeps the files of jobs until they are ingested; by itself it runs none."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.folder / FOLDER

    def start(self) -> None:
        """Begin to run jobs."""

    def stop(self) -> None:
        """Put what is not done back, and end."""

    def wake(self) -> None:
        """Say that a job was queued."""

    def keep(self, job_id: str, files: Iterable[Incoming]) -> None:
        """Write the files durably for a job; raises InputError for a name, BaseError when they cannot be written."""
        seen: set[str] = set()
        folder = self._folder / job_id
        try:
            make_folder(self._folder)
            make_folder(folder)
            for number, file in enumerate(files):
                if not file.is_address:
                    _check_name(file.name, seen)
                place = folder / f"{number:04}"
                place.mkdir(mode=0o700)
                write_synced(place / file.name, file.data)
                if file.metadata is not None:
                    about = io.BytesIO(json.dumps(file.metadata).encode())
                    write_synced(place / (file.name + SIDECAR_ENDING), about)
                sync(place)
            sync(folder)
            self._share(job_id)
        except OSError as error:
            self.discard(job_id)
            raise cannot_write(say("folder", parent=self._folder), error) from error
        except InputError:
            self.discard(job_id)
            raise

    def fault(self) -> str | None:
        """Why no job runs though some may wait, null when nothing is wrong."""
        return None

    def discard(self, job_id: str) -> None:
        """Remove what was kept for a job."""
        shutil.rmtree(self._folder / job_id, ignore_errors=True)
        if self._store.uploads is not None:
            self._store.uploads.drop(job_id)

    def move(self, job_id: str, other: str) -> None:
        """Make the files kept for a job those of another one, in place of its own; BaseError when they cannot be."""
        self.discard(other)
        try:
            (self._folder / job_id).rename(self._folder / other)
            sync(self._folder)
        except OSError as error:
            raise cannot_write(say("folder", parent=self._folder), error) from error
        self._share(other)

    def failed(self, job_id: str) -> list[Incoming]:
        """The files of an ended job of which something failed, open; empty once they are gone."""
        if not self._store.jobs.get(job_id).state.ended:
            return []
        return [_again(path) for path in self.kept(job_id)]

    def kept(self, job_id: str) -> list[Path]:
        """The files of a job that are still there, in the order in which they were sent."""
        self._mirror(job_id)
        kept = sorted((self._folder / job_id).glob("*/*"))
        return [path for path in kept if not path.name.endswith(SIDECAR_ENDING)]

    def _share(self, job_id: str) -> None:
        """Have the base keep the files of a job too, where other machines run jobs of it."""
        if self._store.uploads is not None:
            folder = self._folder / job_id
            files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.glob("*/*"))}
            self._store.uploads.put(job_id, files)

    def _mirror(self, job_id: str) -> None:
        """Make the folder of a job what the base keeps of it, where another machine may have taken the files in."""
        if self._store.uploads is None:
            return
        folder, places = self._folder / job_id, self._store.uploads.places(job_id)
        for path in folder.glob("*/*"):
            if path.relative_to(folder).as_posix() not in places:
                path.unlink()
        try:
            for place in places:
                if not (folder / place).exists():
                    (folder / place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                    # Whole under its name or not there: who was killed here is followed by another.
                    write_synced(folder / _PART, io.BytesIO(self._store.uploads.get(job_id, place)))
                    (folder / _PART).rename(folder / place)
        except KeyError:  # it ended meanwhile
            return
        except OSError as error:
            raise cannot_write(say("folder", parent=folder), error) from error


def _again(path: Path) -> Incoming:
    sidecar = path.with_name(path.name + SIDECAR_ENDING)
    try:
        about = json.loads(sidecar.read_text(encoding="utf-8")) if sidecar.exists() else None
        return Incoming(path.name, path.open("rb"), about, is_address=path.name == ADDRESS)
    except OSError as error:
        raise BaseError(say("folder", parent=path.parent), say("cannot_be_read", error=error.strerror)) from error


def _check_name(name: str, seen: set[str]) -> None:
    plain = name.strip() == name and name and not name.startswith(".") and not name.endswith(SIDECAR_ENDING)
    if not plain or set(name) & set('/\\:*?"<>|') or not name.isprintable() or len(name.encode()) > _MAX_NAME_BYTES:
        raise InputError(say("file_named", name=name), say("is_not_a_name"), say("give_it_a_plain_name"))
    if name in seen:
        raise InputError(say("the_upload"), say("has_two_files_of_this_name"), say("give_it_a_plain_name"))
    seen.add(name)


def intake_of(request: Request) -> Inbox:
    """Whoever takes in files; InputError where nobody does."""
    intake: Inbox | None = request.app.state.intake
    if intake is None:
        raise InputError(say("the_upload"), say("is_not_known_here"), say("start_the_server_with_kb_serve"))
    return intake


def queue_again(jobs: Jobs, intake: Inbox, job_id: str, files: Sequence[Incoming]) -> Job:
    """The job as it is now; one that failed as a whole is queued again with these files, which are those it had."""
    job = jobs.get(job_id)
    if job.state is not JobState.FAILED:
        return job
    meanwhile = _new_id()
    intake.keep(meanwhile, files)
    try:
        job = jobs.queue_again(job_id, lambda: intake.move(meanwhile, job_id))
    finally:
        intake.discard(meanwhile)
    intake.wake()
    return job


def queue_files(
    jobs: Jobs,
    intake: Inbox,
    caller: str,
    files: Sequence[Incoming],
    reply_to: Callable[[Job], KeptReply | None] = lambda job: None,
) -> tuple[Job, KeptReply | None]:
    """The job that will ingest the files; InputError for a name that is none.

    ``reply_to`` makes the reply that is kept with the job. Where its request was answered before, nothing is queued
    and that earlier reply comes back.
    """
    job = Job(_new_id(), JobState.QUEUED, utc_now(), len(files))
    reply = reply_to(job)
    intake.keep(job.id, files)
    try:
        earlier = jobs.queue(job, caller, reply)
    except BaseException:
        intake.discard(job.id)
        raise
    if earlier is not None:
        intake.discard(job.id)
    else:
        intake.wake()
    return job, earlier


def cancel(jobs: Jobs, intake: Inbox, job_id: str) -> Job:
    """The job as it is now: ended if it waited, its files removed; to end soon if it runs."""
    job = jobs.cancel(job_id, utc_now())
    if job.state is JobState.CANCELLED:
        intake.discard(job_id)
    return job


def _new_id() -> str:
    return f"j{secrets.token_hex(8)}"
