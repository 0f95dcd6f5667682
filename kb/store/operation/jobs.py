"""The jobs of a base, and the replies that make a repeated request harmless.

A reply is written in the transaction of what it answers, so a client that heard nothing can ask again.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

from kb.records.errors import BaseError, NotFoundError, TakenError
from kb.records.messages import say
from kb.records.operation import Delivery, Job, JobFile, JobState
from kb.store.disk import acknowledged
from kb.store.disk.engine import Engine
from kb.store.operation.replies import KeptRecords, KeptReply, find_reply, insert_reply
from kb.store.operation.webhooks import insert_delivery, webhooks_in
from kb.store.tables import columns, recorded
from kb.store.tables.cells import COUNTED, select
from kb.store.tables.steps import Sql

_JOB, _RECORD = columns.JOB, columns.JOBS["record"]
# The state of a row that was set aside.
_UNREADABLE = "unreadable"
_READING = "reading"
# How long a worker that says nothing keeps its jobs, and how often one says something. A server that is too slow to
# write for so long is one that has gone.
LEASE_SECONDS, RENEWED_SECONDS = 30, 8
# A job that ends its runner must not come before the others each time that there is a new one. As bytes: text that is
# not in UTF-8 would end the query.
_FIRST = """
SELECT number, CAST(id AS BLOB), CAST(record AS BLOB) FROM jobs WHERE {which}
ORDER BY CASE WHEN json_valid(record) THEN coalesce(json_array_length(record, '$.cut_off'), 0) ELSE 0 END, number
LIMIT 1 /* FOR UPDATE SKIP LOCKED */
"""
_LEFT = "state = 'running' AND coalesce(held_until, 0) < unixepoch()"
# In one order: two that lock the same rows in another order stop each other.
_RENEWED = """UPDATE jobs SET held_until = unixepoch() + ?
    WHERE id IN (SELECT id FROM jobs WHERE holder = ? AND state = 'running' ORDER BY number /* FOR UPDATE */)"""


@dataclass(frozen=True, slots=True)
class UnreadableJob:
    """A row that is no job: its number, what its id and its record say."""

    number: int
    id: str
    record: bytes


class Jobs(KeptRecords[Job]):
    """Queues jobs, hands each to one worker at a time, and keeps what became of them.

    A worker holds what it took until a time that it puts off while it lives (``renew``): what a dead one held is taken
    by others after that. Where only one program runs the jobs of a base, it has no name and no such time counts.
    """

    table = "jobs"

    def __init__(self, connections: Engine, holder: str = "") -> None:
        super().__init__(connections)
        self._holder = holder

    def of(self, holder: str) -> Jobs:
        """The jobs for one of several workers, which changes only what it holds: else TakenError."""
        return Jobs(self._connections, holder)

    def queue(self, job: Job, caller: str, reply: KeptReply | None = None) -> KeptReply | None:
        """Write a new job, and the reply to its request with it.

        When that request was answered before, nothing is written and the earlier reply is given back.
        """
        with self._connections.share() as connection:
            earlier = insert_reply(connection, reply)
            if earlier is not None:
                return earlier
            recorded.insert(connection, "jobs", job, caller=caller)
            self._connections.note(acknowledged.queued(job, caller, _JOB.dump(job)))
        return None

    def _unknown(self, identity: str) -> NotFoundError:
        return NotFoundError(say("job", job=identity), say("is_not_in_this_base"), say("send_the_documents_again"))

    def caller_of(self, job_id: str) -> str:
        """Who sent what the job ingests ("key:k1a2…"); NotFoundError where there is no such job."""
        self.get(job_id)
        query = "SELECT caller FROM jobs WHERE id = ?"
        return str(self._connections.fetch(query, (job_id,), columns.JOBS["caller"])[0][0])

    def count(self, state: JobState) -> int:
        """How many jobs are in this state."""
        query = "SELECT count(*) FROM jobs WHERE state = ?"
        return int(self._connections.fetch(query, (state.value,), COUNTED)[0][0])

    def newest(self, limit: int, offset: int = 0) -> list[Job]:
        """The jobs, newest first, those before ``offset`` left out; rows that were set aside are none."""
        return self._found("WHERE state != ? ORDER BY number DESC LIMIT ? OFFSET ?", _UNREADABLE, limit, offset)

    def total(self) -> int:
        """How many jobs there are, those set aside not counted."""
        query = "SELECT count(*) FROM jobs WHERE state != ?"
        return int(self._connections.fetch(query, (_UNREADABLE,), COUNTED)[0][0])

    def ids_in_state(self, state: JobState) -> list[str]:
        """The ids of the jobs in this state, oldest first, whatever else their rows hold."""
        query = "SELECT id FROM jobs WHERE state = ? ORDER BY number"
        return [job for (job,) in self._connections.fetch(query, (state.value,), columns.JOBS["id"])]

    def take(self, now: datetime, but: Collection[str] = ()) -> Job | None:
        """The oldest of the queued jobs that were cut off least often and are none of ``but``, now running; null when
        none waits, or others are taking those that do.

        A row that cannot be read is set aside (``set_aside`` gives it), and the next one is taken. What another worker
        held and left is queued again first.
        """
        with self._connections.share() as connection:
            if self._holder:
                _queue_left(connection, _LEFT, (), cut_off=True)
            which = f"state = 'queued' AND id NOT IN ({', '.join('?' * len(but)) or repr('')})"
            job = _first(connection, which, tuple(but))
            if job is None:
                return None
            taken = replace(_queued(job), state=JobState.RUNNING, started=now, attempt=job.attempt + 1, waiting=None)
            recorded.update(connection, "jobs", taken)
            _keep(connection, self._holder, job.id)
        return taken

    def renew(self) -> None:
        """Say that this worker lives: what it holds stays its own for another while."""
        with self._connections.share() as connection:
            connection.execute(_RENEWED, (LEASE_SECONDS, self._holder))

    def hold(self, job_id: str) -> None:
        """Nothing where this worker still holds a job, from now on for a whole while; TakenError otherwise."""
        with self._connections.share() as connection:
            self._held(connection, job_id)
            _keep(connection, self._holder, job_id)

    def put_off(self, job_id: str, reason: str) -> Job:
        """Queue a job again that could not go on for no fault of its own; the attempt does not count."""
        with self._connections.share() as connection:
            job = self._held(connection, job_id)
            waits = replace(_queued(job), attempt=max(0, job.attempt - 1), waiting=reason)
            recorded.update(connection, "jobs", waits)
        return waits

    def queue_again(self, job_id: str, keep: Callable[[], None]) -> Job:
        """Queue a job that failed as a whole, once ``keep`` has put its files in place; any other stays as it is."""
        with self._connections.share() as connection:
            job = self._locked(connection, job_id)[0]
            if job.state is JobState.FAILED:
                keep()
                job = replace(_queued(job), attempt=0, finished=None, error=None, cancelling=False)
                recorded.update(connection, "jobs", job)
                self._connections.note(acknowledged.queued(job, self.caller_of(job_id), _JOB.dump(job)))
        return job

    def begin(self, job_id: str, stage: str, source_id: str) -> Job:
        """Say what is being done to which source; the job as it is now."""
        with self._connections.share() as connection:
            job = self._held(connection, job_id)
            working = replace(job, stage=stage, working_on=source_id, read=job.read + (stage == _READING))
            recorded.update(connection, "jobs", working)
        return working

    def note(self, job_id: str, file: JobFile) -> Job:
        """Add what became of one file; the job as it is now.

        A file that an earlier attempt added is found unchanged by the next one: its first line stands.
        """
        with self._connections.share() as connection:
            job = self._held(connection, job_id)
            known = {one.source_id: one for one in job.files}
            if file.outcome != "unchanged" or file.source_id not in known:
                known[file.source_id] = file
            noted = replace(job, files=tuple(known.values()))
            recorded.update(connection, "jobs", noted)
        return noted

    def cancel(self, job_id: str, now: datetime) -> Job:
        """End a job that waits, and tell whoever runs it to begin nothing more of one that runs; one that has ended
        stays as it is."""
        with self._connections.share() as connection:
            job = self._locked(connection, job_id)[0]
            if job.state is JobState.QUEUED:
                return self._ended(
                    connection, replace(_queued(job), state=JobState.CANCELLED, finished=now, waiting=None)
                )
            if job.state is JobState.RUNNING:
                job = replace(job, cancelling=True)
                recorded.update(connection, "jobs", job)
        return job

    def finish(self, job_id: str, now: datetime, error: str | None = None) -> Job:
        """End a job, well or with the reason why not; whoever is to be told of it gets a delivery with that."""
        with self._connections.share() as connection:
            job = self._held(connection, job_id)
            well = JobState.CANCELLED if job.cancelling else JobState.DONE
            state = well if error is None else JobState.FAILED
            return self._ended(
                connection, replace(job, state=state, finished=now, error=error, stage=None, working_on=None)
            )

    def _locked(self, connection: Sql, job_id: str) -> tuple[Job, str | None]:
        """A job, which nobody else changes until the end of the transaction, and who holds it; NotFoundError."""
        query = "SELECT record, holder FROM jobs WHERE id = ? /* FOR UPDATE */"
        for job, holder in select(connection, query, (job_id,), _RECORD, columns.JOBS["holder"]):
            return job, holder
        raise self._unknown(job_id)

    def _held(self, connection: Sql, job_id: str) -> Job:
        """The job, locked; TakenError where this is one of several workers and does not hold it any more."""
        job, holder = self._locked(connection, job_id)
        if self._holder and (job.state is not JobState.RUNNING or holder != self._holder):
            raise TakenError(say("job", job=job_id), say("is_another_workers_by_now"), say("nothing_of_it_is_lost"))
        return job

    def _ended(self, connection: Sql, job: Job) -> Job:
        """Write the end of a job, and a delivery for whoever is to be told of it."""
        recorded.update(connection, "jobs", job)
        self._connections.note(acknowledged.ended(job, _JOB.dump(job)))
        for webhook in webhooks_in(connection):
            now = cast(datetime, job.finished)
            told = Delivery(f"e{secrets.token_hex(8)}", webhook.id, webhook.event, now, job.id, due=now)
            insert_delivery(connection, told, None)
        return job

    def put_back(self, *, cut_off: bool = False) -> int:
        """Queue again every job that this worker holds, or, without a name, that runs; how many that were.

        ``cut_off`` where the runner before did not end in order: what each was at is written down.
        """
        with self._connections.share() as connection:
            if self._holder:
                held = "state = 'running' AND holder = ?"
                return _queue_left(connection, held, (self._holder,), cut_off=cut_off)
            return _queue_left(connection, "state = 'running'", (), cut_off=cut_off)

    def set_aside(self) -> list[UnreadableJob]:
        """The rows that are no job that can be run or told of: set aside by ``take`` and ``put_back``, or in a state
        that is none."""
        marks = ", ".join("?" * len(JobState))
        columns = "SELECT number, CAST(id AS BLOB), CAST(record AS BLOB) FROM jobs"
        query = f"{columns} WHERE state NOT IN ({marks}) ORDER BY number"
        found = self._connections.read().execute(query, [state.value for state in JobState]).fetchall()
        return [UnreadableJob(number, job_id.decode("utf-8", "replace"), record) for number, job_id, record in found]

    def replace_row(self, number: int, job: Job) -> None:
        """Write a job in place of a row that was set aside, and that nobody else has replaced yet."""
        with self._connections.share() as connection:
            values = (job.id, job.state.value, _JOB.dump(job), number, *(state.value for state in JobState))
            marks = ", ".join("?" * len(JobState))
            replaced = f"UPDATE jobs SET id = ?, state = ?, record = ? WHERE number = ? AND state NOT IN ({marks})"  # noqa: S608
            connection.execute(replaced, values)

    # -- replies ---------------------------------------------------------------------------

    def reply(self, caller: str, name: str) -> KeptReply | None:
        """What was answered to this caller's request of this name; null when it is new."""
        return find_reply(self._connections.read(), caller, name)

    def keep_reply(self, reply: KeptReply) -> None:
        """Write a reply by itself."""
        with self._connections.write() as connection:
            insert_reply(connection, reply)

    def forget_replies(self, before: datetime) -> None:
        """Drop the replies made before a time."""
        with self._connections.write() as connection:
            connection.execute("DELETE FROM replies WHERE made < ?", (before.isoformat(timespec="microseconds"),))


