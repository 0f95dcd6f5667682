"""The order of the steps: sentences of passages to statistics and rejected numbers, in document coordinates.

Owns nothing else: what a number is, is refused for or says, is decided by the modules it calls.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from ingest.figures.clauses import subject_of
from ingest.figures.meaning import direction_of, sample_beside, sample_of
from ingest.figures.tables import ASKED, Row, placed, tables
from ingest.figures.tongue import line_language
from ingest.refusing import Around, Setting, refuse
from ingest.refusing.masks import Mask, masked_stretches
from ingest.studies.attributing import COLUMN, attributed
from ingest.studies.discourse import Discourse
from ingest.studies.populations import population_of
from ingest.studies.provenance import ProvenanceReader
from ingest.studies.when.periods import whole_year
from kb.numbers.joining import lasting
from kb.numbers.marks import MarkEvidence
from kb.numbers.quantities import as_told, may_hold_numbers, read_quantities
from kb.numbers.records import Line, Quantity
from kb.numbers.scores import INDEXES
from kb.records.document import Document, FieldOrigin, Passage, Span, content_id
from kb.records.messages import say
from kb.records.ports import FigureWordReader
from kb.records.statistic import Kind, RejectedNumber, Statistic
from kb.words.lexicon import words_of
from kb.words.tokens import Token, lower_at, tokenize

Judge = Callable[[Line, Quantity, Setting, Sequence[Mask]], str | None]
"""What says why a quantity is no figure, or null."""
Attributor = Callable[
    [Sequence[Statistic], Discourse, Callable[[], object] | None], tuple[list[Statistic], tuple[str, ...]]
]
"""What weighs the whole document for the fields that the sentences gave or left open; with notes on what it left."""
_DIGIT = re.compile(r"\d")
_SHARES = frozenset({Kind.PERCENT, Kind.RATIO, Kind.FRACTION})
_MEASURED = _SHARES | {Kind.SCORE}
_NO_UNITS = words_of("no_unit")
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


def read_figures(
    document: Document, passages: Sequence[Passage], embedder: Callable[[], object] | None = None
) -> tuple[Statistic, ...]:
    """The statistics of the passages in order; spans are the document's, ``document.text[span] == raw``.

    The ``embedder`` is asked for at the first number; where it is a ``FigureWordReader`` it is asked which unsure
    numbers are figures, and whose they are.
    """
    return read_passages(document, passages, embedder).statistics


def read_passages(
    document: Document,
    passages: Sequence[Passage],
    embedder: Callable[[], object] | None = None,
    judge: Judge = refuse,
    attributor: Attributor = attributed,
) -> FigureReading:
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
    samples: list[Statistic] = []
    rows = tables([(start, text) for start, text in spoken], passages[0].language) if passages else {}
    context = _ReadingContext(rows, judge, embedder)
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
        for found, reason, year in context.judged(line, masks, span, passage, document.text):
            if reason is None or reason == "sample_size":
                made = _statistic(line, found, passage, span, provenance, context)
                statistics.append(made if year is None else _of_column(made, year))
                samples += [made] if reason else []
            else:
                raw_span = _span(line, found.first, found.stop).shifted(span.start)
                rejected.append(RejectedNumber(raw_span, raw_span.cut(document.text), reason))
        if span != full:
            notes.append(
                _ended(statistics, say("characters_of_a_sentence_were_read", count=MAX_SENTENCE_CHARS), span.end)
            )
    statistics, sizes = _without_samples(statistics, samples)
    statistics, left_open = attributor(statistics, Discourse(document, sorted(spoken), known_tokens), embedder)
    statistics, asked = _without_asked(statistics)
    sizes += asked
    refused = sorted([*rejected, *sizes], key=lambda one: one.span.start) if sizes else rejected
    return FigureReading(tuple(statistics), tuple(refused), (*notes, *left_open))


def _without_samples(
    statistics: list[Statistic], samples: Sequence[Statistic]
) -> tuple[list[Statistic], list[RejectedNumber]]:
    """The statistics without the sizes of samples beside what was found of them; alone they stay."""
    if not samples:
        return statistics, []
    sizes = {one.id for one in samples}
    told = {one.passage_id for one in statistics if one.id not in sizes and one.kind in _MEASURED}
    dropped = {one.id for one in samples if one.passage_id in told}
    rejected = [RejectedNumber(one.span, one.raw, "sample_size") for one in samples if one.id in dropped]
    return [one for one in statistics if one.id not in dropped], rejected


def _without_asked(statistics: Sequence[Statistic]) -> tuple[list[Statistic], list[RejectedNumber]]:
    """The statistics without the counts that shares and scores of the document have as the size of their sample. A
    number in a line of its own, as in a table, is a finding too."""
    sizes = {one.sample_size for one in statistics if one.sample_size is not None and one.kind in _MEASURED}
    dropped = [one for one in statistics if one.kind is Kind.COUNT and one.value in sizes and one.quote != one.raw]
    rejected = [RejectedNumber(one.span, one.raw, "sample_size") for one in dropped]
    gone = {one.id for one in dropped}
    return [one for one in statistics if one.id not in gone], rejected


def _readable(sentence: Span) -> Span:
    """As much of a sentence as is read."""
    return Span(sentence.start, min(sentence.end, sentence.start + MAX_SENTENCE_CHARS))


def _ended(statistics: list[Statistic], reason: str, place: int) -> str:
    """The note that reading ended, which the last statistic before it gets too."""
    note = say("and_numbers_from_there_were_not", reason=reason, place=place)
    if statistics and statistics[-1].note is None:
        statistics[-1] = replace(statistics[-1], note=note)
    return note


class _ReadingContext:
    """What earlier sentences say of the next: an invented example, a sum worked out, the measure of a flat table."""

    def __init__(self, rows: Mapping[int, Row], judge: Judge, embedder: Callable[[], object] | None) -> None:
        self._rows, self._judge, self._embedder = rows, judge, embedder
        self._invented = 0
        self._worked: tuple[int, str] | None = None
        self._measure = False
        self._sample: int | None = None
        self._row: Row | None = None
        self._lasting: str | None = None
        self._quantities: Sequence[Quantity] = ()

    def sample_for(self, line: Line, found: Quantity) -> int | None:
        """How many were asked or counted, where the sentence says it beside what was found of them."""
        if found.kind not in _SHARES:
            return None
        return sample_beside(line, found, self._quantities) or self._sample

    @property
    def label(self) -> str | None:
        """Whom the figures of this row of a table are of; null elsewhere."""
        return None if self._row is None else self._row.label

    def pass_over(self, text: str) -> None:
        """Note a sentence without numbers: a short one that names an index heads the rows after it."""
        self._lasting = None
        self._measure = len(text) < 80 and not INDEXES.isdisjoint(text.lower().split())

    def judged(
        self, line: Line, masks: Sequence[Mask], span: Span, passage: Passage, text: str
    ) -> Iterator[tuple[Quantity, str | None, int | None]]:
        """The quantities of a line, each with the reason against it if any, and the year of its column."""
        found = read_quantities(line)
        if self._lasting is not None:
            found = [lasting(line, one, self._lasting) for one in found]
        self._quantities = found
        self._lasting = next((one.unit for one in reversed(found) if one.kind is Kind.DURATION), None)
        if not found:
            self._measure = False
            return
        around = Around(passage.text, span.start - passage.span.start, self._reader)
        setting = Setting(line, [one.first for one in found if one.kind in _SHARES], around)
        if setting.invented:
            end = text.find("\n", span.end)
            self._invented = len(text) if end < 0 else end
        carried = self._carried(setting, span, text)
        self._measure = self._measure and len(found) == 1 and found[0].stop == len(line.tokens)
        self._worked = None
        row = self._row = self._rows.get(span.start)
        sampled = self._sampled(line, found, setting)
        reasons: dict[int, str | None] = {}
        for one in found:
            year = None
            if self._measure and one.kind is Kind.COUNT:
                one = replace(one, kind=Kind.SCORE)
            if row is not None:
                one, year = placed(line, one, row)
            heading = "heading" if row is not None and row.heading else None
            asked = row is not None and row.column(line.tokens[one.first].start) is ASKED
            reason = carried or heading or ("sample_size" if asked else self._judge(line, one, setting, masks))
            if reason in (None, "not_measured") and one.first in sampled:
                reason = "sample_size"  # no finding; it stays where nothing else is told
            if reason is None and one.anchor is not None and reasons.get(one.anchor) not in (None, "recommendation"):
                reason = reasons[one.anchor]
            reasons[one.first] = reason
            if reason in ("formula", "hypothetical"):
                self._worked = span.end, reason
            yield one, reason, year

    @cached_property
    def _reader(self) -> FigureWordReader | None:
        embedder = None if self._embedder is None else self._embedder()
        return embedder if isinstance(embedder, FigureWordReader) else None

    def _sampled(self, line: Line, found: Sequence[Quantity], setting: Setting) -> frozenset[int]:
        """Where the counts stand that only say how many were asked: beside what they said, or where a study is told."""
        samples = {one.first: sample_of(line, one) for one in found if one.kind is Kind.COUNT}
        asked = [first for first, size in samples.items() if size is not None]
        places = {one.first for one in found if _is_placed(line, one) and any(at < one.first for at in asked)}
        self._sample = samples[asked[0]] if asked else None
        if setting.surveys:
            return frozenset(samples)
        measured = any(one.kind in _MEASURED for one in found)
        return frozenset(asked) | (places if measured else frozenset())

    def _carried(self, setting: Setting, span: Span, text: str) -> str | None:
        """The reason against every number of this sentence that a sentence before it gives, or null."""
        if span.start < self._invented:
            return "hypothetical"
        if self._worked is None or not setting.concludes or "\n" in text[self._worked[0] : span.start]:
            return None
        return self._worked[1]


def _of_column(statistic: Statistic, year: int) -> Statistic:
    """The statistic with the year that heads its column of a table."""
    kept = tuple(one for one in statistic.origins if one.field not in ("period", "year"))
    told = tuple(FieldOrigin(field, COLUMN) for field in ("period", "year"))
    return replace(statistic, year=year, period=whole_year(year), origins=(*kept, *told))


def _is_placed(line: Line, found: Quantity) -> bool:
    """ "in 14 counties": in how many places somebody was asked."""
    return found.kind is Kind.COUNT and lower_at(line.tokens, found.first - 1) in ("in", "en", "across")


def _span(line: Line, first: int, stop: int) -> Span:
    return Span(line.tokens[first].start, line.tokens[stop - 1].end)


def _unit(line: Line, found: Quantity) -> str | None:
    """The unit found, or for a count the noun right after it as it stands."""
    if found.unit is not None or found.kind is not Kind.COUNT:
        return None if found.unit == "times" and found.kind is Kind.MULTIPLIER else found.unit
    place = found.stop
    if place < len(line.tokens) and line.tokens[place].lower in ("de", "of", "los", "las", "the"):
        place += 1
    if place < len(line.tokens) and line.tokens[place].kind == "w" and line.tokens[place].lower not in _NO_UNITS:
        return line.tokens[place].text
    return None


def _statistic(
    line: Line,
    found: Quantity,
    passage: Passage,
    sentence: Span,
    provenance: ProvenanceReader,
    context: _ReadingContext,
) -> Statistic:
    found = as_told(line, found)
    span = _span(line, *found.whole).shifted(sentence.start)
    known = provenance.of(sentence.start, line.tokens[found.first].start)
    population, subject = population_of(line, found) or context.label, subject_of(line, found)
    size = sample_of(line, found) or context.sample_for(line, found)
    told = (("population", population), ("subject", subject), ("sample_size", size))
    said = [FieldOrigin(field, "sentence") for field, value in told if value]
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
        sample_size=size,
        source=known.source,
        study=known.study,
        year=None if known.period is None else known.period.year,
        quote=line.text,
        quote_span=sentence,
        language=line.language,
        topics=tuple(assignment.topic for assignment in passage.topics),
        origins=(*known.origins, *said),
        note=found.note,
        period=known.period,
    )
