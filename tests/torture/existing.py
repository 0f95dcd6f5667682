"""Rows that are tests of the suite, the slow ones too: run by pytest in a process of their own, a target a piece."""

from __future__ import annotations

import base64
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

from tests.cli.test_damaged_rows import SLICES
from tests.torture.ledger import ROOT
from tests.torture.rows import Row, Tally


def of_tests(row: str, says: str, passes_at: str, counted_as: str, *targets: str, properties: bool = False) -> Row:
    """A row whose tries are those of these files or tests, or their properties alone with ten thousand cases each; a
    test that writes down ``tried`` counts as so many."""

    def run(start: int, count: int, folder: Path) -> Tally:
        tried, lost, counted = 0, list[str](), Counter[str]()
        for target in targets[start : start + count]:
            part = _ran(target, folder, _MANY_CASES if properties else _EVERY_TEST)
            tried, lost, counted = tried + part.tried, [*lost, *part.lost], counted + Counter(part.counted)
        return Tally(tried, lost, counted)

    return Row(row, says, passes_at, counted_as, len(targets), 0, 1, run)


def _ran(target: str, folder: Path, which: Sequence[str]) -> Tally:
    found = folder / "found.xml"
    words = [
        *which,
        "-p",
        "no:cacheprovider",
        "-o",
        "timeout=1800",
        "-o",
        "junit_family=legacy",
        f"--basetemp={folder / 'tests'}",
    ]
    command = [sys.executable, "-m", "pytest", *words, f"--junitxml={found}", f"tests/{target}"]
    environment = {name: value for name, value in os.environ.items() if name != "OMP_NUM_THREADS"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
    (folder / "log.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    if not found.exists():
        return Tally(1, [f"{target}: {done.stdout[-500:]}{done.stderr[-500:]}"])
    return _told(target, ElementTree.parse(found).getroot())  # noqa: S314 - written by our own run


def _told(target: str, told: ElementTree.Element) -> Tally:
    tried, lost, counted = 0, [], Counter[str]()
    for case in told.iter("testcase"):
        if case.find("skipped") is not None:
            counted["skipped on this machine"] += 1
            continue
        noted = [one.get("value") for one in case.iter("property") if one.get("name") == "tried"]
        tried += int(noted[0] or 0) if noted else 1
        wrong = next((one for one in (case.find("failure"), case.find("error")) if one is not None), None)
        if wrong is not None:
            lost.append(f"{target}::{case.get('name')}: {(wrong.get('message') or '')[:300]}")
    for one in told.iter("property"):
        if (one.get("name") or "").startswith("hypothesis-statistics-"):
            told_of_it = base64.b64decode(one.get("value") or "").decode()
            counted["cases"] += sum(map(int, re.findall(r"(\d+) passing,", told_of_it)))
    return Tally(tried, lost, counted)


_EVERY_TEST = ("-m", "slow or not slow")
_MANY_CASES = ("-m", "hypothesis", "-p", "tests.torture.many_cases")
_TESTS = "tests of the suite"
_PROPERTIES = sorted(
    path.relative_to(ROOT / "tests").as_posix()
    for path in (ROOT / "tests").rglob("test_*.py")
    if "@given(" in path.read_text(encoding="utf-8")
)
_DAMAGED = "cli/test_damaged_rows.py::test_no_damaged_value_at_all_is_a_traceback"
ROWS = (
    of_tests(
        "R7", "words or vectors out of step are found and mended", "`kb doctor` finds 100, `--fix` repairs 100",
        "a way out of step, and each damage to the index", "kb/test_repairing.py",
    ),
    of_tests(
        "R10", "a full disk, a read-only folder",
        "34 sizes of disk; clean error, reads served, resumes when space returns",
        "tests of the suite; one of them fills a small file system 34 times", "api/test_full_disk.py",
        "kb/test_read_only.py", "api/test_read_only_served.py", "cli/test_read_only.py",
    ),
    of_tests(
        "R13", "a backup under load", "25 of 25", "tests of the suite: 30 backups beside a writer, 4 of a served base",
        "kb/test_backup_live.py", "api/test_backup_served.py",
    ),
    of_tests(
        "R16", "the same folder again, then one changed, renamed, deleted",
        "0 duplicates, 0 ids changed, old permalinks resolve, 0 orphans", _TESTS,
        "ingest/test_pipeline.py", "api/test_kept_permalinks.py",
    ),
    of_tests(
        "R17", "an ingestion that is cut off goes on", "50 files with 12 bad, interrupted at 20 points",
        "a SIGKILL of a run over 50 files with 12 bad at 20 points, of one over 30 at 6, and 3 interruptions",
        "ingest/test_resume.py",
    ),
    of_tests(
        "R20", "properties of spans, numbers, names, exports", "10,000 cases each",
        "a property of the suite; the two of a whole run over a file and of the approximate index have 40 and 25 cases",
        *_PROPERTIES, properties=True,
    ),
    of_tests(
        "R21", "no model, no index, another model or dimension", "flagged answers, 0 5xx, models never mixed", _TESTS,
        "api/test_degraded.py", "cli/test_degraded_search.py", "kb/test_store.py::test_models_never_mix",
    ),
    of_tests(
        "S1", "hostile files", "60 files: each ends in 20 s and 512 MB and is reported; 0 \"ok\" with 0 characters",
        "a file", "ingest/test_hostile.py::test_every_hostile_file_ends_in_time_and_memory_with_its_reason",
    ),
    of_tests(
        "S2", "damaged real files", "2,000 mutations: text or a reason, never success without a letter",
        "a mutation", "ingest/test_hostile.py::test_a_damaged_file_is_read_or_refused_and_never_read_as_nothing",
    ),
    of_tests(
        "S3", "entities that reach outside", "12 payloads, 0 bytes read, 0 calls of the canary",
        "a payload in a format",
        "ingest/test_hostile.py::test_no_entity_reads_a_file_or_calls_home",
    ),
    of_tests(
        "S4", "names that lead out", "80 names, links, pipes: 0 outside the root", "a name",
        "ingest/test_hostile.py::test_no_name_in_an_archive_leads_out_of_it",
        "ingest/test_hostile.py::test_no_file_in_a_folder_leads_out_of_it_or_holds_the_run",
    ),
    of_tests(
        "S5", "addresses that lead inside", "300 tries, 0 connections to the canary", _TESTS,
        "ingest/test_network.py", "kb/test_outside.py", "api/test_urls.py", "api/test_webhooks.py",
    ),
    of_tests(
        "S6", "markup in every field", "200 payloads, 0 live nodes", "tests of the suite; 200 payloads on each view",
        "page/test_hostile_text.py", "page/test_hostile_forms.py", "page/test_originals.py",
    ),
    of_tests(
        "S7", "headers on every route", "100 % of responses", _TESTS, "page/test_views.py",
        "api/test_gate.py::test_every_response_carries_the_headers", "api/test_heads.py",
    ),
    of_tests(
        "S10", "no text stalls a pattern", "0.5 s each for 1 MB, time(2n)/time(n) at most 2.5",
        "a pattern of the four packages on 14 families; three have a limit of their own", "test_patterns.py",
    ),
    of_tests(
        "S12", "every route against every kind of key", "100 % as declared", _TESTS,
        "api/test_gate.py::test_every_route_declares_its_scope", "api/test_gate.py::test_the_whole_matrix_of_callers",
        "api/test_gate.py::test_who_is_refused_is_told_how_to_get_in", "api/test_gate.py::test_a_key_ends_when_it_says",
        "api/test_gate.py::test_the_page_declares_its_scope_like_every_route",
    ),
    of_tests(
        "S13", "limits of rate", "exact counts, `Retry-After`", _TESTS,
        "api/test_gate.py::test_requests_are_counted_exactly",
        "api/test_gate.py::test_too_many_requests_are_told_when_to_come_back",
    ),
    of_tests(
        "S15", "forced faults", "20 places: problem+json with an id, no path, SQL or trace",
        "tests of the suite; each damage to a value of a base, met by every door",
        "api/test_gate.py::test_every_error_has_its_status", "api/test_gate.py::test_the_table_of_errors_is_whole",
        "api/test_gate.py::test_the_unexpected_is_a_problem_with_a_number", "api/test_damaged_jobs.py",
        "cli/test_damaged_rows.py::test_no_damaged_value_is_a_traceback",
        "cli/test_damaged_rows.py::test_a_figure_of_another_passage_and_a_huge_share_are_no_tracebacks",
        "cli/test_damaged_rows.py::test_the_doctor_mends_it",
        *(f"{_DAMAGED}[{piece}]" for piece in range(SLICES)),
    ),
    of_tests("S20", "static gate", "0", "tests of the suite; `make lint` beside it", "test_architecture.py"),
)  # fmt: skip
