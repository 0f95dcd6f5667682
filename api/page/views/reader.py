"""The reader: a document in its passages, with exactly the cited characters marked, or none and a notice.

Lays blocks, topics and statistics side by side by their offsets; every character of the text that is
not white space is shown. Knows no formats of files. And the record of the document as a form, with its history: which
fields of a form are a correction is said here, what a value may be by ``api.service.correcting``.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.http.auth import Caller, needs, sender_of
from api.http.problems import STATUS, Refusal
from api.page.addresses import SearchState, State
from api.page.door import READ, Base, PageRoute, open_base
from api.page.marks import Run, runs, segments
from api.page.rendering import render
from api.page.views.originals import Beside, OriginalSide, Side, beside, can_be_shown, main_language, may_see
from api.page.visitor import visitor_of
from api.service.knowledge_base import KnowledgeBase
from api.service.references import cited_span
from api.words.formats import report_words
from kb.citing import Reference, Style
from kb.citing.citation_words import place_words
from kb.records.document import Block, BlockKind, Document, Passage, Place, Span
from kb.records.errors import ChangedError, InputError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.operation import Scope, allows
from kb.records.search import DocumentReference, Query, public_link
from kb.records.statistic import Statistic

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_BULLET = re.compile(r"\s{0,8}(?:[-*+•‣▪◦·–—]|\d{1,3}[.)]|[A-Za-z]\))\s")


@dataclass(frozen=True, slots=True)
class ShownBlock:
    """A block as it is shown: its kind, its runs of marked and unmarked text, and its place in the original."""

    kind: BlockKind
    level: int
    runs: tuple[Run, ...]
    place: Place

    @property
    def bulleted(self) -> bool:
        """Whether the text brings a bullet or a number of its own, so that a second one would be one too many."""
        text = "".join(one.text for run in self.runs for one in run.segments)
        return _BULLET.match(text) is not None


@dataclass(frozen=True, slots=True)
class Section:
    """The pieces of one passage (null between passages) with what stands in the margin beside them."""

    passage: Passage | None
    language: Language
    pieces: tuple[ShownBlock, ...]
    statistics: tuple[Statistic, ...]


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where the open place stands among the hits of a search, with the addresses on both sides."""

    rank: int
    total: int
    previous: str | None
    next: str | None


@router.get("/documents/{document_id}", openapi_extra=READ)
def get_document(request: Request, base: Base, side: Side, document_id: str) -> Response:
    """The reader at the beginning of a document."""
    return _reader(request, base, base.records.document(document_id), SearchState(), side, None, None)


@router.get("/passages/{passage_id}", openapi_extra=READ)
def get_place(
    request: Request,
    base: Base,
    state: State,
    side: Side,
    passage_id: str,
    start: str | None = None,
    end: str | None = None,
) -> Response:
    """The reader at some characters of a passage: those and no others are marked."""
    passage = base.records.passage(passage_id)
    document = base.records.document(passage.document_id)
    return _reader(request, base, document, state, side, passage, cited_span(document, passage, start, end))


def _reader(
    request: Request,
    base: KnowledgeBase,
    document: Document,
    state: SearchState,
    side: OriginalSide,
    passage: Passage | None,
    cited: Span | None,
) -> Response:
    passages = base.records.passages_of(document.id)
    statistics = base.records.statistics_in(passages)
    context: dict[str, Any] = {
        "document": document,
        "current": base.records.is_current(document.id),
        "sections": sections(document, passages, statistics, cited),
        "opened": passage,
        "cited": cited,
        "unmarked": passage is not None and cited is None,
        "passages": passages,
        "statistics": statistics,
        "neighbours": neighbours(base, state, passage, side) if passage and state.q else None,
        "beside": _beside(request, document, passage, cited, side),
        "may_see": may_see(request),
        "shows_original": can_be_shown(request, document),
        "language": main_language(document),
        "place": _place_of(document, cited, visitor_of(request).language),
        "side_addresses": _side_addresses(request),
        "state": state,
        "coins": _coins(document, base.public_url),
        "original": f"/v1/documents/{document.id}/original",
        **record_context(request, base, document),
    }
    twin = f"/v1/passages/{passage.id}" if passage else f"/v1/documents/{document.id}"
    return render(request, "reader.html", context, twin=twin)


