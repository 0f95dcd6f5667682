"""Claims to the verdicts of the draft check: how many are right, and how many "supported" are false.

A row is ``{"id", "claim", "expected", "altered"?}``; ``expected`` is "supported", "not_found", "denied" or
"another_" with the part that was altered ("another_year"). Pure: the check is handed in.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

SUPPORTED = "supported"
_NAMES = {"contradicted": "another_value"}
Check = Callable[[str], Sequence[str]]
"""A claim to the findings of its figures ("supported", "other_year" …)."""


@dataclass(frozen=True, slots=True)
class WrongVerdict:
    """A claim that was judged otherwise than it is."""

    id: str
    claim: str
    expected: str
    said: str


@dataclass(frozen=True, slots=True)
class DraftFigures:
    """How many claims there are, how many verdicts are right, how many false ones say "supported", and the wrong."""

    claims: int
    right: int
    false_supported: int
    wrong: tuple[WrongVerdict, ...]


def evaluate_drafts(lines: Iterable[str], check: Check) -> DraftFigures:
    """The verdict on every claim: of several figures the first that is not supported."""
    rows = [json.loads(line) for line in lines if line.strip()]
    wrong = []
    for row in rows:
        said = _verdict_of(check(row["claim"]))
        if said != row["expected"]:
            wrong.append(WrongVerdict(row["id"], row["claim"], row["expected"], said))
    false = sum(one.said == SUPPORTED for one in wrong)
    return DraftFigures(len(rows), len(rows) - len(wrong), false, tuple(wrong))


def _verdict_of(findings: Sequence[str]) -> str:
    """One verdict on a claim: "no_figures" where none was read."""
    names = [_NAMES.get(one, one.replace("other_", "another_")) for one in findings]
    return next((one for one in names if one != SUPPORTED), SUPPORTED if names else "no_figures")
