"""Which characters of a passage are quoted: the sentence that answers best, and what it needs to stand alone.

Always one stretch of one passage. Knows scores, makes none.
"""

import re
from collections.abc import Sequence
from functools import cache

from index.answers.asked_words import Asked
from index.answers.composing.listing import is_headline
from index.answers.deciding import Limits
from index.answers.question import QuestionReading, numbers_in
from index.answers.relevance import FITTING, AnswerCandidate, Evidence, Weighed, has_figure
from index.search.lexical import content_words
from kb.records.document import BlockKind, Document, Span
from kb.words.lexicon import Phrases, lexicon, words_of
from kb.words.tokens import tokenize

_LEADS_ON = re.compile(r":\W*$")
_NOTE_MARKS = re.compile(r"(?<=\S)(?:\s?\[\d{1,3}\])+\s*$")
_PAIRS = (("«", "»"), ("“", "”"), ("(", ")"), ("[", "]"))
# "asked 900 guests why they left": who asked, whom, and the question word, in one clause.
_WHOM = 80


def points_back(sentence: str) -> bool:
    """Whether a sentence opens with what only the one before it explains ("However", "Esto …", "They …").

    >>> points_back("However, it fell."), points_back("Los clientes esperan.")
    (True, False)
    """
    return _opening_with("back_pointer").match(sentence) is not None


def leads_on(sentence: str) -> bool:
    """Whether a sentence announces what follows it ("… are:")."""
    return _LEADS_ON.search(sentence) is not None


def tells_asking(sentence: str) -> bool:
    """Whether a sentence tells that something was asked, not what was answered.

    >>> tells_asking("Preguntamos a 900 abonados por qué se fueron.")
    True
    >>> tells_asking("Asked why, 40 % named the queue.")
    False
    """
    found = _asking().search(sentence)
    return found is not None and not any(mark in sentence[found.end() :] for mark in ",;:%")


def points_on(sentence: str) -> bool:
    """Whether a sentence only points to the text it stands in ("continue reading below", "como hemos visto")."""
    return next(_pointers().found(tokenize(sentence)), None) is not None


def unclosed(text: str) -> tuple[bool, bool]:
    """Whether a quotation or bracket begins in the text and does not end there, and whether one ends that does not
    begin.

    >>> unclosed("«No es la factura"), unclosed("no es”, dice."), unclosed("(a) «b»")
    ((True, False), (False, True), (False, False))
    """
    opened, closed = text.count('"') % 2 == 1, False
    for start, end in _PAIRS:
        depth = least = 0
        for mark in text:
            depth += (mark == start) - (mark == end)
            least = min(least, depth)
        opened, closed = opened or depth > least, closed or least < 0
    return opened, closed


def marks_at_end(text: str) -> int:
    """How many characters at the end are marks of notes ("the council.[1]"), which read like an answer's own."""
    return len(text) - len(_NOTE_MARKS.sub("", text))


def _either(cls: str) -> str:
    return "|".join(re.escape(form).replace(r"\ ", r"\s") for form in sorted(words_of(cls), key=len, reverse=True))


@cache
def _opening_with(cls: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{_either(cls)})(?!\w)", re.IGNORECASE)


@cache
def _asking() -> re.Pattern[str]:
    asks, words = _either("sample_asks"), _either("asked_word")
    return re.compile(rf"\b(?:{asks})\b[^.;:]{{0,{_WHOM}}}?\b(?:{words})\b", re.IGNORECASE)


@cache
def _pointers() -> Phrases:
    return lexicon().phrases("pointer")


_ACRONYM = 3
# A headline that is quoted says something of its own: a figure, and what it is a figure of.
_HEADLINE_WORDS = 5


def best_position(weighed: Weighed, reading: QuestionReading) -> int:
    """The sentence that answers best: where a figure is asked for, the best of those that have one, if any; a headline
    only where no other sentence has it."""
    one = weighed.candidate
    every = list(range(len(one.spans)))
    said = [one.spans[row].cut(one.document.text) for row in every]
    rows = [row for row in every if not is_headline(one.document, one.spans[row])]
    rows = [row for row in rows if not points_on(said[row])] or rows or every
    if reading.figures:
        stated = [row for row in rows if numbers_in(said[row]) >= set(reading.figures)]
        rows = stated or rows
    fitting = [row for row in rows if has_figure(reading, one.spans[row], one.statistics)]
    fitting = fitting or [row for row in every if has_figure(reading, one.spans[row], one.statistics)]
    ranks = weighed.ranks or weighed.scores
    return max(fitting or rows, key=lambda row: (ranks[row], -row))


