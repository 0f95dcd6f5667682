"""Several workers on one base in PostgreSQL: each job is one worker's at a time, and nothing is done twice."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from api.http.auth import utc_now
from api.jobs.intake import Inbox, Incoming, queue_files
from api.jobs.runner import JobRunner
from ingest.sources.sources import SourceFailure, SourceFile, find_file
from kb.records.operation import JobState
from kb.store import Store
from tests.api.conftest import pipeline_of

pytest.importorskip("psycopg")


@pytest.fixture
def stores(postgresql: str, tmp_path: Path) -> Iterator[list[Store]]:
    """Three machines on one base."""
    from kb.store.postgresql.opening import open_postgresql

    opened = [open_postgresql(postgresql, tmp_path / str(number), create=True) for number in range(3)]
    yield opened
    for store in opened:
        store.close()


def send(store: Store, *names: str) -> str:
    """The id of a job with a document for each of these names."""
    files = [Incoming(f"{name}.txt", BytesIO(f"{name}: loyalty ends after effort.".encode())) for name in names]
    taking_in = JobRunner(store, lambda: pipeline_of(store))  # which runs none
    return queue_files(store.jobs, taking_in, "operator", files)[0].id


def until(true: Callable[[], bool], seconds: float = 60.0) -> bool:
    end = time.monotonic() + seconds
    while not true() and time.monotonic() < end:
        time.sleep(0.05)
    return true()


def names(store: Store) -> list[str]:
    return [document.source_id.rpartition("/")[2] for document in store.documents()]


def test_workers_share_the_jobs(stores: list[Store]) -> None:
    """What one machine took in is run on others, at once; each document is there once."""
    there = stores[1:]
    ran: list[list[str]] = [[], []]

    def noting(number: int) -> Callable[..., Iterator[SourceFile | SourceFailure]]:
        def find(path: Path, *rest: Any, **more: Any) -> Iterator[SourceFile | SourceFailure]:
            ran[number].append(path.name)
            time.sleep(0.05)
            return find_file(path, *rest, **more)

        return find

    runners = [
        JobRunner(store, lambda store=store: pipeline_of(store), find=noting(number))  # type: ignore[misc]
        for number, store in enumerate(there)
    ]
    for runner in runners:
        runner.start()
    jobs = [send(stores[0], f"text {number}") for number in range(12)]
    done = until(lambda: stores[0].jobs.count(JobState.DONE) == len(jobs))
    for runner in runners:
        runner.stop()

    assert done
    assert names(stores[0]) == sorted(f"text {number}.txt" for number in range(12))
    assert sorted(ran[0] + ran[1]) == sorted(f"text {number}.txt" for number in range(12))
    assert all(ran)
    assert [stores[0].jobs.get(job).attempt for job in jobs] == [1] * 12


def test_the_job_of_a_dead_worker_is_done_by_another(stores: list[Store]) -> None:
    """What it had added is found unchanged, and the rest goes in."""
    here, there = stores[:2]
    job = send(here, "one", "two")
    dead = here.jobs.of("dead")
    taken = dead.take(utc_now())
    assert taken is not None
    dying = JobRunner(here, lambda: pipeline_of(here))
    pipeline_of(here).run([next(dying._sources(taken))], sender=dying._sender(taken))
    with here._connections.write() as connection:
        connection.execute("UPDATE jobs SET held_until = 0")

    runner = JobRunner(there, lambda: pipeline_of(there))
    runner.start()
    done = until(lambda: here.jobs.get(job).state is JobState.DONE)
    runner.stop()
    ended = here.jobs.get(job)

    assert done
    assert (ended.attempt, [file.outcome for file in ended.files]) == (2, ["unchanged", "added"])
    assert names(here) == ["one.txt", "two.txt"]


def test_who_was_taken_for_dead_leaves_the_job_alone(stores: list[Store]) -> None:
    """It was cut off for too long: what the other says of the job stands, its files too, and it goes on with others."""
    here, there = stores[:2]
    job = send(here, "one", "two")
    other: list[object] = []

    def cut_off(path: Path, *rest: Any, **more: Any) -> Iterator[SourceFile | SourceFailure]:
        if not other:
            with here._connections.write() as connection:
                connection.execute("UPDATE jobs SET held_until = 0")
            other.append(there.jobs.of("other").take(utc_now()))
        return find_file(path, *rest, **more)

    runner = JobRunner(here, lambda: pipeline_of(here), find=cut_off)
    runner.start()
    until(lambda: bool(other))
    later = send(there, "three")
    done = until(lambda: here.jobs.get(later).state is JobState.DONE)
    runner.stop()
    left = there.jobs.get(job)

    assert done
    assert (left.state, left.attempt, left.files) == (JobState.RUNNING, 2, ())
    assert [path.name for path in Inbox(there).kept(job)] == ["one.txt", "two.txt"]
