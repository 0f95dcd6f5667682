"""Requests that carry a name of their own (Idempotency-Key): done once, and answered every time as the first.

Knows no body: what was asked comes as a word that is the same for the same request.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Header, Response

from api.http.auth import utc_now
from api.http.problems import Refusal
from api.routes.arguments import By
from api.service.parts import Jobs, KeptReply

_RepeatKey = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=200)]


@dataclass(frozen=True, slots=True)
class Repeat:
    """The caller and the name of the request, null when it has none."""

    caller: str
    name: str | None

    def reply(self, asked: str, status: int, body: str) -> KeptReply | None:
        """What is kept of the answer to a request with a name."""
        return None if self.name is None else KeptReply(self.caller, self.name, asked, status, body, utc_now())

    def earlier(self, jobs: Jobs, asked: str) -> Response | None:
        """The answer of the first time, null when this is it; Refusal when the name stood for another request."""
        found = self.found(jobs)
        return None if found is None else again(found, asked)

    def found(self, jobs: Jobs) -> KeptReply | None:
        """What was answered the first time, null when this is it."""
        return None if self.name is None else jobs.reply(self.caller, self.name)


async def _repeat_of(by: By, idempotency_key: _RepeatKey = None) -> Repeat:
    """Which request this is."""
    return Repeat(by.name, idempotency_key)


Repeatable = Annotated[Repeat, Depends(_repeat_of)]


def again(earlier: KeptReply, asked: str) -> Response:
    """The answer of the first time; Refusal when the name stood for another request."""
    return replayed(earlier, asked, lambda body: body)


def replayed(earlier: KeptReply, asked: str, now: Callable[[str], str]) -> Response:
    """The answer of the first time with its body as it is ``now``; Refusal when the name stood for another request."""
    if earlier.request != asked:
        raise Refusal("idempotency_conflict")
    return answer(now(earlier.body), earlier.status, {"Idempotent-Replayed": "true"})


def answer(body: str, status: int, headers: dict[str, str] | None = None) -> Response:
    """A response of JSON; of a job that was queued it names the place."""
    place = {"Location": f"/v1/jobs/{json.loads(body)['id']}"} if status == 202 else {}
    return Response(body, status, {**place, **(headers or {})}, "application/json" if body else None)


def removed_once(jobs: Jobs, repeat: Repeat, asked: str, remove: Callable[[], None]) -> Response:
    """204 once ``remove`` has ended, and again for the same request; what ``remove`` raises otherwise."""
    earlier = repeat.earlier(jobs, asked)
    if earlier is not None:
        return earlier
    remove()
    reply = repeat.reply(asked, 204, "")
    if reply is not None:
        jobs.keep_reply(reply)
    return Response(status_code=204)
