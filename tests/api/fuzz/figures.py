"""The figures of a fuzzing run: what the tool reported, and what the server itself counted.

Run: python -m tests.api.fuzz.figures REPORT.json http://127.0.0.1:PORT. Ends with 1 when anything was found, or when
fewer requests were answered than are wanted.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import httpx

from kb.records.messages import say

WANTED = 5_000
# The kinds of failure that the tool names, by what they are called here.
SERVER_ERRORS = ("ServerError",)
UNDOCUMENTED = ("UndefinedStatusCode", "UndefinedContentType", "MissingContentType", "MissingHeaders")
_COUNTED = re.compile(
    r'kb_requests_total\{method="[^"]*",route="[^"]*",status="(?P<status>\d{3})"\} (?P<count>[\d.e+]+)'
)


def main(report: Path, server: str) -> int:
    """Print the figures; 0 when there is nothing to mend."""
    found = json.loads(report.read_text(encoding="utf-8"))
    with httpx.Client(base_url=server) as client:
        lines, sound = figures(found, statuses_of(client.get("/metrics").text), crashed_jobs(client.get))
    sys.stdout.write("\n".join(lines) + "\n")
    return 0 if sound else 1


def crashed_jobs(get: Callable[..., Any]) -> list[str]:
    """What ended the jobs that a fault of the program ended: they were taken with 202, so no status tells of them."""
    crashed: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = get("/v1/jobs", params={"limit": "100", **cursor}).json()
        reasons = (job["error"] or "" for job in page["jobs"])
        crashed += [reason for reason in reasons if reason.endswith(say("the_servers_log_has_more"))]
        if page["next"] is None:
            return crashed
        cursor = {"cursor": page["next"]}


def statuses_of(metrics: str) -> Counter[str]:
    """How many requests the server answered with each status."""
    counted: Counter[str] = Counter()
    for match in _COUNTED.finditer(metrics):
        counted[match["status"]] += int(float(match["count"]))
    return counted


def figures(report: dict[str, Any], statuses: Counter[str], crashed: Sequence[str]) -> tuple[list[str], bool]:
    """The lines, and whether nothing was found in enough requests."""
    kinds: Counter[str] = Counter()
    for failure in report["failures"]:
        kinds[failure["type"]] += failure["count"]
    errors = sum(count for kind, count in kinds.items() if kind in SERVER_ERRORS)
    undocumented = sum(count for kind, count in kinds.items() if kind in UNDOCUMENTED)
    refused = sum(count for status, count in statuses.items() if status >= "500")
    operations, total = report["operations"], statuses.total()
    by_status = ", ".join(f"{status}: {count}" for status, count in sorted(statuses.items()))
    lines = [
        f"operations {operations['tested']} of {operations['total']}, test cases {report['test_cases']['generated']}",
        f"requests that the server answered {total}  (target {WANTED})  {by_status}",
        f"server errors {errors + refused}  (target 0)",
        f"schema mismatches {kinds.total() - errors - undocumented}  (target 0)",
        f"undocumented statuses, types and headers {undocumented}  (target 0)",
        f"jobs that a fault of the program ended {len(crashed)}  (target 0)",
        *(f"  {reason}: {count}" for reason, count in Counter(crashed).items()),
        *(f"  {failure['title']}: {', '.join(failure['operations'])}" for failure in report["failures"]),
    ]
    whole = bool(report["complete"]) and not report["errors"] and operations["tested"] == operations["total"]
    return lines, whole and not kinds and not refused and not crashed and total >= WANTED


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), sys.argv[2]))
