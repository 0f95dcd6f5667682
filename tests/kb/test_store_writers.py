"""Two processes that write one base at once: every transaction is there, in order, and nobody is turned away."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from kb.records.operation import Key, Scope
from kb.store import Store

ROOT = Path(__file__).parents[2]
WRITES = 60
WRITER = """
import sys
from datetime import datetime, UTC
from pathlib import Path
from kb.records.operation import Key, Scope
from kb.store import Store
store = Store.open(Path(sys.argv[1]))
for number in range(int(sys.argv[3])):
    name = f"{sys.argv[2]}{number}"
    store.keys.add(Key(name, "x" * 2000, frozenset({Scope.READ}), datetime.now(UTC)), name)
store.close()
"""


def test_two_processes_write_in_turn(tmp_path: Path) -> None:
    """While a third reads; the file is whole afterwards."""
    store = Store.open(tmp_path / "base", create=True)
    writers = [
        subprocess.Popen([sys.executable, "-c", WRITER, str(store.folder), name, str(WRITES)], cwd=ROOT)
        for name in ("a", "b")
    ]
    while any(writer.poll() is None for writer in writers):
        store.keys.all()
    found: list[Key] = store.keys.all()

    assert [writer.returncode for writer in writers] == [0, 0]
    assert sorted(key.id for key in found) == sorted(f"{name}{number}" for name in "ab" for number in range(WRITES))
    assert {key.scopes for key in found} == {frozenset({Scope.READ})}
    assert store._connections.read().execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store.close()
