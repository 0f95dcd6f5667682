"""Blocks kept as the text, and blocks removed, each with its rule and place: the ledger.

Owns the order of the rules and what ``keep`` restores. Refuses to know formats, languages and topics.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from ingest.readers.extract import RawBlock
from ingest.text.regions import region_rules
from kb.records.document import BlockKind, RemovedBlock, is_prose, prose_chars
from kb.records.tables import patterns_of


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


RULE_NAMES = (
    "address", "aside", "bare_address", "breadcrumb", "byline", "comments", "contents", "dialog", "follow_us",
    "footer", "form", "hidden", "legal_footer", "line_number", "link_card", "link_line", "lone_marks", "navigation",
    "newsletter", "note_mark", "outside_main_text", "photo_credit", "postal_address", "previous_next", "read_more",
    "repeated_title", "running_header_or_footer", "share_bar", "signature", "site_header", "skip_link", "sounds",
    "stray_link", "unsure_recognition",
)  # fmt: skip


# Keeping this rule keeps everything.
KEEP_ALL = "all"
# A rule over words or places that would take more than this share of the prose is wrong about the document.
_MAX_PROSE_SHARE = 0.1
_LINK = re.compile(r"!?\[([^\[\]]{0,300})\]\(([^()\s]{0,800})(?:\s\"[^\"]{0,200}\")?\)")


@dataclass(frozen=True, slots=True)
class Cleaned:
    """The blocks of the text, and the ledger of what went, both in the order of the original."""

    kept: tuple[RawBlock, ...]
    removed: tuple[RemovedBlock, ...]


def clean(blocks: Sequence[RawBlock], keep: frozenset[str] = frozenset()) -> Cleaned:
    """The blocks without furniture; rules named in ``keep`` (or "all") take nothing out.

    When the rules would leave nothing, the markup alone is trusted, for then the rules are wrong.
    """
    by_markup = {index: block.furniture for index, block in enumerate(blocks) if block.furniture}
    open_blocks = [(index, block) for index, block in enumerate(blocks) if index not in by_markup]
    rules: dict[int, str] = {**by_markup, **_word_rules(open_blocks)}
    rules = {index: rule for index, rule in rules.items() if rule not in keep and KEEP_ALL not in keep}
    if len(rules) == len(blocks):
        rules = {index: rule for index, rule in rules.items() if index in by_markup}
    return _sorted_out(blocks, rules, keep)


def _word_rules(open_blocks: Sequence[tuple[int, RawBlock]]) -> dict[int, str]:
    texts = [block for _, block in open_blocks]
    by_line = {
        position: rule
        for position, block in enumerate(texts)
        if block.kind is not BlockKind.TABLE_ROW and (rule := line_rule(block.text))
    }
    found = region_rules(texts, by_line)
    allowed = _within_share(texts, found)
    return {open_blocks[position][0]: rule for position, rule in found.items() if rule in allowed}


def _within_share(blocks: Sequence[RawBlock], found: dict[int, str]) -> frozenset[str]:
    """The rules that take no more of the prose than a rule may."""
    most = _MAX_PROSE_SHARE * sum(prose_chars(block.text) for block in blocks)
    taken: Counter[str] = Counter()
    for position, rule in found.items():
        taken[rule] += prose_chars(blocks[position].text)
    return frozenset(rule for rule, chars in taken.items() if chars <= most)


def _sorted_out(blocks: Sequence[RawBlock], rules: dict[int, str], keep: frozenset[str]) -> Cleaned:
    kept: list[RawBlock] = []
    removed: list[RemovedBlock] = []
    for index, block in enumerate(blocks):
        if index in rules:
            removed.append(RemovedBlock(block.text, rules[index], block.place))
            continue
        text = block.text if {"stray_link", KEEP_ALL} & keep else _LINK.sub(r"\1", block.text)
        if text != block.text:
            removed.extend(RemovedBlock(link.group(), "stray_link", block.place) for link in _LINK.finditer(block.text))
        if text.strip():
            kept.append(replace(block, text=text.strip()))
    return Cleaned(tuple(kept), tuple(removed))
