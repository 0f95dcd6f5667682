"""How the client sends a request: again after 429, 503 or a lost connection, where that is harmless.

The one module of the client that decides about retries. What fails for good is an ``ApiProblem``.
"""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import Any, TypeVar

import httpx
from pydantic import TypeAdapter

Record = TypeVar("Record")
_AGAIN = (429, 503)
# Where a repeat would find the name taken, or make a second one, but for a key of its own.
_DONE_ONCE = ("/v1/documents", "/v1/searches", "/v1/webhooks")
# The server asks for at most a minute; a client that is told more gives up and says so.
_LONGEST_WAIT = 60.0


class ApiProblem(Exception):  # noqa: N818 - the word of RFC 9457
    """A problem that the server answered with; ``code`` is stable, the words are in the client's language."""

    def __init__(self, status: int, code: str, title: str, detail: str | None, hint: str | None) -> None:
        self.status = status
        self.code = code
        self.title = title
        self.detail = detail
        self.hint = hint
        super().__init__(". ".join(part for part in (f"{status} {code}: {title}", detail, hint) if part))


class RequestSender:
    """Sends requests with up to ``attempts`` tries each; ``sleep`` is handed in by tests."""

    def __init__(self, http: httpx.Client, attempts: int, sleep: Callable[[float], None] = time.sleep) -> None:
        self._http = http
        self._attempts = max(1, attempts)
        self._sleep = sleep

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def send(self, method: str, path: str, *, repeat_key: str | None = None, **parts: Any) -> httpx.Response:
        """The response; raises ApiProblem, or httpx.TransportError when the server cannot be reached.

        A write carries a key of its own, so that a repeat after a lost answer does nothing twice.
        """
        if path.startswith(_DONE_ONCE) and method in ("POST", "DELETE"):
            parts["headers"] = {"Idempotency-Key": repeat_key or uuid.uuid4().hex}
        for attempt in range(1, self._attempts + 1):
            last = attempt == self._attempts
            try:
                response = self._http.request(method, path, **parts)
            except httpx.TransportError:
                if last:
                    raise
                self._sleep(0.5 * 2**attempt)
                continue
            wait = _wait(response, attempt)
            if last or response.status_code not in _AGAIN or wait > _LONGEST_WAIT:
                break
            self._sleep(wait)
        if response.is_success:
            return response
        raise _problem(response)


def read_as(kind: type[Record], response: httpx.Response) -> Record:
    """The record in a response; members that this client does not know are passed over."""
    record: Record = TypeAdapter(kind).validate_json(response.content)
    return record


def _wait(response: httpx.Response, attempt: int) -> float:
    asked = response.headers.get("retry-after", "")
    return float(asked) if asked.isdigit() else 0.5 * 2**attempt


def _problem(response: httpx.Response) -> ApiProblem:
    try:
        said = response.json()
    except ValueError:
        said = {}
    if not isinstance(said, dict):
        said = {}
    return ApiProblem(
        response.status_code,
        str(said.get("code", "http_error")),
        str(said.get("title", response.reason_phrase)),
        said.get("detail"),
        said.get("hint"),
    )
