"""A document in windows that the reader of short texts can read: for each figure what stands around it.

A window is whole paragraphs: those with which the document begins, in which a study is named as a rule, then as many
before the figure's own as fit, its own, and some behind. Figures that follow within a window share it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from kb.records.document import Document, Span

LEAD = 300
"""Characters of the first paragraphs that every window begins with."""
BEHIND = 200
"""Characters that are kept for what stands behind a figure's paragraph: the next figures share the window."""
SIZE = 1_000
"""Characters of a window, but for a single sentence that is longer."""
_BETWEEN = "\n\n"


@dataclass(frozen=True, slots=True)
class FigureWindow:
    """The parts of a document's text that are read together, in order, and the numbers of the figures it is for."""

    parts: tuple[Span, ...]
    figures: tuple[int, ...]

    def text(self, document: str) -> str:
        """What is read."""
        return _BETWEEN.join(part.cut(document) for part in self.parts)

    def of(self, span: Span) -> Span:
        """Where a stretch that begins in one of the parts stands in the text of the window."""
        number = next(number for number, part in enumerate(self.parts) if part.start <= span.start < part.end)
        return Span(span.start, min(span.end, self.parts[number].end)).shifted(self._moved(number))

    def back(self, span: Span, document: str) -> Span | None:
        """Where a stretch of the text of the window stands in the document; null where it runs out of its paragraph."""
        for number, part in enumerate(self.parts):
            start = span.start - self._moved(number)
            if part.start <= start < part.end:
                found = Span(start, start + span.end - span.start)
                return found if part.contains(found) and _BETWEEN not in found.cut(document) else None
        return None

    def _moved(self, number: int) -> int:
        before = sum(part.end - part.start + len(_BETWEEN) for part in self.parts[:number])
        return before - self.parts[number].start


def windows(
    document: Document, sentences: Sequence[int], figures: Sequence[Span], size: int = SIZE
) -> list[FigureWindow]:
    """The windows of figures that stand in order; ``sentences`` are where sentences begin, in order. Of ``size`` 0 each
    is the paragraph of its figures alone."""
    paragraphs = _paragraphs(document, sentences)
    starts, ends = [one.start for one in paragraphs], [one.end for one in paragraphs]
    begins = max((one.end for one in paragraphs if one.end <= LEAD), default=document.text.rfind(" ", 0, LEAD))
    lead = max(0, begins) if size else 0
    room = size - lead
    made: list[tuple[int, int, list[int]]] = []
    for number, figure in enumerate(figures):
        own = bisect_right(starts, figure.start) - 1
        if made and made[-1][0] <= own <= made[-1][1]:
            made[-1][2].append(number)
            continue
        first = last = own
        while first and ends[last] - starts[first - 1] <= room - BEHIND:
            first -= 1
        while last + 1 < len(ends) and ends[last + 1] - starts[first] <= room:
            last += 1
        while first and ends[last] - starts[first - 1] <= room:
            first -= 1
        made.append((first, last, [number]))
    return [FigureWindow(_parts(lead, starts[first], ends[last]), tuple(mine)) for first, last, mine in made]


def _parts(lead: int, start: int, end: int) -> tuple[Span, ...]:
    """One part where the window begins in the lead or right behind it."""
    if start <= lead + len(_BETWEEN):
        return (Span(0, end),)
    return (Span(0, lead), Span(start, end)) if lead else (Span(start, end),)


def _paragraphs(document: Document, sentences: Sequence[int]) -> list[Span]:
    """The blocks of the document, those that are too long in sentences."""
    found: list[Span] = []
    for block in (one.span for one in document.blocks):
        inside = sentences[bisect_right(sentences, block.start) : bisect_left(sentences, block.end)]
        cuts = [block.start, *(inside if block.end - block.start > SIZE - LEAD else ()), block.end]
        found += [Span(start, stop) for start, stop in pairwise(cuts)]
    return found
