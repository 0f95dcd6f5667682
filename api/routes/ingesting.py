"""Routes that change the base: documents sent as files or JSON, or as addresses, become a job; a document is removed.

Of an address the spelling is checked: this process connects to none and asks no name server, whoever runs jobs does.

A 202 means that everything sent is on disk: the job survives a crash. A request repeated with its
Idempotency-Key is done once and answered with its job as it stands; one that failed as a whole is queued again.
"""

import asyncio
import hashlib
import io
import json
import unicodedata
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import StreamingResponse
from pydantic import TypeAdapter, ValidationError
from starlette.datastructures import FormData, UploadFile

from api.http.auth import needs, sender_of
from api.http.bodies import UploadBody, UrlsBody
from api.http.limits import RequestLimits
from api.http.problems import Refusal, language_of
from api.jobs.intake import Incoming, cancel, queue_again, queue_files
from api.routes.arguments import PARTS, Base, By, Cursor, Limit, Taking, known_parameters
from api.routes.repeating import Repeat, Repeatable, answer, removed_once, replayed
from api.service.knowledge_base import KnowledgeBase
from api.service.parts import KeptReply
from api.service.schemas import JobsResponse, to_wire
from api.words.formats import job_in
from kb.outside.addresses import check_spelling
from kb.outside.strings import plain_name
from kb.records.errors import InputError, SourceError
from kb.records.messages import say
from kb.records.operation import Job, Scope

router = APIRouter(prefix="/v1", dependencies=[Depends(known_parameters)], tags=["ingest"])
Id = Annotated[str, Path(max_length=200)]
# An event stream looks this often whether its job has moved, and says something at least this often.
_LOOK_SECONDS = 0.25
_SILENCE_SECONDS = 15.0
# A form with somewhat too many files is read to say so; one with ten times as many is cut off.
_READ_ANYWAY = 10
_UPLOAD = {**needs(Scope.INGEST), "x-upload": True, "requestBody": PARTS["upload"]}


@router.post("/documents", status_code=202, response_model=Job, openapi_extra=_UPLOAD)
async def post_documents(request: Request, base: Base, intake: Taking, repeat: Repeatable) -> Response:
    """Take in files (multipart, field ``file``) or JSON documents; the job that ingests them."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        # 68 MiB of JSON are read for seconds, in which the server would answer nobody.
        files = await run_in_threadpool(_from_json, await request.body(), base, repeat.caller)
        return await run_in_threadpool(queued, base, intake, repeat, files)
    if kind != "multipart/form-data":
        raise Refusal("unsupported_media_type")
    limits: RequestLimits = request.app.state.limits
    async with request.form(max_files=limits.upload_files * _READ_ANYWAY, max_fields=10) as form:
        files = _from_form(form, limits)
        return await run_in_threadpool(queued, base, intake, repeat, files)


@router.get("/jobs", openapi_extra=needs(Scope.INGEST))
def get_jobs(request: Request, base: Base, limit: Limit = 20, cursor: Cursor = None) -> JobsResponse:
    """The jobs, newest first, in the caller's language."""
    page = base.newest_jobs(limit, cursor)
    return replace(page, jobs=tuple(job_in(job, language_of(request)) for job in page.jobs))


@router.get("/jobs/{job_id}", openapi_extra=needs(Scope.INGEST))
def get_job(request: Request, base: Base, job_id: Id) -> Job:
    """Where a job stands, and what became of each file so far, in the caller's language."""
    return job_in(base.jobs.get(job_id), language_of(request))


@router.post("/jobs/{job_id}/cancel", openapi_extra=needs(Scope.INGEST))
def cancel_job(request: Request, base: Base, intake: Taking, caller: By, job_id: Id) -> Job:
    """End a job: one that waits at once, one that runs after the files it has read; what is in the base stays. A job
    that has ended stays as it is."""
    owner = sender_of(base.keys, base.jobs.caller_of(job_id)).owner
    if not sender_of(base.keys, caller.name).may_replace(owner):
        raise Refusal("not_yours", say("job", job=job_id))
    return job_in(cancel(base.jobs, intake, job_id), language_of(request))


@router.get(
    "/jobs/{job_id}/events",
    response_class=StreamingResponse,
    responses={200: PARTS["events"]},
    openapi_extra=needs(Scope.INGEST),
)
async def get_job_events(request: Request, base: Base, job_id: Id) -> StreamingResponse:
    """The job as server-sent events (``event: job``) whenever it moves; the stream ends with the job."""
    await run_in_threadpool(base.jobs.get, job_id)
    return StreamingResponse(
        _events(request, base, job_id), media_type="text/event-stream", headers={"Cache-Control": "no-store"}
    )


@router.delete("/documents/{document_id}", status_code=204, openapi_extra=needs(Scope.ADMIN))
def delete_document(base: Base, document_id: Id, repeat: Repeatable) -> Response:
    """Remove a document with its passages, statistics and original."""
    asked = f"DELETE {document_id}"
    return removed_once(base.jobs, repeat, asked, lambda: base.remove(document_id))


# -- receiving -----------------------------------------------------------------------------


def _from_form(form: FormData, limits: RequestLimits) -> list[Incoming]:
    unknown = [name for name in form if name not in ("file", "metadata")]
    if unknown:
        raise InputError(say("field", field=unknown[0]), say("is_not_known_here"), say("did_you_mean_file"))
    sent = [part for part in form.getlist("file") if isinstance(part, UploadFile)]
    if not sent:
        raise InputError(say("the_upload"), say("has_no_file"), say("send_at_least_one_file"))
    if len(sent) > limits.upload_files:
        reason = say("has_more_files", count=len(sent), most=limits.upload_files)
        raise InputError(say("the_upload"), reason, say("send_them_in_parts"))
    names = [plain_name(part.filename or "") for part in sent]
    about = _metadata(form.get("metadata"), names)
    return [Incoming(name, part.file, about.get(name)) for name, part in zip(names, sent, strict=True)]


