"""Files to a queued job: everything sent is on disk before the job is, and a job that is not queued leaves nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from api.http.auth import utc_now
from api.jobs.intake import Incoming, Intake
from kb.records.job import Job, JobState
from kb.store.operation.jobs import Jobs
from kb.store.operation.replies import KeptReply


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
