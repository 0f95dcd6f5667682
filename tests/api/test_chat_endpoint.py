"""A language model's endpoint, honest and misbehaving, each over a real socket: a reply or an outage, in time."""

from __future__ import annotations

import gzip
import json
import logging
import socket
import time
from pathlib import Path

import pytest

from api.chat.endpoint import ChatEndpoint
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.errors import InputError
from kb.records.ports import Outage, Reply
from tests.api.chat_server import Handler, Write, completion, events, model, serving

TIMEOUT = 1.0
TEXT = "El esfuerzo explica el abandono. [1]\nCasi el 40 % se marcha. [2]"
KEY = "sk-never-to-be-seen-4711"


def endpoint(url: str, *, stream: bool = False, key: str | None = None) -> ChatEndpoint:
    return ChatEndpoint(url, "test-model", key, TIMEOUT, stream)


def whole(body: bytes, kind: str = "application/json", status: int = 200, **headers: str) -> Write:
    return lambda handler: handler.answer(body, kind, status, **headers)


def raw(*parts: bytes, pause: float = 0.0) -> Write:
    """Writes these bytes and nothing else, then closes."""

    def write(handler: Handler) -> None:
        for part in parts:
            handler.wfile.write(part)
            handler.wfile.flush()
            if handler.stop.wait(pause):
                return

    return write


def hang(handler: Handler) -> None:
    handler.stop.wait(20)


