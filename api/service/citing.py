"""Citations of passages, statistics and documents in a style: what ``/v1/citations`` gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from kb.citing.citation_words import Style
from kb.citing.formatting import format_reference, in_text, quote_with_citation
from kb.citing.reference import Reference
from kb.records.citation import DocumentReference, permalink
from kb.records.document import Document, Passage, Span
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.store import Store


@dataclass(frozen=True, slots=True)
class FormattedCitation:
    """A citation of a passage, a statistic or a document. ``quote`` and ``passage_id`` are null for a whole
    document; ``in_text`` is null for file formats (BibTeX, RIS, CSL-JSON). ``current`` is false for a version or a
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


def cite(
    store: Store, ids: Sequence[str], style: Style, language: Language, accessed: date | None = None
) -> CitationsResponse:
    """The citations of these passages, statistics or documents; NotFoundError for one that is not in the base."""
    return CitationsResponse(style, language, tuple(_formatted(store, one, style, language, accessed) for one in ids))


def _formatted(store: Store, one: str, style: Style, language: Language, accessed: date | None) -> FormattedCitation:
    document, passage, span = _found(store, one)
    link = None if passage is None else permalink(passage.id, span)
    reference = DocumentReference.of(document)
    places = () if passage is None else document.place_of(span)
    named = Reference.of(reference, places, accessed, link)
    quote = None if passage is None else span.cut(document.text)
    return FormattedCitation(
        one,
        reference,
        None if passage is None else passage.id,
        quote,
        format_reference(named, style, language),
        None if style.is_data else in_text(named, style, language),
        None if quote is None else quote_with_citation(quote, named, style, language),
        link,
        store.is_current(document.id),
        document.corrected_at,
    )


def _found(store: Store, one: str) -> tuple[Document, Passage | None, Span]:
    """The document with what is cited of it; the first letter of an id says what it is of."""
    if one.startswith("d"):
        document = store.document(one)
        return document, None, Span(0, len(document.text))
    if one.startswith("p"):
        passage = store.passage(one)
        return store.document(passage.document_id), passage, passage.span
    if one.startswith("s"):
        statistic = store.statistic(one)
        passage = store.passage(statistic.passage_id)
        return store.document(passage.document_id), passage, statistic.quote_span
    raise InputError(say("id", id=one), say("is_not_known"), say("use_the_id_of_a_passage"))
