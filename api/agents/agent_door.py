"""The tools for agents over HTTP: one path that takes the messages of the protocol, for callers with a key.

Each request stands by itself (no sessions to steal or to lose), and only reads. The protocol's library is loaded with
the first request, so that a server without agents does not wait for it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Protocol

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.types import Receive, Scope, Send

from api.http.auth import Caller, needs
from api.http.problems import Refusal
from kb.records.operation import Scope as AccessScope
from kb.records.operation import allows

if TYPE_CHECKING:
    from api.service.knowledge_base import KnowledgeBase
import json
from types import TracebackType
from typing import Any, Self

from mcp.server import MCPServer
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, RequestId
from pydantic import ValidationError

PATH = "/mcp"


class Door(Protocol):
    """Answers the messages of the protocol while it is open."""

    async def run(self, opened: Callable[[], None], until: Awaitable[object]) -> None:
        """Stay open until told; ``opened`` is called once messages are answered."""
        ...

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        ...


class AgentDoor:
    """Opens the door with its first request and keeps it open until the server stops."""

    def __init__(self, base: KnowledgeBase) -> None:
        self._base = base
        self._lock = asyncio.Lock()
        self._stop = asyncio.Event()
        self._door: Door | None = None
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

    async def _opened(self) -> Door:
        async with self._lock:
            if self._door is None:
                door = await asyncio.to_thread(_made, self._base)
                opened = asyncio.Event()
                # In a task of its own: what a request opens must not end with it.
                self._task = asyncio.create_task(door.run(opened.set, self._stop.wait()))
                await opened.wait()
                self._door = door
        return self._door


def _made(base: KnowledgeBase) -> Door:
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


_CURES = {
    PARSE_ERROR: "Send one JSON object a line, in UTF-8, with whole characters: no half of a surrogate pair alone",
    INVALID_REQUEST: "Send a request of JSON-RPC 2.0: jsonrpc, id, method, params",
}


def serve_lines(server: MCPServer[Any]) -> None:
    """Answer messages on stdin until it ends."""
    asyncio.run(_serve(server))


async def _serve(server: MCPServer[Any]) -> None:
    # The server under the one that the tools were given to: only that one takes streams of ours.
    lowlevel = server._lowlevel_server
    async with stdio_server() as (messages, answers):
        await lowlevel.run(_Answered(messages, answers), answers, lowlevel.create_initialization_options())


class _Answered:
    """The stream of messages without those that cannot be read, which it answers itself."""

    def __init__(self, messages: Any, answers: Any) -> None:
        self._messages, self._answers = messages, answers

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> SessionMessage | Exception:
        while isinstance(found := await self._messages.__anext__(), ValidationError):
            await self._answers.send(SessionMessage(_refusal(found)))
        message: SessionMessage | Exception = found
        return message

    async def receive(self) -> SessionMessage | Exception:
        """The next message."""
        return await anext(self)

    async def aclose(self) -> None:
        """End the stream."""
        await self._messages.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()


def _refusal(fault: ValidationError) -> JSONRPCError:
    """What is wrong with a line, under the id that it has, or null where none can be read."""
    # The last: of a line that is JSON each kind of message tells what it misses, and this one always saw all of it.
    last = fault.errors(include_url=False)[-1]
    broken = last["type"] == "json_invalid"
    code = PARSE_ERROR if broken else INVALID_REQUEST
    reason = last["msg"] if broken else "No message of the protocol"
    error = ErrorData(code=code, message=f"{reason}. {_CURES[code]}")
    return JSONRPCError(jsonrpc="2.0", id=_id_of(last["input"]), error=error)


def _id_of(line: object) -> RequestId | None:
    try:
        given = json.loads(line) if isinstance(line, str) else line
    except (ValueError, RecursionError):
        return None
    found = given.get("id") if isinstance(given, dict) else None
    return found if isinstance(found, int | str) and not isinstance(found, bool) else None
