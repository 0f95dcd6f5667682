"""When a job that could not go on is tried again: each time after a longer wait, never in vain more than once a minute.

Kept in memory: a runner that starts tries everything at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from kb.records.messages import say

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