def _metadata(field: object, names: Sequence[str]) -> dict[str, dict[str, Any]]:
    if field is None:
        return {}
    try:
        about = json.loads(field) if isinstance(field, str) else None
    except (ValueError, RecursionError):
        about = None
    if not isinstance(about, dict) or not all(isinstance(one, dict) for one in about.values()):
        raise InputError(say("field_metadata"), say("must_be_a_json_object"))
    about = {plain_name(name): fields for name, fields in about.items()}
    for name in about:
        if name not in names:
            raise InputError(
                say("file_named", name=name), say("is_not_known_here"), say("use_one_of", known=", ".join(names[:20]))
            )
    return about


def _from_json(body: bytes, base: KnowledgeBase, caller: str) -> list[Incoming]:
    try:
        # Not pydantic's own reader of JSON: it refuses half a character, which the job mends and says so.
        given = json.loads(body)
    except (ValueError, RecursionError):
        raise Refusal("malformed_body", say("is_no_json")) from None
    try:
        upload = TypeAdapter(UploadBody).validate_python(given)
    except ValidationError as error:
        raise RequestValidationError(
            [{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False, include_input=False)]
        ) from None
    _check_owners(upload, base, caller)
    lines = (json.dumps(one).encode("ascii") for one in given["documents"])
    return [Incoming("documents.jsonl", io.BytesIO(b"\n".join(lines)))]


def _check_owners(upload: UploadBody, base: KnowledgeBase, caller: str) -> None:
    """Nothing; a Refusal for a document that stands under its id already and is not this caller's to replace."""
    sender = sender_of(base.keys, caller)
    for document in upload.documents:
        name = unicodedata.normalize("NFC", plain_name(document.id))
        known = base.sources.named(name)
        if known is not None and not sender.may_replace(known.owner):
            raise Refusal("not_yours", say("document_named", name=name))


# -- queueing ------------------------------------------------------------------------------


def queued(base: Base, intake: Taking, repeat: Repeat, files: list[Incoming]) -> Response:
    """202 with the job of what was sent, or with that of the first request of this name."""
    asked = _fingerprint(files)

    def job_now(first: str) -> str:
        """The job of the first answer as it stands, queued again when it had failed as a whole."""
        return json.dumps(to_wire(queue_again(base.jobs, intake, json.loads(first)["id"], files)))

    earlier = repeat.found(base.jobs)
    if earlier is not None:
        return replayed(earlier, asked, job_now)

    def reply_to(job: Job) -> KeptReply | None:
        return repeat.reply(asked, 202, json.dumps(to_wire(job)))

    job, first = queue_files(base.jobs, intake, repeat.caller, files, reply_to)
    return answer(json.dumps(to_wire(job)), 202) if first is None else replayed(first, asked, job_now)


def _fingerprint(files: Sequence[Incoming]) -> str:
    digest = hashlib.sha256()
    for file in files:
        digest.update(f"{file.name}\0{json.dumps(file.metadata, sort_keys=True)}\0".encode("utf-8", "backslashreplace"))
        file.data.seek(0)
        while piece := file.data.read(1 << 20):
            digest.update(piece)
        file.data.seek(0)
    return digest.hexdigest()


# -- events --------------------------------------------------------------------------------


async def _events(request: Request, base: Base, job_id: str) -> AsyncIterator[bytes]:
    last, silent = "", 0.0
    while not request.app.state.stopping.is_set():
        job = await run_in_threadpool(base.jobs.get, job_id)
        data = json.dumps(to_wire(job_in(job, language_of(request))))
        if data != last:
            yield f"event: job\ndata: {data}\n\n".encode()
            last, silent = data, 0.0
        if job.state.ended or getattr(request.state, "head_only", False):
            return
        if silent >= _SILENCE_SECONDS:
            yield b": still here\n\n"
            silent = 0.0
        await asyncio.sleep(_LOOK_SECONDS)
        silent += _LOOK_SECONDS


@router.post("/ingest/urls", status_code=202, response_model=Job, openapi_extra=needs(Scope.INGEST))
def post_urls(request: Request, base: Base, intake: Taking, body: UrlsBody, repeat: Repeatable) -> Response:
    """Take in addresses of pages, sitemaps and feeds; the job that fetches and ingests them. Only addresses on the open
    internet, and only where the operator allows fetching."""
    if not request.app.state.network:
        raise Refusal("network_off")
    return queued(base, intake, repeat, _incoming(body))


def _incoming(body: UrlsBody) -> list[Incoming]:
    """Each address once, with what is known of it; InputError for one that is never fetched."""
    urls = list(dict.fromkeys(body.urls))
    for name in body.metadata:
        if name not in urls:
            known = say("use_one_of", known=", ".join(urls[:20]))
            raise InputError(say("field_metadata"), say("names_what_was_not_sent", name=name), known)
    for url in urls:
        try:
            check_spelling(url)
        except SourceError as error:
            raise InputError(url, error.reason, error.hint) from None
    about = {url: fields.model_dump(exclude_none=True) for url, fields in body.metadata.items()}
    return [Incoming.at(url, about.get(url)) for url in urls]
