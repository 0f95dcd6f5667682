"""A language model behind an OpenAI-compatible endpoint, asked once, within its time, and never trusted.

Owns the connection: only the address that is set, no redirects, no proxies, a bounded body, one deadline for all.
Whatever goes wrong is an ``Outage``; nothing is raised. The key goes into the request and nowhere else.
"""

import json
import time
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeout
from typing import Any
from urllib.parse import urlsplit

import httpx

from kb.outside.addresses import is_loopback_host
from kb.outside.strings import whole
from kb.records.errors import InputError
from kb.records.messages import say
from kb.records.ports import Outage, Reply

_DONE = "[DONE]"


def request_body(model: str, instructions: str, material: str, stream: bool) -> dict[str, Any]:
    """The body of ``POST …/chat/completions``."""
    return {
        "model": model,
        "messages": [{"role": "system", "content": instructions}, {"role": "user", "content": material}],
        "temperature": 0,
        "stream": stream,
    }


def read_completion(body: bytes) -> Reply:
    """The text of a completion that came whole."""
    message = _first_choice(_decoded(body)).get("message")
    content = message.get("content") if isinstance(message, dict) else None
    return _reply(content) if isinstance(content, str) else Reply(outage=Outage.NOT_CHAT)


def read_events(body: bytes) -> Reply:
    """The text of a completion that came as events; one that does not say that it has ended broke off."""
    try:
        lines = body.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return Reply(outage=Outage.NOT_CHAT)
    parts: list[str] = []
    ended = False
    for line in lines:
        field, _, value = line.partition(":")
        if field != "data":
            continue
        if value.strip() == _DONE:
            ended = True
            break
        choice = _first_choice(_decoded(value.encode()))
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            return Reply(outage=Outage.NOT_CHAT)
        content = delta.get("content")
        if isinstance(content, str):
            parts.append(content)
        elif content is not None:
            return Reply(outage=Outage.NOT_CHAT)
        ended = ended or isinstance(choice.get("finish_reason"), str)
    if not ended:
        return Reply(outage=Outage.CUT_SHORT if parts else Outage.NOT_CHAT)
    return _reply("".join(parts))


def _reply(text: str) -> Reply:
    return Reply(whole(text)) if text.strip() else Reply(outage=Outage.EMPTY)


def _decoded(body: bytes) -> Any:
    """The JSON value; null for what is none."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _first_choice(value: Any) -> dict[str, Any]:
    """The first choice of a completion or event; empty where there is none."""
    choices = value.get("choices") if isinstance(value, dict) else None
    first = choices[0] if isinstance(choices, list) and choices else None
    return first if isinstance(first, dict) else {}


# An answer about five findings is a few kilobytes; as events each word comes with some hundred bytes around it.
_MAX_BODY = 2_000_000
# Requests under way at once; who comes later waits, within the same deadline.
_AT_ONCE = 4
_EVENTS = "text/event-stream"


class ChatEndpoint:
    """A model at ``url`` (its base, as in http://127.0.0.1:11434/v1); ``timeout`` seconds are for everything."""

    def __init__(self, url: str, model: str, key: str | None = None, timeout: float = 20.0, stream: bool = False):
        self._address = _checked(url, key).rstrip("/") + "/chat/completions"
        self._model = model
        self._key = key
        self._timeout = timeout
        self._stream = stream
        self._workers = ThreadPoolExecutor(_AT_ONCE, "chat")

    def __repr__(self) -> str:
        return f"ChatEndpoint({self._address!r}, {self._model!r})"

    @property
    def name(self) -> str:
        """The model's name as it was set."""
        return self._model

    def reply(self, instructions: str, material: str) -> Reply:
        """The model's text, or why there is none; comes within the timeout whatever the endpoint does."""
        deadline = time.monotonic() + self._timeout
        client = httpx.Client(timeout=self._timeout, follow_redirects=False, trust_env=False)
        body = request_body(self._model, instructions, material, self._stream)
        work = self._workers.submit(self._asked, client, body, deadline)
        try:
            return work.result(self._timeout)
        except FutureTimeout:
            return Reply(outage=Outage.SLOW)
        finally:
            _end(work, client)

    def _asked(self, client: httpx.Client, body: dict[str, object], deadline: float) -> Reply:
        headers = {"Accept": f"application/json, {_EVENTS}", "Accept-Encoding": "identity"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        try:
            with client.stream("POST", self._address, json=body, headers=headers) as response:
                return _refusal(response) or _read(response, deadline)
        except httpx.TimeoutException:
            return Reply(outage=Outage.SLOW)
        except httpx.ConnectError:
            return Reply(outage=Outage.UNREACHABLE)
        except httpx.RemoteProtocolError as error:
            # What speaks no HTTP at all, or stops in the middle of what it said would come.
            stopped = "complete message body" in str(error) or "disconnected" in str(error)
            return Reply(outage=Outage.CUT_SHORT if stopped else Outage.NOT_CHAT)
        except httpx.TransportError:
            return Reply(outage=Outage.CUT_SHORT)
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ValueError, RuntimeError):
            return Reply(outage=Outage.NOT_CHAT)


def _refusal(response: httpx.Response) -> Reply | None:
    if response.has_redirect_location or 300 <= response.status_code < 400:
        return Reply(outage=Outage.REDIRECTED)
    if response.status_code != 200:
        return Reply(outage=Outage.STATUS, status=response.status_code)
    # Nothing packed was asked for; unpacking it could make a small body a huge one.
    if response.headers.get("content-encoding", "identity") != "identity":
        return Reply(outage=Outage.NOT_CHAT)
    return None


def _read(response: httpx.Response, deadline: float) -> Reply:
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in (_EVENTS, "application/json"):
        return Reply(outage=Outage.NOT_CHAT)
    body = bytearray()
    for part in response.iter_raw(65_536):
        body += part
        if len(body) > _MAX_BODY:
            return Reply(outage=Outage.TOO_LARGE)
        if time.monotonic() > deadline:
            return Reply(outage=Outage.SLOW)
    return read_events(bytes(body)) if kind == _EVENTS else read_completion(bytes(body))


def _end(work: Future[Reply], client: httpx.Client) -> None:
    """Close the connection, so that a worker which still waits for an endpoint ends."""
    work.cancel()
    client.close()


def _checked(url: str, key: str | None) -> str:
    """The address; InputError for one that cannot be used, or that would carry the key in clear over a network."""
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise InputError("KB_CHAT_URL", say("is_no_http_or_https_address"), say("set_it_as_in_example"))
    if parts.username or parts.password or parts.query or parts.fragment:
        raise InputError("KB_CHAT_URL", say("holds_more_than_an_address"), say("put_the_key_into_kb_chat"))
    if key and parts.scheme == "http" and not is_loopback_host(parts.hostname):
        raise InputError("KB_CHAT_URL", say("would_send_the_key_in_clear"), say("use_https_or_set_no_key"))
    return url
