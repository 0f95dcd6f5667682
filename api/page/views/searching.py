"""The search page: hits as cards, facets with counts, and the answer with both languages side by side.

Turns what the service finds into what the template shows; ranks and judges nothing itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi import Query as Asked

from api.page.addresses import SearchState, State, place_address
from api.page.door import READ, Base, PageRoute
from api.page.marks import Excerpt, excerpt
from api.page.narrowing import facets
from api.page.rendering import is_fragment, render
from api.page.visitor import visitor_of
from api.service.knowledge_base import KnowledgeBase
from api.service.schemas import SearchResponse
from kb.records.answer import Answer, Statement, Status
from kb.records.citation import Citation
from kb.records.document import Document
from kb.records.language import Language
from kb.records.messages import code_of, said
from kb.records.search import Hit, Query

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PAGE = 10
# So many hits stand in view of one who types; the others follow when they rest.
FIRST = 5
# Rows of the list of documents on a page.
_LISTED = 100
# What the empty list says itself, with what to do about it.
_NOTHING = "no_passage_fulfils_the_filters"
_BOTH = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class Card:
    """A hit as it is shown: ``verbatim`` says that the quote was found at its place in the document just now."""

    hit: Hit
    excerpt: Excerpt
    address: str
    verbatim: bool


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A statement of the answer in one language: its quotes, and the citations with the addresses of their places."""

    quotes: tuple[str, ...]
    statement: Statement
    language: Language
    citations: tuple[tuple[Citation, str], ...]


@dataclass(frozen=True, slots=True)
class LanguageColumn:
    """What one language says: its findings, or the nearest hit when it has none."""

    language: Language
    findings: tuple[ShownFinding, ...]
    nearest: Card | None


@router.get("/", openapi_extra=READ)
@router.get("/search", openapi_extra=READ)
def get_search(request: Request, base: Base, state: State) -> Response:
    """The search page, or its results alone for a script."""
    if not state.q:
        return _home(request, base, state)
    found = base.search(Query(state.q, state.filters, PAGE), state.cursor or None)
    fragment = is_fragment(request)
    # A script asks for the answer apart, so that no list waits for it.
    answer = None if fragment or state.cursor else _answer(request, base, state)
    context = _list(request, base, found, state) | {
        "facets": facets(found, state, base.records),
        "next": replace(state, cursor=found.next).address() if found.next else None,
        "answer": answer,
        "awaited": fragment and not state.cursor,
    }
    context["columns"] = _columns(base, request, answer, lambda: context["cards"], state)
    template = "_results.html" if fragment else "search.html"
    return render(request, template, context, twin=state.address("/v1/search"))


@router.get("/hits", openapi_extra=READ)
def get_hits(request: Request, base: Base, state: State) -> Response:
    """The first hits alone, for a script while one types; without one the search page."""
    if not is_fragment(request) or not state.q:
        return get_search(request, base, state)
    found = base.search(Query(state.q, state.filters, FIRST))
    nothing_yet = {"facets": None, "next": None, "answer": None, "awaited": True, "columns": ()}
    return render(request, "_results.html", _list(request, base, found, state) | nothing_yet)


@router.get("/answer", openapi_extra=READ)
def get_answer(request: Request, base: Base, state: State) -> Response:
    """The answer alone, for a script; without one the search page with its answer."""
    if not is_fragment(request) or not state.q:
        return get_search(request, base, state)
    answer = _answer(request, base, state)

    def cards() -> tuple[Card, ...]:
        return _cards(base, base.search(Query(state.q, state.filters, PAGE)), state)

    context = {"state": state, "answer": answer, "columns": _columns(base, request, answer, cards, state)}
    return render(request, "_answer.html", context)


def _list(request: Request, base: KnowledgeBase, found: SearchResponse, state: SearchState) -> dict[str, Any]:
    """What every list shows, whole or not."""
    language = visitor_of(request).language
    notes = [said(note, language) for note in found.notes if found.hits or code_of(note) != _NOTHING]
    return {"state": state, "found": found, "notes": notes, "cards": _cards(base, found, state)}


def _answer(request: Request, base: KnowledgeBase, state: SearchState) -> Answer:
    """The answer, with the words around its quotes in the language of the interface."""
    return base.answer(state.q, visitor_of(request).language, state.filters)


def _home(request: Request, base: KnowledgeBase, state: SearchState) -> Response:
    context = {
        "state": state,
        "found": None,
        "counts": base.records.counts(),
        "topics": base.topics(),
    }
    template = "_home.html" if is_fragment(request) else "search.html"
    return render(request, template, context, twin="/v1/documents")


def _cards(base: KnowledgeBase, found: SearchResponse, state: SearchState) -> tuple[Card, ...]:
    documents = base.records.documents_with({hit.document.id for hit in found.hits})
    return tuple(_card(documents[hit.document.id], hit, state) for hit in found.hits if hit.document.id in documents)


def _card(document: Document, hit: Hit, state: SearchState) -> Card:
    verbatim = hit.citation.span.cut(document.text) == hit.citation.quote
    return Card(hit, excerpt(hit.passage, hit.why.sentence_span), state.hit_address(hit), verbatim)


def _columns(
    base: KnowledgeBase,
    request: Request,
    answer: Answer | None,
    cards: Callable[[], Sequence[Card]],
    state: SearchState,
) -> tuple[LanguageColumn, ...]:
    """One column a language that the filters leave in, the interface's own language first; the cards are asked for
    only when a language has no finding."""
    if answer is None or answer.status is not Status.ANSWERED:
        return ()
    findings = _findings(base, answer, state)
    first = visitor_of(request).language
    wanted = [one for one in sorted(_BOTH, key=lambda one: one is not first) if _asked(one, state)]
    return tuple(
        LanguageColumn(language, own, None if own else _nearest(cards(), language))
        for language in wanted
        for own in [tuple(finding for finding in findings if finding.language is language)]
    )


def _asked(language: Language, state: SearchState) -> bool:
    return not state.filters.languages or language in state.filters.languages


def _nearest(cards: Sequence[Card], language: Language) -> Card | None:
    return next((card for card in cards if card.hit.passage.language is language), None)


def _findings(base: KnowledgeBase, answer: Answer, state: SearchState) -> list[ShownFinding]:
    """The statements by language: one that stands in both languages is a finding in each."""
    by_number = {citation.number: citation for citation in answer.citations}
    findings = []
    for statement in answer.statements:
        by_language: dict[Language, list[Citation]] = {}
        for number in statement.citations:
            citation = by_number[number]
            language = base.records.passage(citation.passage_id).language
            by_language.setdefault(language, []).append(citation)
        findings += [_finding(statement, language, cited, state) for language, cited in by_language.items()]
    return findings


def _finding(statement: Statement, language: Language, cited: Sequence[Citation], state: SearchState) -> ShownFinding:
    quotes = tuple(dict.fromkeys(citation.quote for citation in cited))
    places = tuple((one, place_address(one.passage_id, one.span, state)) for one in cited)
    return ShownFinding(quotes, statement, language, places)


@router.get("/documents", openapi_extra=READ)
def get_documents(request: Request, base: Base, cursor: Annotated[str, Asked(max_length=200)] = "") -> Response:
    """The current documents with their languages, their dates and what is in them, a page at a time."""
    found = base.documents(_LISTED, cursor or None)
    after = f"/documents?cursor={quote(found.next)}" if found.next else None
    context = {"documents": found.documents, "counts": base.records.counts(), "next": after}
    return render(request, "documents.html", context, twin="/v1/documents")
