"""The tools for agents over HTTP: one path that takes the messages of the protocol, for callers with a key.

Each request stands by itself (no sessions to steal or to lose), and only reads. The protocol's library is loaded with
the first request, so that a server without agents does not wait for it.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from api.http.auth import Caller, needs
from api.http.problems import Refusal
from kb.records.operation import Scope as AccessScope
from kb.records.operation import allows

if TYPE_CHECKING:
    from api.agents.agent_tools import HttpTools
    from api.service.knowledge_base import KnowledgeBase

PATH = "/mcp"


class AgentDoor:
    """Opens the door with its first request and keeps it open until the server stops."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._lock = asyncio.Lock()
        self._stop = asyncio.Event()
        self._door: HttpTools | None = None
        self._task: asyncio.Task[None] | None = None

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request of an agent."""
        door = self._door or await self._opened()
        await door.answer(scope, receive, send)

    async def close(self) -> None:
        """End what is open; requests under way are cut off."""
        self._stop.set()
        if self._task is not None:
            with suppress(asyncio.CancelledError):
                await self._task

    async def _opened(self) -> HttpTools:
        async with self._lock:
            if self._door is None:
                door = await asyncio.to_thread(_made, self._base)
                opened = asyncio.Event()
                # In a task of its own: what a request opens must not end with it.
                self._task = asyncio.create_task(door.run(opened.set, self._stop.wait()))
                await opened.wait()
                self._door = door
        return self._door


def _made(base: KnowledgeBase) -> HttpTools:
    from api.agents.agent_tools import HttpTools

    return HttpTools(base)


class _Handed(Response):
    """A response that another application gives."""

    def __init__(self, door: AgentDoor) -> None:
        super().__init__()
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._door.answer(scope, receive, send)


async def _post_mcp(request: Request) -> Response:
    """A message of the Model Context Protocol; a key that may read is needed on loopback too."""
    caller: Caller = request.state.caller
    if caller.by_key is None:
        raise Refusal("no_key", headers={"WWW-Authenticate": "Bearer"})
    if not allows(caller.by_key, AccessScope.READ):
        raise Refusal("missing_scope", headers={"WWW-Authenticate": 'Bearer error="insufficient_scope", scope="read"'})
    _check_origin(request)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise Refusal("unsupported_media_type")
    return _Handed(request.app.state.agent_door)


def _check_origin(request: Request) -> None:
    """A page of another site may not speak in the name of whoever looks at it."""
    origin = request.headers.get("origin")
    own = f"{request.url.scheme}://{request.headers.get('host', '')}"
    if origin is not None and origin != own and origin not in request.app.state.cors_origins:
        raise Refusal("foreign_origin")


def agent_route() -> APIRoute:
    """The route of the door."""
    return APIRoute(
        PATH,
        _post_mcp,
        methods=["POST"],
        include_in_schema=False,
        openapi_extra=needs(AccessScope.READ),
        response_model=None,
    )
