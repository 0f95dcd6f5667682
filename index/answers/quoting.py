"""Which characters of a passage are quoted: the sentence that answers best, and what it needs to stand alone.

Always one stretch of one passage. Knows scores, makes none.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from index.answers.asked_words import Asked
from index.answers.deciding import Limits
from index.answers.pieces import Evidence
from index.answers.question import QuestionReading, numbers_in
from index.answers.relevance import FITTING, Candidate, Weighed, has_figure
from index.search.lexical import content_words
from kb.records.document import BlockKind, Document, Span
from kb.words.lexicon import Phrases, lexicon
from kb.words.tokens import tokenize

_POINTS_BACK = re.compile(
    r"\W*(?:est[eaos]+|es[eaos]+|ell[oa]s?|él|dich[oa]s?|así|además|por eso|por ello|por tanto|también|lo anterior|"
    r"this|that|these|those|they|it|he|she|such|so|also|moreover|however|therefore|then|both|neither)\b",
    re.IGNORECASE,
)
_NOTE_MARKS = re.compile(r"(?<=\S)(?:\s?\[\d{1,3}\])+\s*$")
_LEAD_IN = re.compile(r":\s*$")
# A title may run to a line and a half; what ends without a mark and is longer is a paragraph that lost its stop.
_TITLE_WORDS = 20
_ACRONYM = 3
_NUMBERED = re.compile(r"\d{1,3}[.)]\s")
_STOPS = ".!?…:;,"
_CLOSING = "\"'”»’)]"


def best_position(weighed: Weighed, reading: QuestionReading) -> int:
    """The sentence that answers best: where a figure is asked for, the best of those that have one, if any."""
    one = weighed.candidate
    rows = [row for row, span in enumerate(one.spans) if not is_headline(one.document, span)]
    telling = [row for row in rows if not points_on(one.spans[row].cut(one.document.text))]
    rows = telling or rows or list(range(len(one.spans)))
    if reading.figures:
        stated = [row for row in rows if numbers_in(one.spans[row].cut(one.document.text)) >= set(reading.figures)]
        rows = stated or rows
    fitting = [row for row in rows if has_figure(reading, one.spans[row], one.statistics)]
    return max(fitting or rows, key=lambda row: (weighed.scores[row], -row))


def is_headline(document: Document, span: Span) -> bool:
    """Whether these characters are a line that names what follows: a heading, or a short line of its own that ends
    without a mark or asks something, as titles do in plain text. A point of a list is none; a numbered line that stands
    alone between paragraphs is ("8. Map your journey")."""
    place = next((place for place, block in enumerate(document.blocks) if block.span.overlaps(span)), None)
    if place is None:
        return False
    block = document.blocks[place]
    line = block.span.cut(document.text).strip()
    if line != span.cut(document.text).strip():
        return False
    if block.kind is BlockKind.HEADING:
        return True
    beside = document.blocks[max(0, place - 1) : place] + document.blocks[place + 1 : place + 2]
    alone = _NUMBERED.match(line) and not any(other.kind is BlockKind.LIST_ITEM for other in beside)
    if block.kind is not BlockKind.PARAGRAPH and not (block.kind is BlockKind.LIST_ITEM and alone):
        return False
    short = len(line.split()) <= _TITLE_WORDS and "\n" not in line
    asks = line.endswith("?") and block.kind is BlockKind.PARAGRAPH
    return short and (asks or line.rstrip(_CLOSING)[-1:] not in _STOPS)


def points_on(sentence: str) -> bool:
    """Whether a sentence only points to the text it stands in ("continue reading below", "como hemos visto")."""
    return next(_pointers().found(tokenize(sentence)), None) is not None


@cache
def _pointers() -> Phrases:
    return lexicon().phrases("pointer")


def _parted(document: Document, earlier: Span, later: Span) -> bool:
    """Whether a blank line stands between two sentences."""
    return document.text.count("\n", earlier.end, later.start) > 1


def window(weighed: Weighed, position: int, reading: QuestionReading, limits: Limits) -> Span:
    """The sentence with what it needs to stand alone, always one stretch of its passage.

    It takes the neighbours of its paragraph that come near it in score, at most one on either side (for a figure only
    those that have one too), and the sentence before it when it points back ("Este …", "They …"); never a headline.
    """
    spans, text = weighed.candidate.spans, weighed.candidate.document.text
    first = last = position
    least = weighed.scores[position] - (limits.beside_figure if reading.wanted in FITTING else limits.beside)
    if position and _joins(weighed, position, position - 1, reading, least):
        first -= 1
    if position + 1 < len(spans) and _joins(weighed, position, position + 1, reading, least):
        last += 1
    document = weighed.candidate.document
    if first and _POINTS_BACK.match(spans[first].cut(text)) and not is_headline(document, spans[first - 1]):
        first -= 1
    if last + 1 < len(spans) and _LEAD_IN.search(spans[last].cut(text)):
        last = _end_of_list(weighed.candidate, last + 1, spans[first].start + limits.characters)
    while spans[last].end - spans[first].start > limits.characters and (first, last) != (position, position):
        first, last = (first, last - 1) if last > position else (first + 1, last)
    return without_marks(Span(spans[first].start, spans[last].end), text)


def without_marks(span: Span, text: str) -> Span:
    """The span without marks of notes at its end ("the council.[1]"), which would read like the answer's own."""
    return Span(span.start, span.start + len(_NOTE_MARKS.sub("", span.cut(text))))


def _end_of_list(one: Candidate, row: int, limit: int) -> int:
    """The last of the sentences that are points of the list which begins at this one, as far as ``limit`` lets them;
    the sentence itself where it is none."""
    points = [block.span for block in one.document.blocks if block.kind is BlockKind.LIST_ITEM]
    inside = [any(point.overlaps(span) for point in points) for span in one.spans]
    while inside[row] and row + 1 < len(inside) and inside[row + 1] and one.spans[row + 1].end <= limit:
        row += 1
    return row


def says_more(evidence: Evidence, asked: Asked) -> bool:
    """Whether the quote has a figure, or a word of more than three letters (no acronym) that is not the question's."""
    words = content_words(evidence.text)
    if all(points_on(piece.span.cut(evidence.document.text)) for piece in evidence.pieces):
        return False
    if evidence.statistics or any(word.isdigit() and len(word) > 1 for word in words):
        return True
    return any(len(word) > _ACRONYM and not asked.says(word, evidence.passage.language) for word in words)


def _joins(weighed: Weighed, position: int, neighbour: int, reading: QuestionReading, least: float) -> bool:
    """Whether a neighbouring sentence is quoted too: beside a figure, one that has another or is nearer itself."""
    one, score = weighed.candidate, weighed.scores[neighbour]
    earlier, later = sorted((one.spans[position], one.spans[neighbour]))
    if _parted(one.document, earlier, later) or is_headline(one.document, one.spans[neighbour]):
        return False
    if points_on(one.spans[neighbour].cut(one.document.text)):
        return False
    if reading.wanted not in FITTING or has_figure(reading, one.spans[neighbour], one.statistics):
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
