"""How long a start takes: of a server to the first good ``/readyz``, and of ``kb search`` to its end, on a base that is
there.

    python -m bench.ready [--base FOLDER] [--times 5] [--searches 10]

Without a base the bundled samples are ingested first. The targets are 3 s and .7 s. On a machine with other work only
the times of the processor can be compared.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.output import say
from bench.serving import KB, ROOT, fill, serving
from kb.outside.processes import python_environment

# A question whose small words tell its language, and one word, for which langdetect loads.
QUESTIONS = ("esfuerzo del cliente", "NPS")


def main(argv: list[str]) -> int:
    """Start the server so many times and print what it took, and the processor time of all the starts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--base", type=Path, help="a base to copy; without one the samples are ingested")
    parser.add_argument("--times", type=int, default=5)
    parser.add_argument("--searches", type=int, default=10)
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kb-ready-") as folder:
        base = Path(folder) / "base"
        fill(base, asked.base)
        found = []
        started = _processor()
        for _ in range(asked.times):
            with serving(base) as server:
                found.append(server.ready_after)
        each = " ".join(f"{seconds:.2f}" for seconds in found)
        if found:
            say(f"ready after {each} s: median {statistics.median(found):.2f} s, worst {max(found):.2f} s  (target 3)")
            say(f"processor time from start to stop {(_processor() - started) / asked.times:.2f} s")
        for question in QUESTIONS if asked.searches else ():
            say(f"kb search {question!r}, {asked.searches} times: {_searching(base, question, asked.searches)}")
    return 0


def _searching(base: Path, question: str, times: int) -> str:
    """What a whole run of the command takes: the least, which is what it costs on a quiet machine, and the medians. The
    first run, which reads the files into memory, is not counted."""
    command = [*KB, "search", question, "--base", str(base)]
    # What is installed is compiled; here the first run does that.
    environment = {**python_environment(), "PYTHONDONTWRITEBYTECODE": ""}
    runs = []
    for _ in range(times + 1):
        clock, processor = time.perf_counter(), _processor()
        subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 - our own program
        runs.append((time.perf_counter() - clock, _processor() - processor))
    least = min(runs[1:])[0]
    wall, spent = (statistics.median(values) for values in zip(*runs[1:], strict=True))
    return f"least {least:.2f} s, median {wall:.2f} s (target .7), processor time {spent:.2f} s"


def _processor() -> float:
    """Seconds that ended children have spent on a processor."""
    now = os.times()
    return now.children_user + now.children_system


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
