"""A document that ends the process of the jobs, or is never done: the others go in, and it is given up in the end."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

from api.http.auth import utc_now
from api.jobs.intake import Inbox, Incoming
from kb.records.operation import Job, JobFile, JobState
from kb.store import Store

ROOT = Path(__file__).parents[2]
# A runner that dies, as of a lack of memory, at a document that says so, and ends in order when nothing waits.
RUNNER = """
import os, sys, time
from pathlib import Path
from api.jobs.runner import JobRunner
from ingest.readers.dispatch import read_document
from ingest.sources.pages import Fetcher
from kb.store import Store
from tests.api.conftest import pipeline_of
store = Store.open(Path(sys.argv[1]))
def pipeline():
    made = pipeline_of(store)
    made._read = lambda data, kind, name: os._exit(9) if b"deadly" in data else read_document(data, kind, name)
    return made
runner = JobRunner(store, pipeline, fetcher=Fetcher(lambda address: True))
runner.start()
while not all(job.state.ended for job in store.jobs.newest(9)):
    time.sleep(0.02)
runner.stop()
"""
DEADLY = JobFile(
    "b.txt",
    "failed",
    stage="ingest",
    reason="was not ingested: the program ended 5 times at it",
    hint="Send it again by itself, or split it into parts",
)


def queue(store: Store, job: str, **texts: str) -> None:
    """A job with these files, as the server queues it."""
    files = [Incoming(f"{name}.txt", io.BytesIO(text.encode()), None) for name, text in texts.items()]
    Inbox(store).keep(job, files)
    store.jobs.queue(Job(job, JobState.QUEUED, utc_now(), len(files)), "tests")


def run(store: Store) -> int:
    """How a runner ends."""
    words = [sys.executable, "-c", RUNNER, str(store.folder)]
    return subprocess.run(words, cwd=ROOT, timeout=120, check=False).returncode


def test_a_document_that_ends_the_runner_comes_last_and_is_given_up(store: Store) -> None:
    """The other files of its job and the jobs after it are in after two starts; it is named after five."""
    queue(store, "j1", a="Churn is what loyalty is not.", b="A deadly note on churn.", c="Loyalty in other words.")
    queue(store, "j2", d="Effort predicts churn in this note.")
    codes, states = [], []
    for _ in range(6):
        codes.append(run(store))
        first, second = store.jobs.get("j1"), store.jobs.get("j2")
        states.append((len(first.files), first.cut_off.count("b.txt"), second.state))

    running, done = JobState.QUEUED, JobState.DONE
    assert codes == [9, 9, 9, 9, 9, 0]
    assert states == [(1, 0, running), (2, 1, done), (2, 2, done), (2, 3, done), (2, 4, done), (3, 5, done)]
    assert [(file.source_id, file.outcome) for file in first.files] == [
        ("a.txt", "added"),
        ("c.txt", "added"),
        ("b.txt", "failed"),
    ]
    assert first.files[2] == DEADLY
    assert (first.state, first.attempt) == (done, 6)


def test_a_runner_that_ends_in_order_blames_no_document(store: Store) -> None:
    """A server that is stopped puts its job back as it was."""
    queue(store, "j1", a="Churn is what loyalty is not.")
    store.jobs.take(utc_now())
    store.jobs.begin("j1", "reading", "a.txt")
    store.jobs.put_back()

    assert store.jobs.get("j1").cut_off == ()
