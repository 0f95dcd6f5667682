"""References to what is cited: the span that is meant, the record of it, and the record written in every style."""

from dataclasses import dataclass
from datetime import date

from api.service.knowledge_base import KnowledgeBase, cite_span
from kb.citing import Reference, Style, format_reference, in_text, quote_with_citation
from kb.records.document import BlockKind, Document, Passage, Place, Span
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import Citation, public_link


@dataclass(frozen=True, slots=True)
class Written:
    """A reference in one style; ``beside`` is its form beside a quote (null for files), ``quoted`` the quote
    with its reference, ready to paste (null without a quote)."""

    style: Style
    entry: str
    beside: str | None
    quoted: str | None


def place_citation(base: KnowledgeBase, passage: Passage, start: str | None, end: str | None) -> Citation:
    """The citation of some characters of a passage; InputError when they are not in it."""
    document = base.store.document(passage.document_id)
    span = cited_span(document, passage, start, end)
    if span is None:
        raise InputError(
            f"{start}..{end}", say("is_not_inside_passage", passage=passage.id), say("open_it_from_a_search")
        )
    return cite_span(document, passage, span)


def reference_of(citation: Citation, home: str | None, today: date | None = None) -> Reference:
    """The reference of a citation, with the place in the original and a link that opens it at ``home``, if anywhere."""
    places: tuple[Place, ...] = citation.places
    return Reference.of(citation.document, places, today, public_link(home, citation.permalink))


def written(reference: Reference, language: Language, quote: str | None) -> tuple[Written, ...]:
    """The reference in every style, in the wording of a language."""
    return tuple(
        Written(
            style,
            format_reference(reference, style, language),
            None if style.is_data else in_text(reference, style, language),
            None if style.is_data or not quote else quote_with_citation(quote, reference, style, language),
        )
        for style in Style
    )


def cited_span(document: Document, passage: Passage, start: str | None, end: str | None) -> Span | None:
    """The span that an address asks for, the whole passage when it names none, null when it is neither in the passage
    nor in a heading of its document."""
    if start is None and end is None:
        return passage.span
    if not all(value and len(value) < 12 and value.isascii() and value.isdecimal() for value in (start, end)):
        return None
    first, last = int(start or 0), int(end or 0)
    if first >= last or last > len(document.text):
        return None
    span = Span(first, last)
    if passage.span.contains(span) or span in passage.other_spans:
        return span
    headed = any(block.kind is BlockKind.HEADING and block.span.contains(span) for block in document.blocks)
    return span if headed else None
