"""What happens to every request before and after its route: host, key, scope, rate, size, headers, count, log.

A plain ASGI layer, so that a request is refused before its body is read. Knows no records.
"""

from __future__ import annotations

import re
import time
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from fastapi.routing import APIRoute
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Send
from starlette.types import Scope as AsgiScope

from api.http import problems
from api.http.auth import (
    KEY_COOKIE,
    SAFE_METHODS,
    Access,
    Caller,
    comes_from_here,
    identify,
    says_where_from,
    signed_in,
)
from api.http.limits import BodyGuard, Rates, RequestLimits
from api.http.metrics import Metrics, log_request
from api.http.problems import Refusal
from api.http.proxies import Proxies
from api.service.parts import Keys
from kb.records.errors import BaseError
from kb.records.operation import Scope, allows

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
}
# What the server is asked by, as open as the page that shows it.
_CONTRACT = "/openapi.json"
# Probes must get an answer however busy their neighbour is.
_UNCOUNTED = ("/healthz", "/readyz")
_METHODS = SAFE_METHODS | {"POST", "PUT", "PATCH", "DELETE"}
# Never a key that somebody put there: it stands in the log.
_REQUEST_ID = re.compile(r"(?!kb_)[A-Za-z0-9_.:-]{1,64}")


@dataclass(frozen=True, slots=True)
class GateParts:
    """What the gate is made of."""

    keys: Keys
    access: Access
    limits: RequestLimits
    rates: Rates
    metrics: Metrics
    proxies: Proxies
    routes: Callable[[], Sequence[APIRoute]]


