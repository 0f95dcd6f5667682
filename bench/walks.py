"""How far a question and a figure walk through the house: rooms and modules entered, and hand-overs between modules.

    python -m bench.walks BASE

Traces one answer over the open base, and one reading of the figures of a sample. A room is a folder; a hand-over is a
pair of functions of different modules, one of which called the other, counted once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Any

ROOT = Path(__file__).parents[1]
HOUSE = tuple(f"{ROOT}/{room}/" for room in ("kb", "ingest", "index", "api"))


@dataclass(slots=True)
class Walk:
    """What was entered, in the order of first entry."""

    modules: dict[str, None] = field(default_factory=dict)
    handed: set[tuple[str, str]] = field(default_factory=set)

    def __call__(self, frame: FrameType, event: str, argument: Any) -> None:
        """A profile function: notes calls between modules of the house."""
        callee = frame.f_code
        if event != "call" or not callee.co_filename.startswith(HOUSE):
            return
        self.modules.setdefault(callee.co_filename)
        caller = frame.f_back
        if caller is None or caller.f_code.co_filename == callee.co_filename:
            return
        if caller.f_code.co_filename.startswith(HOUSE):
            self.handed.add((_name(caller.f_code), _name(callee)))

    def line(self, what: str) -> str:
        """The walk in one line."""
        rooms = dict.fromkeys(str(Path(module).parent.relative_to(ROOT)) for module in self.modules)
        counts = f"{len(rooms)} rooms, {len(self.modules)} modules, {len(self.handed)} hand-overs"
        return f"{what}: {counts}; {' '.join(rooms)}"


def _name(code: Any) -> str:
    return f"{code.co_filename}:{code.co_qualname}"


def walked(call: Callable[[], object]) -> Walk:
    """The walk of a call."""
    walk = Walk()
    sys.setprofile(walk)
    try:
        call()
    finally:
        sys.setprofile(None)
    return walk


def main() -> None:
    """Print the two walks."""
    from api.cli.wiring import Wiring
    from api.settings import Settings
    from kb.records.search import Filters

    base = Wiring(Settings(), Path(sys.argv[1])).knowledge_base()
    question = "¿Qué porcentaje de los empleados del mundo estaba comprometido con su trabajo en 2022?"
    base.answer(question, None, Filters())
    print(walked(lambda: base.answer(question, None, Filters())).line("question"))  # noqa: T201
    text = "Según Gallup, el 23 % de los empleados del mundo estaba comprometido con su trabajo en 2022."
    base.analyze("walk", text, None)
    print(walked(lambda: base.analyze("walk", text, None)).line("figure"))  # noqa: T201


if __name__ == "__main__":
    main()
