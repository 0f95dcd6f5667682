"""No text stalls a pattern: every one of the four packages takes time that grows with the text, and little of it.

Collects the compiled patterns of all modules, also those in tables, and those written in a call. A pattern that its
module only ever matches from the start is tried so, the others from every place.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import pkgutil
import re
import signal
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from ingest.text.clean import LINE_RULES

ROOT = Path(__file__).parent.parent
ROOMS = ("kb", "ingest", "index", "api")
FAMILIES = {
    "blanks": " ",
    "tabs": "\t",
    "no-break spaces": "\u00a0",
    "lines": "\n",
    "letters": "a",
    "words": "Ab ",
    "numbers": "1.1,",
    "guillemets": "«",
}
# What opens and is never closed.
OPENERS = {
    "comments": "<!--a",
    "shortcodes": "{{<a",
    "links": "](a",
    "links between notes": "[[a",
    "comments of notes": "%%a",
    "highlights": "==a",
    "document types": "<!DOCTYPE a[",
    "addresses": "a/",
}
# What a table's patterns are given is never longer: its reader refuses the rest before it looks.
LIMITS = {"ingest.text.clean": 500}
# Linear, with many alternatives at each place: what these may take of a second for 1 MB.
MANY_ALTERNATIVES = {
    "index.answers.relevance:_DEFINES": 2.0,
    "ingest.readers.properties.metadata:_MONTH_ONLY": 2.0,
    "kb.citing.reference:_ORGANISATION": 5.0,
}
NEEDS = {"kb.store.postgresql.bucket": "boto3"}
USES = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
QUICK, WHOLE, TWICE = 20_000, 500_000, 1_000_000
QUICK_SECONDS, WHOLE_SECONDS, GROWTH = 0.15, 0.5, 2.5
# Below this a clock says nothing of how a time grows.
TELLING_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Found:
    """A pattern, where it stands, and whether it is only ever matched from the start."""

    name: str
    pattern: re.Pattern[Any]
    anchored: bool


class _LateError(Exception):
    pass


def found() -> list[Found]:
    """Every pattern once."""
    modules = [importlib.import_module(name) for name in _names() if _is_there(name)]
    every = "\n".join(Path(str(module.__file__)).read_text(encoding="utf-8") for module in modules)
    by_text: dict[tuple[Any, int], Found] = {}
    for module in modules:
        source = Path(str(module.__file__)).read_text(encoding="utf-8")
        own = [Found(f"{module.__name__}:{name}", one, anchored) for name, one, anchored in _written(source)]
        for name, value in vars(module).items():
            for one in _patterns(value, set()):
                anchored = _only_matched(name, source if name.startswith("_") else every)
                own.append(Found(f"{module.__name__}:{name}", one, anchored))
        for pattern in own:
            by_text.setdefault((pattern.pattern.pattern, pattern.pattern.flags), pattern)
    return sorted(by_text.values(), key=lambda one: one.name)


def _names() -> Iterator[str]:
    for room in ROOMS:
        package = importlib.import_module(room)
        for module in pkgutil.walk_packages(package.__path__, f"{room}."):
            if not module.name.endswith("__main__"):
                yield module.name


def _is_there(name: str) -> bool:
    """Whether what a module needs is installed; boto3 is an extra that the tests do without (it holds dates back)."""
    return name not in NEEDS or importlib.util.find_spec(NEEDS[name]) is not None


def _patterns(value: Any, seen: set[int]) -> Iterator[re.Pattern[Any]]:
    """The patterns in a value: itself, or in tables and records of ours."""
    if isinstance(value, re.Pattern):
        yield value
        return
    if id(value) in seen or isinstance(value, type | str | bytes):
        return
    seen.add(id(value))
    inner: list[Any] = []
    if isinstance(value, dict):
        inner = [*value.keys(), *value.values()]
    elif isinstance(value, list | tuple | set | frozenset):
        inner = list(value)
    elif type(value).__module__.split(".")[0] in ROOMS:
        slots = [slot for kind in type(value).__mro__ for slot in getattr(kind, "__slots__", ())]
        inner = [getattr(value, slot, None) for slot in slots] + list(getattr(value, "__dict__", {}).values())
    for one in inner:
        yield from _patterns(one, seen)


def _written(source: str) -> Iterator[tuple[str, re.Pattern[str], bool]]:
    """Patterns that stand as words in a call: ``re.sub("…", …)``."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            given, room = node.args[0], node.func.value
            is_use = isinstance(room, ast.Name) and room.id == "re" and node.func.attr in USES
            if is_use and isinstance(given, ast.Constant) and isinstance(given.value, str):
                flags = re.I if "IGNORECASE" in ast.dump(node) else 0
                anchored = node.func.attr in ("match", "fullmatch")
                yield f"line {node.lineno}", re.compile(given.value, flags), anchored


