"""The page where documents are added: files become a job, the job is watched, and what failed is sent again.

Shows what the job says of itself; knows neither ingestion nor how a job is run.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile

from api.http.auth import Caller, needs, utc_now
from api.http.limits import RequestLimits
from api.jobs.intake import Incoming, intake_of, queue_files
from api.page.door import READ, Base, PageRoute, open_base
from api.page.rendering import is_fragment, render
from api.page.views.sign_in import asking
from api.page.visitor import visitor_of
from api.words.formats import report_words, said_in
from kb.outside.strings import plain_name
from kb.records.errors import InputError
from kb.records.file_format import FileFormat
from kb.records.messages import say
from kb.records.operation import Job, JobFile, Scope, allows

router = APIRouter(route_class=PageRoute, include_in_schema=False)
INGEST = needs(Scope.INGEST)
# Failed files are kept for an hour (``api.jobs.runner``); whoever comes in its last minutes might be too late.
_RETRY_OFFERED = timedelta(minutes=55)
# A form with somewhat too many files is read to say so; one with ten times as many is cut off.
_READ_ANYWAY = 10
_FAILED, _LOOK_AT = "failed", "look_at"
_WENT_IN = frozenset(("added", "updated"))
# Second spellings of formats, and what holds several documents.
_OTHER_ENDINGS = [
    ".htm",
    ".mht",
    ".text",
    ".markdown",
    ".ott",
    ".xlsm",
    ".tab",
    ".zip",
    ".jsonl",
    ".ndjson",
    ".bib",
    ".ris",
    ".rdf",
]


@router.get("/add", openapi_extra=READ)
def get_add(request: Request) -> Response:
    """The form for files, or the form for a key where adding needs one."""
    return _form(request, None)


@router.post("/add", openapi_extra={**INGEST, "x-upload": True})
async def post_add(request: Request) -> Response:
    """Take in files and lead to their job; the form again when they cannot be taken."""
    limits: RequestLimits = request.app.state.limits
    try:
        async with request.form(max_files=limits.upload_files * _READ_ANYWAY, max_fields=5) as form:
            sent = [part for part in form.getlist("file") if isinstance(part, UploadFile) and part.filename]
            files = [Incoming(plain_name(part.filename or ""), part.file) for part in sent]
            job = await run_in_threadpool(_queue, request, files)
    except InputError as error:
        return await run_in_threadpool(_form, request, error)
    return RedirectResponse(f"/add/{job.id}", 303)


@router.get("/add/{job_id}", openapi_extra=INGEST)
def get_job(request: Request, base: Base, job_id: str) -> Response:
    """The job as it stands, or that part of the page alone for a script."""
    job = base.jobs.get(job_id)
    language = visitor_of(request).language
    context = {
        "job": job,
        "error": said_in(job.error, language),
        "lines": [(line, report_words(line, language)) for line in shown(job.files)],
        "tally": tally(job.files),
        "outcome": outcome,
        "can_retry": _can_retry(job),
    }
    template = "_job.html" if is_fragment(request) else "job.html"
    return render(request, template, context, twin=f"/v1/jobs/{job.id}")


@router.post("/add/{job_id}/retry", openapi_extra=INGEST)
def post_retry(request: Request, base: Base, job_id: str) -> Response:
    """Send what failed once more, as a new job; the form again when the files are no longer kept."""
    base.jobs.get(job_id)
    files = intake_of(request).failed(job_id)
    try:
        if not files:
            raise InputError(say("the_upload"), say("is_no_longer_kept"), say("send_the_documents_again"))
        job = _queue(request, files)
    except InputError as error:
        return _form(request, error)
    finally:
        for file in files:
            file.data.close()
    return RedirectResponse(f"/add/{job.id}", 303)


def shown(files: Sequence[JobFile]) -> list[JobFile]:
    """The files, those that failed first, then those to look at: they want something of the reader."""
    return sorted(files, key=lambda file: (file.outcome != _FAILED, outcome(file) != _LOOK_AT))


def outcome(file: JobFile) -> str:
    """What the page calls the outcome of a file: what went in with a doubt is to be looked at."""
    return _LOOK_AT if file.look_at and file.outcome in _WENT_IN else file.outcome


def tally(files: Sequence[JobFile]) -> dict[str, int]:
    """How many files had each outcome that occurs."""
    outcomes = [outcome(file) for file in files]
    return {outcome: outcomes.count(outcome) for outcome in dict.fromkeys(outcomes)}


def _can_retry(job: Job) -> bool:
    """Whether what failed can be sent again from here."""
    if not job.state.ended or job.finished is None:
        return False
    failed = job.error is not None or any(file.outcome == _FAILED for file in job.files)
    return failed and utc_now() - job.finished < _RETRY_OFFERED


def _queue(request: Request, files: Sequence[Incoming]) -> Job:
    limits: RequestLimits = request.app.state.limits
    if not files:
        raise InputError(say("the_upload"), say("has_no_file"), say("send_at_least_one_file"))
    if len(files) > limits.upload_files:
        reason = say("has_more_files", count=len(files), most=limits.upload_files)
        raise InputError(say("the_upload"), reason, say("send_them_in_parts"))
    caller: Caller = request.state.caller
    return queue_files(open_base(request).jobs, intake_of(request), caller.name, files)[0]


def _form(request: Request, error: InputError | None) -> Response:
    limits: RequestLimits = request.app.state.limits
    caller: Caller = request.state.caller
    allowed = allows(caller.scopes, Scope.INGEST)
    context: dict[str, Any] = {
        **asking(request, "/add"),
        "allowed": allowed,
        "code": "missing_scope" if caller.has_key and not allowed else None,
        "refused": None if error is None else report_words(error, visitor_of(request).language),
        "endings": [f".{one.value}" for one in FileFormat if not one.is_picture] + _OTHER_ENDINGS,
        "max_bytes": limits.upload_bytes,
        "max_files": limits.upload_files,
    }
    return render(request, "add.html", context, status=200 if error is None else 422)