class Gate:
    """The layer around the application."""

    def __init__(self, app: ASGIApp, parts: GateParts) -> None:
        self._app = app
        self._parts = parts

    async def __call__(self, scope: AsgiScope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it with a problem."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = self._parts.proxies.behind(scope)
        passage = _Passing(scope, send)
        # Whoever asks for the head is answered as whoever asks for the whole, without a body. A copy: the server below
        # must go on knowing that no body follows.
        if passage.is_head:
            scope = {**scope, "method": "GET", "state": {**scope.get("state", {}), "head_only": True}}
        try:
            guarded = self._admit(scope, receive, passage)
            await self._app(scope, guarded, passage.send)
        except Refusal as refusal:
            if passage.status:
                raise
            await self._refuse(refusal, scope, receive, passage)
        except BaseError as error:
            if passage.status:
                raise
            response = problems.from_ours(Request(scope), error)
            await response(scope, receive, passage.send)
        finally:
            self._note(scope, passage)

    def _admit(self, scope: AsgiScope, receive: Receive, passage: _Passing) -> Receive:
        """The receive to use; raises Refusal."""
        headers = Headers(scope=scope)
        self._check_host(headers.get("host", ""))
        route = self._route(scope)
        passage.route = route.path if route else "none"
        if scope["path"] in _UNCOUNTED:
            return receive
        caller = self._caller(scope, headers)
        passage.caller = caller.name
        scope.setdefault("state", {})["caller"] = caller
        _check_sender(scope, headers)
        _check_scope(caller, None if scope["path"] == _CONTRACT else _needed(route, scope["method"]))
        if route is not None and scope["method"] in (route.methods or ()):
            _check_content_type(route, headers)
        most = self._parts.limits.body_bytes
        if route is not None and (route.openapi_extra or {}).get("x-upload"):
            is_json = headers.get("content-type", "").startswith("application/json")
            most = self._parts.limits.documents_bytes if is_json else self._parts.limits.upload_bytes
        return BodyGuard(receive, scope, most, self._parts.limits).receive

    def _check_host(self, host: str) -> None:
        """A web page that points its own name at this machine (DNS rebinding) gets nothing."""
        names = self._parts.access.hosts
        name = host.rpartition(":")[0] if re.search(r":\d+$", host) else host
        if names is not None and name.lower() not in names:
            raise Refusal("unknown_host")

    def _route(self, scope: AsgiScope) -> APIRoute | None:
        partial = None
        for route in self._parts.routes():
            match, _ = route.matches(scope)
            if match is Match.FULL:
                return route
            if match is Match.PARTIAL:
                partial = partial or route
        return partial

    def _caller(self, scope: AsgiScope, headers: Headers) -> Caller:
        client = scope.get("client")
        address = client[0] if client else "unknown"
        given = headers.get("authorization")
        caller = identify(self._parts.keys, self._parts.access, given, address)
        if given is None:
            # A key in a cookie that opens nothing any more is as none: what is open without a key stays so.
            key = Request({"type": "http", "headers": scope["headers"]}).cookies.get(KEY_COOKIE)
            caller = signed_in(self._parts.keys, self._parts.access, key, address) or caller
        # Wrong keys are counted by address, so that guessing is slow.
        wait = self._parts.rates.wait(caller.name if caller else f"address:{address}")
        if wait:
            raise Refusal("rate_limited", headers={"Retry-After": str(wait)})
        if caller is None:
            raise Refusal("bad_key", headers={"WWW-Authenticate": 'Bearer error="invalid_token"'})
        return caller

    async def _refuse(self, refusal: Refusal, scope: AsgiScope, receive: Receive, passage: _Passing) -> None:
        request = Request(scope)
        page = request.app.state.refusal_page if problems.is_for_people(request) else None
        response = page(request, refusal) if page else problems.from_refusal(request, refusal)
        await response(scope, receive, passage.send)

    def _note(self, scope: AsgiScope, passage: _Passing) -> None:
        seconds = time.perf_counter() - passage.started
        route = scope.get("route")
        if passage.route == "none" and isinstance(route, APIRoute) and passage.status != 404:
            passage.route = route.path
        status = passage.status or 499  # the client went away before anything was said
        self._parts.metrics.count(passage.method if passage.route != "none" else "any", passage.route, status, seconds)
        log_request(
            {
                "id": passage.id,
                # Any word may stand where a method does, a key too.
                "method": passage.method if passage.method in _METHODS else "other",
                "route": passage.route,
                "status": status,
                "ms": round(seconds * 1000, 1),
                "caller": passage.caller,
            }
        )


class _Passing:
    """One request on its way: its id, its route, and the status it got."""

    def __init__(self, scope: AsgiScope, send: Send) -> None:
        asked = Headers(scope=scope).get("x-request-id", "")
        self.id = asked if _REQUEST_ID.fullmatch(asked) else uuid.uuid4().hex[:16]
        self.started = time.perf_counter()
        self.method = scope["method"]
        self.route = "none"
        client = scope.get("client")
        self.caller = f"address:{client[0]}" if client else "unknown"
        self.status = 0
        self._send = send

    @property
    def is_head(self) -> bool:
        """Whether the caller wants the headers and no body."""
        return bool(self.method == "HEAD")

    async def send(self, message: Message) -> None:
        """Pass a message on, the first one with the headers of every response; no body where only the head is asked."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers["X-Request-Id"] = self.id
        elif self.is_head and message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await self._send(message)


def _needed(route: APIRoute | None, method: str) -> Scope | None:
    """What a route declares; what is no route is for readers, and whatever would change something for nobody else."""
    declared = (route.openapi_extra or {}) if route else {}
    if "x-scope" in declared:
        return None if declared["x-scope"] is None else Scope(declared["x-scope"])
    return Scope.READ if method in ("GET", "HEAD", "OPTIONS", "POST") else Scope.ADMIN


def _check_sender(scope: AsgiScope, headers: Headers) -> None:
    """What changes something and goes by a cookie, or to the page, must come from the page: a foreign site can make
    a browser send a form in its user's name."""
    if scope["method"] in SAFE_METHODS:
        return
    by_cookie = KEY_COOKIE in headers.get("cookie", "") and "authorization" not in headers
    to_page = not scope["path"].startswith("/v1/") and says_where_from(headers)
    if (by_cookie or to_page) and not comes_from_here(headers):
        raise Refusal("foreign_origin")


def _check_content_type(route: APIRoute, headers: Headers) -> None:
    """A body that is JSON must say so: a form on a foreign page cannot, so it cannot ask in a reader's name."""
    if route.body_field is None:
        return
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal("unsupported_media_type")


def _check_scope(caller: Caller, needed: Scope | None) -> None:
    if needed is None or allows(caller.scopes, needed):
        return
    if caller.has_key:
        challenge = f'Bearer error="insufficient_scope", scope="{needed.value}"'
        raise Refusal("missing_scope", headers={"WWW-Authenticate": challenge})
    raise Refusal("no_key", headers={"WWW-Authenticate": "Bearer"})
