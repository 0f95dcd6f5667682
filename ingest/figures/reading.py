"""The order of the steps: sentences of passages to statistics and rejected numbers, in document coordinates.

Owns nothing else: what a number is, is refused for or says, is decided by the modules it calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.figures.clauses import subject_of
from ingest.figures.meaning import direction_of, sample_of
from ingest.figures.tongue import line_language
from ingest.refusing import Setting, refuse
from ingest.refusing.counts import NO_UNITS
from ingest.refusing.masks import Mask, masked_stretches
from ingest.studies.populations import population_of
from ingest.studies.provenance import ProvenanceReader
from kb.numbers.marks import MarkEvidence
from kb.numbers.quantities import may_hold_numbers, read_quantities
from kb.numbers.records import Line, Quantity
from kb.numbers.scores import INDEXES
from kb.records.document import Document, FieldOrigin, Passage, Span, content_id
from kb.records.messages import say
from kb.records.statistic import Kind, RejectedNumber, Statistic
from kb.words.tokens import Token, tokenize

_DIGIT = re.compile(r"\d")
# Reading takes about 0.1 ms a number: a hostile document ends in seconds. Passages are split at 1,600 characters, so
# no sentence of ours is longer; a book of a thousand pages has fewer numbers.
MAX_SENTENCE_CHARS = 8_000
MAX_NUMBERS = 25_000


@dataclass(frozen=True, slots=True)
class FigureReading:
    """All numbers of a document: those that are statistics, and those that are not with the reason.

    ``notes`` say what was not read.
    """

    statistics: tuple[Statistic, ...]
    rejected: tuple[RejectedNumber, ...]
    notes: tuple[str, ...] = ()


def read_figures(document: Document, passages: Sequence[Passage]) -> tuple[Statistic, ...]:
    """The statistics of the passages in order; spans are the document's, ``document.text[span] == raw``."""
    return read_passages(document, passages).statistics


def explain_figures(document: Document, passages: Sequence[Passage]) -> tuple[RejectedNumber, ...]:
    """Every number of the passages that is no figure, with its span in the document and the reason."""
    return read_passages(document, passages).rejected


def read_passages(document: Document, passages: Sequence[Passage]) -> FigureReading:
    """Both: the statistics and the rejected numbers of the passages, and what was left unread if anything.

    Of a sentence MAX_SENTENCE_CHARS are read, of a document about MAX_NUMBERS numbers; the notes, and the note of the
    last statistic before the limit, say where reading ended.
    """
    whole = [(passage, span) for passage in passages for span in (passage.sentences or (passage.span,))]
    sentences = [(passage, _readable(span)) for passage, span in whole]
    evidence = MarkEvidence.gather(passage.text for passage in passages)
    spoken = [(span.start, span.cut(document.text)) for _, span in sentences]
    known_tokens: dict[int, list[Token]] = {}
    provenance = ProvenanceReader(document, sorted(spoken), known_tokens)
    statistics: list[Statistic] = []
    rejected: list[RejectedNumber] = []
    notes: list[str] = []
    context = _Context()
    for (passage, span), (_, text), (_, full) in zip(sentences, spoken, whole, strict=True):
        if len(statistics) + len(rejected) >= MAX_NUMBERS:
            notes.append(_ended(statistics, say("numbers_of_the_document_were_read", count=MAX_NUMBERS), span.start))
            break
        if not may_hold_numbers(text):
            context.pass_over(text)
            continue
        masks = masked_stretches(text) if _DIGIT.search(text) else []
        tokens = known_tokens[span.start] = tokenize(text)
        line = Line(text, tokens, line_language(tokens, passage.language), evidence)
        for found, reason in context.judged(line, masks, span, document.text):
            if reason is None:
                statistics.append(_statistic(line, found, passage, span, provenance))
            else:
                raw_span = _span(line, found.first, found.stop).shifted(span.start)
                rejected.append(RejectedNumber(raw_span, raw_span.cut(document.text), reason))
        if span != full:
            notes.append(
                _ended(statistics, say("characters_of_a_sentence_were_read", count=MAX_SENTENCE_CHARS), span.end)
            )
    return FigureReading(tuple(statistics), tuple(rejected), tuple(notes))


