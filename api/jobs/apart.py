"""Jobs in a process of their own, with low priority: ingestion keeps a core busy, and a search must not wait for it.

Owns the process: it is started with the first job, started again when it dies, and ends with the server. Measured by
``bench.load``. What it does is ``api.jobs.runner``'s; how it is put together is ``api.cli.job_process``'s.
"""

import json
import logging
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from api.jobs.intake import Inbox
from kb.outside.processes import python_command, python_environment
from kb.records.messages import say
from kb.records.operation import JobState
from kb.store import Store

_MODULE = "api.cli.job_process"
# What the job process gets to finish its file, and a little more to leave.
_STOP_SECONDS = 25.0
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_log = logging.getLogger("kb.jobs")


class JobsApart(Inbox):
    """Takes in files, and has a process run the jobs."""

    def __init__(self, store: Store) -> None:
        super().__init__(store)
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopping = threading.Event()
        self._fault: str | None = None

    def start(self) -> None:
        """Begin to run jobs, first those that were cut off; without any the process waits for the first one."""
        if self._store.read_only:
            return
        self._stopping.clear()
        waiting = any(self._store.jobs.count(state) for state in (JobState.QUEUED, JobState.RUNNING))
        if waiting or self._store.shared:  # what is sent to another machine is told to the process alone
            self.wake()

    def fault(self) -> str | None:
        """Why no job runs though some may wait: what the process says, or that it ends as often as it is started."""
        return self._fault

    def wake(self) -> None:
        """Say that a job was queued."""
        with self._lock:
            if self._stopping.is_set():
                return
            if self._process is None:
                self._process = self._started()
            # When it has died meanwhile the next one looks for itself.
            with suppress(OSError, ValueError):
                if self._process.stdin is not None:
                    self._process.stdin.write(b"\n")
                    self._process.stdin.flush()

    def stop(self) -> None:
        """Have the process finish the file in hand, put the rest of the job back, and end."""
        self._stopping.set()
        with self._lock:
            process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            if process.stdin is not None:
                process.stdin.close()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:  # nothing is lost: the next start puts its job back
            process.kill()
            process.wait()

    def _started(self, wait: float = _FIRST_WAIT) -> subprocess.Popen[bytes]:
        # A base that is no folder is the one that is set, for the process as for this one.
        folder = () if self._store.shared else (str(self._store.folder.resolve()),)
        command = python_command(_MODULE, *folder)
        # A process group of its own: Ctrl-C is for the server, which then ends this one in order. No session of its
        # own: Linux gives every session an equal share of the processors (autogroup), and a low priority counts inside
        # a session only. Measured on one core: in its own session, at nice 15, it took as much as the server did.
        process = subprocess.Popen(  # noqa: S603 - our own module by our own interpreter
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, process_group=0, env=python_environment()
        )
        threading.Thread(target=self._watch, args=(process, wait), name="kb-jobs-watch", daemon=True).start()
        return process

    def _watch(self, process: subprocess.Popen[bytes], wait: float) -> None:
        """Start the process again when it dies, each time after a longer wait."""
        began = time.monotonic()
        self._listen(process)
        code = process.wait()
        with self._lock, suppress(OSError):  # what was said to it and not read
            if process.stdin is not None:
                process.stdin.close()
        if self._stopping.is_set():
            return
        if time.monotonic() - began > _LONGEST_WAIT:
            wait = _FIRST_WAIT  # it ran: what ended it has nothing to do with what ended the one before
        if wait > _FIRST_WAIT:
            self._fault = say("the_process_that_runs_jobs_ended", code=code)
        if self._stopping.wait(wait):
            return
        _log.error("the job process ended with %s and is started again", code)
        with self._lock:
            if self._process is process and not self._stopping.is_set():
                self._process = self._started(min(2 * wait, _LONGEST_WAIT))

    def _listen(self, process: subprocess.Popen[bytes]) -> None:
        """Take what the process says of itself until it ends: a line of JSON each time, null when all is well."""
        if process.stdout is None:
            return
        with process.stdout as said:
            for line in said:
                with suppress(ValueError):
                    told = json.loads(line)
                    self._fault = None if told is None else str(told)


# What the caller is told of a job that waits.
FULL = say("the_disk_is_full")
BUSY = say("the_base_could_not_be_written")
_LONGEST_SECONDS = 60.0


def delay_after(failures: int) -> float:
    """The seconds to wait after so many failures in a row: 1, 2, 4 … 60."""
    return float(min(_LONGEST_SECONDS, 2.0 ** min(failures - 1, 10)))


@dataclass(frozen=True, slots=True)
class _Delay:
    tries: int
    due: float


class Delays:
    """The jobs that wait for a time; ``now`` counts seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._delays: dict[str, _Delay] = {}

    def put_off(self, job_id: str) -> None:
        """Let a job wait, longer than the last time."""
        tries = self.tries(job_id) + 1
        self._delays[job_id] = _Delay(tries, self._now() + delay_after(tries))

    def tries(self, job_id: str) -> int:
        """How often a job was put off."""
        return self._delays[job_id].tries if job_id in self._delays else 0

    def waiting(self) -> frozenset[str]:
        """The jobs that are not due yet."""
        now = self._now()
        return frozenset(job_id for job_id, delay in self._delays.items() if delay.due > now)

    def forget(self, job_id: str) -> None:
        """A job has ended: the next time counts from the beginning."""
        self._delays.pop(job_id, None)
