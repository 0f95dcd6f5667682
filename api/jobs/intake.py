"""What the routes need of whoever takes in files: a name for it, so that HTTP does not know ingestion."""

from __future__ import annotations

import io
import secrets
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import IO, Any, Protocol

from api.http.auth import utc_now
from kb.records.operation import Job, JobState
from kb.store.operation.jobs import Jobs
from kb.store.operation.replies import KeptReply

# The name under which an address is kept; the inbox takes no file whose name begins with a full stop.
ADDRESS = ".address"


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


class Intake(Protocol):
    """Keeps files for a job that someone runs."""

    def start(self) -> None:
        """Begin to run jobs."""
        ...

    def stop(self) -> None:
        """Put what is not done back, and end."""
        ...

    def keep(self, job_id: str, files: Iterable[Incoming]) -> None:
        """Write the files durably; raises InputError for a name that is none."""
        ...

    def failed(self, job_id: str) -> list[Incoming]:
        """The files of an ended job of which something failed, to be sent again; empty once they are gone."""
        ...

    def move(self, job_id: str, other: str) -> None:
        """Make the files kept for a job those of another one."""
        ...

    def fault(self) -> str | None:
        """Why no job runs though some may wait, null when nothing is wrong."""
        ...

    def discard(self, job_id: str) -> None:
        """Remove what was kept for a job."""
        ...

    def wake(self) -> None:
        """Say that a job was queued."""
        ...


def queue_again(jobs: Jobs, intake: Intake, job_id: str, files: Sequence[Incoming]) -> Job:
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
    intake: Intake,
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


def cancel(jobs: Jobs, intake: Intake, job_id: str) -> Job:
    """The job as it is now: ended if it waited, its files removed; to end soon if it runs."""
    job = jobs.cancel(job_id, utc_now())
    if job.state is JobState.CANCELLED:
        intake.discard(job_id)
    return job


def _new_id() -> str:
    return f"j{secrets.token_hex(8)}"
