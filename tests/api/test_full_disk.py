"""A disk that is full in the middle of jobs: nothing that was acknowledged is lost, and nothing waits for ever."""

from __future__ import annotations

import resource
import shutil
import socket
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest

from api.http.limits import RequestLimits
from api.jobs.apart import FULL, Delays, delay_after
from api.jobs.runner import JobRunner
from kb.records.errors import NoSpaceError
from kb.records.operation import Job, JobState, Scope
from kb.store import Store
from tests.api.conftest import Serve, bearer, pipeline_of
from tests.api.small_server import started
from tests.api.test_stopping import serving
from tests.api.test_uploads import DOCUMENTS
from tests.disks import fill, small_disk

MEGABYTE = 2**20
# What is left for an upload of 120 kB that takes about six times that: from none of it to nearly all.
LEFT = [[0, 200_000, 400_000], pytest.param([25_000 * step for step in range(34)], marks=pytest.mark.slow)]


def documents(name: str) -> list[dict[str, str]]:
    return [
        {"id": f"{name}-{number}", "text": f"Churn and loyalty, the note {name} {number}. " * 600}
        for number in range(4)
    ]


def until(ready: Callable[[], bool], seconds: float = 90.0) -> None:
    deadline = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.1)


@pytest.mark.parametrize("sizes", LEFT, ids=["three sizes", "many sizes"])
def test_an_acknowledged_upload_goes_in_once_there_is_room(store: Store, tmp_path: Path, sizes: list[int]) -> None:
    """At each size: refused with its reason and nothing kept, or queued until there is room; reads go on."""
    key = bearer(store, Scope.INGEST, Scope.READ)
    store.close()
    with small_disk(tmp_path / "disk", 96 * MEGABYTE) as disk:
        shutil.copytree(store.folder, disk / "base")
        with serving(disk / "base") as (_, address), httpx.Client(base_url=address, headers=key, timeout=60) as client:
            answers = []
            for left in sizes:
                named = {"Idempotency-Key": f"left-{left}"}
                body = {"documents": documents(str(left))}
                filler = fill(disk, left)
                first = client.post("/v1/documents", json=body, headers=named)
                searched = client.get("/v1/search", params={"q": "effort"}).status_code
                time.sleep(2.5)
                waits = client.get(first.headers["location"]).json() if first.status_code == 202 else None
                filler.unlink()
                again = client.post("/v1/documents", json=body, headers=named)
                place = again.headers["location"]
                until(lambda place=place: client.get(place).json()["state"] not in ("queued", "running"))  # type: ignore[misc]
                answers.append((first, searched, waits, again, client.get(place).json()))
            ready = client.get("/readyz").json()

    refused = [first for first, *_ in answers if first.status_code != 202]
    stopped = [waits for *_, waits, _, _ in answers if waits is not None]
    assert refused
    assert {(one.status_code, one.json()["code"]) for one in refused} == {(503, "disk_full")}
    assert any(waits["state"] in ("queued", "running") and not waits["error"] for waits in stopped)
    assert {(again.status_code, searched) for _, searched, _, again, _ in answers} == {(202, 200)}
    assert {(done["state"], done["error"], done["waiting"]) for *_, done in answers} == {("done", None, None)}
    # A document that went in while the disk did not take the line that says so is found there by the next attempt.
    outcomes = [[file["outcome"] for file in done["files"]] for *_, done in answers]
    assert {len(one) for one in outcomes} == {4}
    assert {outcome for one in outcomes for outcome in one} <= {"added", "unchanged"}
    assert (ready["status"], ready["documents"]) == ("ready", 4 + 4 * len(sizes))


def test_a_base_is_opened_on_a_full_disk_and_written_once_there_is_room(store: Store, tmp_path: Path) -> None:
    """Read in place by a process that starts then; its first write that finds room goes in, and is read."""
    count = len(store.documents())
    store.close()
    with small_disk(tmp_path / "disk", 24 * MEGABYTE) as disk:
        shutil.copytree(store.folder, disk / "base")
        filler = fill(disk, 0)
        opened = Store.open(disk / "base")
        documents_then = opened.documents()
        with pytest.raises(NoSpaceError, match="could not be written"):
            opened.remove(documents_then[0].id)
        read_only = opened.read_only
        filler.unlink()
        opened.remove(documents_then[0].id)
        documents_now = opened.documents()
        opened.close()

    assert not read_only
    assert (len(documents_then), len(documents_now)) == (count, count - 1)