def _only_matched(name: str, source: str) -> bool:
    """Whether all that is done with a pattern of this name is to match it from the start of a text."""
    uses = set(re.findall(rf"\b{re.escape(name)}\.(\w+)", source))
    return bool(uses) and uses <= {"match", "fullmatch", "pattern"}


PATTERNS = found()


def seconds(one: Found, unit: str, chars: int, limit: float) -> float:
    """What the pattern takes of the processor for so much of this text; infinite above the limit."""
    limit_chars = LIMITS.get(one.name.partition(":")[0], chars)
    text: Any = (unit * (chars // len(unit) + 1))[: min(chars, limit_chars)]
    text = text.encode()[:chars] if isinstance(one.pattern.pattern, bytes) else text
    before = signal.signal(signal.SIGVTALRM, _stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit)
    start = time.process_time()
    try:
        if one.anchored:
            one.pattern.match(text)
        else:
            for _ in one.pattern.finditer(text):
                pass
        return time.process_time() - start
    except _LateError:
        return float("inf")
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)


def _stop(number: int, frame: FrameType | None) -> None:
    raise _LateError


def test_patterns_are_found_in_modules_in_tables_and_in_calls() -> None:
    """One of each kind, so that none falls out unseen."""
    names = {one.name for one in PATTERNS}

    assert len(PATTERNS) > 150
    assert {"ingest.readers.extract:_SPACES", "ingest.refusing.masks:_MASKS"} <= names
    assert any(":line " in name for name in names)


@pytest.mark.parametrize("one", PATTERNS, ids=lambda one: one.name)
def test_no_text_stalls_a_pattern(one: Found) -> None:
    """Twenty thousand characters of each family, and of what opens and never closes."""
    late = [
        family
        for family, unit in (FAMILIES | OPENERS).items()
        if seconds(one, unit, QUICK, QUICK_SECONDS) > QUICK_SECONDS
    ]

    assert late == []


def _is_late(half: float, whole: float, most: float) -> bool:
    return whole > most or (whole > TELLING_SECONDS and whole > GROWTH * half)


@pytest.mark.slow
@pytest.mark.parametrize("one", PATTERNS, ids=lambda one: one.name)
def test_a_megabyte_stalls_no_pattern(one: Found) -> None:
    """Half a second each, save the named ones; twice the text takes twice the time."""
    most = MANY_ALTERNATIVES.get(one.name, WHOLE_SECONDS)
    late = {}
    for family, unit in (FAMILIES | {"hyphens": "-"} | OPENERS).items():
        # A busy machine makes a short time long, never a long one short: what looks late is tried again.
        half, whole = (min(seconds(one, unit, chars, most) for _ in range(4)) for chars in (WHOLE, TWICE))
        if _is_late(half, whole, most):
            whole = min(whole, *(seconds(one, unit, TWICE, most) for _ in range(8)))
        if _is_late(half, whole, most):
            late[family] = (round(half, 2), round(whole, 2))

    assert late == {}


def test_every_pattern_with_a_time_of_its_own_is_there() -> None:
    """The lists name nothing that was mended or removed."""
    assert max(rule.max_chars for rule in LINE_RULES) == LIMITS["ingest.text.clean"]
    assert set(MANY_ALTERNATIVES) <= {one.name for one in PATTERNS}
