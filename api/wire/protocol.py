"""A connection of the server: strict about what is HTTP, and never held longer than it is used.

What is timed: a head, what is left of a body after the answer, the wait for the next request, an answer that nobody
reads. Bodies that a route reads are timed where they are read (``api.http.limits``).
"""

from __future__ import annotations

import asyncio
import socket
import time
from http import HTTPStatus
from types import FrameType
from typing import Any

import h11
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.h11_impl import H11Protocol

from api.http.gate import HEADERS
from api.http.limits import RequestLimits
from api.http.problems import problem
from api.http.proxies import Proxies
from api.wire.crowd import Crowd, Room, client_of, raise_file_limit, room_in
from api.wire.grammar import FramingError, StrictConnection

# A refused caller may read why; then the connection is gone.
_TELLING_SECONDS = 2.0


class WireProtocol(H11Protocol):
    """One connection; ``bound`` makes the class for a server."""

    crowd: Crowd
    limits: RequestLimits
    proxies: Proxies

    @classmethod
    def bound(cls, crowd: Crowd, limits: RequestLimits, proxies: Proxies) -> type[WireProtocol]:
        """The class whose connections are of this crowd."""
        return type("BoundProtocol", (cls,), {"crowd": crowd, "limits": limits, "proxies": proxies})

    def __init__(self, *given: Any, **named: Any) -> None:
        super().__init__(*given, **named)
        self.conn: StrictConnection = StrictConnection(self.limits.head_bytes)
        self.since = time.monotonic()
        self._doing: tuple[object, ...] = ()
        self._is_over = False
        self._timer: asyncio.TimerHandle | None = None

    @property
    def is_waiting(self) -> bool:
        """Whether no request is under way, and no answer still on its way out."""
        is_sent = self.transport.get_write_buffer_size() == 0
        return not self._is_over and self.conn.is_between and is_sent

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take the connection in, or tell it that there is no room."""
        super().connection_made(transport)
        # The system knows what was read; what this process could send says little, for much lies in between.
        peer = transport.get_extra_info("socket")
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, int(self.limits.stall_seconds * 1000))
        address = self.client[0] if self.client else "unknown"
        if self.crowd.enter(self, None if self.proxies.trust(address) else client_of(address)):
            self._look()
        elif self.crowd.may_tell(self):
            self._tell(_full())
            self._look()
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        """It is closed."""
        self.crowd.leave(self)
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request; of what was refused nothing is read any more."""
        if not self._is_over:
            super().data_received(data)
            self._note()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no request, and close."""
        fault = self.conn.fault or FramingError("it is no HTTP request")
        if self.cycle is not None and not self.cycle.response_complete:
            # The route is at work on it, perhaps answering: whatever else it says goes nowhere.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
            if self.cycle.response_started:
                self._close()
                return
        self._refuse(_answer(fault.status, "http_error", f"The request is no HTTP: {fault.reason}"))

    def shutdown(self) -> None:
        """The server stops."""
        if self._is_over:
            self.transport.close()
        else:
            super().shutdown()

    def give_way(self) -> None:
        """Close, for another connection: it is told where it had begun to send."""
        if self.conn.has_begun:
            self.transport.write(_full())
        self._close()

    def _note(self) -> None:
        """Time anew when the connection does something else than before."""
        doing = self._now()
        if doing != self._doing:
            self._doing, self.since = doing, time.monotonic()

    def _now(self) -> tuple[object, ...]:
        """What the connection does; first the name of it."""
        if self._is_over:
            return ("tell",)
        answered = self.cycle is None or self.cycle.response_complete
        if self.conn.is_between:
            is_kept = self.cycle is not None and not self.conn.has_begun
            return ("kept" if is_kept else "head", self.conn.heads)
        if answered and self.conn.their_state is h11.SEND_BODY:
            return ("rest", self.conn.heads)
        return ("request", self.conn.heads)

    def _look(self) -> None:
        """Cut the connection when its time is over, else look again soon."""
        self._note()
        limits = self.limits
        allowed: dict[object, float] = {
            "head": limits.head_seconds,
            "rest": limits.keep_alive_seconds,
            # uvicorn's own timer is not set again when a body ends after its answer.
            "kept": limits.keep_alive_seconds,
            "tell": _TELLING_SECONDS,
        }
        name = self._doing[0]
        if time.monotonic() - self.since >= allowed.get(name, float("inf")):
            self._cut(name)
        if not self.transport.is_closing():
            self._timer = self.loop.call_later(min(1.0, min(allowed.values()) / 4), self._look)

    def _cut(self, name: object) -> None:
        if name == "head" and self.conn.has_begun:
            self._refuse(_answer(408, "too_slow", "The head of the request was not whole in time"))
        elif name in ("head", "kept", "rest"):
            # Whoever has said nothing is told nothing: browsers open connections ahead of any request.
            self._close()
        else:
            self.transport.abort()

    def _refuse(self, answer: bytes) -> None:
        if self.crowd.may_tell(self):
            self._tell(answer)
        else:
            self.transport.write(answer)
            self._close()

    def _tell(self, answer: bytes) -> None:
        """Answer, and close once the caller has: closing over bytes that it still sends would take the answer away."""
        self._is_over = True
        self._unset_keepalive_if_required()
        self.transport.write(answer)
        self.transport.write_eof()
        self.flow.resume_reading()

    def _close(self) -> None:
        self._is_over = True
        self._unset_keepalive_if_required()
        self.transport.close()


def _full() -> bytes:
    return _answer(503, "too_many_connections", None, {"Retry-After": "1"})


def _answer(status: int, code: str, detail: str | None, headers: dict[str, str] | None = None) -> bytes:
    """A whole answer with a problem, after which the connection is closed."""
    response = problem(
        code, status=status, detail=detail, headers={**HEADERS, **(headers or {}), "Connection": "close"}
    )
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}".encode()]
    lines += [name.title() + b": " + value for name, value in response.raw_headers]
    return b"\r\n".join(lines) + b"\r\n\r\n" + bytes(response.body)


# Requests under way get this long when the server is told to stop; then the job in hand is put back.
_STOP_SECONDS = 10


class Server(uvicorn.Server):
    """A server that tells the event streams to end when it is told to stop."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """A signal to stop came."""
        self.config.app.state.stopping.set()  # type: ignore[union-attr]
        super().handle_exit(sig, frame)


def server_of(application: FastAPI, host: str, port: int, room: Room | None = None) -> Server:
    """The server of an application at this address, not yet started, with room for so many connections (null: as the
    files of this process allow, which may then be all it is granted)."""
    state = application.state
    crowd = Crowd(room or room_in(raise_file_limit()))
    return Server(
        uvicorn.Config(
            application,
            host=host,
            port=port,
            http=WireProtocol.bound(crowd, state.limits, state.proxies),
            ws="none",
            backlog=crowd.room.backlog,
            # Whom a proxy speaks for is the gate's to judge; left on, anybody on this machine is believed.
            proxy_headers=False,
            timeout_keep_alive=state.limits.keep_alive_seconds,
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=_STOP_SECONDS,
        )
    )
