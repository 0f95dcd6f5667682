"""Two processes on one base: one that comes and goes takes nothing from the other."""

from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest

from kb.records.errors import BaseError, NotFoundError
from kb.records.operation import JobState
from kb.store import Store
from tests.kb.making import meta

ROOT = Path(__file__).parents[2]
VISIT = "import sys; from pathlib import Path; from kb.store import Store; Store.open(Path(sys.argv[1])).close()"


def test_a_visitor_leaves_the_log_of_a_server_in_place(tmp_path: Path) -> None:
    """Readers in several threads, then another process that opens and closes the base: everything goes on.

    Each reader once opened and closed the file by itself, which dropped SQLite's locks: the visitor took
    itself for the last, removed the write-ahead log, and every later read was a "disk I/O error".
    """
    store = Store.open(tmp_path / "base", create=True)
    readers = [threading.Thread(target=store.version) for _ in range(3)]
    for reader in readers:
        reader.start()
        reader.join()
    with store._connections.write() as connection:
        connection.execute("INSERT INTO meta VALUES ('a', '1')")
    subprocess.run([sys.executable, "-c", VISIT, str(tmp_path / "base")], cwd=ROOT, check=True, timeout=60)
    log = tmp_path / "base" / "kb.sqlite-wal"

    assert log.exists()
    with pytest.raises(NotFoundError, match="job j0"):
        store.jobs.get("j0")
    assert meta(store, "a") == "1"
    with store._connections.write() as connection:
        connection.execute("INSERT INTO meta VALUES ('b', '2')")
    store.close()
    again = Store.open(tmp_path / "base")
    assert (meta(again, "a"), meta(again, "b")) == ("1", "2")
    again.close()


def test_what_cannot_be_read_is_an_error_of_ours(tmp_path: Path) -> None:
    """Keys and jobs name the base, like everything else: a server waits, and does not end its runner."""
    store = Store.open(tmp_path / "base", create=True)
    with store._connections.write() as connection:
        connection.execute("DROP TABLE jobs")
        connection.execute("DROP TABLE keys")
    for read in (lambda: store.jobs.get("j0"), lambda: store.jobs.count(JobState.QUEUED), store.keys.all):
        with pytest.raises(BaseError, match="Check it: kb doctor"):
            read()
    store.close()
