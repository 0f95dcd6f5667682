"""A server of the small base in a process of its own, its jobs done in that same process."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[2]
SERVER = """
import sys, uvicorn
from pathlib import Path
from api.app import create_app
from api.jobs.runner import JobRunner
from kb.store import Store
from tests.api.conftest import knowledge_base_of, pipeline_of
store = Store.open(Path(sys.argv[1]))
app = create_app(knowledge_base_of(store), intake=JobRunner(store, lambda: pipeline_of(store)))
uvicorn.run(app, port=int(sys.argv[2]), log_level="error", access_log=False)
"""


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """A server that is ready."""
    server = subprocess.Popen([sys.executable, "-c", SERVER, str(folder), str(port)], cwd=ROOT)
    for _ in range(600):
        try:
            if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                return server
        except httpx.TransportError:
            time.sleep(0.05)
    server.kill()
    raise AssertionError("the server did not start")
