"""Which characters of a passage are quoted: the sentence that answers best, and what it needs to stand alone.

Always one stretch of one passage. Knows scores, makes none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.deciding import Limits
from index.pieces import Evidence
from index.relevance import FITTING, Weighed, has_figure
from kb.document import Span
from kb.question import QuestionReading

_POINTS_BACK = re.compile(
    r"\W*(?:est[eaos]+|es[eaos]+|ell[oa]s?|él|dich[oa]s?|así|además|por eso|por ello|por tanto|también|lo anterior|"
    r"this|that|these|those|they|it|he|she|such|so|also|moreover|however|therefore|then|both|neither)\b",
    re.IGNORECASE,
)
_LEAD_IN = re.compile(r":\s*$")


def best_position(weighed: Weighed, reading: QuestionReading) -> int:
    """The sentence that answers best: where a figure is asked for, the best of those that have one, if any."""
    one = weighed.candidate
    fitting = [row for row, span in enumerate(one.spans) if has_figure(reading, span, one.statistics)]
    return max(fitting or range(len(weighed.scores)), key=lambda row: (weighed.scores[row], -row))


def window(weighed: Weighed, position: int, reading: QuestionReading, limits: Limits) -> Span:
    """The sentence with what it needs to stand alone, always one stretch of its passage.

    It takes the neighbours that come near it in score, at most one on either side (for a figure only those that
    have one too), and the sentence before it when it points back ("Este …", "They …").
    """
    spans, text = weighed.candidate.spans, weighed.candidate.document.text
    first = last = position
    least = weighed.scores[position] - (limits.beside_figure if reading.wanted in FITTING else limits.beside)
    if position and _joins(weighed, position - 1, reading, least):
        first -= 1
    if position + 1 < len(spans) and _joins(weighed, position + 1, reading, least):
        last += 1
    if first and _POINTS_BACK.match(spans[first].cut(text)):
        first -= 1
    if last + 1 < len(spans) and _LEAD_IN.search(spans[last].cut(text)):
        last += 1
    while spans[last].end - spans[first].start > limits.characters and (first, last) != (position, position):
        first, last = (first, last - 1) if last > position else (first + 1, last)
    return Span(spans[first].start, spans[last].end)


def _joins(weighed: Weighed, position: int, reading: QuestionReading, least: float) -> bool:
    """Whether a neighbouring sentence is quoted too: beside a figure, one that has another or is nearer itself."""
    one, score = weighed.candidate, weighed.scores[position]
    if reading.wanted not in FITTING or has_figure(reading, one.spans[position], one.statistics):
        return score >= least
    return score >= max(weighed.scores)


def distinct(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence without what quotes characters that better evidence quotes already."""
    kept: list[Evidence] = []
    for one in evidence:
        taken = [piece.span for other in kept if other.document.id == one.document.id for piece in other.pieces]
        if not any(piece.span.overlaps(span) for piece in one.pieces for span in taken):
            kept.append(one)
    return kept
