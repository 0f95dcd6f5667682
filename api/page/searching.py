"""The search page: hits as cards, facets with counts, and the answer with both languages side by side.

Turns what the service finds into what the template shows; ranks and judges nothing itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from fastapi import APIRouter, Request, Response

from api.notes import in_language
from api.page.addresses import LISTS, SearchState, State, place_address
from api.page.door import READ, Base, PageRoute
from api.page.marks import Excerpt, excerpt
from api.page.rendering import is_fragment, render
from api.page.visitor import visitor_of
from api.schemas import FacetCount, SearchResponse
from api.service import KnowledgeBase
from kb.answer import Answer, Statement, Status
from kb.citation import Citation
from kb.document import Document
from kb.language import Language
from kb.search import Hit, Query

router = APIRouter(route_class=PageRoute, include_in_schema=False)
PAGE = 10
# So many sources, the commonest, are called by their titles; the others by their names in the base.
TITLED_SOURCES = 20
_BOTH = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a facet: its count, whether it is set, the address that sets or unsets it, and what to call it
    (null: by its value)."""

    value: str
    count: int
    chosen: bool
    address: str
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Card:
    """A hit as it is shown: ``verbatim`` says that the quote was found at its place in the document just now."""

    hit: Hit
    excerpt: Excerpt
    address: str
    verbatim: bool


@dataclass(frozen=True, slots=True)
class Finding:
    """A statement of the answer in one language: its quotes, and the citations with the addresses of their places."""

    quotes: tuple[str, ...]
    statement: Statement
    language: Language
    citations: tuple[tuple[Citation, str], ...]


@dataclass(frozen=True, slots=True)
class Column:
    """What one language says: its findings, or the nearest hit when it has none."""

    language: Language
    findings: tuple[Finding, ...]
    nearest: Card | None


@router.get("/", openapi_extra=READ)
@router.get("/search", openapi_extra=READ)
def get_search(request: Request, base: Base, state: State) -> Response:
    """The search page, or its results alone for a script."""
    if not state.q:
        return _home(request, base, state)
    found = base.search(Query(state.q, state.filters, PAGE), state.cursor or None)
    documents = _documents(base, found)
    cards = _cards(documents, found, state)
    fragment = is_fragment(request)
    context: dict[str, Any] = {
        "state": state,
        "found": found,
        "notes": in_language(found.notes, visitor_of(request).language),
        "cards": cards,
        "facets": _facets(base, found, state, documents),
        "next": replace(state, cursor=found.next).address() if found.next else None,
        # A script asks for the answer apart, so that typing never waits for it.
        "answer": None if fragment or state.cursor else _answer(request, base, state),
        "answer_address": state.address("/answer") if fragment and not state.cursor else None,
    }
    context["columns"] = _columns(base, request, context["answer"], cards, state)
    template = "_results.html" if fragment else "search.html"
    return render(request, template, context, twin=state.address("/v1/search"))


@router.get("/answer", openapi_extra=READ)
def get_answer(request: Request, base: Base, state: State) -> Response:
    """The answer alone, for a script; without one the search page with its answer."""
    if not is_fragment(request) or not state.q:
        return get_search(request, base, state)
    answer = _answer(request, base, state)
    found = base.search(Query(state.q, state.filters, PAGE))
    cards = _cards(_documents(base, found), found, state)
    context = {"state": state, "answer": answer, "columns": _columns(base, request, answer, cards, state)}
    return render(request, "_answer.html", context)


def _answer(request: Request, base: KnowledgeBase, state: SearchState) -> Answer:
    """The answer, with the words around its quotes in the language of the interface."""
    return base.answer(state.q, visitor_of(request).language, state.filters)


def _home(request: Request, base: KnowledgeBase, state: SearchState) -> Response:
    context = {
        "state": state,
        "found": None,
        "counts": base.store.counts(),
        "topics": base.topics(),
        "documents": base.documents().documents,
    }
    template = "_home.html" if is_fragment(request) else "search.html"
    return render(request, template, context, twin="/v1/documents")


