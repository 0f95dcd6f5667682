"""A real server of the chat-completions protocol on a free loopback port, honest or misbehaving as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Write = Callable[["Handler"], None]
Compose = Callable[[dict[str, Any]], str]


@dataclass
class Served:
    """Where the server listens, and every request that it got: path, headers, body."""

    url: str
    requests: list[tuple[str, dict[str, str], dict[str, Any]]] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    """Reads the request, notes it, and lets the test's function write what it likes."""

    protocol_version = "HTTP/1.1"
    served: Served
    write: Write
    stop: threading.Event
    asked: dict[str, Any]

    def do_POST(self) -> None:
        self.asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.served.requests.append((self.path, dict(self.headers), self.asked))
        self.close_connection = True
        with suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
            type(self).write(self)

    def do_GET(self) -> None:
        self.served.requests.append((self.path, dict(self.headers), {}))
        self.answer(b"{}", "application/json")

    def answer(self, body: bytes, kind: str, status: int = 200, **headers: str) -> None:
        """A whole response."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@contextmanager
def serving(write: Write) -> Iterator[Served]:
    """The server, until the block ends."""
    stop = threading.Event()
    served = Served("")
    made = type("TestHandler", (Handler,), {"served": served, "write": staticmethod(write), "stop": stop})
    server = ThreadingHTTPServer(("127.0.0.1", 0), made)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_address[1]}/v1"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield served
    finally:
        stop.set()
        server.shutdown()
        server.server_close()
        thread.join()


def completion(text: object) -> bytes:
    """A completion as one JSON object."""
    choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
    return json.dumps({"id": "c1", "object": "chat.completion", "choices": [choice]}).encode()


def events(text: str, *, ended: bool = True) -> bytes:
    """A completion as server-sent events, a few characters each."""
    deltas: list[dict[str, str]] = [
        {"role": "assistant"},
        *({"content": text[at : at + 7]} for at in range(0, len(text), 7)),
    ]
    rows: list[dict[str, Any]] = [
        {"choices": [{"index": 0, "delta": delta, "finish_reason": None}]} for delta in deltas
    ]
    if ended:
        rows.append({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    lines = [f"data: {json.dumps(row)}\n\n" for row in rows] + (["data: [DONE]\n\n"] if ended else [])
    return "".join([": keep-alive\n\n", *lines]).encode()


def model(compose: Compose) -> Write:
    """An honest server of the protocol, streaming or not as it is asked; ``compose`` is given the material."""

    def write(handler: Handler) -> None:
        text = compose(json.loads(handler.asked["messages"][1]["content"]))
        if handler.asked["stream"]:
            handler.answer(events(text), "text/event-stream; charset=utf-8")
        else:
            handler.answer(completion(text), "application/json; charset=utf-8")

    return write
