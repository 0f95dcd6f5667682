"""The record of a document as a form, and its history: correcting a title, an author, a date where they are read.

Owns which fields of a form are a correction. What a value may be is ``api.service.correcting``'s.
"""

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.http.auth import Caller, needs, sender_of
from api.http.problems import STATUS, Refusal
from api.page.door import PageRoute, open_base
from api.page.rendering import render
from api.page.visitor import visitor_of
from api.service.knowledge_base import KnowledgeBase
from api.words.formats import report_words
from kb.records.document import Document
from kb.records.errors import ChangedError, InputError
from kb.records.messages import say
from kb.records.operation import Scope, allows

router = APIRouter(route_class=PageRoute, include_in_schema=False)
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
