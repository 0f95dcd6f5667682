"""Blocks kept as the text, and blocks removed, each with its rule and place: the ledger.

Owns the order of the rules and what ``keep`` restores. Refuses to know formats, languages and topics.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from ingest.readers.extract import RawBlock
from ingest.text.line_rules import line_rule
from ingest.text.regions import region_rules
from kb.records.document import BlockKind, RemovedBlock, prose_chars

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
