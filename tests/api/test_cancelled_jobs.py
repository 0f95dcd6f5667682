"""A job that is called off: at once while it waits, after the file in hand while it runs; what is in the base stays."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from api.http.auth import utc_now
from api.jobs.runner import JobRunner
from ingest.sources.sources import SourceFailure, SourceFile, find_file
from kb.records.operation import JobState, Scope
from kb.store import Store
from tests.api.conftest import Serve, bearer, pipeline_of
from tests.api.test_cut_off_jobs import queue

BODY = {"documents": [{"id": "a", "text": "Churn is what loyalty is not."}]}


def test_a_job_that_waits_ends_at_once(serve: Serve, store: Store) -> None:
    """Nothing of it goes in and nothing is kept; asked again, and of a job that is done, nothing changes."""
    client, headers = serve(run_jobs=False), bearer(store, Scope.INGEST)
    job = client.post("/v1/documents", json=BODY, headers=headers).json()["id"]
    first = client.post(f"/v1/jobs/{job}/cancel", headers=headers)
    again = client.post(f"/v1/jobs/{job}/cancel", headers=headers)

    assert (first.status_code, first.json()["state"], first.json()["files"]) == (200, "cancelled", [])
    assert again.json() == first.json() == client.get(f"/v1/jobs/{job}", headers=headers).json()
    assert not (store.folder / "incoming" / job).exists()
    assert store.jobs.take(utc_now()) is None


def test_a_key_calls_off_its_own_jobs(serve: Serve, store: Store) -> None:
    """Another key of the same scope is refused, and one with admin is not."""
    client = serve(run_jobs=False)
    job = client.post("/v1/documents", json=BODY, headers=bearer(store, Scope.INGEST)).json()["id"]
    other = client.post(f"/v1/jobs/{job}/cancel", headers=bearer(store, Scope.INGEST))
    unknown = client.post("/v1/jobs/j0/cancel", headers=bearer(store, Scope.INGEST))
    admin = client.post(f"/v1/jobs/{job}/cancel", headers=bearer(store, Scope.ADMIN))

    assert (other.status_code, other.json()["code"]) == (403, "not_yours")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    assert admin.json()["state"] == "cancelled"


def test_a_job_that_runs_begins_nothing_more(store: Store) -> None:
    """The file that was read before goes in, the next one does not, and the next job is run."""
    queue(store, "j1", a="Churn is what loyalty is not.", b="Effort predicts churn.", c="Loyalty in other words.")
    queue(store, "j2", d="Another note on churn.")

    def find(path: Path, *parts: Any, **named: Any) -> Iterator[SourceFile | SourceFailure]:
        if path.name == "b.txt":
            store.jobs.cancel("j1", utc_now())
        return find_file(path, *parts, **named)

    runner = JobRunner(store, lambda: pipeline_of(store), find=find)
    runner.start()
    while not store.jobs.get("j2").state.ended:
        time.sleep(0.02)
    runner.stop()
    first, second = store.jobs.get("j1"), store.jobs.get("j2")

    assert (first.state, [(file.source_id, file.outcome) for file in first.files]) == (
        JobState.CANCELLED,
        [("a.txt", "added")],
    )
    assert first.finished is not None
    assert second.state is JobState.DONE
    assert not (store.folder / "incoming" / "j1").exists()


def test_a_job_called_off_before_its_server_was_killed_stays_so(store: Store) -> None:
    """It is queued again by the next runner, which begins nothing of it."""
    queue(store, "j1", a="Churn is what loyalty is not.")
    store.jobs.take(utc_now())
    store.jobs.cancel("j1", utc_now())
    runner = JobRunner(store, lambda: pipeline_of(store))
    runner.start()
    while not store.jobs.get("j1").state.ended:
        time.sleep(0.02)
    runner.stop()

    assert (store.jobs.get("j1").state, store.jobs.get("j1").files) == (JobState.CANCELLED, ())
