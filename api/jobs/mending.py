"""Rows of jobs that cannot be read: kept beside the base as they are, and replaced by a job that can be run or told of.

What was sent for such a job is on disk; reading it again does nothing twice.
"""

import io
import logging

from api.http.auth import utc_now
from api.jobs.intake import Inbox
from kb.records.messages import say
from kb.records.operation import Job, JobState
from kb.store import Store
from kb.store.disk.originals import SET_ASIDE
from kb.store.disk.space import cannot_write, make_folder, sync, write_synced
from kb.store.operation.jobs import UnreadableJob

LOST = say("its_record_in_the_base")
_log = logging.getLogger("kb.jobs")


def mend_jobs(store: Store, inbox: Inbox) -> None:
    """Queue every job whose row was set aside again, or end it as failed when its files are gone; BaseError when the
    row cannot be kept first. For the only runner to call."""
    for row in store.jobs.set_aside():
        # An id that was damaged too must name no place outside the folder.
        kept = inbox.kept(row.id) if row.id.isalnum() else []
        name = _keep(store, row)
        now = utc_now()
        job = Job(row.id, JobState.QUEUED, now, len(kept))
        if not kept:
            job = Job(row.id, JobState.FAILED, now, 0, finished=now, error=LOST)
        store.jobs.replace_row(row.number, job)
        _log.error("job %r: its row was damaged, is kept in %s, and the job is %s", row.id, name, job.state.value)


def _keep(store: Store, row: UnreadableJob) -> str:
    folder = store.folder / SET_ASIDE
    path = folder / f"job-{row.number}.json"
    try:
        make_folder(folder)
        write_synced(path, io.BytesIO(row.record))
        sync(folder)
    except OSError as error:
        raise cannot_write(say("folder", parent=folder), error) from error
    return f"{SET_ASIDE}/{path.name}"
