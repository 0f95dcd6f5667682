"""Text and spans to marked segments: marks are built from offsets and text, never from markup.

The law: the segments of a range, joined, are exactly its characters; the cited ones, joined, are
exactly the cited characters inside the range. Knows no templates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from api.service.draft_check import CheckedFigure
from kb.quotes.comparing import ClaimDifference, ClaimPart
from kb.records.document import Passage, Span
from kb.records.statistic import Statistic
from kb.records.topics import TopicAssignment

# A passage up to this long is shown whole on a card; of a longer one the matching sentence and what is around it.
_CARD_CHARACTERS = 700


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of characters with the same marks; ``statistic`` is the id of the figure they belong to, or null."""

    span: Span
    text: str
    cited: bool
    statistic: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Segments one after the other that are cited, or that are not: a cited run is one mark."""

    segments: tuple[Segment, ...]

    @property
    def cited(self) -> bool:
        """Whether the run is marked."""
        return self.segments[0].cited

    @property
    def span(self) -> Span:
        """Where the run stands."""
        return Span(self.segments[0].span.start, self.segments[-1].span.end)


@dataclass(frozen=True, slots=True)
class Excerpt:
    """What of a passage is shown; ``cut_before`` and ``cut_after`` say that it goes on there."""

    segments: tuple[Segment, ...]
    cut_before: bool
    cut_after: bool


def segments(text: str, within: Span, cited: Span | None, statistics: Sequence[Statistic] = ()) -> tuple[Segment, ...]:
    """The segments of ``text[within]``; the characters of ``cited`` and of the statistics are marked."""
    spans = [statistic.span for statistic in statistics] + ([cited] if cited else [])
    edges = {within.start, within.end}
    edges |= {edge for span in spans for edge in (span.start, span.end) if within.start < edge < within.end}
    ordered = sorted(edges)
    return tuple(_segment(text, Span(start, end), cited, statistics) for start, end in pairwise(ordered) if start < end)


def _segment(text: str, span: Span, cited: Span | None, statistics: Sequence[Statistic]) -> Segment:
    figure = next((one.id for one in statistics if one.span.contains(span)), None)
    return Segment(span, span.cut(text), cited is not None and cited.contains(span), figure)


def runs(found: Sequence[Segment]) -> tuple[Run, ...]:
    """The segments in runs, in order."""
    return tuple(Run(tuple(group)) for _, group in groupby(found, key=lambda one: one.cited))


def excerpt(passage: Passage, sentence: Span) -> Excerpt:
    """A passage with the sentence marked, cut at sentences around it when it is long. Offsets are the document's."""
    window = _window(passage, sentence)
    shifted = window.shifted(-passage.span.start)
    marked = Span(sentence.start - passage.span.start, sentence.end - passage.span.start)
    parts = segments(passage.text, shifted, marked)
    moved = tuple(Segment(part.span.shifted(passage.span.start), part.text, part.cited) for part in parts)
    return Excerpt(moved, window.start > passage.span.start, window.end < passage.span.end)


def _window(passage: Passage, sentence: Span) -> Span:
    if len(passage.text) <= _CARD_CHARACTERS or not passage.sentences:
        return passage.span
    before = [one.start for one in passage.sentences if sentence.start - one.start <= _CARD_CHARACTERS // 2]
    after = [one.end for one in passage.sentences if one.end - sentence.end <= _CARD_CHARACTERS // 2]
    start, end = min([sentence.start, *before]), max([sentence.end, *after])
    return Span(max(start, passage.span.start), min(end, passage.span.end))


def carrying_sentences(passage: Passage, assigned: TopicAssignment) -> tuple[str, ...]:
    """The sentences of the passage that carry the topic; none for a passage that an earlier version tagged, which kept
    names of rules there."""
    return tuple(line for line in assigned.evidence if line in passage.text)


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
