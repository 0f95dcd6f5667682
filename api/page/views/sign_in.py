"""Signing in: a form that takes a key and has the browser keep it, and the page for whoever is refused.

Whether a key is needed is the gate's to decide; here it is asked for in words. No key is kept on the server.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse
from starlette.concurrency import run_in_threadpool

from api.http.auth import forget_key, keep_key, needs, signed_in
from api.http.problems import CODES, Refusal
from api.page.door import PageRoute
from api.page.rendering import render
from api.page.visitor import visitor_of

router = APIRouter(route_class=PageRoute, include_in_schema=False)
OPEN = needs(None)
# Of these one gets further with a key, or with another one.
_KEY_WANTED = ("no_key", "bad_key", "missing_scope")


@router.get("/session", openapi_extra=OPEN)
def get_session(request: Request, next: str = "/") -> Response:
    """The form."""
    return render(request, "signin.html", {**asking(request, own_path(next)), "code": None})


@router.post("/session", openapi_extra=OPEN)
async def post_session(request: Request) -> Response:
    """Have the browser keep the key of the form, and go on; the form again when the key opens nothing."""
    async with request.form(max_files=0, max_fields=5) as form:
        key, following = str(form.get("key", "")).strip(), own_path(str(form.get("next", "/")))
    return await run_in_threadpool(_sign_in, request, key, following)


@router.post("/session/end", openapi_extra=OPEN)
def post_end(request: Request) -> Response:
    """Have the browser forget the key."""
    response = RedirectResponse("/", 303)
    forget_key(response)
    return response


def refusal_page(request: Request, refusal: Refusal) -> Response:
    """The page for a request that the gate turned away: with the form where a key would help."""
    wanted = refusal.code in _KEY_WANTED
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    following = here if request.method == "GET" else "/"
    context = {**asking(request, following), "code": refusal.code, "detail": refusal.detail}
    template = "signin.html" if wanted else "refused.html"
    return render(request, template, context, status=refusal.status_code, headers=refusal.headers)


def asking(request: Request, following: str) -> dict[str, Any]:
    """What the form needs: where to go on, and what the refusals are called in the visitor's language."""
    language = visitor_of(request).language
    titles: Mapping[str, str] = {code: facts.title(language) for code, facts in CODES.items()}
    hints: Mapping[str, str] = {code: facts.hint(language) for code, facts in CODES.items()}
    return {"following": following, "refusal_title": titles, "refusal_hint": hints}


def own_path(address: str) -> str:
    """The address when it is a path on this server, else "/": nobody is sent elsewhere with a link."""
    plain = address.isprintable() and address.startswith("/") and address[1:2] not in ("/", "\\")
    return address if plain and not address.startswith("/session") else "/"


def _sign_in(request: Request, key: str, following: str) -> Response:
    state, client = request.app.state, request.client
    address = client.host if client else "unknown"
    if signed_in(state.knowledge_base.keys, state.access, key, address) is None:
        return render(request, "signin.html", {**asking(request, following), "code": "bad_key"}, status=401)
    response = RedirectResponse(following, 303)
    keep_key(response, key, secure=request.url.scheme == "https")
    return response