def _first(connection: Sql, which: str, values: Sequence[str]) -> Job | None:
    """The first job that fulfils a condition, its row locked, of those that nobody else has locked; rows before it that
    cannot be read are set aside."""
    while (row := connection.execute(_FIRST.format(which=which), tuple(values)).fetchone()) is not None:
        number, job_id, record = row
        try:
            job = _JOB.load(bytes(record).decode())
        except (ValueError, BaseError):
            job = None
        if job is not None and job.id.encode() == bytes(job_id):
            return job
        connection.execute("UPDATE jobs SET state = ? WHERE number = ?", (_UNREADABLE, number))
    return None


def _queue_left(connection: Sql, which: str, values: Sequence[str], *, cut_off: bool) -> int:
    """Queue the jobs that fulfil a condition again; how many that were."""
    count = 0
    while (job := _first(connection, which, values)) is not None:
        at = (job.working_on or "",) if cut_off else ()
        recorded.update(connection, "jobs", replace(_queued(job), cut_off=(*job.cut_off, *at)))
        count += 1
    return count


def _keep(connection: Sql, holder: str, job_id: str) -> None:
    """A job, which this transaction has locked, is its holder's for a whole while. No other row is touched: two who
    take at once would wait for each other's."""
    until = "UPDATE jobs SET holder = ?, held_until = unixepoch() + ? WHERE id = ?"
    connection.execute(until, (holder, LEASE_SECONDS, job_id))


def _queued(job: Job) -> Job:
    return replace(job, state=JobState.QUEUED, started=None, stage=None, working_on=None, read=0)
