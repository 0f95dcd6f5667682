"""``Client``: every route of the API as a method that gives records.

Knows addresses and shapes; how a request is sent and sent again is ``api.client.sending``'s.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import httpx

from api.client.sending import ApiProblem, RequestSender, read_as
from api.client.viewing import Viewing
from api.client.watching import WatchingMethods
from api.service.citing import CitationsResponse
from api.service.schemas import (
    CitedStatistic,
    DocumentLine,
    DocumentResponse,
    DocumentsResponse,
    InfoResponse,
    JobsResponse,
    PassageResponse,
    RecordResponse,
    SearchResponse,
    StatisticsResponse,
    TopicLine,
    to_wire,
)
from api.service.verifying import VerifyResponse
from kb.records.answer import Answer
from kb.records.job import Job
from kb.records.search import Hit
from kb.records.statistic import Analysis

__all__ = ["ApiProblem", "Client"]

Record = TypeVar("Record")
Value = str | int | float | bool | Sequence[str] | None


class Client(WatchingMethods, Viewing):
    """A server of a knowledge base. Use as a context manager, or ``close`` it. Errors are ``ApiProblem``."""

    def __init__(
        self,
        url: str = "http://127.0.0.1:8000",
        key: str | None = None,
        *,
        language: str = "en",
        timeout: float = 30.0,
        attempts: int = 4,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        headers = {"Accept-Language": language, **({"Authorization": f"Bearer {key}"} if key else {})}
        http = httpx.Client(base_url=url, headers=headers, timeout=timeout, transport=transport)
        self._sender = RequestSender(http, attempts)

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._sender.close()

    # -- asking ----------------------------------------------------------------------------

    def search_page(self, query: str, cursor: str | None = None, **filters: Value) -> SearchResponse:
        """A page of hits with its facets; filters are those of ``GET /v1/search``, ``limit`` among them."""
        return self._get(SearchResponse, "/v1/search", {"q": query, "cursor": cursor, **filters})

    def search(self, query: str, **filters: Value) -> Iterator[Hit]:
        """Every hit, page after page."""
        page = self.search_page(query, None, **filters)
        yield from page.hits
        while page.next:
            page = self.search_page(query, page.next, **filters)
            yield from page.hits

    def ask(self, question: str, language: str | None = None, **filters: Value) -> Answer:
        """A cited answer, or "no evidence"."""
        body: dict[str, Any] = {"question": question, "language": language, "filters": filters}
        return self._post(Answer, "/v1/answers", body)

    def statistics_page(
        self, query: str | None = None, cursor: str | None = None, **filters: Value
    ) -> StatisticsResponse:
        """A page of statistics with its facets; filters are those of ``GET /v1/statistics``."""
        return self._get(StatisticsResponse, "/v1/statistics", {"q": query, "cursor": cursor, **filters})

    def statistics(self, query: str | None = None, **filters: Value) -> Iterator[CitedStatistic]:
        """Every statistic, page after page."""
        page = self.statistics_page(query, None, **filters)
        yield from page.statistics
        while page.next:
            page = self.statistics_page(query, page.next, **filters)
            yield from page.statistics

    # -- records ---------------------------------------------------------------------------

    def passage(self, passage_id: str) -> PassageResponse:
        """A passage with its document and place."""
        return self._get(PassageResponse, f"/v1/passages/{_id(passage_id)}")

    def documents(self) -> Iterator[DocumentLine]:
        """Every current document."""
        page = self._get(DocumentsResponse, "/v1/documents")
        yield from page.documents
        while page.next:
            page = self._get(DocumentsResponse, "/v1/documents", {"cursor": page.next})
            yield from page.documents

    def document(self, document_id: str) -> DocumentResponse:
        """A document with its text, passages and removed blocks."""
        return self._get(DocumentResponse, f"/v1/documents/{_id(document_id)}")

    def text(self, document_id: str) -> str:
        """The canonical text of a document: what every span counts in."""
        return self._sender.send("GET", f"/v1/documents/{_id(document_id)}/text").content.decode("utf-8")

    def original(self, document_id: str) -> bytes:
        """The original bytes of a document."""
        return self._sender.send("GET", f"/v1/documents/{_id(document_id)}/original").content

    def topics(self) -> tuple[TopicLine, ...]:
        """The five topics with their counts."""
        return self._get(tuple[TopicLine, ...], "/v1/topics")

    def export(self) -> Iterator[dict[str, Any]]:
        """Every document as ingestion takes it, with its passages and statistics."""
        for line in self._sender.send("GET", "/v1/export").iter_lines():
            yield json.loads(line)

    # -- checking --------------------------------------------------------------------------

    def cite(self, ids: Sequence[str], style: str = "apa", language: str = "es") -> CitationsResponse:
        """Finished citations of passages, statistics or documents."""
        return self._post(CitationsResponse, "/v1/citations", {"ids": list(ids), "style": style, "language": language})

    def verify(self, answer: Answer | Mapping[str, Any]) -> VerifyResponse:
        """The judgement of every quote of an answer, read again in its source."""
        return self._post(VerifyResponse, "/v1/verify", to_wire(answer) if isinstance(answer, Answer) else dict(answer))

    def analyze(self, text: str, text_id: str = "", language: str | None = None) -> Analysis:
        """Topics, statistics and sentences of any text."""
        return self._post(Analysis, "/v1/analyze", {"id": text_id, "text": text, "language": language})

    # -- changing --------------------------------------------------------------------------

    def upload_files(
        self,
        paths: Sequence[Path],
        metadata: Mapping[str, Mapping[str, Any]] | None = None,
        idempotency_key: str | None = None,
    ) -> Job:
        """The job that ingests these files; ``metadata`` by file name. With a key of yours a retry is harmless."""
        files = [("file", (path.name, path.read_bytes())) for path in paths]
        data = {"metadata": json.dumps(metadata)} if metadata else None
        response = self._sender.send("POST", "/v1/documents", files=files, data=data, repeat_key=idempotency_key)
        return read_as(Job, response)

    def upload_documents(self, documents: Sequence[Mapping[str, Any]], idempotency_key: str | None = None) -> Job:
        """The job that ingests these documents (``id``, ``text``, ``title`` …)."""
        body = {"documents": [dict(document) for document in documents]}
        return read_as(Job, self._sender.send("POST", "/v1/documents", json=body, repeat_key=idempotency_key))

    def jobs(self, limit: int = 20, cursor: str | None = None) -> JobsResponse:
        """A page of the jobs, newest first."""
        return self._get(JobsResponse, "/v1/jobs", {"limit": limit, "cursor": cursor})

    def info(self) -> InfoResponse:
        """What the server is and holds."""
        return self._get(InfoResponse, "/v1/info")

    def job(self, job_id: str) -> Job:
        """Where a job stands."""
        return self._get(Job, f"/v1/jobs/{_id(job_id)}")

    def wait(self, job: Job, seconds: float = 600.0, every: float = 0.5) -> Job:
        """The job once it has ended; raises TimeoutError after ``seconds``."""
        deadline = time.monotonic() + seconds
        while not job.state.ended:
            if time.monotonic() > deadline:
                raise TimeoutError(f"job {job.id} is still {job.state.value} after {seconds} s")
            time.sleep(every)
            job = self.job(job.id)
        return job

    def record(self, document_id: str) -> RecordResponse:
        """What is known of a document, from where, and every correction of it."""
        return self._get(RecordResponse, f"/v1/documents/{_id(document_id)}/record")

    def correct(self, document_id: str, fields: Mapping[str, Any], revision: int | None = None) -> RecordResponse:
        """The record with these fields corrected (null: not known); with ``revision`` only if it is still that one."""
        body = {**fields, **({} if revision is None else {"revision": revision})}
        return read_as(RecordResponse, self._sender.send("PATCH", f"/v1/documents/{_id(document_id)}", json=body))

    def remove(self, document_id: str, idempotency_key: str | None = None) -> None:
        """Remove a document."""
        self._sender.send("DELETE", f"/v1/documents/{_id(document_id)}", repeat_key=idempotency_key)

    # -- parts -----------------------------------------------------------------------------

    def _get(self, kind: type[Record], path: str, params: Mapping[str, Value] | None = None) -> Record:
        asked = {name: value for name, value in (params or {}).items() if value is not None}
        return read_as(kind, self._sender.send("GET", path, params=asked))

    def _post(self, kind: type[Record], path: str, body: Mapping[str, Any]) -> Record:
        return read_as(kind, self._sender.send("POST", path, json=body))


def _id(name: str) -> str:
    if not name.isalnum():
        raise ValueError(f"{name!r} is not an id")
    return name