def sections(
    document: Document, passages: Sequence[Passage], statistics: Sequence[Statistic], cited: Span | None
) -> tuple[Section, ...]:
    """The document's blocks in order, grouped by the passage they begin in."""
    made: list[Section] = []
    group: list[ShownBlock] = []
    owner: Passage | None = None
    for block in _all_blocks(document):
        passage = next((one for one in passages if one.span.overlaps(block.span)), None)
        if group and passage is not owner:
            made.append(_section(owner, group, statistics, made))
            group = []
        owner = passage
        inside = [one for one in statistics if one.span.overlaps(block.span)]
        marked = runs(segments(document.text, block.span, cited, inside))
        group.append(ShownBlock(block.kind, block.level, marked, block.place))
    if group:
        made.append(_section(owner, group, statistics, made))
    return tuple(made)


def _section(
    passage: Passage | None, pieces: Sequence[ShownBlock], statistics: Sequence[Statistic], before: Sequence[Section]
) -> Section:
    own = tuple(one for one in statistics if passage and one.passage_id == passage.id)
    again = any(section.passage is passage for section in before)
    language = passage.language if passage else Language.OTHER
    return Section(passage, language, tuple(pieces), () if again else own)


def _all_blocks(document: Document) -> Iterator[Block]:
    """The blocks in order, and as paragraphs what stands between them, so that no character is missing."""
    reached = 0
    for block in sorted(document.blocks, key=lambda block: block.span):
        if block.span.end <= reached:
            continue
        start = max(block.span.start, reached)
        yield from _loose(document, reached, start)
        yield Block(Span(start, block.span.end), block.kind, block.level, block.place)
        reached = block.span.end
    yield from _loose(document, reached, len(document.text))


def _loose(document: Document, start: int, end: int) -> Iterator[Block]:
    between = document.text[start:end]
    if between.strip():
        first = start + len(between) - len(between.lstrip())
        yield Block(Span(first, start + len(between.rstrip())), BlockKind.PARAGRAPH, 0, Place())


def _beside(
    request: Request, document: Document, passage: Passage | None, cited: Span | None, side: OriginalSide
) -> Beside | None:
    if not side.shown or not may_see(request):
        return None
    marked = urlencode({"passage": passage.id, "start": cited.start, "end": cited.end}) if passage and cited else ""
    return beside(request, document, document.place_of(cited) if cited else (), marked, side.page)


def _place_of(document: Document, cited: Span | None, wording: Language) -> str | None:
    """Where the cited characters stand in the original, in words; null where that is not known."""
    if cited is None:
        return None
    return place_words(Reference.of(DocumentReference.of(document), document.place_of(cited)), Style.APA, wording)


def _side_addresses(request: Request) -> dict[str, str]:
    """This page with the original beside the text, without it, and the beginning of one with another page of it."""
    kept = [(key, text) for key, text in request.query_params.multi_items() if key not in ("beside", "page")]
    bare = urlencode(kept)
    shown = urlencode([*kept, ("beside", "1")])
    here = request.url.path
    return {"close": f"{here}?{bare}" if bare else here, "open": f"{here}?{shown}", "page": f"{here}?{shown}&page="}


def neighbours(base: KnowledgeBase, state: SearchState, passage: Passage, side: OriginalSide) -> Neighbours | None:
    """The hits before and after a passage in a search; null when the search does not find it."""
    found = base.place_in_list(Query(state.q, state.filters), passage.id)
    if found is None:
        return None
    before, after = (side.kept_in(state.hit_address(hit)) if hit else None for hit in (found.previous, found.next))
    return Neighbours(found.rank, found.total, before, after)


