"""Ingestion with workers of Ray against the plain command: seconds, and whether both make the same base.

    python -m bench.ray_ingest [FOLDER] [--workers 2] [--rounds 1] [--kills 10] [--every 3]

Each run is ``kb ingest`` of the folder (the bundled samples unless another is named) into a base of its own, from the
start of the program to its end. With ``--kills`` one more run, in which a worker is killed with SIGKILL every few
seconds, as often as that. It needs the extra ray.
"""

from __future__ import annotations

import argparse
import os
import resource
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from bench.output import machine, say
from bench.serving import KB, SAMPLES, descendants
from kb.outside.processes import python_environment
from kb.records.document import Document, Passage
from kb.records.ports import FloatArray
from kb.records.search import StatisticQuery
from kb.records.statistic import Statistic
from kb.store import Store

_WORKER = b"ray::RayWorker"
_LOOK_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds on the clock and of processors, its lines in order, and how many workers were killed."""

    seconds: float
    processor: float
    lines: tuple[str, ...]
    killed: int


@dataclass(frozen=True, slots=True)
class Contents:
    """All that a run wrote: documents of every version, passages without the surety of their topics, statistics."""

    documents: tuple[Document, ...]
    passages: tuple[Passage, ...]
    statistics: tuple[Statistic, ...]
    aliases: dict[str, list[str]]

    @classmethod
    def of(cls, store: Store) -> Contents:
        """The contents of a base."""
        documents = sorted(store.documents(all_versions=True), key=lambda one: one.id)
        passages = [replace(one, topics=()) for document in documents for one in store.passages_of(document.id)]
        statistics = sorted(store.statistics(StatisticQuery()), key=lambda one: one.id)
        names = store.names_of([document.id for document in documents])
        return cls(tuple(documents), tuple(passages), tuple(statistics), names)


def ingest(folder: Path, base: Path, *words: str, kills: int = 0, every: float = 3.0) -> Run:
    """Run the command, and kill one of its workers every so many seconds, so many times; RuntimeError if it fails."""
    before, used = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [*KB, "ingest", str(folder), "--base", str(base), *words]
    with (
        tempfile.TemporaryFile("w+") as said,
        subprocess.Popen(command, stdout=said, stderr=said, env=python_environment(), text=True) as run,  # noqa: S603
    ):
        killed, last = 0, time.monotonic()
        while run.poll() is None:
            time.sleep(_LOOK_SECONDS)
            if killed < kills and time.monotonic() - last >= every and (found := workers_below(run.pid)):
                with suppress(ProcessLookupError):
                    os.kill(found[killed % len(found)], signal.SIGKILL)
                    killed, last = killed + 1, time.monotonic()
        said.seek(0)
        lines = said.read().splitlines()
    if run.returncode:
        raise RuntimeError("\n".join(lines[-20:]))
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime
    return Run(time.monotonic() - before, processor, tuple(lines), killed)


def workers_below(process: int) -> list[int]:
    """The workers of Ray that a process has started, and their processes have (Linux)."""
    found = []
    for child in descendants(process):
        with suppress(OSError):
            if Path(f"/proc/{child}/cmdline").read_bytes().startswith(_WORKER):
                found.append(child)
    return found


def largest_difference(one: Store, other: Store) -> float:
    """The largest distance (0 to 2) between the vectors of the same passage in two bases."""
    far = 0.0
    for document in one.document_ids():
        mine, theirs = one.vectors_of(document)[1], other.vectors_of(document)[1]
        distances: FloatArray = np.linalg.norm(mine - theirs, axis=1)
        far = max([far, *distances.tolist()])
    return far


def main() -> int:
    """Print each run, the ratio and the comparison; 1 when two bases are not the same."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", type=Path, default=SAMPLES)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--kills", type=int, default=0)
    parser.add_argument("--every", type=float, default=3.0)
    asked = parser.parse_args()
    on_ray = ("--ray", "local", "--workers", str(asked.workers))
    say(machine())
    seconds: dict[str, list[float]] = {"plain": [], "ray": []}
    with tempfile.TemporaryDirectory(prefix="kb-bench-ray-") as scratch:
        for number in range(asked.rounds):
            for name, words in (("plain", ()), ("ray", on_ray)):
                run = ingest(asked.folder, Path(scratch) / f"{name}-{number}", *words)
                seconds[name].append(run.seconds)
                say(f"{name}: {run.seconds:.1f} s; {run.lines[-1]}")
        ratio = min(seconds["ray"]) / min(seconds["plain"])
        say(f"Ray with {asked.workers} workers takes {ratio:.2f} of the time of the plain command (best of each)")
        compared = ["ray-0"]
        if asked.kills:
            run = ingest(asked.folder, Path(scratch) / "killed", *on_ray, kills=asked.kills, every=asked.every)
            say(f"killed {run.killed} workers: {run.seconds:.1f} s; {run.lines[-1]}")
            compared.append("killed")
        return max(_compared(Path(scratch), name) for name in compared)


def _compared(scratch: Path, name: str) -> int:
    plain, other = Store.open(scratch / "plain-0"), Store.open(scratch / name)
    expected, found = Contents.of(plain), Contents.of(other)
    same = expected == found
    sizes = (len(expected.documents), len(expected.passages), len(expected.statistics))
    say(
        f"{name}: the same {sizes[0]} documents, {sizes[1]} passages, {sizes[2]} "
        f"statistics; vectors {largest_difference(plain, other):.1e} apart at most"
        if same
        else f"{name}: NOT the same"
    )
    plain.close()
    other.close()
    return int(not same)


if __name__ == "__main__":
    sys.exit(main())
