"""The cite dialog: a document or a place in it, in every style and both languages, ready for the clipboard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from api.page.door import READ, Base, PageRoute
from api.page.marks import cited_span
from api.page.rendering import is_fragment, render
from api.page.visitor import visitor_of
from api.service import KnowledgeBase, cite_span
from kb.bibliography import Reference, Style, format_reference, in_text, quote_with_citation
from kb.citation import Citation, DocumentReference
from kb.document import Passage, Place
from kb.errors import InputError
from kb.language import Language, parse_language

router = APIRouter(route_class=PageRoute, include_in_schema=False)
STYLES = (Style.APA, Style.MLA, Style.CHICAGO, Style.CHICAGO_AUTHOR_DATE, Style.BIBTEX, Style.RIS, Style.CSL_JSON)


def calendar(request: Request) -> Callable[[], date]:
    """The clock of this application."""
    today: Callable[[], date] = request.app.state.page_today
    return today


Today = Annotated[Callable[[], date], Depends(calendar)]


@dataclass(frozen=True, slots=True)
class Written:
    """A reference in one style; ``beside`` is its form beside a quote (null for files), ``quoted`` the quote
    with its reference, ready to paste (null without a quote)."""

    style: Style
    entry: str
    beside: str | None
    quoted: str | None


@router.get("/cite", openapi_extra=READ)
def get_cite(
    request: Request,
    base: Base,
    today: Today,
    passage: str | None = None,
    document: str | None = None,
    start: str | None = None,
    end: str | None = None,
    cite_in: str | None = None,
) -> Response:
    """Every style of one reference: for a script as the inside of a dialog, else as a page."""
    language = parse_language(cite_in) if cite_in else visitor_of(request).language
    citation, reference = _asked(request, base, today(), passage, document, start, end)
    context = {
        "citation": citation,
        "quote_language": base.store.passage(passage).language if passage else None,
        "title": reference.title,
        "language": language,
        "written": written(reference, language, citation.quote if citation else None),
        "here": {"passage": passage, "document": document, "start": start, "end": end},
    }
    return render(request, "_cite.html" if is_fragment(request) else "cite.html", context)


def _asked(
    request: Request,
    base: KnowledgeBase,
    today: date,
    passage_id: str | None,
    document_id: str | None,
    start: str | None,
    end: str | None,
) -> tuple[Citation | None, Reference]:
    if passage_id:
        passage = base.store.passage(passage_id)
        citation = place_citation(base, passage, start, end)
        return citation, reference_of(citation, request, today)
    if document_id:
        record = DocumentReference.of(base.store.document(document_id))
        link = str(request.base_url).rstrip("/") + f"/documents/{document_id}"
        return None, Reference.of(record, (), today, link)
    raise InputError("cite", "names neither a passage nor a document", "Open it from a search")


def place_citation(base: KnowledgeBase, passage: Passage, start: str | None, end: str | None) -> Citation:
    """The citation of some characters of a passage; InputError when they are not in it."""
    document = base.store.document(passage.document_id)
    span = cited_span(document, passage, start, end)
    if span is None:
        raise InputError(f"{start}..{end}", f"is not inside passage {passage.id}", "Open it from a search")
    return cite_span(document, passage, span)


def reference_of(citation: Citation, request: Request, today: date) -> Reference:
    """The reference of a citation, with the place in the original and a link that opens it here."""
    address = str(request.base_url).rstrip("/") + citation.permalink
    places: tuple[Place, ...] = citation.places
    return Reference.of(citation.document, places, today, address)


def written(reference: Reference, language: Language, quote: str | None) -> tuple[Written, ...]:
    """The reference in every style, in the wording of a language."""
    return tuple(
        Written(
            style,
            format_reference(reference, style, language),
            None if style.is_data else in_text(reference, style, language),
            None if style.is_data or not quote else quote_with_citation(quote, reference, style, language),
        )
        for style in STYLES
    )
