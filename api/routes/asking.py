"""Routes for questions: search, answers, statistics. Search and statistics also come as CSV."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Annotated, Any, TypeVar

from fastapi import APIRouter, Depends, Query, Request, Response

from api.files.delimited import Cell, Separators, delimited, parse_separators
from api.files.figure_rows import citation_cells, figure_rows
from api.http.auth import needs
from api.http.bodies import MAX_QUERY, AnswerBody
from api.routes.arguments import (
    PARTS,
    Base,
    Cursor,
    FigureWords,
    Limit,
    Name,
    PassageWords,
    Words,
    known_parameters,
    unless_changed,
)
from api.service.asking.names import read_order, read_wording
from api.service.brief import BriefResponse, SelectedResponse, brief_response, selected_response
from api.service.schemas import SearchResponse, StatisticsResponse, adapter_of
from api.words.wording import accepted_language, quality
from kb.records import search
from kb.records.answer import Answer
from kb.records.messages import said
from kb.records.operation import Scope
from kb.records.search import Hit

router = APIRouter(prefix="/v1", dependencies=[Depends(known_parameters)], tags=["ask"])
READ = needs(Scope.READ)
_Hits = TypeVar("_Hits", SearchResponse, BriefResponse, SelectedResponse)


def _found(
    base: Base,
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUERY)],
    words: PassageWords,
    limit: Limit = 10,
    cursor: Cursor = None,
) -> SearchResponse:
    return base.search(search.Query(q, base.filters(words), limit), cursor)


Found = Annotated[SearchResponse, Depends(_found)]


@router.get(
    "/search",
    response_model=SearchResponse,
    responses={200: PARTS["csv"]},
    openapi_extra=READ,
    dependencies=[Depends(unless_changed)],
)
def get_search(request: Request, response: Response, base: Base, found: Found) -> SearchResponse | Response:
    """Passages in both languages that answer the question or are about the words."""
    if wants_csv(request.headers.get("accept")):
        return csv_page(
            hit_rows(found.hits, base.public_url), found.total, _next(request, found.next), response.headers
        )
    return _written(_told(found, request), response)


@router.get(
    "/search/brief",
    response_model=BriefResponse,
    openapi_extra=READ,
    dependencies=[Depends(unless_changed)],
)
def get_brief_search(request: Request, response: Response, found: Found) -> Response:
    """The hits of a search in their short form: the sentence, its language, and where it is from."""
    return _written(_told(brief_response(found), request), response)


@router.get(
    "/search/fields",
    response_model=SelectedResponse,
    openapi_extra=READ,
    dependencies=[Depends(unless_changed)],
)
def get_selected_search(
    request: Request,
    response: Response,
    base: Base,
    q: Annotated[str, Query(min_length=1, max_length=MAX_QUERY)],
    fields: Annotated[str, Query(min_length=1, max_length=1000)],
    words: PassageWords,
    limit: Limit = 10,
    cursor: Cursor = None,
) -> Response:
    """The hits of a search with the members that are named, and no others."""
    found = _found(base, q, words, limit, cursor)
    chosen = selected_response(found, [name.strip() for name in fields.split(",")])
    return _written(_told(chosen, request), response)


@router.post("/answers", openapi_extra=READ)
def post_answers(base: Base, body: AnswerBody) -> Answer:
    """A cited answer in sentences of the sources, or "no evidence"."""
    filters = base.filters(body.filters.model_dump())
    language = None if body.language is None else read_wording(body.language)
    return base.answer(body.question, language, filters)


@router.get(
    "/statistics",
    response_model=StatisticsResponse,
    responses={200: PARTS["csv"]},
    openapi_extra=READ,
    dependencies=[Depends(unless_changed)],
)
def get_statistics(
    request: Request,
    response: Response,
    base: Base,
    words: FigureWords,
    q: Words = None,
    sort: Name = None,
    separators: Name = "en",
    limit: Limit = 50,
    cursor: Cursor = None,
) -> StatisticsResponse | Response:
    """Statistics with their citations, by meaning or by number; ``sort`` is a column, "-value" for descending.

    A figure that stands in several places comes once, with its other places. With words, figures too far from them
    are left out. ``separators`` of CSV: "en" is "," and 0.5, "es" is ";" and 0,5.
    """
    wanted = parse_separators(separators or "en")
    query = base.figure_query(q, words, limit)
    found = base.statistics(query, cursor, None if sort is None else read_order(sort))
    if wants_csv(request.headers.get("accept")):
        rows = figure_rows(found.statistics, accepted_language(request.headers.get("accept-language")), base.public_url)
        return csv_page(rows, found.total, _next(request, found.next), response.headers, wanted)
    return _written(found, response)


def _told(found: _Hits, request: Request) -> _Hits:
    """The hits with their notes in the language asked for."""
    language = accepted_language(request.headers.get("accept-language"))
    return replace(found, notes=tuple(said(note, language) for note in found.notes))


def _written(
    record: SearchResponse | BriefResponse | SelectedResponse | StatisticsResponse, response: Response
) -> Response:
    """The record as the route's model writes it. Written here it need not be read back and checked against the model
    that made it, which took as long as the search."""
    kind: Any = type(record)
    return Response(adapter_of(kind).dump_json(record), headers=dict(response.headers), media_type="application/json")


def _next(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    following = request.url.include_query_params(cursor=cursor)
    return f"{following.path}?{following.query}"


MEDIA_TYPE = "text/csv"


def wants_csv(accept: str | None) -> bool:
    """Whether an Accept header likes CSV better than JSON; of two that it likes alike the first wins."""
    best, liking = "", 0.0
    for part in (accept or "").split(",")[:20]:
        kind, _, parameters = part.partition(";")
        kind, weight = kind.strip().lower(), quality(parameters)
        if kind in (MEDIA_TYPE, "application/json", "*/*", "application/*") and weight > liking:
            best, liking = kind, weight
    return best == MEDIA_TYPE


def csv_page(
    rows: Sequence[Mapping[str, Cell]],
    total: int,
    following: str | None,
    headers: Mapping[str, str],
    separators: Separators = Separators.EN,
) -> Response:
    """The rows as a CSV response; the number of all rows and the next page stand in its headers."""
    extra = {**headers, "X-Total-Count": str(total)}
    if following:
        extra["Link"] = f'<{following}>; rel="next"'
    body = delimited(rows, separators).encode("utf-8", "replace")
    return Response(body, headers=extra, media_type=f"{MEDIA_TYPE}; charset=utf-8")


def hit_rows(hits: Iterable[Hit], home: str | None) -> list[dict[str, Cell]]:
    """A row for each hit."""
    return [
        {
            "rank": hit.rank,
            "score": round(hit.score, 6),
            "language": hit.passage.language.value,
            "topics": " ".join(assigned.topic.value for assigned in hit.passage.topics),
            **citation_cells(hit.citation, home),
        }
        for hit in hits
    ]
