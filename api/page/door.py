"""How a page route gets its base and how its errors become pages: the frame around every view.

Knows which template shows an error; refuses to know any view.
"""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

from fastapi import Depends, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException

from api.http.auth import needs
from api.http.field_faults import wrong_with
from api.http.problems import PRIVATE, STATUS, Refusal
from api.page.rendering import render
from api.page.visitor import visitor_of
from api.service.knowledge_base import KnowledgeBase
from api.words.formats import report_words
from kb.records.errors import InputError, KnowledgeBaseError
from kb.records.operation import Scope

# What every view declares: it shows records and changes none.
READ = needs(Scope.READ)


class PageRoute(APIRoute):
    """A route whose errors are pages with the right status, in the visitor's language."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The handler of the route, guarded."""
        handle = super().get_route_handler()

        async def guarded(request: Request) -> Response:
            try:
                return await handle(request)
            except RequestValidationError as error:
                first = error.errors()[0]
                return _error_page(request, InputError(str(first["loc"][-1]), wrong_with(first)))
            except KnowledgeBaseError as error:
                return _error_page(request, error)
            except HTTPException as error:  # a form that is none, or a body that is too large or too slow
                refusal = error if isinstance(error, Refusal) else Refusal("malformed_body")
                page = request.app.state.refusal_page
                if page is None:
                    raise refusal from error
                shown: Response = page(request, refusal)
                return shown

        return guarded


def _error_page(request: Request, error: KnowledgeBaseError) -> Response:
    """The page that says what went wrong, with the status that the API gives the same error."""
    status, code = STATUS[type(error)]
    # The hints of these errors are for a terminal; the page has its own way on.
    detail = None if isinstance(error, PRIVATE) else report_words(error, visitor_of(request).language).reason
    return render(
        request,
        "error.html",
        {"detail": detail, "code": code},
        status=status,
    )


def open_base(request: Request) -> KnowledgeBase:
    """The open base of this application."""
    base: KnowledgeBase = request.app.state.knowledge_base
    return base


Base = Annotated[KnowledgeBase, Depends(open_base)]