def _documents(base: KnowledgeBase, found: SearchResponse) -> dict[str, Document]:
    """The documents of the hits on this page, each read once."""
    return {document_id: base.store.document(document_id) for document_id in {hit.document.id for hit in found.hits}}


def _cards(documents: Mapping[str, Document], found: SearchResponse, state: SearchState) -> tuple[Card, ...]:
    return tuple(_card(documents[hit.document.id], hit, state) for hit in found.hits)


def _card(document: Document, hit: Hit, state: SearchState) -> Card:
    verbatim = hit.citation.span.cut(document.text) == hit.citation.quote
    return Card(hit, excerpt(hit.passage, hit.why.sentence_span), state.hit_address(hit), verbatim)


def _facets(
    base: KnowledgeBase, found: SearchResponse, state: SearchState, documents: Mapping[str, Document]
) -> Mapping[str, tuple[Choice, ...]]:
    facets: dict[str, Sequence[FacetCount]] = {
        name: found.facets.get(name, ()) for name in ("topic", "language", "source", "format")
    }
    facets["subtopic"] = (*found.facets.get("subtopic", ()), *found.facets.get("stage", ()))
    facets["has_statistic"] = [one for one in found.facets.get("has_statistic", ()) if one.value == "true"]
    facets["year"] = sorted(found.facets.get("year", ()), key=lambda one: one.value, reverse=True)
    choices = {name: _choices(name, counts, state) for name, counts in facets.items()}
    sources = choices["source"]
    at_hand = {document.source_id: document.title for document in documents.values()}
    titled = [replace(one, label=at_hand.get(one.value) or _title(base, one.value)) for one in sources[:TITLED_SOURCES]]
    return {**choices, "source": (*titled, *sources[TITLED_SOURCES:])}


def _title(base: KnowledgeBase, source_id: str) -> str | None:
    known = base.store.known(source_id)
    document = base.store.current_with_bytes(known[0]) if known else None
    return document.title if document else None


def _choices(name: str, counts: Sequence[FacetCount], state: SearchState) -> tuple[Choice, ...]:
    listed = {one.value for one in counts}
    set_here: tuple[str, ...] = getattr(state, name) if name in LISTS else ()
    gone = [FacetCount(value, 0) for value in set_here if value not in listed]
    return tuple(
        Choice(one.value, one.count, state.has(name, one.value), state.toggled(name, one.value).address())
        for one in [*counts, *gone]
    )


def _columns(
    base: KnowledgeBase, request: Request, answer: Answer | None, cards: Sequence[Card], state: SearchState
) -> tuple[Column, ...]:
    """One column a language that the filters leave in, the interface's own language first."""
    if answer is None or answer.status is not Status.ANSWERED:
        return ()
    findings = _findings(base, answer, state)
    first = visitor_of(request).language
    wanted = [one for one in sorted(_BOTH, key=lambda one: one is not first) if _asked(one, state)]
    return tuple(
        Column(language, own, None if own else _nearest(cards, language))
        for language in wanted
        for own in [tuple(finding for finding in findings if finding.language is language)]
    )


def _asked(language: Language, state: SearchState) -> bool:
    return not state.filters.languages or language in state.filters.languages


def _nearest(cards: Sequence[Card], language: Language) -> Card | None:
    return next((card for card in cards if card.hit.passage.language is language), None)


def _findings(base: KnowledgeBase, answer: Answer, state: SearchState) -> list[Finding]:
    """The statements by language: one that stands in both languages is a finding in each."""
    by_number = {citation.number: citation for citation in answer.citations}
    findings = []
    for statement in answer.statements:
        by_language: dict[Language, list[Citation]] = {}
        for number in statement.citations:
            citation = by_number[number]
            language = base.store.passage(citation.passage_id).language
            by_language.setdefault(language, []).append(citation)
        findings += [_finding(statement, language, cited, state) for language, cited in by_language.items()]
    return findings


def _finding(statement: Statement, language: Language, cited: Sequence[Citation], state: SearchState) -> Finding:
    quotes = tuple(dict.fromkeys(citation.quote for citation in cited))
    places = tuple((one, place_address(one.passage_id, one.span, state)) for one in cited)
    return Finding(quotes, statement, language, places)
