"""The grammar of the lexicon's cues, and whether one stands at a place of a text.

Words are compared folded; ``word*`` is a prefix, ``a|b`` are alternatives, ``=CES`` keeps its case and
``~`` skips up to three words. Knows no groups and no topics.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ingest.tagging.words import Word, fold
from kb.records.errors import InputError
from kb.records.messages import say

_SKIPPED_WORDS = 3
_LEAD_MARKS = frozenset(":.–—-)(")


@dataclass(frozen=True, slots=True)
class Element:
    """One word of a cue: what it may be, and whether up to three words may stand before it."""

    exact: frozenset[str]
    prefixes: tuple[str, ...]
    cased: frozenset[str]
    cased_prefixes: tuple[str, ...]
    skips: bool

    def accepts(self, word: Word) -> bool:
        """Whether the word fills this place of the cue."""
        return (
            word.folded in self.exact
            or word.raw in self.cased
            or bool(self.prefixes and word.folded.startswith(self.prefixes))
            or bool(self.cased_prefixes and word.raw.startswith(self.cased_prefixes))
        )


@dataclass(frozen=True, slots=True)
class Cue:
    """Words in a row that show a group; ``lead`` ones only as the name of a list item."""

    group: str
    lead: bool
    elements: tuple[Element, ...]


def parse_cue(written: str) -> tuple[Element, ...]:
    """The elements of a cue as written in the lexicon ("customer|client* ~ satisf*", "=CES")."""
    elements: list[Element] = []
    skips = False
    for part in written.split():
        if part == "~":
            skips = True
            continue
        elements.append(_parse_element(part, skips))
        skips = False
    if not elements:
        raise InputError(say("cue", written=written), say("has_no_words"))
    return tuple(elements)


def _parse_element(part: str, skips: bool) -> Element:
    cased = [word[1:] for word in part.split("|") if word.startswith("=")]
    plain = [fold(word) for word in part.split("|") if not word.startswith("=")]
    return Element(
        frozenset(word for word in plain if not word.endswith("*")),
        tuple(word[:-1] for word in plain if word.endswith("*")),
        frozenset(word for word in cased if not word.endswith("*")),
        tuple(word[:-1] for word in cased if word.endswith("*")),
        skips,
    )


def match_cue(cue: Cue, words: Sequence[Word], position: int) -> int | None:
    """The position of the last word of the cue when it starts at ``position``, within one sentence; else None."""
    first = words[position]
    if not cue.elements[0].accepts(first):
        return None
    for element in cue.elements[1:]:
        reach = _SKIPPED_WORDS + 1 if element.skips else 1
        for step in range(position + 1, min(position + 1 + reach, len(words))):
            if words[step].sentence == first.sentence and element.accepts(words[step]):
                position = step
                break
        else:
            return None
    return position


def names_list_item(text: str, words: Sequence[Word], position: int, end: int) -> bool:
    """Whether the words stand before a colon or dash at the head of a line: the name of a list item."""
    head = text[: words[position].start].rpartition("\n")[2]
    after = text[words[end].end :].lstrip(" s’'")[:1]
    return not any(char.isalpha() for char in head) and (after in _LEAD_MARKS or after in ("", "\n"))
