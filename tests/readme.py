"""The transcript in the README: taken from the program, and put back there by ``python -m tests.readme``."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
_BLOCK = re.compile(r"(<!-- demo -->\n```text\n)(.*?)(```\n<!-- /demo -->)", re.DOTALL)


def demo_output() -> str:
    """What ``kb demo`` prints on stdout, without spaces at line ends."""
    command = [sys.executable, "-c", "from api.cli import main; main()", "demo"]
    # Python's readline, which pytest loads, leaves the width of the terminal in what a child inherits.
    unbounded = {name: value for name, value in os.environ.items() if name != "COLUMNS"}
    finished = subprocess.run(command, cwd=ROOT, env=unbounded, capture_output=True, text=True, check=True, timeout=280)
    return "\n".join(line.rstrip() for line in finished.stdout.strip().splitlines()) + "\n"


def transcript() -> str:
    """What the README says that ``make demo`` prints."""
    block = _BLOCK.search(README.read_text(encoding="utf-8"))
    assert block, "the README has lost its demo block"
    return block[2]


def update() -> None:
    """Write the program's output into the README."""
    text = README.read_text(encoding="utf-8")
    output = demo_output()
    README.write_text(_BLOCK.sub(lambda block: block[1] + output + block[3], text), encoding="utf-8")


if __name__ == "__main__":
    update()
