"""How this program starts a process of its own: always here, so that none imports from the current folder.

Owns the command and the environment. Refuses to know what the process does.
"""

import os
import sys

from kb.outside.own_path import ROOT, closed, closed_environment


def python_command(module: str, *words: str) -> list[str]:
    """The command that runs a module of ours by our own interpreter, to be started with ``python_environment``."""
    return [sys.executable, "-P", "-m", module, *words]


def python_environment() -> dict[str, str]:
    """The environment of such a process: it finds what this process finds, and nothing in the current folder."""
    return {**closed_environment(), "PYTHONPATH": os.pathsep.join([ROOT, *closed(sys.path)])}
