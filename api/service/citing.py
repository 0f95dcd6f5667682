"""Citations of passages, statistics and documents in a style: what ``/v1/citations`` gives."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from api.service.copy_ready import attributions, copy_ready, is_author, reported_by
from api.service.hits import cite_span as cite_span
from api.service.schemas import CitedStatistic, FigurePlace
from index.answers.relevance import FoundFinding
from index.search.figure_finding import FoundFigure
from kb.citing import Reference, Style, as_cited_in, format_reference, in_text, of_source, quote_with_citation
from kb.citing.composing import CitedFinding
from kb.records.answer import Finding
from kb.records.document import Document, Passage, Span
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import Citation, DocumentReference, permalink, public_link
from kb.records.statistic import Statistic
from kb.store import Store


@dataclass(frozen=True, slots=True)
class FormattedCitation:
    """A citation of a passage, a statistic or a document. ``quote`` and ``passage_id`` are null for a whole
    document; ``in_text`` is null for file formats (BibTeX, RIS, CSL-JSON), and names who measured a figure that the
    document repeats, as the style asks. ``current`` is false for a version or a
    reading that a newer one has replaced; ``corrected`` is when the record was last corrected, null if never."""

    id: str
    document: DocumentReference
    passage_id: str | None
    quote: str | None
    entry: str
    in_text: str | None
    with_quote: str | None
    permalink: str | None
    current: bool = True
    corrected: datetime | None = None


@dataclass(frozen=True, slots=True)
class CitationsResponse:
    """Citations in the order in which they were asked for."""

    style: Style
    language: Language
    citations: tuple[FormattedCitation, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """What is cited of a document, and its reference."""

    id: str
    document: Document
    passage: Passage | None
    span: Span
    reference: Reference
    statistic: Statistic | None = None

    @property
    def quote(self) -> str | None:
        """The words; null for a whole document."""
        return None if self.passage is None else self.span.cut(self.document.text)

    @property
    def path(self) -> str | None:
        """The path that opens the words; null for a whole document."""
        return None if self.passage is None else permalink(self.passage.id, self.span)


def cite(
    store: Store,
    ids: Sequence[str],
    style: Style,
    language: Language,
    accessed: date | None = None,
    home: str | None = None,
) -> CitationsResponse:
    """The citations of these passages, statistics or documents, with a link where others reach the base (``home``).

    In a file format the entry of each is the one record of its source, with all its quotes that are asked for as
    notes. NotFoundError for one that is not in the base.
    """
    places = [_place(store, one, accessed, home) for one in ids]
    return CitationsResponse(style, language, tuple(_formatted(store, one, places, style, language) for one in places))


def _place(store: Store, one: str, accessed: date | None, home: str | None) -> _Place:
    document, passage, span, statistic = _found(store, one)
    link = None if passage is None else public_link(home, permalink(passage.id, span))
    places = () if passage is None else document.place_of(span)
    reference = Reference.of(DocumentReference.of(document), places, accessed, link)
    return _Place(one, document, passage, span, reference, statistic)


def _formatted(
    store: Store, one: _Place, asked: Sequence[_Place], style: Style, language: Language
) -> FormattedCitation:
    of_it = [(place.reference, place.quote) for place in asked if place.document.id == one.document.id]
    named = of_source(of_it, language) if style.is_data else one.reference
    quote = one.quote
    return FormattedCitation(
        one.id,
        DocumentReference.of(one.document),
        None if one.passage is None else one.passage.id,
        quote,
        format_reference(named, style, language),
        None if style.is_data else _beside(one, style, language),
        None if quote is None else quote_with_citation(quote, one.reference, style, language),
        one.path,
        store.is_current(one.document.id),
        one.document.corrected_at,
    )


def _beside(one: _Place, style: Style, language: Language) -> str:
    """The citation beside a text; of a figure that the document repeats, with who measured it."""
    figure = one.statistic
    if figure is None or figure.source is None or is_author(figure.source, DocumentReference.of(one.document)):
        return in_text(one.reference, style, language)
    return as_cited_in(figure.source, figure.year, one.reference, style, language)


def _found(store: Store, one: str) -> tuple[Document, Passage | None, Span, Statistic | None]:
    """The document with what is cited of it; the first letter of an id says what it is of."""
    if one.startswith("d"):
        document = store.document(one)
        return document, None, Span(0, len(document.text)), None
    if one.startswith("p"):
        passage = store.passage(one)
        return store.document(passage.document_id), passage, passage.span, None
    if one.startswith("s"):
        statistic = store.statistic(one)
        passage = store.passage(statistic.passage_id)
        return store.document(passage.document_id), passage, statistic.quote_span, statistic
    raise InputError(say("id", id=one), say("is_not_known"), say("use_the_id_of_a_passage"))


def cited_figures(store: Store, figures: Sequence[FoundFigure]) -> tuple[CitedStatistic, ...]:
    """The figures with their citations, all passages and documents of them read at once."""
    citer = _Citer(store, [one.id for each in figures for one in (each.statistic, *each.also_in)])
    return tuple(citer.cited(each) for each in figures)


class _Citer:
    """Has read what these figures stand in: a page shows a thousand places of twenty figures."""

    def __init__(self, store: Store, ids: Sequence[str]) -> None:
        self._store = store
        self._whole = store.statistics_with(ids)
        homes = store.homes_of(list({one.passage_id for one in self._whole.values()}))
        self._passages = {one.id: one for one in store.passages([key for key, _ in homes.values()]).values()}
        self._documents = store.documents_with({document for _, document in homes.values()})

    def cited(self, figure: FoundFigure) -> CitedStatistic:
        statistic = self._whole[figure.statistic.id]
        citation = self._citation(statistic)
        also_in = (self._whole[one.id] for one in figure.also_in)
        others = (FigurePlace(one.id, one.raw, one.language, self._citation(one)) for one in also_in)
        ready = copy_ready(statistic, citation)
        return CitedStatistic(
            statistic,
            citation,
            tuple(others),
            ready,
            figure.score,
            attributions(statistic, citation),
            figure.sources,
            reported_by(statistic, citation.document),
        )

    def _citation(self, statistic: Statistic) -> Citation:
        # What was removed meanwhile is not found.
        passage = self._passages.get(statistic.passage_id) or self._store.passage(statistic.passage_id)
        document = self._documents.get(passage.document_id) or self._store.document(passage.document_id)
        return cite_span(document, passage, statistic.quote_span)


def cited_finding(found: FoundFinding, cite: Callable[[Document, Passage, Span], Citation]) -> CitedFinding:
    """A finding with a citation for each of its quotes, those of the best evidence first."""
    languages = dict.fromkeys(piece.passage.language for one in found.evidence for piece in one.pieces)
    best = found.evidence[0]
    return CitedFinding(
        Finding(best.kind, found.sources, tuple(languages), best.statistics, found.differs, found.against),
        tuple(cite(one.document, piece.passage, piece.span) for one in found.evidence for piece in one.pieces),
    )
