"""What is asked, what is made of the answer, and whether it is asked again: what both clients share."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import quote

import httpx
from pydantic import BaseModel

_AGAIN = (429, 503)
# The server asks for at most a minute; a client that is told more gives up and says so.
_LONGEST_WAIT = 60.0


class Omitted(Enum):
    """The type of ``OMIT``, which leaves a field out where null would say something."""

    OMIT = "omit"


OMIT = Omitted.OMIT
Value: TypeAlias = str | int | float | bool | Sequence[Any] | None


class Problem(Exception):  # noqa: N818 - the word of RFC 9457
    """A problem that the server answered with; ``code`` is stable, the words are in the client's language."""

    def __init__(self, response: httpx.Response) -> None:
        try:
            said = response.json()
        except ValueError:
            said = None
        said = said if isinstance(said, dict) else {}
        self.status: int = response.status_code
        self.code: str = said.get("code") or "http_error"
        self.title: str = said.get("title") or response.reason_phrase
        self.detail: str | None = said.get("detail")
        self.hint: str | None = said.get("hint")
        self.errors: list[dict[str, str]] = said.get("errors") or []
        super().__init__(
            ". ".join(part for part in (f"{self.status} {self.code}: {self.title}", self.detail, self.hint) if part)
        )


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: where, with what; ``once`` where a repeat must do nothing twice."""

    method: str
    path: str
    place: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, Value] = field(default_factory=dict)
    body: Mapping[str, Any] | BaseModel | None = None
    once: bool = False
    idempotency_key: str | None = None
    files: tuple[Path, ...] = ()

    def named(self) -> Asked:
        """The same with a key of its own, where a repeat must do nothing twice."""
        if not self.once or self.idempotency_key:
            return self
        return replace(self, idempotency_key=uuid.uuid4().hex)

    def request(self, http: httpx.Client | httpx.AsyncClient, stack: ExitStack) -> httpx.Request:
        """The request as it is sent; the files it reads are closed with ``stack``."""
        path = self.path.format_map({name: quote(value, safe="") for name, value in self.place.items()})
        given: dict[str, Any] = {
            "params": {name: value for name, value in self.query.items() if value is not None},
            "headers": {"Idempotency-Key": self.idempotency_key} if self.idempotency_key else {},
        }
        if self.files:
            given["files"] = [("file", (one.name, stack.enter_context(one.open("rb")))) for one in self.files]
            given["data"] = {"metadata": json.dumps(plain(self.body))} if self.body else {}
        elif self.body is not None:
            given["json"] = plain(self.body)
        return http.build_request(self.method, path, **given)


def plain(value: Any) -> Any:
    """A value as JSON has it; what is ``OMIT`` is left out."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", exclude_unset=True)
    if isinstance(value, Mapping):
        return {name: plain(one) for name, one in value.items() if one is not OMIT}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [plain(one) for one in value]
    return value


def wait_before_another(outcome: httpx.Response | httpx.TransportError, tried: int, attempts: int) -> float | None:
    """Seconds until the next try, after 429, 503 or a lost connection; null when this outcome is the last."""
    if tried >= attempts:
        return None
    if isinstance(outcome, httpx.TransportError):
        return 0.5 * 2.0**tried
    if outcome.status_code not in _AGAIN:
        return None
    asked: str = outcome.headers.get("retry-after", "")
    wait = float(asked) if asked.isdigit() else 0.5 * 2.0**tried
    return wait if wait <= _LONGEST_WAIT else None


def taken(outcome: httpx.Response | httpx.TransportError) -> httpx.Response:
    """The response of a success; else the problem, or the lost connection, is raised."""
    if isinstance(outcome, httpx.TransportError):
        raise outcome
    if outcome.is_success:
        return outcome
    raise Problem(outcome)
