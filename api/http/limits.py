"""How many requests a caller may make: a bucket of tokens for each, refilled evenly. Knows no HTTP."""

import asyncio
import math
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import Message, Receive, Scope

from api.http.problems import Refusal

# Callers remembered; past it the one not seen for longest is forgotten, which gives it a full bucket.
_MAX_CALLERS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Rates:
    """Buckets of ``per_minute`` requests by caller; 0 lets everything pass. ``clock`` gives seconds."""

    def __init__(self, per_minute: int, clock: Callable[[], float]) -> None:
        self._per_minute = per_minute
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()
        self._lock = threading.Lock()

    def wait(self, caller: str) -> int:
        """0 when this request may pass (it is counted), else the whole seconds after which one may."""
        if self._per_minute == 0:
            return 0
        with self._lock:
            bucket = self._bucket(caller)
            if bucket.tokens >= 1:
                bucket.tokens -= 1
                return 0
            return max(1, math.ceil((1 - bucket.tokens) * 60 / self._per_minute - 1e-9))

    def _bucket(self, caller: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.pop(caller, None) or _Bucket(float(self._per_minute), now)
        bucket.tokens = min(self._per_minute, bucket.tokens + (now - bucket.at) * self._per_minute / 60)
        bucket.at = now
        self._buckets[caller] = bucket
        if len(self._buckets) > _MAX_CALLERS:
            self._buckets.popitem(last=False)
        return bucket


@dataclass(frozen=True, slots=True)
class RequestLimits:
    """What one request may take. ``rate_per_minute`` 0 means no limit.

    ``body_bytes``: the longest saved answer of the samples is 60 kB; a text to analyze may have 200,000 characters,
    at most 800 kB of UTF-8. ``upload_bytes`` holds one file of the largest size that ingestion reads (64 MB);
    ``documents_bytes`` are for texts in JSON, which are in memory at once: some forty books.
    A body must come at ``slow_bytes_per_second`` on the whole, after ``patience_seconds`` for a start.
    A head has ``head_bytes`` (a question of 2,000 characters is 18 kB when each is written as three bytes in percents)
    and ``head_seconds`` from its first byte, or from the connection; a connection stays ``keep_alive_seconds`` for the
    next request, and ``stall_seconds`` without any of its answer being read.
    """

    body_bytes: int = 2 * 2**20
    upload_bytes: int = 68 * 2**20
    documents_bytes: int = 32 * 2**20
    upload_files: int = 200
    patience_seconds: float = 10.0
    slow_bytes_per_second: int = 20_000
    head_bytes: int = 32 * 2**10
    head_seconds: float = 10.0
    keep_alive_seconds: int = 5
    stall_seconds: float = 30.0
    rate_per_minute: int = 600


class BodyGuard:
    """Counts and times the body of one request; ``receive`` stands in for the server's."""

    def __init__(self, receive: Receive, scope: Scope, most: int, limits: RequestLimits) -> None:
        self._receive = receive
        self._most = most
        self._limits = limits
        self._seen = 0
        self._started: float | None = None
        self._done = False
        self._refuse_announced(Headers(scope=scope))

    def _refuse_announced(self, headers: Headers) -> None:
        announced = headers.get("content-length")
        if announced is None:
            return
        if not (announced.isascii() and announced.isdigit()):
            raise Refusal("malformed_body")
        if len(announced) > 18 or int(announced) > self._most:
            raise self._too_large()

    def _too_large(self) -> Refusal:
        # The rest of the body is not read, so the connection cannot be used again.
        return Refusal("too_large", headers={"Connection": "close"})

    async def receive(self) -> Message:
        """The next message; raises Refusal when the body is past its size or its time."""
        if self._done:
            return await self._receive()
        now = time.monotonic()
        self._started = self._started or now
        allowed = self._limits.patience_seconds + self._seen / self._limits.slow_bytes_per_second
        try:
            message = await asyncio.wait_for(self._receive(), max(0.0, self._started + allowed - now))
        except TimeoutError:
            raise Refusal("too_slow", headers={"Connection": "close"}) from None
        self._seen += len(message.get("body", b""))
        self._done = not message.get("more_body", False)
        if self._seen > self._most:
            raise self._too_large()
        return message
