"""The search page: hits as cards, facets with counts, and the answer above them.

Turns what the service finds into what the template shows; ranks and judges nothing itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any
from urllib.parse import quote

from fastapi import APIRouter, Request, Response
from fastapi import Query as Asked

from api.page.addresses import Chosen, SearchState, SetFilter, State, facets, place_address, set_filters
from api.page.door import READ, Base, PageRoute
from api.page.marks import Excerpt, excerpt
from api.page.rendering import is_fragment, render
from api.page.visitor import visitor_of
from api.service.copy_ready import measured
from api.service.knowledge_base import KnowledgeBase
from api.service.schemas import SearchResponse
from kb.citing import Reference, Style
from kb.citing.citation_words import place_words
from kb.records.answer import Answer, Finding, FindingKind, Status
from kb.records.document import BlockKind, Document
from kb.records.language import Language
from kb.records.messages import code_of, said
from kb.records.search import Citation, DocumentReference, Hit, Query


@dataclass(frozen=True, slots=True)
class ShownQuote:
    """A quote with the address of its place and that place in words (null: unknown). ``is_lead`` is what is no quote
    by itself: a heading, or a line that leads in to a list."""

    citation: Citation
    language: Language
    address: str
    place: str | None
    is_lead: bool


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """How a finding differs from one before it, which is named by the mark of its first citation."""

    mark: int
    field: str
    here: str | None
    there: str | None


@dataclass(frozen=True, slots=True)
class ShownFinding:
    """A statement: its quotes of the document it stands under, and those of other documents that say the same, and who
    measured its figures, a line for each."""

    quotes: tuple[ShownQuote, ...]
    others: tuple[ShownQuote, ...]
    measured: tuple[str, ...]
    is_list: bool
    sources: int
    against: int
    differs: tuple[ShownDifference, ...]


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """A document and the findings that it says first, in the order of the answer."""

    document: DocumentReference
    languages: tuple[Language, ...]
    findings: tuple[ShownFinding, ...]


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """What an answer shows; ``verified`` says that every quote was found at its place just now."""

    groups: tuple[SourceGroup, ...]
    quotes: int
    documents: int
    differing: int
    verified: bool


def shown_answer(base: KnowledgeBase, answer: Answer, state: SearchState, wording: Language) -> ShownAnswer | None:
    """The answer for a page in the language ``wording``; null where there is no evidence."""
    if answer.status is not Status.ANSWERED:
        return None
    documents = base.records.documents_with({one.document.id for one in answer.citations})
    quotes = {one.number: _quote(base, documents, one, state, wording) for one in answer.citations}
    findings = [
        _finding([quotes[number] for number in statement.citations], statement.finding, answer, wording)
        for statement in answer.statements
    ]
    return ShownAnswer(
        _grouped(findings),
        len(quotes),
        len({one.document.id for one in answer.citations}),
        sum(bool(one.differs) for one in findings),
        all(_stands(documents.get(one.document.id), one) for one in answer.citations),
    )


def _quote(
    base: KnowledgeBase, documents: dict[str, Document], citation: Citation, state: SearchState, wording: Language
) -> ShownQuote:
    document = documents.get(citation.document.id)
    return ShownQuote(
        citation,
        base.records.passage(citation.passage_id).language,
        place_address(citation.passage_id, citation.span, state),
        place_words(Reference.of(citation.document, citation.places), Style.APA, wording),
        citation.quote.rstrip().endswith(":") or (document is not None and _is_heading(document, citation)),
    )


def _is_heading(document: Document, citation: Citation) -> bool:
    touched = [block.kind for block in document.blocks if block.span.overlaps(citation.span)]
    return bool(touched) and all(kind is BlockKind.HEADING for kind in touched)


def _stands(document: Document | None, citation: Citation) -> bool:
    return document is not None and citation.span.cut(document.text) == citation.quote


def _finding(quotes: Sequence[ShownQuote], finding: Finding | None, answer: Answer, wording: Language) -> ShownFinding:
    home = quotes[0].citation.document.id
    differs = finding.differs if finding else ()
    return ShownFinding(
        tuple(one for one in quotes if one.citation.document.id == home),
        tuple(one for one in quotes if one.citation.document.id != home),
        measured(finding.statistics, " ".join(one.citation.quote for one in quotes), wording) if finding else (),
        finding is not None and finding.kind is FindingKind.LIST,
        finding.sources if finding else 1,
        finding.against if finding else 0,
        tuple(
            ShownDifference(answer.statements[one.statement - 1].citations[0], one.field, one.here, one.there)
            for one in differs
        ),
    )


def _grouped(findings: Sequence[ShownFinding]) -> tuple[SourceGroup, ...]:
    groups: dict[str, list[ShownFinding]] = {}
    for finding in findings:
        groups.setdefault(finding.quotes[0].citation.document.id, []).append(finding)
    return tuple(
        SourceGroup(
            group[0].quotes[0].citation.document,
            tuple(dict.fromkeys(quote.language for one in group for quote in one.quotes)),
            tuple(group),
        )
        for group in groups.values()
    )


router = APIRouter(route_class=PageRoute, include_in_schema=False)
PAGE = 10
# So many hits stand in view of one who types; the others follow when they rest.
FIRST = 5
# Rows of the list of documents on a page.
_LISTED = 100
# What the empty list says itself, with what to do about it.
_NOTHING = "no_passage_fulfils_the_filters"


@dataclass(frozen=True, slots=True)
class Card:
    """A hit as it is shown, and the address that opens its sentence."""

    hit: Hit
    excerpt: Excerpt
    address: str


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
    context["shown"] = _shown(base, request, answer, state)
    template = "_results.html" if fragment else "search.html"
    return render(request, template, context, twin=state.address("/v1/search"))


@router.get("/hits", openapi_extra=READ)
def get_hits(request: Request, base: Base, state: State) -> Response:
    """The first hits alone, for a script while one types; without one the search page."""
    if not is_fragment(request) or not state.q:
        return get_search(request, base, state)
    found = base.search(Query(state.q, state.filters, FIRST))
    nothing_yet = {"facets": None, "next": None, "answer": None, "awaited": True, "shown": None}
    return render(request, "_results.html", _list(request, base, found, state) | nothing_yet)


@router.get("/answer", openapi_extra=READ)
def get_answer(request: Request, base: Base, state: State) -> Response:
    """The answer alone, for a script; without one the search page with its answer."""
    if not is_fragment(request) or not state.q:
        return get_search(request, base, state)
    answer = _answer(request, base, state)
    context = {"state": state, "answer": answer, "shown": _shown(base, request, answer, state)}
    return render(request, "_answer.html", context)


def _list(request: Request, base: KnowledgeBase, found: SearchResponse, state: SearchState) -> dict[str, Any]:
    """What every list shows, whole or not."""
    language = visitor_of(request).language
    notes = [said(note, language) for note in found.notes if found.hits or code_of(note) != _NOTHING]
    cards = [Card(hit, excerpt(hit.passage, hit.why.sentence_span), state.hit_address(hit)) for hit in found.hits]
    return {"state": state, "found": found, "notes": notes, "cards": cards, "set_filters": _to_drop(base, found, state)}


def _to_drop(base: KnowledgeBase, found: SearchResponse, state: SearchState) -> tuple[SetFilter, ...]:
    """The filters of an empty list, each with what there is without it."""
    if found.hits or not state.narrowed:
        return ()

    def without(chosen: Chosen) -> SearchState:
        return SearchState(state.q, chosen)

    return set_filters(
        state.chosen,
        lambda chosen: base.search(Query(state.q, without(chosen).filters, 1)).total,
        lambda chosen: without(chosen).address(),
    )


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


def _shown(base: KnowledgeBase, request: Request, answer: Answer | None, state: SearchState) -> ShownAnswer | None:
    return None if answer is None else shown_answer(base, answer, state, visitor_of(request).language)


@router.get("/documents", openapi_extra=READ)
def get_documents(request: Request, base: Base, cursor: Annotated[str, Asked(max_length=200)] = "") -> Response:
    """The current documents with their languages, their dates and what is in them, a page at a time."""
    found = base.documents(_LISTED, cursor or None)
    after = f"/documents?cursor={quote(found.next)}" if found.next else None
    context = {"documents": found.documents, "counts": base.records.counts(), "next": after}
    return render(request, "documents.html", context, twin="/v1/documents")
