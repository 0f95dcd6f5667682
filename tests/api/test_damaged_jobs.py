"""Rows of jobs that cannot be read: set aside by name, while the others go on and what was sent goes in."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.limits import RequestLimits
from api.jobs import apart as jobs_apart
from api.jobs.apart import JobsApart
from api.jobs.runner import LOST, JobRunner
from kb.records.operation import JobState, Scope
from kb.store import Store
from tests.api.conftest import Serve, bearer, knowledge_base_of, pipeline_of
from tests.api.test_uploads import finished

UNLIMITED = RequestLimits(rate_per_minute=0)


def changed(**fields: object) -> Callable[[str], bytes]:
    return lambda record: json.dumps({**json.loads(record), **fields}).encode()


DAMAGES: dict[str, Callable[[str], bytes]] = {
    "broken JSON": lambda record: record[:40].encode(),
    "no JSON": lambda record: b"",
    "no UTF-8": lambda record: b"\xff\xfe{" + record.encode(),
    "unknown status": changed(state="thinking"),
    "bad date": changed(created="the day before"),
    "no number": changed(total="many"),
    "another id": changed(id="j0000000000000000"),
    "a list": lambda record: b"[]",
}


def upload(client: TestClient, name: str, headers: dict[str, str]) -> str:
    body = {"documents": [{"id": name, "text": f"Churn and loyalty, the note {name}."}]}
    job: str = client.post("/v1/documents", json=body, headers=headers).json()["id"]
    return job


@pytest.mark.parametrize("state", ["queued", "running", "thinking"])
@pytest.mark.parametrize("damage", DAMAGES)
def test_a_damaged_row_holds_nobody_up(serve: Serve, store: Store, damage: str, state: str) -> None:
    """Both jobs go in, the row is kept as it was, and the server is ready."""
    headers = bearer(store, Scope.INGEST, Scope.READ)
    client = serve(limits=UNLIMITED, run_jobs=False)
    bad, good = upload(client, "bad", headers), upload(client, "good", headers)
    (record,) = store._connections.read().execute("SELECT record FROM jobs WHERE id = ?", (bad,)).fetchone()
    written = DAMAGES[damage](record)
    with store._connections.write() as connection:
        connection.execute("UPDATE jobs SET state = ?, record = CAST(? AS TEXT) WHERE id = ?", (state, written, bad))
    runner = JobRunner(store, lambda: pipeline_of(store))
    runner.start()
    ended = [finished(client, job, headers) for job in (good, bad)]
    ready = client.get("/readyz").status_code
    runner.stop()

    assert [job["state"] for job in ended] == ["done", "done"]
    assert [file["source_id"] for job in ended for file in job["files"]] == ["good", "bad"]
    assert [path.read_bytes() for path in (store.folder / "set-aside").glob("job-*.json")] == [written]
    assert ready == 200


def test_a_damaged_row_without_its_files_is_told_of(serve: Serve, store: Store) -> None:
    """It ends as failed with the reason; sent again with its key it goes in."""
    headers = {**bearer(store, Scope.INGEST, Scope.READ), "Idempotency-Key": "once"}
    client = serve(limits=UNLIMITED, run_jobs=False)
    job = upload(client, "bad", headers)
    runner = JobRunner(store, lambda: pipeline_of(store))
    runner.discard(job)
    with store._connections.write() as connection:
        connection.execute("UPDATE jobs SET record = '{' WHERE id = ?", (job,))
    runner.start()
    until(lambda: store.jobs.count(JobState.FAILED) == 1)
    lost = finished(client, job, headers)
    again = upload(client, "bad", headers)
    until(lambda: store.jobs.count(JobState.DONE) == 1)
    done = finished(client, job, headers)
    runner.stop()

    assert (lost["state"], lost["error"]) == ("failed", LOST)
    assert again == job
    assert (done["state"], done["error"], [file["outcome"] for file in done["files"]]) == ("done", None, ["added"])


def until(ready: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not ready():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def not_ready(client: TestClient) -> dict[str, object]:
    until(lambda: client.get("/readyz").status_code == 503)
    found: dict[str, object] = client.get("/readyz").json()
    return found


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_server_whose_runner_has_ended_is_not_ready(store: Store) -> None:
    """The reason is in the problem."""
    headers = bearer(store, Scope.INGEST, Scope.READ)
    intake = JobRunner(store, lambda: sys.exit(3))
    with TestClient(create_app(knowledge_base_of(store), limits=UNLIMITED, intake=intake)) as client:
        before = client.get("/readyz").status_code
        upload(client, "new", headers)
        problem = not_ready(client)

    assert before == 200
    assert (problem["code"], problem["detail"]) == (
        "jobs_stopped",
        "the thread that runs jobs has ended (SystemExit)",
    )


def test_a_server_whose_job_process_ends_at_every_start_is_not_ready(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Once may be chance, and is mended by the next start; twice is told."""
    monkeypatch.setattr(jobs_apart, "_MODULE", "tests.api.no_such_module")
    headers = bearer(store, Scope.INGEST, Scope.READ)
    with TestClient(create_app(knowledge_base_of(store), limits=UNLIMITED, intake=JobsApart(store))) as client:
        upload(client, "new", headers)
        problem = not_ready(client)

    assert problem["detail"] == "the process that runs jobs ended with 1, and so did the one before it"
