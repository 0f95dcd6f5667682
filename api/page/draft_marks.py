"""A judged figure in words of both languages, and its sentences cut at what differs: stretches of text, no markup."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from api.service.draft_check import CheckedFigure
from kb.quotes.comparing import ClaimDifference, ClaimPart
from kb.records.document import Span

Words = Callable[..., str]


@dataclass(frozen=True, slots=True)
class Marked:
    """A stretch of a sentence; ``marked`` where it is what differs."""

    text: str
    marked: bool


def part_name(differ: ClaimDifference) -> str:
    """Which words of "draft.part" tell of it ("year", "direction.increase", "affirmed")."""
    if differ.part is ClaimPart.DENIAL and not differ.theirs:
        return "affirmed"
    if differ.part is ClaimPart.POPULATION and not differ.theirs:
        return "of_another"
    return f"direction.{differ.theirs}" if differ.part is ClaimPart.DIRECTION else differ.part.value


def their_words(differ: ClaimDifference, words: Words) -> str:
    """What the source says of the part; a hedge by its name in the language of ``words``."""
    return words(f"comparator.{differ.theirs}") if differ.part is ClaimPart.HEDGE else differ.theirs


def stretched(text: str, spans: Sequence[Span]) -> tuple[Marked, ...]:
    """The text cut at the spans; joined the stretches are the text."""
    made, reached = [], 0
    for span in sorted(spans, key=lambda one: one.start):
        start, end = max(span.start, reached), min(span.end, len(text))
        if start < end:
            made += [Marked(text[reached:start], False), Marked(text[start:end], True)]
            reached = end
    made.append(Marked(text[reached:], False))
    return tuple(one for one in made if one.text)


def sides(checked: CheckedFigure) -> tuple[tuple[Marked, ...], tuple[Marked, ...]]:
    """The sentence of the draft and the sentence of the source, each cut at what differs."""
    theirs = checked.citation.quote if checked.citation else ""
    return stretched(checked.figure.quote, checked.mine), stretched(theirs, checked.theirs)
