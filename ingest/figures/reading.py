"""The order of the steps: sentences of passages to statistics and rejected numbers, in document coordinates.

Owns nothing else: what a number is, is refused for or says, is decided by the modules it calls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.figures.clauses import subject_of
from ingest.figures.counting import NO_UNITS
from ingest.figures.hedges import hedge_after, hedge_before
from ingest.figures.lines import Line, Quantity
from ingest.figures.marks import MarkEvidence
from ingest.figures.masks import masked_stretches
from ingest.figures.meaning import direction_of, sample_of
from ingest.figures.populations import population_of
from ingest.figures.provenance import ProvenanceReader
from ingest.figures.quantities import find_quantities, may_hold_numbers
from ingest.figures.refusals import refuse
from ingest.figures.scan import Token, lower_at, tokenize
from ingest.figures.scores import named_score
from ingest.figures.settings import Setting
from ingest.figures.sharing import shared_units
from ingest.figures.tongue import line_language
from kb.document import Document, FieldOrigin, Passage, Span, content_id
from kb.statistic import Comparator, Kind, RejectedNumber, Statistic

_DIGIT = re.compile(r"[0-9]")
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


@dataclass(frozen=True, slots=True)
class _Judged:
    """A quantity of a line with its comparator, its tokens hedge included, and the reason against it."""

    found: Quantity
    comparator: Comparator
    first: int
    stop: int
    reason: str | None


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
    invented = 0
    for (passage, span), (_, text), (_, full) in zip(sentences, spoken, whole, strict=True):
        if len(statistics) + len(rejected) >= MAX_NUMBERS:
            notes.append(_ended(statistics, f"{MAX_NUMBERS} numbers of the document were read", span.start))
            break
        if not may_hold_numbers(text):
            continue
        masks = masked_stretches(text) if _DIGIT.search(text) else []
        tokens = known_tokens[span.start] = tokenize(text)
        line = Line(text, tokens, line_language(tokens, passage.language), evidence, masks)
        setting = Setting(text)
        if setting.invented:
            invented = _paragraph_end(document.text, span)
        for judged in _judge(line, setting, span.start < invented):
            if judged.reason is None:
                statistics.append(_statistic(line, judged, passage, span, provenance))
            else:
                raw_span = _span(line, judged.found.first, judged.found.stop).shifted(span.start)
                rejected.append(RejectedNumber(raw_span, raw_span.cut(document.text), judged.reason))
        if span != full:
            notes.append(_ended(statistics, f"{MAX_SENTENCE_CHARS} characters of a sentence were read", span.end))
    return FigureReading(tuple(statistics), tuple(rejected), tuple(notes))


def _readable(sentence: Span) -> Span:
    """As much of a sentence as is read."""
    return Span(sentence.start, min(sentence.end, sentence.start + MAX_SENTENCE_CHARS))


def _ended(statistics: list[Statistic], reason: str, place: int) -> str:
    """The note that reading ended, which the last statistic before it gets too."""
    note = f"{reason}; numbers from character {place} on were not"
    if statistics and statistics[-1].note is None:
        statistics[-1] = replace(statistics[-1], note=note)
    return note


def _paragraph_end(text: str, sentence: Span) -> int:
    """Where the paragraph of a sentence ends."""
    end = text.find("\n", sentence.end)
    return len(text) if end < 0 else end


def _judge(line: Line, setting: Setting, invented: bool) -> Iterator[_Judged]:
    """The quantities of a line, each with its hedge and the reason against it if any."""
    shared = shared_units(line, list(find_quantities(line)))
    for named in shared_units(line, [named_score(line, found) for found in shared]):
        judged = _hedged(line, named)
        yield replace(judged, reason="hypothetical" if invented else refuse(line, named, judged.comparator, setting))


def _hedged(line: Line, found: Quantity) -> _Judged:
    first, stop, comparator = found.first, found.stop, found.comparator
    before = hedge_before(line.tokens, _verb_start(line, found), line.language)
    if before is None and found.kind is Kind.MULTIPLIER and lower_at(line.tokens, found.first - 1) in ("por", "by"):
        before = hedge_before(line.tokens, found.first - 1, line.language)  # "casi por cuatro"
    after = hedge_after(line.tokens, found.stop, line.language)
    if after is None and found.bare != found.stop:
        after = hedge_after(line.tokens, found.bare, line.language)
    if after is None and found.kind is Kind.COUNT and lower_at(line.tokens, found.stop + 1) in ("o", "or"):
        after = hedge_after(line.tokens, found.stop + 1, line.language)  # "three channels or more"
    if before is not None and (comparator is not Comparator.RANGE or before[1] is Comparator.UP_TO):
        first, comparator = before[0], before[1] if comparator is None else comparator
    if (
        before is None
        and found.kind is Kind.DURATION
        and lower_at(line.tokens, found.first - 1) in ("within", "inside")
    ):
        first, comparator = found.first - 1, comparator or Comparator.AT_MOST
    if after is not None:
        stop = max(stop, after[0])
        comparator = comparator or after[1]
    return _Judged(found, comparator or Comparator.EXACT, first, stop, None)


def _verb_start(line: Line, found: Quantity) -> int:
    """Where a hedge of the quantity would end: before the "se ha" of "casi se ha duplicado"."""
    first = found.first
    if found.kind is Kind.MULTIPLIER and found.form == "named":
        while lower_at(line.tokens, first - 1) in ("se", "ha", "han", "había", "habían"):
            first -= 1
    return first


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
    line: Line, judged: _Judged, passage: Passage, sentence: Span, provenance: ProvenanceReader
) -> Statistic:
    found = judged.found
    span = _span(line, judged.first, judged.stop).shifted(sentence.start)
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
        comparator=judged.comparator,
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