def window(weighed: Weighed, position: int, reading: QuestionReading, limits: Limits) -> Span:
    """The sentence with what it needs to stand alone, always one stretch of its passage.

    It takes the neighbours of its paragraph that come near it in score, at most one on either side (for a figure only
    those that have one too), the sentence before it when it points back ("Este …", "However …"), what it announces or
    tells that was asked, and the other end of a quotation; never a headline.
    """
    one, text = weighed.candidate, weighed.candidate.document.text
    spans = one.spans
    first = last = position
    least = weighed.scores[position] - (limits.beside_figure if reading.wanted in FITTING else limits.beside)
    if position and _joins(weighed, position, position - 1, reading, least):
        first -= 1
    if position + 1 < len(spans) and _joins(weighed, position, position + 1, reading, least):
        last += 1
    first, last = _standing(one, first, last, limits)
    while spans[last].end - spans[first].start > limits.characters and (first, last) != (position, position):
        first, last = (first, last - 1) if last > position else (first + 1, last)
    found = Span(spans[first].start, spans[last].end)
    return Span(found.start, found.end - marks_at_end(found.cut(text)))


def _standing(one: AnswerCandidate, first: int, last: int, limits: Limits) -> tuple[int, int]:
    """The sentences from ``first`` to ``last`` with those that they cannot stand without."""
    spans, text = one.spans, one.document.text
    said = [span.cut(text) for span in spans]
    if first and points_back(said[first]) and not is_headline(one.document, spans[first - 1]):
        first -= 1
    if last + 1 < len(spans) and leads_on(said[last]):
        last = _end_of_list(one, last + 1, spans[first].start + limits.characters)
    while (
        last + 1 < len(spans) and tells_asking(said[last]) and not _parted(one.document, spans[last], spans[last + 1])
    ):
        last += 1
    opened, closed = unclosed(Span(spans[first].start, spans[last].end).cut(text))
    whole = (first - closed, last + opened)
    if whole[0] >= 0 and whole[1] < len(spans):
        wider = Span(spans[whole[0]].start, spans[whole[1]].end)
        if not any(unclosed(wider.cut(text))) and wider.end - wider.start <= limits.characters:
            return whole
    return first, last


def _parted(document: Document, earlier: Span, later: Span) -> bool:
    """Whether a blank line stands between two sentences."""
    return document.text.count("\n", earlier.end, later.start) > 1


def _end_of_list(one: AnswerCandidate, row: int, limit: int) -> int:
    """The last of the sentences that are points of the list which begins at this one, as far as ``limit`` lets them;
    the sentence itself where it is none."""
    points = [block.span for block in one.document.blocks if block.kind is BlockKind.LIST_ITEM]
    inside = [any(point.overlaps(span) for point in points) for span in one.spans]
    while inside[row] and row + 1 < len(inside) and inside[row + 1] and one.spans[row + 1].end <= limit:
        row += 1
    return row


def says_more(evidence: Evidence, asked: Asked) -> bool:
    """Whether the quote can be read alone and has a figure, or a word of more than three letters (no acronym) that is
    not the question's."""
    text = evidence.document.text
    quotes = [piece.span.cut(text) for piece in evidence.pieces]
    if all(points_on(quote) for quote in quotes) or leads_on(quotes[-1]) or tells_asking(quotes[-1]):
        return False
    words = content_words(evidence.text)
    if evidence.statistics or any(word.isdigit() and len(word) > 1 for word in words):
        return True
    return any(len(word) > _ACRONYM and not asked.says(word, evidence.passage.language) for word in words)


def stands_as_headline(evidence: Evidence) -> bool:
    """Whether the quote is a headline that says no more than what follows it: one without the figure asked for."""
    if not is_headline(evidence.document, evidence.span):
        return False
    return not (evidence.fits and evidence.statistics and len(evidence.text.split()) >= _HEADLINE_WORDS)


def _joins(weighed: Weighed, position: int, neighbour: int, reading: QuestionReading, least: float) -> bool:
    """Whether a neighbouring sentence is quoted too: beside a figure, one that has another or is nearer itself; none
    with a mark of a note between the two, which would read like the answer's own."""
    one, score = weighed.candidate, weighed.scores[neighbour]
    earlier, later = sorted((one.spans[position], one.spans[neighbour]))
    if _parted(one.document, earlier, later) or is_headline(one.document, one.spans[neighbour]):
        return False
    if points_on(one.spans[neighbour].cut(one.document.text)) or marks_at_end(earlier.cut(one.document.text)):
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
