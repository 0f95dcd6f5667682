"""Errors over HTTP: RFC 9457 problem documents. One table turns an error's class into a status and a code."""

from __future__ import annotations

import logging
import uuid

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from kb.errors import BaseError, InputError, KnowledgeBaseError, ModelError, NotFoundError, SourceError

STATUS: dict[type[KnowledgeBaseError], tuple[int, str]] = {
    InputError: (422, "invalid_input"),
    NotFoundError: (404, "not_found"),
    SourceError: (422, "unreadable_source"),
    BaseError: (503, "base_unavailable"),
    ModelError: (503, "model_unavailable"),
}
_HTTP_CODES = {404: "not_found", 405: "method_not_allowed", 413: "too_large", 415: "unsupported_media_type"}
_log = logging.getLogger("kb.api")


def problem(status: int, code: str, title: str, *, detail: str | None = None, hint: str | None = None) -> JSONResponse:
    """A problem document as a response; null members are left out."""
    members = {
        "type": f"urn:kb:problem:{code}",
        "title": title,
        "status": status,
        "code": code,
        "detail": detail,
        "hint": hint,
    }
    content = {name: value for name, value in members.items() if value is not None}
    return JSONResponse(content, status, media_type="application/problem+json")


def install(app: FastAPI) -> None:
    """Make every error of the application a problem document."""
    app.add_exception_handler(KnowledgeBaseError, _ours)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _ours(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, KnowledgeBaseError)  # noqa: S101 - Starlette hands over what install() named
    status, code = STATUS[type(error)]
    return problem(status, code, f"{error.thing}: {error.reason}", hint=error.hint or None)


def _invalid(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return problem(422, "invalid_input", f"{place}: {first['msg']}", hint="See /docs for what this route takes")


def _http(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)  # noqa: S101
    code = _HTTP_CODES.get(error.status_code, "http_error")
    return problem(error.status_code, code, str(error.detail))


def _unexpected(request: Request, error: Exception) -> JSONResponse:
    number = uuid.uuid4().hex[:12]
    _log.error("unexpected error %s on %s: %s", number, request.url.path, type(error).__name__, exc_info=error)
    return problem(500, "internal_error", "Something went wrong here", detail=f"Error {number} is in the server's log")
