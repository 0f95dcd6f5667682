"""Files to a queued job: everything sent is on disk before the job is, and a job that is not queued leaves nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence

from api.auth import utc_now
from api.intake import Incoming, Intake
from kb.job import Job, JobState
from kb.store import Store
from kb.store.replies import Reply


def queue_files(
    store: Store,
    intake: Intake,
    caller: str,
    files: Sequence[Incoming],
    reply_to: Callable[[Job], Reply | None] = lambda job: None,
) -> tuple[Job, Reply | None]:
    """The job that will ingest the files; InputError for a name that is none.

    ``reply_to`` makes the reply that is kept with the job. Where its request was answered before, nothing is queued
    and that earlier reply comes back.
    """
    job = Job(f"j{secrets.token_hex(8)}", JobState.QUEUED, utc_now(), len(files))
    reply = reply_to(job)
    intake.keep(job.id, files)
    try:
        earlier = store.jobs.queue(job, caller, reply)
    except BaseException:
        intake.discard(job.id)
        raise
    if earlier is not None:
        intake.discard(job.id)
    else:
        intake.wake()
    return job, earlier