def _coins(document: Document, home: str | None) -> str:
    """The document as a ContextObject in Span, which reference managers read off the page."""
    pairs = [
        ("ctx_ver", "Z39.88-2004"),
        ("rft_val_fmt", "info:ofi/fmt:kev:mtx:dc"),
        ("rft.type", "document"),
        ("rft.title", document.title),
        *(("rft.creator", author) for author in document.authors),
        ("rft.publisher", document.publisher),
        ("rft.date", document.published),
        ("rft.identifier", document.url or public_link(home, f"/documents/{document.id}")),
    ]
    return urlencode([(name, value) for name, value in pairs if value])


_TEXTS = ("title", "publisher", "published", "url", "series")
_AUTHORS, _REVISION = "authors", "revision"


@router.post("/documents/{document_id}/record", openapi_extra=needs(Scope.INGEST))
async def post_record(request: Request, document_id: str) -> Response:
    """Correct the record and lead back to the document; the form again, with the reason, where it cannot be."""
    async with request.form(max_files=0, max_fields=20) as form:
        given = {name: value for name, value in form.items() if isinstance(value, str)}
    return await run_in_threadpool(_corrected, request, open_base(request), document_id, given)


def _corrected(request: Request, base: KnowledgeBase, document_id: str, given: dict[str, str]) -> Response:
    document = base.records.document(document_id)
    if not _may_correct(request, base, document):
        raise Refusal("not_yours", say("document_named", name=document.source_id))
    caller: Caller = request.state.caller
    try:
        if fields := _changed_fields(document, given):
            by = sender_of(base.keys, caller.name).owner or caller.name
            base.correct(document_id, fields, by, revision=_revision(given))
    except (InputError, ChangedError) as error:
        status, _ = STATUS[type(error)]
        words = report_words(error, visitor_of(request).language)
        now = base.records.document(document_id)
        shown = _as_form(now) if isinstance(error, ChangedError) else {**_as_form(now), **given}
        context = {"document": now, **record_context(request, base, now), "refused": words, "given": shown}
        return render(request, "record.html", context, status=status)
    return RedirectResponse(f"/documents/{document_id}#record-fields", 303)


def record_context(request: Request, base: KnowledgeBase, document: Document) -> dict[str, Any]:
    """What the form and the history of a document need: whether this visitor may correct it, and what it says now."""
    return {"may_correct": _may_correct(request, base, document), "given": _as_form(document), "refused": None}


def _may_correct(request: Request, base: KnowledgeBase, document: Document) -> bool:
    caller: Caller = request.state.caller
    if base.read_only or not allows(caller.scopes, Scope.INGEST):
        return False
    known = base.sources.named(document.source_id)
    return known is None or sender_of(base.keys, caller.name).may_replace(known.owner)


def _as_form(document: Document) -> dict[str, str]:
    texts = {name: getattr(document, name) or "" for name in _TEXTS}
    return {**texts, _AUTHORS: "\n".join(document.authors), _REVISION: str(document.revision)}


def _changed_fields(document: Document, given: dict[str, str]) -> dict[str, object]:
    """The fields that say something else than the record; one that was emptied is not known any more."""
    fields: dict[str, object] = {}
    shown = _as_form(document)
    for name in (*_TEXTS, _AUTHORS):
        value = given.get(name, shown[name]).replace("\r\n", "\n").strip()
        if value == shown[name]:
            continue
        fields[name] = [line for line in value.split("\n") if line.strip()] if name == _AUTHORS else value or None
    return fields


def _revision(given: dict[str, str]) -> int:
    value = given.get(_REVISION, "")
    if not (value.isascii() and value.isdecimal() and len(value) < 10):
        raise InputError(say("field", field=_REVISION), say("is_not_known_here"), say("reload_the_page"))
    return int(value)
