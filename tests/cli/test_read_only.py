"""Every command that reads, on a base that cannot be written: the same output as before it was closed."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.conftest import Kb
from tests.disks import closed

pytestmark = pytest.mark.model

READS = [
    ["search", "esfuerzo del cliente", "--json"],
    ["ask", "¿Qué es el esfuerzo del cliente?", "--json"],
    ["stats", "satisfacción", "--json"],
    ["documents", "--json"],
    ["topics", "list", "--json"],
    ["doctor", "--json"],
    ["key", "list", "--json"],
]
WRITES = [["key", "create", "new", "--scope", "read"], ["doctor", "--fix"]]


def ready_of(base: Path) -> tuple[int, dict[str, Any]]:
    """What a server that was started on the base says of itself."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-c", "from api.cli import main; main()", "serve", "--port", str(port)]
    server = subprocess.Popen([*command, "--base", str(base)], cwd=Path(__file__).parents[2])
    try:
        for _ in range(600):
            try:
                response = httpx.get(f"http://127.0.0.1:{port}/readyz")
                return response.status_code, response.json()
            except httpx.TransportError:
                time.sleep(0.1)
        raise AssertionError("the server did not start")
    finally:
        server.kill()
        server.wait()


def test_reads_say_the_same_and_writes_that_it_is_read_only(kb: Kb, sample_base: str, tmp_path: Path) -> None:
    """Exit code 3 with the reason for what would change it; exports and backups go elsewhere."""
    base = tmp_path / "base"
    shutil.copytree(sample_base, base)
    at = ["--base", str(base)]
    new = tmp_path / "new.md"
    new.write_text("# Effort\n\nCustomer effort explains churn better than delight does.\n", encoding="utf-8")
    open_answers = [kb(*words, *at).stdout for words in READS]
    with closed(base):
        answers = [kb(*words, *at) for words in READS]
        refused = [kb(*words, *at) for words in [["ingest", str(new)], *WRITES]]
        exported = kb("export", "esfuerzo", "--out", str(tmp_path / "out.docx"), *at)
        backed_up = kb("backup", str(tmp_path / "backup"), *at)
        status, told = ready_of(base)

    assert [answer.stdout for answer in answers] == open_answers
    assert {answer.exit_code for answer in answers} == {0}
    assert [(one.exit_code, "can be read and not be changed" in str(one.exception)) for one in refused] == [
        (3, True)
    ] * (1 + len(WRITES))
    assert (exported.exit_code, backed_up.exit_code) == (0, 0), (exported.output, backed_up.output)
    assert (status, told["status"], told["read_only"]) == (200, "ready", True)
