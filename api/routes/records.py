"""Routes for records: passages, documents with their text and original, topics, and problem codes."""

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.responses import RedirectResponse

from api.http.auth import needs, sender_of
from api.http.bodies import RecordBody
from api.http.problems import CODES, ProblemFacts, Refusal
from api.routes.arguments import PARTS, Base, By, Cursor, Limit, Words, known_parameters, mark, unless_changed
from api.service.genealogy import FigureHistory
from api.service.schemas import (
    DocumentResponse,
    DocumentsResponse,
    PassageResponse,
    RecordResponse,
    TopicLine,
)
from kb.records.document import Document
from kb.records.errors import NotFoundError
from kb.records.messages import say
from kb.records.operation import Scope

router = APIRouter(prefix="/v1", dependencies=[Depends(known_parameters)], tags=["records"])
READ, EXPORT, OPEN = needs(Scope.READ), needs(Scope.EXPORT), needs(None)
Id = Annotated[str, Path(max_length=200)]
_FOR_EVER = "private, max-age=31536000, immutable"


@router.get("/passages/{passage_id}", openapi_extra=READ, dependencies=[Depends(unless_changed)])
def get_passage(base: Base, passage_id: Id) -> PassageResponse:
    """A passage, its document and its place in the original."""
    return base.passage(passage_id)


@router.get("/statistics/{statistic_id}/history", openapi_extra=READ, dependencies=[Depends(unless_changed)])
def get_history(base: Base, statistic_id: Id) -> FigureHistory:
    """Where a figure comes from: the places that state it, what each changed, and those that differ."""
    return base.history(statistic_id)


@router.get("/documents", openapi_extra=READ, dependencies=[Depends(unless_changed)])
def get_documents(base: Base, limit: Limit = 100, cursor: Cursor = None, source_id: Words = None) -> DocumentsResponse:
    """The current documents, by source; with ``source_id`` the one that was sent under this very name, or none."""
    return base.documents(limit, cursor) if source_id is None else base.document_of(source_id)


@router.get("/documents/{document_id}", openapi_extra=READ, dependencies=[Depends(unless_changed)])
def get_document(base: Base, document_id: Id) -> DocumentResponse:
    """A document with its text, its passages and what was removed from it."""
    return base.document(document_id)


@router.get("/documents/{document_id}/record", openapi_extra=READ, dependencies=[Depends(unless_changed)])
def get_record(base: Base, document_id: Id) -> RecordResponse:
    """The record of a document without its text: what is known of it, from where, and every correction of it."""
    return base.record(document_id)


@router.patch("/documents/{document_id}", openapi_extra=needs(Scope.INGEST))
def patch_document(base: Base, by: By, document_id: Id, body: RecordBody) -> RecordResponse:
    """Correct the record of a document: title, authors, publisher, date, address, series. Nothing is embedded again.

    What it was stays in the history, and citations made before say that it was corrected. A key corrects the documents
    that it brought, an administrator's every one.
    """
    sender = sender_of(base.keys, by.name)
    document = base.records.document(document_id)
    known = base.sources.named(document.source_id)
    if known is not None and not sender.may_replace(known.owner):
        raise Refusal("not_yours", say("document_named", name=document.source_id))
    return base.correct(document_id, body.fields(), sender.owner or by.name, revision=body.revision)


@router.get(
    "/documents/{document_id}/text",
    response_class=Response,
    responses={200: PARTS["text"]},
    openapi_extra=READ,
    dependencies=[Depends(unless_changed)],
)
def get_text(response: Response, base: Base, document_id: Id) -> Response:
    """The canonical text that all offsets count in."""
    text = base.records.document(document_id).text
    return Response(text.encode("utf-8", "replace"), headers=dict(response.headers), media_type="text/plain")


@router.get(
    "/documents/{document_id}/original", response_class=Response, responses={200: PARTS["bytes"]}, openapi_extra=EXPORT
)
def get_original(request: Request, response: Response, base: Base, document_id: Id) -> Response:
    """The original bytes, always as a file to keep: a browser never shows them as a page of this server."""
    document = base.records.document(document_id)
    mark(request, response, f'"{document.sha256}"', _FOR_EVER)
    data = base.records.original(document.sha256)
    headers = {
        **response.headers,
        "Content-Disposition": f"attachment; filename*=UTF-8''{quote(_file_name(document), safe='')}",
        "Content-Security-Policy": "sandbox",
    }
    return Response(data, headers=headers, media_type="application/octet-stream")


@router.get("/topics", openapi_extra=READ, dependencies=[Depends(unless_changed)])
def get_topics(base: Base) -> tuple[TopicLine, ...]:
    """The five topics and how many passages have each."""
    return base.topics()


@router.get("/problems", openapi_extra=OPEN)
def get_problems() -> tuple[ProblemFacts, ...]:
    """Every code that a problem can have."""
    return tuple(CODES.values())


@router.get("/problems/{code}", response_model=ProblemFacts, responses={303: PARTS["to_the_page"]}, openapi_extra=OPEN)
def get_problem(request: Request, code: Id) -> ProblemFacts | Response:
    """What a problem code means, in both languages; a browser is led to its entry on the page of the API."""
    if code not in CODES:
        raise NotFoundError(say("problem", problem=code), say("is_not_known"))
    if "text/html" in request.headers.get("accept", ""):
        return RedirectResponse(f"/docs#{code}", 303, {"Vary": "Accept"})
    return CODES[code]


def _file_name(document: Document) -> str:
    name = document.source_id.replace("\\", "/").rpartition("/")[2]
    return "".join(mark for mark in name if mark.isprintable()) or document.id
