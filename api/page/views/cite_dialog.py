"""The cite dialog: a document or a place in it, in every style and both languages, ready for the clipboard."""

from datetime import date

from fastapi import APIRouter, Request, Response

from api.http.field_faults import Today
from api.page.door import READ, Base, PageRoute
from api.page.rendering import is_fragment, render
from api.page.visitor import visitor_of
from api.service.knowledge_base import KnowledgeBase
from api.service.references import place_citation, reference_of, written
from kb.citing import Reference
from kb.records.document import parse_language
from kb.records.errors import InputError
from kb.records.messages import say
from kb.records.search import Citation, DocumentReference, public_link

router = APIRouter(route_class=PageRoute, include_in_schema=False)


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
    citation, reference = _asked(base, today(), passage, document, start, end)
    context = {
        "citation": citation,
        "quote_language": base.records.passage(passage).language if passage else None,
        "title": reference.title,
        "language": language,
        "written": written(reference, language, citation.quote if citation else None),
        "here": {"passage": passage, "document": document, "start": start, "end": end},
    }
    return render(request, "_cite.html" if is_fragment(request) else "cite.html", context)


def _asked(
    base: KnowledgeBase,
    today: date,
    passage_id: str | None,
    document_id: str | None,
    start: str | None,
    end: str | None,
) -> tuple[Citation | None, Reference]:
    if passage_id:
        passage = base.records.passage(passage_id)
        citation = place_citation(base, passage, start, end)
        return citation, reference_of(citation, base.public_url, today)
    if document_id:
        record = DocumentReference.of(base.records.document(document_id))
        return None, Reference.of(record, (), today, public_link(base.public_url, f"/documents/{document_id}"))
    raise InputError(say("cite"), say("names_neither_a_passage_nor"), say("open_it_from_a_search"))
