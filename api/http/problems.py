"""Errors over HTTP: RFC 9457 problem documents. One table turns an error's class into a status and a code.

The words are ``kb.records.messages``'s; here an error becomes a response in the caller's language.
"""

import json
import logging
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from fastapi.routing import APIRoute
from pydantic import BaseModel
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from api.http.bodies import UploadBody
from api.http.field_faults import meant, wrong_with
from api.words.wording import accepted_language
from kb.records.errors import (
    BaseError,
    ChangedError,
    InputError,
    KnowledgeBaseError,
    ModelError,
    NoSpaceError,
    NotFoundError,
    ReadOnlyError,
    SourceError,
)
from kb.records.language import Language
from kb.records.messages import said, say, shortened
from kb.records.tables import rows_of


@dataclass(frozen=True, slots=True)
class ProblemFacts:
    """What a problem code means, in both languages."""

    code: str
    status: int
    title_en: str
    title_es: str
    hint_en: str
    hint_es: str

    def title(self, language: Language) -> str:
        """The title for people."""
        return self.title_es if language is Language.ES else self.title_en

    def hint(self, language: Language) -> str:
        """What to do when the error itself names nothing better."""
        return self.hint_es if language is Language.ES else self.hint_en


class Problem(BaseModel):
    """An RFC 9457 problem: ``code`` is stable, title, detail and hint are in the caller's language (es or en)."""

    type: str
    title: str
    status: int
    code: str
    detail: str | None = None
    hint: str | None = None
    errors: list[dict[str, str]] | None = None


_COLUMNS = ("code", "status", "title_en", "title_es", "hint_en", "hint_es")
CODES = {
    code: ProblemFacts(code, int(status), *words) for code, status, *words in rows_of("api", "problems.tsv", *_COLUMNS)
}


STATUS: dict[type[KnowledgeBaseError], tuple[int, str]] = {
    InputError: (422, "invalid_input"),
    NotFoundError: (404, "not_found"),
    ChangedError: (409, "changed_meanwhile"),
    SourceError: (422, "unreadable_source"),
    BaseError: (503, "base_unavailable"),
    NoSpaceError: (503, "disk_full"),
    ReadOnlyError: (403, "read_only"),
    ModelError: (503, "model_unavailable"),
}
_HTTP_CODES = {
    400: "malformed_body",
    404: "not_found",
    405: "method_not_allowed",
    408: "too_slow",
    413: "too_large",
    415: "unsupported_media_type",
}
# Errors of the server itself: their text names paths, which stay in the log.
PRIVATE = (BaseError, ModelError)
_log = logging.getLogger("kb.api")


class Refusal(HTTPException):
    """A request that is refused with this code before it reaches a record."""

    def __init__(self, code: str, detail: str = "", headers: Mapping[str, str] | None = None) -> None:
        super().__init__(CODES[code].status, detail, dict(headers or {}))
        self.code = code


def problem(
    code: str,
    language: Language = Language.EN,
    *,
    detail: str | None = None,
    hint: str | None = None,
    status: int | None = None,
    headers: Mapping[str, str] | None = None,
    errors: list[dict[str, str]] | None = None,
) -> Response:
    """A problem document as a response; members that are null are left out."""
    facts = CODES[code]
    status = status or facts.status
    members: dict[str, Any] = {
        "type": f"/v1/problems/{code}",
        "title": facts.title(language),
        "status": status,
        "code": code,
        "detail": detail,
        "hint": hint or facts.hint(language),
        "errors": errors,
    }
    content = {name: value for name, value in members.items() if value is not None}
    # What a caller sent may hold half a character; escaped JSON can say so, UTF-8 cannot.
    body = json.dumps(content, ensure_ascii=True).encode("ascii")
    said = {"Content-Language": language.value, "Cache-Control": "no-store", **(headers or {})}
    return Response(body, status, said, "application/problem+json")


def install(app: FastAPI) -> None:
    """Make every error of the application a problem document."""
    app.add_exception_handler(KnowledgeBaseError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unexpected)


