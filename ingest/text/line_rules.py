"""Furniture that one block betrays by its own words, in Spanish and English.

Owns the patterns and the name of the rule each stands for. Every pattern is anchored, bounded and
limited in length, and stands here because it took furniture and no text on pages that it was not written for
(docs/evaluate.md). A block with a figure, or a sentence that says something, is never taken.
Refuses to know what stands before or after.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from kb.outside.strings import patterns_of
from kb.records.document import is_prose


@dataclass(frozen=True, slots=True)
class LineRule:
    """A rule: its name in the ledger, the pattern a whole block must match, and how long the block may be.

    ``fixed`` rules spell out the whole line, its numbers too ("3 comments", "© 2024"); any other takes no block that
    holds a digit or reads as a sentence.
    """

    name: str
    pattern: re.Pattern[str]
    max_chars: int
    fixed: bool = False

    def takes(self, line: str) -> bool:
        """Whether the rule takes a block, given on one line."""
        if len(line) > self.max_chars or not self.pattern.match(line):
            return False
        return self.fixed or not (is_prose(line) or any(map(str.isdigit, line)))


def _read() -> tuple[LineRule, ...]:
    """The rules of ``ingest/data/line_rules.tsv``: alternatives of one rule stand below each other."""
    rows = patterns_of("ingest", "line_rules.tsv", "name", "most", "fixed", "pattern")
    made = []
    for (name, most, fixed), group in groupby(rows, key=lambda row: row[:3]):
        pattern = re.compile(rf"(?:{'|'.join(row[3] for row in group)})$", re.I)
        made.append(LineRule(name, pattern, int(most), bool(fixed)))
    return tuple(made)


LINE_RULES = _read()


def line_rule(text: str) -> str | None:
    """The name of the first rule that the whole block matches, or null."""
    flat = " ".join(text.split())
    return next((rule.name for rule in LINE_RULES if rule.takes(flat)), None)
