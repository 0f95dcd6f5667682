"""The tools for agents over stdin and stdout, a message a line.

Owns the answer to a line that is no message, half a character in a string say: the protocol's library drops such a
line, and whoever sent it would wait for ever. Apart from the door over HTTP, which a server has without that library.
"""

from __future__ import annotations

import asyncio
import json
from types import TracebackType
from typing import Any, Self

from mcp.server import MCPServer
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage
from mcp.types import INVALID_REQUEST, PARSE_ERROR, ErrorData, JSONRPCError, RequestId
from pydantic import ValidationError

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