def hang_after_headers(handler: Handler) -> None:
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{")
    handler.wfile.flush()
    handler.stop.wait(20)


def endless(handler: Handler) -> None:
    """100 MB of JSON; it counts what it was allowed to send."""
    size = 100_000_000
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
    handler.wfile.write(f"Content-Length: {size}\r\n\r\n".encode())
    handler.wfile.write(b'{"choices": "')
    for _ in range(size // 100_000):
        handler.wfile.write(b"x" * 100_000)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
DRIP = [bytes([byte]) for byte in HEAD * 3]
PACKED = gzip.compress(completion("x" * 5_000_000))
MISBEHAVIOURS: dict[str, tuple[Write, Outage]] = {
    "hangs": (hang, Outage.SLOW),
    "hangs after its headers": (hang_after_headers, Outage.SLOW),
    "drips its headers": (raw(*DRIP, pause=0.05), Outage.SLOW),
    "drips its body": (raw(HEAD + b"Content-Length: 900\r\n\r\n", *[b" "] * 100, pause=0.05), Outage.SLOW),
    "fails": (whole(b'{"error": {"message": "boom"}}', status=500), Outage.STATUS),
    "refuses the key": (whole(b"{}", status=401), Outage.STATUS),
    "answers with nothing": (whole(b"", status=204), Outage.STATUS),
    "redirects elsewhere": (whole(b"", status=307, Location="http://127.0.0.1:9/v1"), Outage.REDIRECTED),
    "returns HTML": (whole(b"<html><body>Sign in</body></html>", "text/html"), Outage.NOT_CHAT),
    "calls HTML JSON": (whole(b"<html><body>Sign in</body></html>"), Outage.NOT_CHAT),
    "returns a list": (whole(b"[1, 2]"), Outage.NOT_CHAT),
    "returns no choices": (whole(b'{"choices": []}'), Outage.NOT_CHAT),
    "returns no message": (whole(b'{"choices": [{"message": null}]}'), Outage.NOT_CHAT),
    "returns a number as text": (whole(completion(7)), Outage.NOT_CHAT),
    "returns parts as text": (whole(completion([{"text": "x"}])), Outage.NOT_CHAT),
    "returns deep JSON": (whole(b"[" * 200_000), Outage.NOT_CHAT),
    "returns half of a JSON": (whole(completion(TEXT)[:-20]), Outage.NOT_CHAT),
    "returns bytes": (whole(bytes(range(256)) * 40), Outage.NOT_CHAT),
    "returns an empty text": (whole(completion("  \n")), Outage.EMPTY),
    "packs its body": (whole(PACKED, Content_Encoding="gzip"), Outage.NOT_CHAT),
    "sends 100 MB": (endless, Outage.TOO_LARGE),
    "closes early": (raw(HEAD + b"Content-Length: 900\r\n\r\n" + completion(TEXT)[:60]), Outage.CUT_SHORT),
    "closes at once": (raw(), Outage.CUT_SHORT),
    "speaks no HTTP": (raw(b"\x00\x01SSH-2.0-nothing here\r\n\r\n"), Outage.NOT_CHAT),
    "streams and breaks off": (whole(events(TEXT, ended=False), "text/event-stream"), Outage.CUT_SHORT),
    "streams garbage": (whole(b"data: {\xff\xfe\n\ndata: zzz\n\n", "text/event-stream"), Outage.NOT_CHAT),
    "streams other JSON": (whole(b'data: {"a": 1}\n\ndata: [DONE]\n\n', "text/event-stream"), Outage.NOT_CHAT),
    "streams nothing": (whole(b"data: [DONE]\n\n", "text/event-stream"), Outage.EMPTY),
}


@pytest.mark.parametrize("stream", [False, True])
def test_an_honest_endpoint_is_understood(stream: bool) -> None:
    """With streaming off and on; the request is the protocol's."""
    with serving(model(lambda material: TEXT)) as served:
        reply = endpoint(served.url, stream=stream, key=KEY).reply("Choose.", "{}")

    path, headers, body = served.requests[0]
    assert Reply(TEXT) == reply
    assert (path, headers["Authorization"], headers["Accept-Encoding"]) == (
        "/v1/chat/completions",
        f"Bearer {KEY}",
        "identity",
    )
    assert body == {
        "model": "test-model",
        "messages": [{"role": "system", "content": "Choose."}, {"role": "user", "content": "{}"}],
        "temperature": 0,
        "stream": stream,
    }


def test_an_endpoint_that_always_streams_is_understood() -> None:
    """Though it was asked not to."""
    with serving(whole(events(TEXT), "text/event-stream")) as served:
        assert Reply(TEXT) == endpoint(served.url).reply("", "")


@pytest.mark.parametrize("stream", [False, True])
@pytest.mark.parametrize("name", MISBEHAVIOURS)
def test_a_misbehaving_endpoint_is_an_outage_in_time(name: str, stream: bool) -> None:
    """Nothing is raised, nothing waits longer than the timeout."""
    write, outage = MISBEHAVIOURS[name]
    with serving(write) as served:
        asked = endpoint(served.url, stream=stream)
        started = time.monotonic()
        reply = asked.reply("", "")
        took = time.monotonic() - started

    assert (reply.outage, reply.text) == (outage, "")
    assert took < TIMEOUT + 0.5


def test_a_redirect_is_not_followed() -> None:
    """The other address is never called."""
    with serving(whole(b"{}")) as canary:
        with serving(whole(b"", status=302, Location=canary.url)) as served:
            reply = endpoint(served.url, key=KEY).reply("", "")

        assert (reply.outage, canary.requests) == (Outage.REDIRECTED, [])


def test_nobody_there_is_an_outage() -> None:
    """A port that nobody listens on."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        reply = endpoint(f"http://127.0.0.1:{taken.getsockname()[1]}/v1").reply("", "")

    assert Reply(outage=Outage.UNREACHABLE) == reply


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only the address that is set is called."""
    with serving(whole(b"{}")) as proxy, serving(model(lambda material: TEXT)) as served:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        monkeypatch.setenv("http_proxy", proxy.url)

        assert Reply(TEXT) == endpoint(served.url).reply("", "{}")
    assert proxy.requests == []


def test_hanging_requests_do_not_pile_up() -> None:
    """More requests than may be under way at once all end in their time."""
    from concurrent.futures import ThreadPoolExecutor

    with serving(hang) as served:
        asked = endpoint(served.url)
        started = time.monotonic()
        with ThreadPoolExecutor(9) as pool:
            replies = list(pool.map(lambda _: asked.reply("", ""), range(9)))

    assert {Outage.SLOW} == {reply.outage for reply in replies}
    assert time.monotonic() - started < TIMEOUT + 1.0


@pytest.mark.parametrize("name", ["fails", "hangs", "speaks no HTTP", "returns HTML"])
def test_the_key_is_in_no_log_and_no_name(name: str, caplog: pytest.LogCaptureFixture) -> None:
    """Not at the finest level, not in the endpoint's own name."""
    caplog.set_level(logging.DEBUG)
    with serving(MISBEHAVIOURS[name][0]) as served:
        asked = endpoint(served.url, key=KEY)
        reply = asked.reply("", "")

    assert KEY not in caplog.text + repr(asked) + repr(reply) + json.dumps(vars(asked), default=repr).replace(
        f'"_key": "{KEY}"', ""
    )


@pytest.mark.parametrize(
    ("url", "key", "reason"),
    [
        ("ftp://127.0.0.1/v1", None, "is not an http or https address"),
        ("127.0.0.1:11434", None, "is not an http or https address"),
        ("http:///v1", None, "is not an http or https address"),
        ("http://user:secret@127.0.0.1/v1", None, "holds more than an address"),
        ("http://127.0.0.1/v1?key=1", None, "holds more than an address"),
        ("http://models.example/v1", KEY, "would send the key in clear"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(url: str, key: str | None, reason: str) -> None:
    """Before anything is sent, and without repeating what was set."""
    with pytest.raises(InputError, match=reason) as caught:
        ChatEndpoint(url, "m", key)

    assert "secret" not in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("url", ["http://localhost:1/v1", "http://[::1]:1/v1", "https://models.example/v1"])
def test_a_key_goes_to_loopback_or_through_tls(url: str) -> None:
    """These are fine."""
    assert ChatEndpoint(url, "m", KEY).name == "m"


def test_no_language_model_is_set_by_default(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing goes out unless somebody says where to."""
    for name in ("URL", "MODEL", "KEY"):
        monkeypatch.delenv(f"KB_CHAT_{name}", raising=False)

    assert Wiring(Settings(), Path("nowhere")).chat() is None


@pytest.mark.parametrize(("given", "missing"), [("URL", "KB_CHAT_MODEL"), ("MODEL", "KB_CHAT_URL")])
def test_half_a_language_model_is_refused(monkeypatch: pytest.MonkeyPatch, given: str, missing: str) -> None:
    """With the name of what is missing."""
    monkeypatch.setenv(f"KB_CHAT_{given}", "http://127.0.0.1:1/v1")

    with pytest.raises(InputError, match=missing):
        Wiring(Settings(), Path("nowhere")).chat()


def test_the_key_of_a_language_model_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither by the settings nor by the model."""
    values = {"URL": "http://127.0.0.1:1/v1", "MODEL": "m", "KEY": KEY, "TIMEOUT": "3", "STREAM": "1"}
    for name, value in values.items():
        monkeypatch.setenv(f"KB_CHAT_{name}", value)
    settings = Settings()
    chat = Wiring(settings, Path("nowhere")).chat()

    assert chat is not None
    assert chat.name == "m"
    assert KEY not in repr(settings) + str(settings.model_dump()) + repr(chat)
