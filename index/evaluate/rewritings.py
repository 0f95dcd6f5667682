"""How many lies about quotes the check of rewritten sentences lets pass, and how many honest rewritings it refuses.

The words alone are judged, as ``kb verify`` does; beside a base the nearness in meaning of a translation counts too.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import InputError
from kb.verification.carrying import side_by_side
from kb.verification.rewriting import rewriting_fault

HALVES = ("tuned", "kept")


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A sentence with its quotes; ``lie`` says what it changes, null for an honest one. ``across`` the languages
    none of its quotes is in its own. ``half`` is "tuned" or "kept" (never looked at while rules were made)."""

    half: str
    sentence: str
    quotes: tuple[str, ...]
    lie: str | None
    across: bool


@dataclass(frozen=True, slots=True)
class RewritingRow:
    """The sentences of one kind in one half: how many were tried, and how many passed."""

    half: str
    honest: bool
    across: bool
    tried: int
    passed: int


@dataclass(frozen=True, slots=True)
class RewritingFigures:
    """The figures by half, kind and languages, and the sentences that were judged wrongly."""

    rows: tuple[RewritingRow, ...]
    wrong: tuple[Rewritten, ...]

    def passed(self, half: str, *, honest: bool) -> float:
        """The share (0 to 1) of a half's honest sentences, or lies, that passed."""
        rows = [row for row in self.rows if row.half == half and row.honest is honest]
        tried = sum(row.tried for row in rows)
        return sum(row.passed for row in rows) / tried if tried else 0.0


def read_rewritten(path: Path) -> list[Rewritten]:
    """The sentences of a JSON file ``{half: [{"quotes", "honest": [..], "lies": {what: sentence}}]}``.

    Raises InputError when the file cannot be read so.
    """
    try:
        halves = json.loads(path.read_text(encoding="utf-8"))
        return [one for half in HALVES for group in halves[half] for one in _of_group(half, group)]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise InputError(str(path), f"holds no rewritten sentences ({error!r})") from error


def evaluate_rewritings(sentences: Sequence[Rewritten]) -> RewritingFigures:
    """The figures over these sentences."""
    judged = [(one, rewriting_fault(one.sentence, one.quotes) is None) for one in sentences]
    kinds = sorted({(one.half, one.lie is None, one.across) for one in sentences}, reverse=True)
    rows = []
    for kind in kinds:
        passed = [fine for one, fine in judged if (one.half, one.lie is None, one.across) == kind]
        rows.append(RewritingRow(*kind, len(passed), sum(passed)))
    return RewritingFigures(tuple(rows), tuple(one for one, fine in judged if fine is not (one.lie is None)))


def _of_group(half: str, group: dict[str, Any]) -> Iterable[Rewritten]:
    quotes = tuple(group["quotes"])
    told = [(None, sentence) for sentence in group["honest"]] + list(group["lies"].items())
    for lie, sentence in told:
        yield Rewritten(half, sentence, quotes, lie, not side_by_side(sentence, quotes).same_language)
