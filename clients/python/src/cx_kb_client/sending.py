"""How requests go out and come back, plain and to await; what is repeated is ``asking``'s to say."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import TypeAdapter

from cx_kb_client import models
from cx_kb_client.asking import Asked, taken, wait_before_another

Kind = TypeVar("Kind")
Page = TypeVar(
    "Page",
    models.SearchResponse,
    models.BriefResponse,
    models.SelectedResponse,
    models.StatisticsResponse,
    models.DocumentsResponse,
    models.JobsResponse,
    models.NewHitsResponse,
)
URL = "http://127.0.0.1:8000"
_ENDED = ("done", "failed", "cancelled")


def _headers(key: str | None, language: str) -> dict[str, str]:
    return {"Accept-Language": language, **({"Authorization": f"Bearer {key}"} if key else {})}


def _upload(files: Sequence[Path], metadata: Mapping[str, Any] | None, key: str | None) -> Asked:
    return Asked("POST", "/v1/documents", body=metadata, files=tuple(files), once=True, idempotency_key=key)


class Sender:
    """Sends requests, each tried ``attempts`` times; raises Problem, or httpx.TransportError when nobody answers."""

    def __init__(
        self,
        url: str = URL,
        key: str | None = None,
        *,
        language: str = "en",
        timeout: float = 30.0,
        attempts: int = 4,
        transport: httpx.BaseTransport | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx.Client(
            base_url=url, headers=_headers(key, language), timeout=timeout, transport=transport, trust_env=False
        )
        self._attempts = attempts
        self._sleep = sleep

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def record(self, asked: Asked, kind: type[Kind]) -> Kind:
        """The record, or list of records, in an answer."""
        return TypeAdapter(kind).validate_json(self._sent(asked).content)

    def text(self, asked: Asked) -> str:
        """The text of an answer."""
        return self._sent(asked).text

    def content(self, asked: Asked) -> bytes:
        """The bytes of an answer."""
        return self._sent(asked).content

    def nothing(self, asked: Asked) -> None:
        """An answer without a body."""
        self._sent(asked)

    def events(self, asked: Asked, kind: type[Kind]) -> Iterator[Kind]:
        """Each event of an answer that goes on, as a record."""
        with ExitStack() as stack:
            request = asked.request(self._http, stack)
            request.extensions["timeout"] = httpx.Timeout(None).as_dict()
            response = self._http.send(request, stream=True)
            stack.callback(response.close)
            if not response.is_success:
                response.read()
            for line in taken(response).iter_lines():
                if line.startswith("data:"):
                    yield TypeAdapter(kind).validate_json(line.removeprefix("data:"))

    def add_files(
        self,
        files: Sequence[Path],
        metadata: Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> models.Job:
        """Files from disk, with what is known of each by its name; the job that ingests them."""
        return self.record(_upload(files, metadata, idempotency_key), models.Job)

    def wait(self, job: models.Job, every: float = 1.0) -> models.Job:
        """The job once it has ended."""
        while job.state not in _ENDED:
            self._sleep(every)
            job = self.record(Asked("GET", "/v1/jobs/{job_id}", place={"job_id": job.id}), models.Job)
        return job

    def pages(self, method: Callable[..., Page], *given: Any, **named: Any) -> Iterator[Page]:
        """Every page of a list: ``client.pages(client.search, "effort")``."""
        page = method(*given, **named)
        yield page
        while page.next:
            page = method(*given, **named, cursor=page.next)
            yield page

    def _sent(self, asked: Asked) -> httpx.Response:
        asked, tried = asked.named(), 0
        while True:
            tried += 1
            outcome: httpx.Response | httpx.TransportError
            with ExitStack() as stack:
                try:
                    outcome = self._http.send(asked.request(self._http, stack))
                except httpx.TransportError as error:
                    outcome = error
            wait = wait_before_another(outcome, tried, self._attempts)
            if wait is None:
                return taken(outcome)
            self._sleep(wait)


class AsyncSender:
    """As ``Sender``, to be awaited."""

    def __init__(
        self,
        url: str = URL,
        key: str | None = None,
        *,
        language: str = "en",
        timeout: float = 30.0,
        attempts: int = 4,
        transport: httpx.AsyncBaseTransport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._http = httpx.AsyncClient(
            base_url=url, headers=_headers(key, language), timeout=timeout, transport=transport, trust_env=False
        )
        self._attempts = attempts
        self._sleep = sleep

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def record(self, asked: Asked, kind: type[Kind]) -> Kind:
        """The record, or list of records, in an answer."""
        return TypeAdapter(kind).validate_json((await self._sent(asked)).content)

    async def text(self, asked: Asked) -> str:
        """The text of an answer."""
        return (await self._sent(asked)).text

    async def content(self, asked: Asked) -> bytes:
        """The bytes of an answer."""
        return (await self._sent(asked)).content

    async def nothing(self, asked: Asked) -> None:
        """An answer without a body."""
        await self._sent(asked)

    async def events(self, asked: Asked, kind: type[Kind]) -> AsyncIterator[Kind]:
        """Each event of an answer that goes on, as a record."""
        with ExitStack() as stack:
            request = asked.request(self._http, stack)
            request.extensions["timeout"] = httpx.Timeout(None).as_dict()
            response = await self._http.send(request, stream=True)
            try:
                if not response.is_success:
                    await response.aread()
                async for line in taken(response).aiter_lines():
                    if line.startswith("data:"):
                        yield TypeAdapter(kind).validate_json(line.removeprefix("data:"))
            finally:
                await response.aclose()

    async def add_files(
        self,
        files: Sequence[Path],
        metadata: Mapping[str, Any] | None = None,
        *,
        idempotency_key: str | None = None,
    ) -> models.Job:
        """Files from disk, with what is known of each by its name; the job that ingests them."""
        return await self.record(_upload(files, metadata, idempotency_key), models.Job)

    async def wait(self, job: models.Job, every: float = 1.0) -> models.Job:
        """The job once it has ended."""
        while job.state not in _ENDED:
            await self._sleep(every)
            job = await self.record(Asked("GET", "/v1/jobs/{job_id}", place={"job_id": job.id}), models.Job)
        return job

    async def pages(self, method: Callable[..., Awaitable[Page]], *given: Any, **named: Any) -> AsyncIterator[Page]:
        """Every page of a list: ``client.pages(client.search, "effort")``."""
        page = await method(*given, **named)
        yield page
        while page.next:
            page = await method(*given, **named, cursor=page.next)
            yield page

    async def _sent(self, asked: Asked) -> httpx.Response:
        asked, tried = asked.named(), 0
        while True:
            tried += 1
            outcome: httpx.Response | httpx.TransportError
            with ExitStack() as stack:
                # Files are handed over whole: an asynchronous client cannot read from them while it waits.
                request = asked.request(self._http, stack)
                if asked.files:
                    request = httpx.Request(
                        request.method, request.url, headers=request.headers, content=request.read()
                    )
                try:
                    outcome = await self._http.send(request)
                except httpx.TransportError as error:
                    outcome = error
            wait = wait_before_another(outcome, tried, self._attempts)
            if wait is None:
                return taken(outcome)
            await self._sleep(wait)