def test_a_limit_on_files_is_a_full_disk(store: Store) -> None:
    """A real server that may write no larger files, until it may: the job says what it waits for, and goes in."""
    key = bearer(store, Scope.INGEST, Scope.READ)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = started(store.folder, port)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", headers=key, timeout=60) as client:
            body = {"documents": documents("limit")}
            log = (store.folder / "kb.sqlite-wal").stat().st_size
            limit = max(log, 130_000) + 70_000
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
            place = client.post("/v1/documents", json=body).headers["location"]
            time.sleep(4)
            waits = client.get(place).json()
            resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            until(lambda: client.get(place).json()["state"] == "done")
            done = client.get(place).json()
    finally:
        server.terminate()
        server.wait(30)

    assert waits["state"] in ("queued", "running")
    assert waits["error"] is None
    assert (done["error"], done["waiting"], done["attempt"]) == (None, None, 1)
    assert [file["outcome"] for file in done["files"]] == ["added"] * 4


def test_a_repeat_queues_a_failed_job_again(serve: Serve, store: Store) -> None:
    """Its files are written anew; the same key tells of the job as it stands, before and after."""
    headers = {**bearer(store, Scope.INGEST, Scope.READ), "Idempotency-Key": "once"}
    client = serve(limits=RequestLimits(rate_per_minute=0), run_jobs=False)
    runner = JobRunner(store, lambda: pipeline_of(store))

    def sent() -> dict[str, Any]:
        found: dict[str, Any] = client.post("/v1/documents", json=DOCUMENTS, headers=headers).json()
        return found

    job = sent()["id"]
    now = store.jobs.get(job).created
    store.jobs.take(now)
    running = sent()
    store.jobs.finish(job, now, "the model was another one")
    runner.discard(job)
    again = sent()
    runner.start()
    until(lambda: store.jobs.get(job).state.ended)
    done = sent()
    runner.stop()

    assert {one["id"] for one in (running, again, done)} == {job}
    assert [one["state"] for one in (running, again, done)] == ["running", "queued", "done"]
    assert (again["error"], again["finished"], again["attempt"]) == (None, None, 0)
    assert [file["outcome"] for file in done["files"]] == ["added", "added"]
    assert sorted(path.name for path in (store.folder / "incoming").iterdir() if path.is_dir()) == []


def test_what_is_put_off_is_told_and_does_not_count(store: Store) -> None:
    """The row of a job that waits for room; a job behind it is taken first."""
    moment = datetime(2026, 11, 21, tzinfo=UTC)
    for name in ("first", "second"):
        store.jobs.queue(Job(name, JobState.QUEUED, moment, 1), "test")
    store.jobs.take(moment)
    waits = store.jobs.put_off("first", FULL)
    taken = store.jobs.take(moment, but=["first"])

    assert waits == Job("first", JobState.QUEUED, moment, 1, waiting=FULL)
    assert store.jobs.get("first") == waits
    assert taken is not None
    assert taken.id == "second"


def test_the_waits_grow_to_a_minute() -> None:
    """A job is due again when its wait is over, and a job that went on begins anew."""
    seconds = [0.0]
    delays = Delays(lambda: seconds[0])
    delays.put_off("a")
    delays.put_off("a")
    held = []
    for seconds[0] in (1.9, 2.0):
        held.append(delays.waiting())
    tries = delays.tries("a")
    delays.forget("a")

    assert [delay_after(failures) for failures in (1, 2, 3, 7, 5000)] == [1.0, 2.0, 4.0, 60.0, 60.0]
    assert held == [frozenset({"a"}), frozenset()]
    assert (tries, delays.tries("a")) == (2, 0)
