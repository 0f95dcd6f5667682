"""The tools for agents over HTTP, through a real client and a real server: with a key, without, and from elsewhere."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import anyio
import httpx
import httpx2
import pytest
import uvicorn
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from api.app import create_app
from api.http.auth import Access, create_key
from api.http.limits import RequestLimits
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import JSON, bearer, knowledge_base_of

LOOPBACK = frozenset({"127.0.0.1", "localhost"})
HELLO = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
ACCEPT = {**JSON, "Accept": "application/json, text/event-stream"}


@pytest.fixture
def address(store: Store) -> Iterator[str]:
    """The address of the tools on a running server."""
    app = create_app(knowledge_base_of(store), access=Access(hosts=LOOPBACK), limits=RequestLimits(rate_per_minute=0))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_config=None, access_log=False, timeout_graceful_shutdown=2))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/mcp"
    server.should_exit = True
    thread.join(15)

    assert not thread.is_alive()


def test_a_server_without_agents_does_not_wait_for_their_protocol() -> None:
    """Its library takes a third of the time that all of the application takes to load."""
    code = "import sys, api.app; print([name for name in sys.modules if name.startswith('mcp')])"

    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def used(address: str, headers: dict[str, str]) -> Any:
    """The names of the tools, an answer, a refusal: through the protocol's own client."""

    async def run() -> Any:
        async with (
            httpx2.AsyncClient(headers=headers) as http,
            Client(streamable_http_client(address, http_client=http)) as client,
        ):
            tools = [tool.name for tool in (await client.list_tools()).tools]
            answer = await client.call_tool("ask", {"question": "esfuerzo y abandono"})
            wrong = await client.call_tool("search", {"query": "a", "topics": ["metrcs"]})
            return tools, answer.structured_content["result"], wrong

    return anyio.run(run)


def test_an_agent_with_a_key_reads(address: str, store: Store) -> None:
    """The same seven tools and the same records as over stdio; one client after the other, and two at once."""
    tools, answer, wrong = used(address, bearer(store, Scope.READ))
    again: list[Any] = []
    both = [threading.Thread(target=lambda: again.append(used(address, bearer(store, Scope.READ)))) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert tools == ["search", "ask", "find_statistics", "list_topics", "read_passage", "cite", "verify"]
    assert answer["status"] == "answered"
    assert answer["citations"][0]["quote"] in store.passage(answer["citations"][0]["passage_id"]).text
    assert wrong.is_error
    assert "Did you mean metrics?" in wrong.content[0].text
    assert [one[:2] for one in again] == [(tools, answer)] * 2


def test_without_a_good_key_there_are_no_tools(address: str, store: Store) -> None:
    """None, unknown, revoked, and one that may not read: a problem, and the client's error."""
    gone, secret = create_key(store.keys, "gone", frozenset({Scope.READ}), None)
    store.keys.revoke(gone.id, datetime.now(UTC))
    cases = {
        "no_key": {},
        "bad_key": {"Authorization": f"Bearer {secret}"},
        "missing_scope": bearer(store, Scope.INGEST),
    }
    codes = {
        code: httpx.post(address, json=HELLO, headers={**ACCEPT, **headers}).json()["code"]
        for code, headers in cases.items()
    }

    assert codes == {code: code for code in cases}
    with pytest.raises(BaseException):  # noqa: B017, PT011 - a group, of whatever the client raises
        used(address, cases["bad_key"])


def test_a_key_revoked_between_two_requests_opens_nothing_more(address: str, store: Store) -> None:
    """The next message is refused."""
    key, secret = create_key(store.keys, "short", frozenset({Scope.READ}), None)
    headers = {**ACCEPT, "Authorization": f"Bearer {secret}"}
    before = httpx.post(address, json=HELLO, headers=headers).status_code
    store.keys.revoke(key.id, datetime.now(UTC))

    assert (before, httpx.post(address, json=HELLO, headers=headers).status_code) == (200, 401)


@pytest.mark.parametrize(
    ("header", "value", "status"),
    [
        ("Origin", "https://evil.example", 403),
        ("Origin", "null", 403),
        ("Host", "evil.example", 421),
        ("Host", "127.0.0.1.evil.example:80", 421),
        ("Origin", "OWN", 200),
    ],
)
def test_other_sites_and_names_are_refused(address: str, store: Store, header: str, value: str, status: int) -> None:
    """With a good key too: a page of another site could have got hold of a browser, not of a program."""
    own = address.removesuffix("/mcp")
    headers = {**ACCEPT, **bearer(store, Scope.READ), header: value.replace("OWN", own)}

    assert httpx.post(address, json=HELLO, headers=headers).status_code == status


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b"[]", "application/json", 400),
        (b"{}", "text/plain", 415),
        (b'{"jsonrpc": "2.0"}', "application/json", 400),
        (b"x" * (3 * 2**20), "application/json", 413),
    ],
)
def test_a_message_that_is_none_is_refused(address: str, store: Store, body: bytes, kind: str, status: int) -> None:
    """By the protocol or by the gate, and the next one is answered."""
    headers = {**ACCEPT, **bearer(store, Scope.READ)}
    answer = httpx.post(address, content=body, headers={**headers, "Content-Type": kind})

    assert answer.status_code == status
    assert httpx.post(address, json=HELLO, headers=headers).status_code == 200
    assert httpx.get(address, headers=headers).status_code == 405
