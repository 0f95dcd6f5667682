"""Pages in place of problem documents, for people: an address that is none, and a fault of the server.

Programs go on getting what ``api.http.problems`` says; nothing is decided here but who asks.
"""

import json
from collections.abc import Callable
from typing import cast

from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from api.http.problems import Refusal, is_for_people
from api.page.rendering import render
from api.page.views.sign_in import refusal_page

_Handler = Callable[[Request, Exception], Response]
_NOWHERE = 404


def answer_people(app: FastAPI) -> None:
    """Have the application answer a browser with a page where it has only a problem document."""
    app.add_exception_handler(_NOWHERE, _shown("not_found", _of_problems(app, HTTPException)))
    app.add_exception_handler(Exception, _shown("internal_error", _of_problems(app, Exception)))


def _of_problems(app: FastAPI, kind: type[Exception]) -> _Handler:
    return cast("_Handler", app.exception_handlers[kind])


def _shown(code: str, problem: _Handler) -> _Handler:
    def answer(request: Request, error: Exception) -> Response:
        said = problem(request, error)  # the number of a fault is in the log from here on
        if not is_for_people(request) or isinstance(error, Refusal):
            return said
        if code == "not_found":
            return render(request, "error.html", {"detail": None, "code": code}, status=_NOWHERE)
        return refusal_page(request, Refusal(code, json.loads(bytes(said.body))["detail"]))

    return answer
