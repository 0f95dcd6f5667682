"""``mount``: every view of the page, added to an application; its own files, served to everybody by their exact names;
and pages in place of problem documents for people. No view is written here, and nothing decided but who asks.
"""

import json
from collections.abc import Callable
from datetime import date
from typing import cast

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from api.http.auth import needs
from api.http.problems import Refusal, is_for_people
from api.page.assets import TEXTS, TYPES, assets, edition, packed_asset, takes_gzip
from api.page.door import PageRoute
from api.page.rendering import render
from api.page.views import (
    adding,
    covering,
    drafting,
    figures_table,
    originals,
    searching,
)
from api.page.views import basket_view as collecting
from api.page.views import contract_view as documenting
from api.page.views import reader as reading
from api.page.views import sign_in as signing
from api.page.views.originals import drawn_by
from api.page.views.sign_in import refusal_page
from kb.records.errors import NotFoundError
from kb.records.messages import say
from kb.records.ports import PagePictures

router = APIRouter(route_class=PageRoute, include_in_schema=False)
_DAY, _YEAR = 24 * 3600, 365 * 24 * 3600


@router.get("/static/{name:path}", openapi_extra=needs(None))
def get_asset(request: Request, name: str) -> Response:
    """A file of the page; an address with the edition may be kept for a year."""
    path = assets().get(name)
    if path is None:
        raise NotFoundError(say("file_named", name=name[:80]), say("is_not_part_of_the_page"))
    same_edition = request.query_params.get("v") == edition()
    kept = f"public, max-age={_YEAR}, immutable" if same_edition else f"public, max-age={_DAY}"
    kind, headers = TYPES[path.suffix], {"Cache-Control": kept, "Vary": "Accept-Encoding"}
    if path.suffix in TEXTS and takes_gzip(request):
        return Response(packed_asset(name), headers={**headers, "Content-Encoding": "gzip"}, media_type=kind)
    return FileResponse(path, media_type=kind, headers=headers)


_ROUTERS = (
    router,
    searching.router,
    reading.router,
    originals.router,
    figures_table.router,
    covering.router,
    collecting.router,
    drafting.router,
    documenting.router,
    adding.router,
    signing.router,
)


def mount(app: FastAPI, today: Callable[[], date] = date.today, pictures: PagePictures | None = None) -> None:
    """Add the page to an application that has its base in ``app.state.knowledge_base``.

    ``today`` is the day that citations name as the day of access; ``pictures`` draws the pages of PDFs (null: they
    are not shown).
    """
    app.state.page_today = today
    app.state.page_drawn = drawn_by(pictures) if pictures else None
    app.state.refusal_page = refusal_page
    answer_people(app)
    for router in _ROUTERS:
        app.router.routes.extend(router.routes)  # as they are, so that the gate sees what each declares


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
