"""Short texts with the figures that each holds, to what a reader finds in them: every miss is told, by kind of case.

A row is ``{"id", "lang", "text", "expected": [{"raw", "value", "kind", "comparator", "year"?, "source"?,
"population"?}], "kind_of_fault"?}``. A figure that is not expected is a fault too, unless the row says of whom, by whom
or when a figure is: such a row lists only the figures it asks about. Rows without figures to read (a filter's total)
are left out. Pure: the reader of figures is handed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from kb.records.document import parse_language
from kb.records.language import Language
from kb.records.statistic import Statistic

CaseReader = Callable[[str, Language], Sequence[Statistic]]
"""A text and its language to the statistics in it."""
TOLERANCE = 1e-4
_ATTRIBUTES = ("year", "source", "population")
_ARTICLES = ("los ", "las ", "la ", "el ", "the ")


@dataclass(frozen=True, slots=True)
class CaseFault:
    """A case that is not read as judged, and what differs."""

    id: str
    kind: str
    text: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CaseReport:
    """How many cases were read, how many as judged, and each of the others."""

    cases: int
    right: int
    faults: tuple[CaseFault, ...]


def score_cases(lines: Iterable[str], reader: CaseReader) -> CaseReport:
    """What ``reader`` finds in every case against what was judged. Raises InputError for an unknown language."""
    rows = [json.loads(line) for line in lines if line.strip()]
    rows = [row for row in rows if not any("total" in one for one in row["expected"])]
    faults = []
    for row in rows:
        wrong = _faults(row, list(reader(row["text"], parse_language(row["lang"]))))
        if wrong:
            faults.append(CaseFault(row["id"], row.get("kind_of_fault", ""), row["text"], tuple(wrong)))
    return CaseReport(len(rows), len(rows) - len(faults), tuple(faults))


def _faults(row: dict[str, Any], found: list[Statistic]) -> list[str]:
    wrong: list[str] = []
    for expected in row["expected"]:
        match = next((one for one in found if _is(one, expected)), None)
        if match is None:
            wrong.append(f"not found: {expected['raw']!r} = {expected['value']}")
            continue
        found.remove(match)
        wrong += _differences(match, expected)
    attributed = any(name in one for one in row["expected"] for name in _ATTRIBUTES)
    if not attributed:
        wrong += [f"no figure: {one.raw!r} = {one.value}" for one in found]
    return wrong


def _is(found: Statistic, expected: dict[str, Any]) -> bool:
    if found.value is None or not (expected["raw"] in found.raw or found.raw in expected["raw"]):
        return False
    value = float(expected["value"])
    return abs(float(found.value) - value) <= TOLERANCE * max(1.0, abs(value))


def _differences(found: Statistic, expected: dict[str, Any]) -> list[str]:
    wrong = []
    if found.kind.value not in expected["kind"].split("|"):
        wrong.append(f"{found.raw!r} is {found.kind.value}, not {expected['kind']}")
    if found.comparator.value != expected["comparator"]:
        wrong.append(f"{found.raw!r} is {found.comparator.value}, not {expected['comparator']}")
    for name in _ATTRIBUTES:
        if name in expected and _bare(getattr(found, name)) != _bare(expected[name]):
            wrong.append(f"{found.raw!r} has {name} {getattr(found, name)!r}, not {expected[name]!r}")
    return wrong


def _bare(value: object) -> object:
    """A name without its article."""
    if not isinstance(value, str):
        return value
    return next((value[len(one) :] for one in _ARTICLES if value.startswith(one)), value)
