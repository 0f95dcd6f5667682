"""What a compared system is given and gives back: one JSON file each way. The standard library alone.

Every system runs in a process of its own: ``python -m bench.SYSTEM MODE TASK ANSWER WORK [VARIANT]``. ``build`` loads
the model, then takes the clock from texts to the first answer, then asks every question one by one. ``cold`` opens
what was saved and asks once: whoever starts it takes the clock.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

DEPTH = 20


@dataclass(slots=True)
class Task:
    """The texts, the questions and the model of a run, with the prompts that all systems use."""

    model: str
    passages: list[dict[str, str]]
    questions: list[dict[str, str]]
    passage_prompt: str = "passage: "
    query_prompt: str = "query: "

    @property
    def texts(self) -> list[str]:
        """The texts of the passages."""
        return [passage["text"] for passage in self.passages]

    @property
    def ids(self) -> list[str]:
        """The ids of the passages."""
        return [passage["id"] for passage in self.passages]


@dataclass(slots=True)
class Result:
    """What was measured; times in seconds, memory in MB (the most this process ever held, its children apart)."""

    load_s: float = 0.0
    build_s: float = 0.0
    encode_s: float | None = None
    query_s: list[float] = field(default_factory=list)
    rankings: dict[str, list[str]] = field(default_factory=dict)
    rss_mb: float = 0.0
    children_mb: float = 0.0
    notes: list[str] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)


class System(Protocol):
    """A system under comparison."""

    def load(self, task: Task) -> None:
        """Load the model, and encode one text so that nothing is left to load."""
        ...

    def build(self, task: Task, work: Path, result: Result) -> None:
        """From texts in memory to a saved index that answers; may set ``encode_s``, ``tokens`` and ``notes``."""
        ...

    def open(self, task: Task, work: Path) -> None:
        """Open what was saved."""
        ...

    def search(self, text: str) -> Sequence[str]:
        """The ids of the best passages, at most DEPTH."""
        ...


def run(make: Callable[[str], System], argv: Sequence[str]) -> None:
    """Do what the arguments ask and write the answer."""
    mode, task_path, answer_path, work_path, variant = [*argv, ""][:5]
    task = Task(**json.loads(Path(task_path).read_text(encoding="utf-8")))
    system, work, result = make(variant), Path(work_path), Result()
    if mode == "cold":
        system.open(task, work)
        result.rankings["cold"] = list(system.search(task.questions[0]["text"]))
    else:
        _measure(system, task, work, result)
    unit = 1024 if sys.platform != "darwin" else 1024 * 1024
    result.rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
    result.children_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / unit
    Path(answer_path).write_text(json.dumps(asdict(result)), encoding="utf-8")


def read_result(path: Path) -> Result:
    """The answer of a run."""
    fields: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Result(**fields)


def _measure(system: System, task: Task, work: Path, result: Result) -> None:
    started = time.perf_counter()
    system.load(task)
    result.load_s = time.perf_counter() - started
    started = time.perf_counter()
    system.build(task, work, result)
    system.search(task.questions[0]["text"])
    result.build_s = time.perf_counter() - started
    for question in task.questions:
        started = time.perf_counter()
        found = system.search(question["text"])
        result.query_s.append(time.perf_counter() - started)
        result.rankings[question["id"]] = list(found)
