"""What routes take from a request: the open base, the caller, limits, filters, and what answers 304.

A parameter that a route does not know is refused: a misspelt filter would silently find everything.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from importlib import resources
from inspect import Signature
from typing import Annotated, Any
from urllib.parse import unquote_to_bytes

from fastapi import Depends, Query, Request, Response
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from api.http.auth import Caller
from api.http.bodies import MAX_QUERY
from api.jobs.intake import Inbox, intake_of
from api.service.asking.filters import FIGURES, PASSAGES, FilterRow, FilterWords, Shape, parameters
from api.service.asking.paging import fingerprint
from api.service.knowledge_base import MAX_LIMIT, KnowledgeBase
from api.words.wording import accepted_language
from kb.records.errors import InputError, nearest
from kb.records.messages import say

# What the contract says of bodies and responses that are no record, by their names in ``api/data/responses.json``.
PARTS: dict[str, dict[str, Any]] = json.loads(
    resources.files("api").joinpath("data", "responses.json").read_text(encoding="utf-8")
)


class NotModified(Exception):  # noqa: N818 - no error: the caller has it
    """The caller has what would be sent."""

    def __init__(self, headers: dict[str, str]) -> None:
        self.headers = headers


async def knowledge_base(request: Request) -> KnowledgeBase:
    """The open base of this application."""
    kb: KnowledgeBase = request.app.state.knowledge_base
    return kb


async def caller_of(request: Request) -> Caller:
    """Who is calling; the gate has found out."""
    caller: Caller = request.state.caller
    return caller


async def known_parameters(request: Request) -> None:
    """Nothing; raises InputError for a parameter that is no UTF-8 or that the route does not have, the nearest told."""
    _check_unicode(request.scope["query_string"])
    route = request.scope.get("route")
    if not isinstance(route, APIRoute):
        return
    known = _query_names(route.dependant)
    for name in request.query_params:
        if name not in known:
            hint = nearest(name, sorted(known)) if known else ""
            raise InputError(say("parameter", parameter=name), say("is_not_known_here"), hint)


def _query_names(dependant: Dependant) -> set[str]:
    return {field.alias for field in dependant.query_params}.union(*map(_query_names, dependant.dependencies))


def _check_unicode(query_string: bytes) -> None:
    """Refuse bytes that are no UTF-8: they would be asked for as the mark of a character that was lost."""
    for part in query_string.split(b"&"):
        name, _, value = (unquote_to_bytes(piece.replace(b"+", b" ")) for piece in part.partition(b"="))
        try:
            value.decode("utf-8")
        except UnicodeDecodeError:
            thing = say("parameter", parameter=name.decode("utf-8", "replace"))
            raise InputError(thing, say("is_not_text_in_valid_unicode"), say("write_it_in_utf_8")) from None


def unless_changed(request: Request, response: Response, base: Base) -> None:
    """Tag the response by the state of the base; raises NotModified when the caller has it already."""
    state = request.app.state.instance, base.version(), base.degraded() or ""
    language = accepted_language(request.headers.get("accept-language"))
    asked = request.url.path, request.url.query, request.headers.get("accept", ""), language.value
    mark(request, response, f'W/"{fingerprint(*state, *asked)}"', "private, no-cache")


def mark(request: Request, response: Response, tag: str, caching: str) -> None:
    """Set the tag and the caching of a response; raises NotModified when the caller has it already."""
    headers = {"ETag": tag, "Cache-Control": caching, "Vary": "Accept, Accept-Language, Authorization"}
    held = {one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")}
    if tag.removeprefix("W/") in held or "*" in held:
        raise NotModified(headers)
    response.headers.update(headers)


Base = Annotated[KnowledgeBase, Depends(knowledge_base)]
By = Annotated[Caller, Depends(caller_of)]
Taking = Annotated[Inbox, Depends(intake_of)]
Limit = Annotated[int, Query(ge=1, le=MAX_LIMIT)]
Year = Annotated[int | None, Query(ge=1000, le=9999)]
Words = Annotated[str | None, Query(max_length=MAX_QUERY)]
Name = Annotated[str | None, Query(max_length=200)]
Names = Annotated[tuple[str, ...], Query(max_length=20)]
Cursor = Annotated[str | None, Query(max_length=200)]
_Flag = Annotated[bool | None, Query()]
Number = Annotated[float | None, Query(allow_inf_nan=False)]


def filter_words(rows: tuple[FilterRow, ...]) -> Callable[..., FilterWords]:
    """The dependency that takes the words of these filters from a query string; names may be given several times."""

    def words(**given: object) -> FilterWords:
        return given

    words.__signature__ = Signature(parameters(rows, _KINDS, {}))  # type: ignore[attr-defined]
    return words


_KINDS = {
    Shape.NAMES: Names,
    Shape.NAME: Name,
    Shape.TEXT: Words,
    Shape.YEAR: Year,
    Shape.NUMBER: Number,
    Shape.FLAG: _Flag,
}
PassageWords = Annotated[FilterWords, Depends(filter_words(PASSAGES))]
FigureWords = Annotated[FilterWords, Depends(filter_words(FIGURES))]
