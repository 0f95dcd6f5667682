"""The figures that a fuzzing run prints, out of a report and of what a server counted."""

from __future__ import annotations

from collections import Counter
from typing import Any

from api.http.auth import Access, utc_now
from kb.records.operation import Job, JobState, Scope
from kb.store import Store
from tests.api.conftest import Serve
from tests.api.fuzz.figures import WANTED, crashed_jobs, figures, statuses_of

METRICS = """# TYPE kb_requests_total counter
kb_requests_total{method="GET",route="/v1/search",status="200"} 4990.0
kb_requests_total{method="GET",route="/v1/topics",status="200"} 5.0
kb_requests_total{method="any",route="none",status="404"} 1e+01
kb_requests_created{method="GET",route="/v1/search",status="200"} 1.7e+09
"""


def report(*failures: tuple[str, int], tested: int = 34) -> dict[str, Any]:
    found = [{"type": kind, "title": kind, "count": count, "operations": ["GET /v1/x"]} for kind, count in failures]
    return {
        "operations": {"tested": tested, "total": 34},
        "test_cases": {"generated": 6000},
        "failures": found,
        "errors": [],
        "complete": True,
    }


def test_a_sound_run_says_so() -> None:
    """Enough requests and nothing found."""
    statuses = statuses_of(METRICS)
    lines, sound = figures(report(), statuses, [])

    assert (statuses, sound) == (Counter({"200": 4995, "404": 10}), True)
    assert lines == [
        "operations 34 of 34, test cases 6000",
        f"requests that the server answered 5005  (target {WANTED})  200: 4995, 404: 10",
        "server errors 0  (target 0)",
        "schema mismatches 0  (target 0)",
        "undocumented statuses, types and headers 0  (target 0)",
        "jobs that a fault of the program ended 0  (target 0)",
    ]


def test_whatever_was_found_is_counted_by_kind() -> None:
    """What has no kind of its own is a mismatch; what the server itself counted as an error is one."""
    found = report(("ServerError", 2), ("UndefinedStatusCode", 3), ("JsonSchemaError", 4), ("MalformedJson", 1))
    lines, sound = figures(found, Counter({"200": 5000, "500": 1}), [])

    assert not sound
    assert lines[2:5] == [
        "server errors 3  (target 0)",
        "schema mismatches 5  (target 0)",
        "undocumented statuses, types and headers 3  (target 0)",
    ]


def test_too_few_requests_or_routes_are_no_sound_run() -> None:
    """Nothing found in little says little."""
    assert not figures(report(), Counter({"200": WANTED - 1}), [])[1]
    assert not figures(report(tested=33), Counter({"200": WANTED}), [])[1]


def test_a_job_that_a_fault_ended_is_found(store: Store, serve: Serve) -> None:
    """It was taken with 202, and no answer was ever a 5xx."""
    for number, error in enumerate((None, "KeyError: the server's log has more", "NoSpaceError: the disk is full")):
        store.jobs.queue(Job(f"j{number:016}", JobState.QUEUED, utc_now(), 1), "fuzz")
        store.jobs.take(utc_now())
        store.jobs.finish(f"j{number:016}", utc_now(), error)
    crashed = crashed_jobs(serve(access=Access(without_key=frozenset(Scope))).get)
    lines, sound = figures(report(), Counter({"200": WANTED}), crashed)

    assert not sound
    assert lines[5:] == [
        "jobs that a fault of the program ended 1  (target 0)",
        "  KeyError: the server's log has more: 1",
    ]
