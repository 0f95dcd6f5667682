"""How long a server takes until it answers: seconds from start to the first good ``/readyz`` on a base that is there.

    python -m bench.ready [--base FOLDER] [--times 5]

Without a base the bundled samples are ingested first. The target is 3 s.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
from pathlib import Path

from bench.output import say
from bench.serving import fill, serving


def main(argv: list[str]) -> int:
    """Start the server so many times and print what it took, and the processor time of all the starts."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--base", type=Path, help="a base to copy; without one the samples are ingested")
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="kb-ready-") as folder:
        base = Path(folder) / "base"
        fill(base, asked.base)
        before = os.times()
        found = []
        for _ in range(asked.times):
            with serving(base) as server:
                found.append(server.ready_after)
        after = os.times()
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    each = " ".join(f"{seconds:.2f}" for seconds in found)
    say(f"ready after {each} s: median {statistics.median(found):.2f} s, worst {max(found):.2f} s  (target 3)")
    say(f"processor time from start to stop {spent / asked.times:.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