def language_of(request: Request) -> Language:
    """The language in which this caller is told of problems."""
    return accepted_language(request.headers.get("accept-language"))


def is_for_people(request: Request) -> bool:
    """Whether a browser asks for a page, not a program for a record."""
    return "text/html" in request.headers.get("accept", "") and not request.url.path.startswith("/v1/")


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, KnowledgeBaseError)  # noqa: S101 - Starlette hands over what install() named
    return from_ours(request, error)


def from_ours(request: Request, error: KnowledgeBaseError) -> Response:
    """The problem document of an error of ours."""
    status, code = STATUS[type(error)]
    language = language_of(request)
    if isinstance(error, PRIVATE):
        number = _logged(request, error)
        retry = {"Retry-After": "5"} if status == 503 else None
        return problem(code, language, status=status, detail=_number(number, language), headers=retry)
    thing, reason = (_said(part, language) for part in (error.thing, error.reason))
    hint = _said(error.hint, language) if error.hint else None
    return problem(code, language, status=status, detail=f"{thing}: {reason}" if thing else reason, hint=hint)


def _said(phrase: str, language: Language) -> str:
    return shortened(said(phrase, language))


def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    language = language_of(request)
    faults, errors = error.errors()[:20], []
    for one in faults:
        if one["type"] == "json_invalid":
            return problem("malformed_body", language, detail=say("is_no_json").said(language))
        place = shortened(".".join(str(part) for part in one["loc"]))
        errors.append({"field": place, "message": _said(wrong_with(one), language)})
    near = meant(faults, _body_of(request), skip=1)
    detail = f"{errors[0]['field']}: {errors[0]['message']}"
    return problem("invalid_input", language, detail=detail, hint=near and _said(near, language), errors=errors)


def _body_of(request: Request) -> object:
    """The model of the body that a route takes, null where it takes none."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return None
    if (route.openapi_extra or {}).get("x-upload"):
        return UploadBody
    return None if route.body_field is None else route.body_field.field_info.annotation


def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101
    if isinstance(error, Refusal):
        return from_refusal(request, error)
    language = language_of(request)
    code = _HTTP_CODES.get(error.status_code, "http_error")
    near = _near_path(request) if error.status_code == 404 else None
    headers = _with_head(error.headers)
    return problem(code, language, status=error.status_code, hint=near and _said(near, language), headers=headers)


def _near_path(request: Request) -> str | None:
    """The hint for a path that is none: the one that was meant, where one is near."""
    known = [route.path for route in request.app.routes if isinstance(route, APIRoute) and "{" not in route.path]
    near = get_close_matches(request.url.path[:100], known, 1, cutoff=0.75)
    return say("did_you_mean", near=near[0]) if near else None


def _with_head(headers: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """What is read by GET is asked for by HEAD, too."""
    allowed = [one.strip() for one in (headers or {}).get("Allow", "").split(",")]
    if "GET" not in allowed or "HEAD" in allowed:
        return headers
    return {**(headers or {}), "Allow": ", ".join(sorted([*allowed, "HEAD"]))}


def from_refusal(request: Request, refusal: Refusal) -> Response:
    """The problem document of a refusal."""
    language = language_of(request)
    return problem(refusal.code, language, detail=_said(refusal.detail, language) or None, headers=refusal.headers)


def _gone(request: Request, error: Exception) -> Response:
    return problem("malformed_body", language_of(request))


def _unexpected(request: Request, error: Exception) -> Response:
    language = language_of(request)
    return problem("internal_error", language, detail=_number(_logged(request, error), language))


def _logged(request: Request, error: Exception) -> str:
    number = uuid.uuid4().hex[:12]
    _log.error("error %s: %s", number, type(error).__name__, exc_info=error)
    return number


def _number(number: str, language: Language) -> str:
    if language is Language.ES:
        return f"El error {number} está en el registro del servidor"
    return f"Error {number} is in the server's log"
