"""Citations in a style, and answers checked against the base: what ``/v1/citations`` and ``/v1/verify`` give."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kb.bibliography.formatting import format_reference, in_text, quote_with_citation
from kb.bibliography.reference import Reference
from kb.bibliography.wording import Style
from kb.citation import DocumentReference, permalink
from kb.document import Document, Passage, Span
from kb.errors import InputError, NotFoundError
from kb.language import Language
from kb.store import Store
from kb.store.rereading import old_reading_id
from kb.verification.saved import SavedCitation, parse_answer, text_hash
from kb.verify import Report, verify_answer

# Other documents in which a quote that is not in its source is looked for; past it the report says so.
MAX_OTHER_CHARACTERS = 5_000_000
MAX_QUOTES = 100


@dataclass(frozen=True, slots=True)
class FormattedCitation:
    """A citation of a passage, a statistic or a document. ``quote`` and ``passage_id`` are null for a whole
    document; ``in_text`` is null for file formats (BibTeX, RIS, CSL-JSON)."""

    id: str
    document: DocumentReference
    passage_id: str | None
    quote: str | None
    entry: str
    in_text: str | None
    with_quote: str | None
    permalink: str | None


@dataclass(frozen=True, slots=True)
class CitationsResponse:
    """Citations in the order in which they were asked for."""

    style: Style
    language: Language
    citations: tuple[FormattedCitation, ...]


@dataclass(frozen=True, slots=True)
class VerifyResponse:
    """Whether every quote of an answer is sound, and the judgement of each; ``notes`` say what was not looked at."""

    ok: bool
    report: Report
    notes: tuple[str, ...] = ()


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
    raise InputError(f"id {one!r}", "is not known", "Use the id of a passage, a statistic or a document")


def verify(store: Store, saved: Mapping[str, Any]) -> VerifyResponse:
    """The report on an answer as it was served or saved; InputError when it is none."""
    answer = parse_answer(saved)
    if len(answer.citations) > MAX_QUOTES:
        raise InputError("saved answer", f"has {len(answer.citations)} citations, more than {MAX_QUOTES}")
    texts: dict[str, str] = {}
    for citation in answer.citations:
        document = _as_cited(store, citation)
        if document is not None:
            texts[document.sha256] = document.text
    notes = _add_others(store, texts)
    report = verify_answer(saved, texts)
    return VerifyResponse(report.ok, report, notes)


def _as_cited(store: Store, citation: SavedCitation) -> Document | None:
    """The document in the reading that was cited, where the answer tells; null when it is not in the base."""
    try:
        document = store.document(citation.document.id)
    except NotFoundError:
        return None
    if citation.text_sha256 in (None, text_hash(document.text)):
        return document
    try:
        return store.document(old_reading_id(document.id, citation.text_sha256 or ""))
    except NotFoundError:
        return document


def _add_others(store: Store, texts: dict[str, str]) -> tuple[str, ...]:
    """Add the other documents, where a quote may really stand, as long as there is room."""
    room = MAX_OTHER_CHARACTERS
    left_out = 0
    for document in store.documents():
        if document.sha256 in texts:
            continue
        room -= len(document.text)
        if room < 0:
            left_out += 1
            continue
        texts[document.sha256] = document.text
    return (f"{left_out} other documents were not searched for misattributed quotes",) if left_out else ()