def _readable(sentence: Span) -> Span:
    """As much of a sentence as is read."""
    return Span(sentence.start, min(sentence.end, sentence.start + MAX_SENTENCE_CHARS))


def _ended(statistics: list[Statistic], reason: str, place: int) -> str:
    """The note that reading ended, which the last statistic before it gets too."""
    note = say("and_numbers_from_there_were_not", reason=reason, place=place)
    if statistics and statistics[-1].note is None:
        statistics[-1] = replace(statistics[-1], note=note)
    return note


class _Context:
    """What earlier sentences say of the next: an invented example, a sum worked out, the measure of a flat table."""

    def __init__(self) -> None:
        self._invented = 0
        self._worked: tuple[int, str] | None = None
        self._measure = False

    def pass_over(self, text: str) -> None:
        """Note a sentence without numbers: a short one that names an index heads the rows after it."""
        self._measure = len(text) < 80 and not INDEXES.isdisjoint(text.lower().split())

    def judged(self, line: Line, masks: Sequence[Mask], span: Span, text: str) -> Iterator[tuple[Quantity, str | None]]:
        """The quantities of a line, each with the reason against it if any."""
        found = read_quantities(line)
        if not found:
            self._measure = False
            return
        setting = Setting(line)
        if setting.invented:
            end = text.find("\n", span.end)
            self._invented = len(text) if end < 0 else end
        carried = self._carried(setting, span, text)
        self._measure = self._measure and len(found) == 1 and found[0].stop == len(line.tokens)
        self._worked = None
        for one in found:
            row = replace(one, kind=Kind.SCORE) if self._measure and one.kind is Kind.COUNT else one
            reason = carried or refuse(line, row, setting, masks)
            if reason in ("formula", "hypothetical"):
                self._worked = span.end, reason
            yield row, reason

    def _carried(self, setting: Setting, span: Span, text: str) -> str | None:
        """The reason against every number of this sentence that a sentence before it gives, or null."""
        if span.start < self._invented:
            return "hypothetical"
        if self._worked is None or not setting.concludes or "\n" in text[self._worked[0] : span.start]:
            return None
        return self._worked[1]


def _span(line: Line, first: int, stop: int) -> Span:
    return Span(line.tokens[first].start, line.tokens[stop - 1].end)


def _unit(line: Line, found: Quantity) -> str | None:
    """The unit found, or for a count the noun right after it as it stands."""
    if found.unit is not None or found.kind is not Kind.COUNT:
        return None if found.unit == "times" and found.kind is Kind.MULTIPLIER else found.unit
    place = found.stop
    if place < len(line.tokens) and line.tokens[place].lower in ("de", "of", "los", "las", "the"):
        place += 1
    if place < len(line.tokens) and line.tokens[place].kind == "w" and line.tokens[place].lower not in NO_UNITS:
        return line.tokens[place].text
    return None


def _statistic(
    line: Line, found: Quantity, passage: Passage, sentence: Span, provenance: ProvenanceReader
) -> Statistic:
    span = _span(line, *found.whole).shifted(sentence.start)
    known = provenance.of(sentence.start, line.tokens[found.first].start)
    population, subject = population_of(line, found), subject_of(line, found)
    said = [
        FieldOrigin(field, "sentence") for field, value in (("population", population), ("subject", subject)) if value
    ]
    return Statistic(
        id=content_id("s", passage.id, str(span.start), str(span.end)),
        passage_id=passage.id,
        span=span,
        raw=span.shifted(-sentence.start).cut(line.text),
        value=found.value if found.note is None else None,
        high=found.high if found.note is None else None,
        kind=found.kind,
        unit=_unit(line, found),
        comparator=found.bounds,
        direction=direction_of(line, found),
        subject=subject,
        population=population,
        sample_size=sample_of(line, found),
        source=known.source,
        study=known.study,
        year=known.year,
        quote=line.text,
        quote_span=sentence,
        language=line.language,
        topics=tuple(assignment.topic for assignment in passage.topics),
        origins=(*known.origins, *said),
        note=found.note,
    )
