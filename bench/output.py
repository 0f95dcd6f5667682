"""What a benchmark says: lines while it runs, and tables in Markdown and JSON when it is done."""

from __future__ import annotations

import json
import os
import platform
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np


def say(line: str) -> None:
    """A line of the result, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def table(head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """A Markdown table; null is a dash."""
    cells = [["–" if cell is None else str(cell) for cell in row] for row in rows]
    lines = [head, ["---"] * len(head), *cells]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def machine() -> str:
    """The machine, the day and the load, in a sentence."""
    cores, load = _cores(), Path("/proc/loadavg")
    busy = load.read_text(encoding="ascii").split()[0] if load.is_file() else "unknown"
    today = datetime.now(UTC).date().isoformat()
    return (
        f"Taken on {today}: {cores} cores ({_processor()}), Python {platform.python_version()}, "
        f"load {busy} when the writing began."
    )


def write(folder: Path, name: str, markdown: str, data: dict[str, Any]) -> None:
    """``NAME.md`` and ``NAME.json`` in the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(markdown.rstrip() + "\n", encoding="utf-8")
    text = json.dumps(data, ensure_ascii=False, indent=1, default=_plain)
    (folder / f"{name}.json").write_text(text + "\n", encoding="utf-8")
    say(f"written: {folder / name}.md and .json")


def _plain(value: object) -> object:
    if isinstance(value, np.generic):
        return value.item()
    raise TypeError(f"{type(value).__name__} is not for JSON")


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    if information.is_file():
        for line in information.read_text(encoding="ascii", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
