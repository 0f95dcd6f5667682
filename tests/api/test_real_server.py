"""The application under a real server on loopback: sockets that lie, dawdle and break off."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing

import httpx
import pytest
import uvicorn
from typer.testing import CliRunner

from api.app import create_app
from api.cli.program import app as program
from api.http.limits import RequestLimits
from api.jobs.runner import JobRunner
from kb.records.errors import InputError
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import bearer, knowledge_base_of, pipeline_of

LIMITS = RequestLimits(
    rate_per_minute=0, body_bytes=5_000, upload_bytes=200_000, patience_seconds=0.5, slow_bytes_per_second=20_000
)


@pytest.fixture
def port(store: Store) -> Iterator[int]:
    """The port of a running server."""
    application = create_app(
        knowledge_base_of(store), limits=LIMITS, intake=JobRunner(store, lambda: pipeline_of(store))
    )
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(application, log_config=None, access_log=False, timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield listening.getsockname()[1]
    server.should_exit = True
    thread.join(10)
    listening.close()

    assert not thread.is_alive()


def ask(port: int, *pieces: bytes, pause: float = 0.0) -> str:
    """What the server answers to these bytes on one connection."""
    with closing(socket.create_connection(("127.0.0.1", port), timeout=10)) as connection:
        try:
            for piece in pieces:
                connection.sendall(piece)
                time.sleep(pause)
        except OSError:
            pass
        received = b""
        try:
            while piece := connection.recv(65536):
                received += piece
                if b"\r\n\r\n" in received and b'"hint"' in received:
                    break
        except OSError:
            pass
        return received.decode("utf-8", "replace")


def head(path: str, *headers: str) -> bytes:
    lines = [f"POST {path} HTTP/1.1", "Host: 127.0.0.1", "Content-Type: application/json", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def test_a_large_body_is_refused_before_it_is_sent(port: int) -> None:
    """The answer comes although not one byte of the body does."""
    started = time.monotonic()
    answer = ask(port, head("/v1/answers", "Content-Length: 5001"))

    assert answer.startswith("HTTP/1.1 413")
    assert '"too_large"' in answer
    assert time.monotonic() - started < 0.4


def test_a_chunked_body_ends_at_the_limit(port: int) -> None:
    """It announces no length and is counted."""
    answer = ask(port, head("/v1/answers", "Transfer-Encoding: chunked"), b"1400\r\n" + b"x" * 0x1400 + b"\r\n")

    assert answer.startswith("HTTP/1.1 413")


def test_a_body_shorter_than_it_says(port: int) -> None:
    """The server waits its while, says 408 and goes on serving others."""
    answer = ask(port, head("/v1/answers", "Content-Length: 500"), b'{"question"')

    assert answer.startswith("HTTP/1.1 408")
    assert '"too_slow"' in answer
    assert httpx.get(f"http://127.0.0.1:{port}/v1/topics").status_code == 200


def test_a_body_longer_than_it_says(port: int) -> None:
    """What is beyond is no part of the request and does no harm."""
    body = b'{"question": "effort and churn"}'
    answer = ask(port, head("/v1/answers", f"Content-Length: {len(body)}", "Connection: close"), body + b"GET / x")

    assert answer.startswith("HTTP/1.1 200")


def test_a_slow_upload_is_cut_off(port: int, store: Store) -> None:
    """A byte now and then does not hold the server; a slow but steady one passes."""
    key = bearer(store, Scope.INGEST)["Authorization"]
    start = head("/v1/documents", "Content-Length: 1000", f"Authorization: {key}")
    document = json.dumps({"documents": [{"id": "slow", "text": "Churn. " * 3000}]}).encode()
    pieces = [document[at : at + 4000] for at in range(0, len(document), 4000)]

    dripping = ask(port, start, *[b" "] * 20, pause=0.1)
    steady = ask(
        port,
        head("/v1/documents", f"Content-Length: {len(document)}", f"Authorization: {key}", "Connection: close"),
        *pieces,
        pause=0.1,
    )

    assert dripping.startswith("HTTP/1.1 408")
    assert steady.startswith("HTTP/1.1 202")


def test_a_client_that_goes_away(port: int, store: Store) -> None:
    """In the middle of a body; the server goes on."""
    key = bearer(store, Scope.INGEST)["Authorization"]
    with closing(socket.create_connection(("127.0.0.1", port))) as connection:
        connection.sendall(head("/v1/documents", "Content-Length: 1000", f"Authorization: {key}") + b"{")

    assert httpx.get(f"http://127.0.0.1:{port}/healthz").json() == {"status": "ok"}


def test_readers_while_one_ingests(port: int, store: Store) -> None:
    """Eight readers and an ingestion: no error, and every answer whole."""
    key = bearer(store, Scope.INGEST)
    statuses: list[int] = []

    def read() -> None:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            for _ in range(10):
                statuses.append(client.get("/v1/search", params={"q": "esfuerzo"}).status_code)

    readers = [threading.Thread(target=read) for _ in range(8)]
    for reader in readers:
        reader.start()
    for number in range(5):
        sent = {"documents": [{"id": f"n{number}", "text": f"Loyalty and churn, note {number}."}]}
        statuses.append(httpx.post(f"http://127.0.0.1:{port}/v1/documents", json=sent, headers=key).status_code - 2)
    for reader in readers:
        reader.join()

    assert statuses == [200] * 85


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "example.org"])  # noqa: S104
def test_other_addresses_need_a_key(store: Store, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """``kb serve`` refuses to start; nothing listens."""
    monkeypatch.setattr("api.cli.commands.serving._run", lambda *parts: pytest.fail("it started"))
    result = CliRunner().invoke(program, ["serve", "--host", host, "--base", str(store.folder)])

    assert isinstance(result.exception, InputError)
    assert "kb key create" in str(result.exception)


def test_the_key_commands(store: Store) -> None:
    """Create, list, rotate and revoke a key; the secret is shown only when it is made."""
    run = CliRunner().invoke
    base = ["--base", str(store.folder), "--json"]
    made = json.loads(run(program, ["key", "create", "tool", "--scope", "read", "--scope", "ingest", *base]).stdout)
    rotated = json.loads(run(program, ["key", "rotate", made["id"], *base]).stdout)
    run(program, ["key", "revoke", rotated["id"], *base])
    listed = run(program, ["key", "list", *base]).stdout
    states = {key["id"]: (key["name"], key["scopes"], key["state"]) for key in json.loads(listed)}

    assert made["secret"].startswith("kb_")
    assert states == {
        made["id"]: ("tool", "ingest read", "live"),
        rotated["id"]: ("tool", "ingest read", "revoked"),
    }
    assert made["secret"] not in listed
