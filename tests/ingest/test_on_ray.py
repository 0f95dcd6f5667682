"""Workers of Ray: nothing to set up is said by name, and whatever becomes of them the base is the plain command's."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from bench.ray_ingest import Contents, ingest
from bench.serving import KB
from ingest.ahead import Preparer
from ingest.on_ray import workers_of_ray
from kb.outside.processes import python_environment
from kb.records.errors import InputError
from kb.store import Store

ROOT = Path(__file__).parents[2]
needs_ray = pytest.mark.skipif(find_spec("ray") is None, reason="Ray is not installed: pip install -e '.[ray]'")


def no_preparer() -> Preparer:
    raise AssertionError("no worker is made")


def test_without_ray_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    for name in (
        "USAGE_STATS_ENABLED",
        "BACKEND_LOG_LEVEL",
        "ENABLE_WINDOWS_OR_OSX_CLUSTER",
        "AUTH_MODE",
        "AUTH_TOKEN",
    ):
        monkeypatch.setenv(f"RAY_{name}", "as it was")  # what is set is taken back

    with pytest.raises(InputError, match=r"needs Ray, which is not installed.*cx-knowledge-base\[ray\]"):
        workers_of_ray("local", 1, no_preparer).__enter__()

    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


@needs_ray
@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("127.0.0.1:1", "Ray cannot be reached: Connection refused. Start Ray there"),
        ("nonsense", "is neither local nor of the form HOST:PORT"),
        ("127.0.0.1:99999", "Ray cannot be reached: "),
    ],
)
def test_a_cluster_that_is_not_there_is_named(tmp_path: Path, address: str, reason: str) -> None:
    (tmp_path / "a.txt").write_text("Customer effort explains churn.")
    command = [*KB, "ingest", str(tmp_path / "a.txt"), "--base", str(tmp_path / "base"), "--ray", address]
    ended = subprocess.run(command, capture_output=True, text=True, env=python_environment(), check=False)

    assert ended.returncode == 2, ended.stderr
    assert f"--ray {address}: {reason}" in " ".join(ended.stderr.split())
    assert not (tmp_path / "base").exists()


@needs_ray
@pytest.mark.slow
@pytest.mark.model
def test_ten_killed_workers_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    """The samples: the same documents, passages and statistics under the same ids, line by line the same report."""
    samples = ROOT / "samples" / "articles"
    plain = ingest(samples, tmp_path / "plain")
    killed = ingest(samples, tmp_path / "killed", "--ray", "local", "--workers", "2", kills=10, every=2.0)

    assert killed.killed == 10
    assert killed.lines == plain.lines
    assert Contents.of(Store.open(tmp_path / "killed")) == Contents.of(Store.open(tmp_path / "plain"))
