"""Workers of Ray: nothing to set up is said by name, and whatever becomes of them the base is the plain command's."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench.ray_ingest import Contents, ingest
from bench.serving import KB
from ingest.on_ray import Made, Preparer, RayAhead, WantedSource, workers_of_ray
from ingest.readers.dispatch import read_document
from ingest.sources.sources import SourceFile
from kb.outside.processes import python_environment
from kb.records.errors import InputError, SourceError
from kb.store import Store
from tests.fakes import FakeEmbedder

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


class EndedError(Exception):
    """What Ray says of a worker that was ended too often."""


class Cluster:
    """Workers that do at once what they are given, but for groups with a text that ends whoever reads it."""

    class exceptions:  # noqa: N801 - as the module is called
        RayActorError = OutOfMemoryError = EndedError

    def __init__(self, count: int) -> None:
        self.given: list[list[int]] = [[] for _ in range(count)]
        preparer = Preparer(FakeEmbedder, read_document)

        def worker(mine: list[int]) -> SimpleNamespace:
            def remote(wanted: list[WantedSource]) -> object:
                mine.append(len(wanted))
                return EndedError if any(b"ends it" in one.source.data for one in wanted) else preparer.made(wanted)

            return SimpleNamespace(made=SimpleNamespace(remote=remote))

        self.workers = [worker(mine) for mine in self.given]

    def wait(self, refs: list[object], **how: object) -> tuple[list[object], list[object]]:
        """Nothing is ready before it is fetched."""
        return [], refs

    def get(self, ref: object) -> object:
        if ref is EndedError:
            raise EndedError
        return ref


def sources(*texts: str) -> list[SourceFile]:
    return [SourceFile.of(f"{number}.txt", text.encode(), "text/plain") for number, text in enumerate(texts)]


def test_sources_come_back_in_their_order_with_what_was_wanted_of_them() -> None:
    """Every third is in the base; workers take turns, two sources at a time."""
    found = sources(*(f"Customer effort {number} explains churn." for number in range(30)))
    cluster = Cluster(2)
    pairs = [(one, WantedSource(one, frozenset(), True) if index % 3 else None) for index, one in enumerate(found)]

    made = list(RayAhead(cluster, cluster.workers).over(iter(pairs)))

    assert [one for one, _ in made] == found
    for index, (one, answer) in enumerate(made):
        assert (answer.prepared.document.source_id if isinstance(answer, Made) else None) == (
            one.source_id if index % 3 else None
        )
    assert cluster.given == [[2] * 5, [2] * 5]


def test_what_ends_every_worker_is_named_and_the_others_go_in() -> None:
    found = sources("Customer effort explains churn.", "Loyalty is rain.", "This ends it.", "Beside it.", "Empathy.")
    cluster = Cluster(1)

    made = list(RayAhead(cluster, cluster.workers).over((one, WantedSource(one, frozenset(), True)) for one in found))

    assert [type(answer) for _, answer in made] == [Made, Made, SourceError, SourceError, Made]
    assert str(made[2][1]) == "2.txt: its worker of Ray was ended 16 times. Ingest it again, alone and without --ray"


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
