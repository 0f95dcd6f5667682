"""The basket page and its exports: DOCX with footnotes, HTML to print, Markdown, RIS and BibTeX; and the cite dialog: a
document or a place in it, in every style and both languages, ready for the clipboard."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from api.files.dossier import Cover, DossierEntry, bibtex_file, markdown, ris_file
from api.files.dossier_printed import docx, html
from api.files.dossier_words import Writing
from api.files.dossiers import basket_entries, basket_entry, cover
from api.http.field_faults import Keys, Notes, Today
from api.page.addresses import place_address
from api.page.door import READ, Base, PageRoute
from api.page.rendering import is_fragment, render
from api.page.visitor import visitor_of
from api.service.basket import MAX_NOTE, Item, read_basket
from api.service.knowledge_base import KnowledgeBase
from api.service.references import place_citation, reference_of, written
from kb.citing import Reference, parse_style
from kb.citing.citation_words import PROSE
from kb.records.document import parse_language
from kb.records.errors import InputError, NotFoundError
from kb.records.messages import say
from kb.records.search import Citation, DocumentReference, public_link

router = APIRouter(route_class=PageRoute, include_in_schema=False)
# What the dossier is about: the question, as a rule.
Title = Annotated[str, Query(max_length=MAX_NOTE)]


@dataclass(frozen=True, slots=True)
class Shelf:
    """An item with what the base holds of it; ``entry`` is null when the place is no longer there."""

    item: Item
    entry: DossierEntry | None
    address: str


@dataclass(frozen=True, slots=True)
class BasketFormat:
    """A file to take away: its media type, its ending and what writes it."""

    media_type: str
    ending: str
    write: Callable[[Sequence[DossierEntry], Cover], bytes]


FORMATS = {
    "docx": BasketFormat("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx", docx),
    "html": BasketFormat("text/html; charset=utf-8", "html", html),
    "markdown": BasketFormat("text/markdown; charset=utf-8", "md", markdown),
    "ris": BasketFormat("application/x-research-info-systems; charset=utf-8", "ris", ris_file),
    "bibtex": BasketFormat("application/x-bibtex; charset=utf-8", "bib", bibtex_file),
}


@router.get("/basket", openapi_extra=READ)
def get_basket(
    request: Request,
    base: Base,
    today: Today,
    keys: Keys = (),
    notes: Notes = (),
    change: str = "",
    style: str = "apa",
    title: Title = "",
) -> Response:
    """The basket in the address; a change leads to the address of the changed basket."""
    basket = read_basket(keys, notes)
    action, _, position = change.partition(":")
    if change:
        index = int(position) if position.isascii() and position.isdecimal() and len(position) < 6 else -1
        return RedirectResponse(basket.changed(action, index).address(**_given(style, title)), 303)
    writing = Writing(parse_style(style), visitor_of(request).language, today())
    shelves = [_shelf(base, item, writing) for item in basket.items]
    context: dict[str, Any] = {
        "basket": basket,
        "shelves": shelves,
        "style": style,
        "title": title,
        "styles": PROSE,
        "exports": {name: basket.address("/basket/export", format=name, **_given(style, title)) for name in FORMATS},
        "max_note": MAX_NOTE,
    }
    return render(request, "basket.html", context, twin=basket.address("/v1/basket"))


@router.get("/basket/export", openapi_extra=READ)
def get_export(
    request: Request,
    base: Base,
    today: Today,
    format: str,
    keys: Keys = (),
    notes: Notes = (),
    style: str = "apa",
    title: Title = "",
) -> Response:
    """The basket as a file; NotFoundError when a place is no longer there, so that no finding is lost silently."""
    chosen = FORMATS.get(format)
    if chosen is None:
        raise InputError(
            say("format_named", name=format), say("is_not_known"), say("use_one_of", known=", ".join(FORMATS))
        )
    writing = Writing(parse_style(style), visitor_of(request).language, today())
    entries = basket_entries(base, read_basket(keys, notes), writing)
    name = f"dossier.{chosen.ending}"
    write = partial(docx, template=base.dossier_template) if chosen.write is docx else chosen.write
    return Response(
        write(entries, cover(base, title.strip(), entries, writing)),
        media_type=chosen.media_type,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _given(style: str, title: str) -> dict[str, str]:
    """What the address of a basket says besides its places."""
    return {"style": style, **({"title": title} if title else {})}


def _shelf(base: KnowledgeBase, item: Item, writing: Writing) -> Shelf:
    address = place_address(item.passage_id, item.span)
    try:
        return Shelf(item, basket_entry(base, item, writing), address)
    except (NotFoundError, InputError):
        return Shelf(item, None, address)


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
