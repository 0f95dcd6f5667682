"""Every operation of the API as a method; generated from its contract, not to be edited."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from cx_kb_client import models
from cx_kb_client.asking import OMIT, Asked, Omitted
from cx_kb_client.sending import AsyncSender, Sender


class Client(Sender):
    """A server of a knowledge base. Use as a context manager, or ``close`` it."""

    def search(
        self,
        q: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        topic: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: Sequence[str] | None = None,
        has_statistic: bool | None = None,
        subtopic: Sequence[str] | None = None,
        format: Sequence[str] | None = None,
    ) -> models.SearchResponse:
        """Passages in both languages that answer the question or are about the words."""

        return self.record(
            Asked(
                "GET",
                "/v1/search",
                query={
                    "q": q,
                    "limit": limit,
                    "cursor": cursor,
                    "topic": topic,
                    "language": language,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_statistic": has_statistic,
                    "subtopic": subtopic,
                    "format": format,
                },
            ),
            models.SearchResponse,
        )

    def search_brief(
        self,
        q: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        topic: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: Sequence[str] | None = None,
        has_statistic: bool | None = None,
        subtopic: Sequence[str] | None = None,
        format: Sequence[str] | None = None,
    ) -> models.BriefResponse:
        """The hits of a search in their short form: the sentence, its language, and where it is from."""

        return self.record(
            Asked(
                "GET",
                "/v1/search/brief",
                query={
                    "q": q,
                    "limit": limit,
                    "cursor": cursor,
                    "topic": topic,
                    "language": language,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_statistic": has_statistic,
                    "subtopic": subtopic,
                    "format": format,
                },
            ),
            models.BriefResponse,
        )

    def search_fields(
        self,
        q: str,
        fields: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        topic: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: Sequence[str] | None = None,
        has_statistic: bool | None = None,
        subtopic: Sequence[str] | None = None,
        format: Sequence[str] | None = None,
    ) -> models.SelectedResponse:
        """The hits of a search with the members that are named, and no others."""

        return self.record(
            Asked(
                "GET",
                "/v1/search/fields",
                query={
                    "q": q,
                    "fields": fields,
                    "limit": limit,
                    "cursor": cursor,
                    "topic": topic,
                    "language": language,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_statistic": has_statistic,
                    "subtopic": subtopic,
                    "format": format,
                },
            ),
            models.SelectedResponse,
        )

    def ask(
        self,
        question: str,
        *,
        language: str | Omitted | None = OMIT,
        filters: models.FilterBody | Mapping[str, Any] | Omitted = OMIT,
    ) -> models.Answer:
        """A cited answer in sentences of the sources, or "no evidence"."""

        return self.record(
            Asked("POST", "/v1/answers", body={"question": question, "language": language, "filters": filters}),
            models.Answer,
        )

    def list_statistics(
        self,
        *,
        q: str | None = None,
        sort: str | None = None,
        separators: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        kind: str | None = None,
        topic: str | None = None,
        subtopic: Sequence[str] | None = None,
        language: str | None = None,
        min: float | None = None,
        max: float | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: str | None = None,
        has_sample_size: bool | None = None,
    ) -> models.StatisticsResponse:
        """Statistics with their citations, by meaning or by number; ``sort`` is a column, "-value" for
        descending. A figure that stands in several places comes once, with its other places. With words,
        figures too far from them are left out. ``separators`` of CSV: "en" is "," and 0.5, "es" is ";" and
        0,5.
        """

        return self.record(
            Asked(
                "GET",
                "/v1/statistics",
                query={
                    "q": q,
                    "sort": sort,
                    "separators": separators,
                    "limit": limit,
                    "cursor": cursor,
                    "kind": kind,
                    "topic": topic,
                    "subtopic": subtopic,
                    "language": language,
                    "min": min,
                    "max": max,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_sample_size": has_sample_size,
                },
            ),
            models.StatisticsResponse,
        )

    def get_passage(self, passage_id: str) -> models.PassageResponse:
        """A passage, its document and its place in the original."""

        return self.record(
            Asked("GET", "/v1/passages/{passage_id}", place={"passage_id": passage_id}), models.PassageResponse
        )

    def get_history(self, statistic_id: str) -> models.FigureHistory:
        """Where a figure comes from: the places that state it, what each changed, and those that differ."""

        return self.record(
            Asked("GET", "/v1/statistics/{statistic_id}/history", place={"statistic_id": statistic_id}),
            models.FigureHistory,
        )

    def list_documents(
        self, *, limit: int | None = None, cursor: str | None = None, source_id: str | None = None
    ) -> models.DocumentsResponse:
        """The current documents, by source; with ``source_id`` the one that was sent under this very name, or
        none.
        """

        return self.record(
            Asked("GET", "/v1/documents", query={"limit": limit, "cursor": cursor, "source_id": source_id}),
            models.DocumentsResponse,
        )

    def add_documents(
        self, documents: Sequence[models.DocumentBody | Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> models.Job:
        """Take in files (multipart, field ``file``) or JSON documents; the job that ingests them."""

        return self.record(
            Asked("POST", "/v1/documents", body={"documents": documents}, once=True, idempotency_key=idempotency_key),
            models.Job,
        )

    def get_document(self, document_id: str) -> models.DocumentResponse:
        """A document with its text, its passages and what was removed from it."""

        return self.record(
            Asked("GET", "/v1/documents/{document_id}", place={"document_id": document_id}), models.DocumentResponse
        )

    def correct_record(
        self,
        document_id: str,
        *,
        title: str | Omitted | None = OMIT,
        authors: Sequence[str] | Omitted | None = OMIT,
        publisher: str | Omitted | None = OMIT,
        published: str | Omitted | None = OMIT,
        url: str | Omitted | None = OMIT,
        series: str | Omitted | None = OMIT,
        revision: int | Omitted | None = OMIT,
    ) -> models.RecordResponse:
        """Correct the record of a document: title, authors, publisher, date, address, series. Nothing is
        embedded again. What it was stays in the history, and citations made before say that it was
        corrected. A key corrects the documents that it brought, an administrator's every one.
        """

        return self.record(
            Asked(
                "PATCH",
                "/v1/documents/{document_id}",
                place={"document_id": document_id},
                body={
                    "title": title,
                    "authors": authors,
                    "publisher": publisher,
                    "published": published,
                    "url": url,
                    "series": series,
                    "revision": revision,
                },
            ),
            models.RecordResponse,
        )

    def delete_document(self, document_id: str, *, idempotency_key: str | None = None) -> None:
        """Remove a document with its passages, statistics and original."""

        return self.nothing(
            Asked(
                "DELETE",
                "/v1/documents/{document_id}",
                place={"document_id": document_id},
                once=True,
                idempotency_key=idempotency_key,
            )
        )

    def get_record(self, document_id: str) -> models.RecordResponse:
        """The record of a document without its text: what is known of it, from where, and every correction of
        it.
        """

        return self.record(
            Asked("GET", "/v1/documents/{document_id}/record", place={"document_id": document_id}),
            models.RecordResponse,
        )

    def get_document_text(self, document_id: str) -> str:
        """The canonical text that all offsets count in."""

        return self.text(Asked("GET", "/v1/documents/{document_id}/text", place={"document_id": document_id}))

    def get_document_original(self, document_id: str) -> bytes:
        """The original bytes, always as a file to keep: a browser never shows them as a page of this server."""

        return self.content(Asked("GET", "/v1/documents/{document_id}/original", place={"document_id": document_id}))

    def list_topics(self) -> list[models.TopicLine]:
        """The five topics and how many passages have each."""

        return self.record(Asked("GET", "/v1/topics"), list[models.TopicLine])

    def list_problems(self) -> list[models.ProblemFacts]:
        """Every code that a problem can have."""

        return self.record(Asked("GET", "/v1/problems"), list[models.ProblemFacts])

    def get_problem(self, code: str) -> models.ProblemFacts:
        """What a problem code means, in both languages; a browser is led to its entry on the page of the API."""

        return self.record(Asked("GET", "/v1/problems/{code}", place={"code": code}), models.ProblemFacts)

    def export(
        self,
        *,
        q: str | None = None,
        what: str | None = None,
        format: str | None = None,
        sort: str | None = None,
        limit: int | None = None,
        style: str | None = None,
        separators: str | None = None,
        originals: bool | None = None,
        topic: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: Sequence[str] | None = None,
        has_statistic: bool | None = None,
        subtopic: Sequence[str] | None = None,
        file_format: Sequence[str] | None = None,
        kind: str | None = None,
        min: float | None = None,
        max: float | None = None,
        has_sample_size: bool | None = None,
    ) -> bytes:
        """Documents, passages, statistics or the answer to a question (``what``), as jsonl, md, docx, html,
        xlsx or csv. Without ``what`` it is the passages that ``q`` finds, or without words every document,
        in the shape that ingestion takes. A parameter that does not belong to what is exported is refused.
        Words around the quotes follow Accept-Language. With ``originals`` the lines of documents hold
        their bytes, too.
        """

        return self.content(
            Asked(
                "GET",
                "/v1/export",
                query={
                    "q": q,
                    "what": what,
                    "format": format,
                    "sort": sort,
                    "limit": limit,
                    "style": style,
                    "separators": separators,
                    "originals": originals,
                    "topic": topic,
                    "language": language,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_statistic": has_statistic,
                    "subtopic": subtopic,
                    "file_format": file_format,
                    "kind": kind,
                    "min": min,
                    "max": max,
                    "has_sample_size": has_sample_size,
                },
            )
        )

    def get_coverage(self) -> list[models.CoverageCell]:
        """How many passages there are by topic, language and year, the gaps too."""

        return self.record(Asked("GET", "/v1/coverage"), list[models.CoverageCell])

    def get_basket(
        self, *, item: Sequence[str] | None = None, note: Sequence[str] | None = None
    ) -> list[models.DossierEntry]:
        """Places with notes ("p0123456789abcdef:10-90"), each with its quote and citation; 404 for one that
        is gone.
        """

        return self.record(Asked("GET", "/v1/basket", query={"item": item, "note": note}), list[models.DossierEntry])

    def check_draft(self, text: str) -> models.CheckedDraft:
        """Each figure of a text judged against the statistics of the base. The text is not kept."""

        return self.record(Asked("POST", "/v1/drafts", body={"text": text}), models.CheckedDraft)

    def list_searches(self) -> list[models.SavedSearchLine]:
        """The saved searches of the base, oldest first."""

        return self.record(Asked("GET", "/v1/searches"), list[models.SavedSearchLine])

    def save_search(
        self,
        name: str,
        *,
        text: str | Omitted | None = OMIT,
        filters: models.FilterBody | Mapping[str, Any] | Omitted = OMIT,
        from_now: bool | Omitted = OMIT,
        idempotency_key: str | None = None,
    ) -> models.SavedSearchLine:
        """Save a search under a name of its own."""

        return self.record(
            Asked(
                "POST",
                "/v1/searches",
                body={"name": name, "text": text, "filters": filters, "from_now": from_now},
                once=True,
                idempotency_key=idempotency_key,
            ),
            models.SavedSearchLine,
        )

    def delete_search(self, search_id: str, *, idempotency_key: str | None = None) -> None:
        """Remove a saved search and the webhooks that are told of it."""

        return self.nothing(
            Asked(
                "DELETE",
                "/v1/searches/{search_id}",
                place={"search_id": search_id},
                once=True,
                idempotency_key=idempotency_key,
            )
        )

    def list_new_hits(
        self, search_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.NewHitsResponse:
        """The hits that came into the base since somebody looked, in that order; looking marks nothing."""

        return self.record(
            Asked(
                "GET",
                "/v1/searches/{search_id}/new",
                place={"search_id": search_id},
                query={"limit": limit, "cursor": cursor},
            ),
            models.NewHitsResponse,
        )

    def mark_seen(self, search_id: str, until: str) -> models.SavedSearchLine:
        """Mark hits as seen, up to the ``until`` of a page of new hits."""

        return self.record(
            Asked("POST", "/v1/searches/{search_id}/seen", place={"search_id": search_id}, body={"until": until}),
            models.SavedSearchLine,
        )

    def list_webhooks(self) -> list[models.WebhookLine]:
        """The webhooks of the base, oldest first, without their secrets."""

        return self.record(Asked("GET", "/v1/webhooks"), list[models.WebhookLine])

    def create_webhook(
        self, url: str, *, search: str | Omitted | None = OMIT, idempotency_key: str | None = None
    ) -> models.NewWebhook:
        """Have an address told of every ended job, or of the new hits of a saved search; its secret is shown
        this once.
        """

        return self.record(
            Asked(
                "POST", "/v1/webhooks", body={"url": url, "search": search}, once=True, idempotency_key=idempotency_key
            ),
            models.NewWebhook,
        )

    def delete_webhook(self, webhook_id: str, *, idempotency_key: str | None = None) -> None:
        """Remove a webhook; what waits for it is not sent any more."""

        return self.nothing(
            Asked(
                "DELETE",
                "/v1/webhooks/{webhook_id}",
                place={"webhook_id": webhook_id},
                once=True,
                idempotency_key=idempotency_key,
            )
        )

    def list_deliveries(self, webhook_id: str, *, limit: int | None = None) -> models.DeliveriesResponse:
        """What was sent to a webhook, newest first: every try with its status or the reason why there is
        none.
        """

        return self.record(
            Asked(
                "GET", "/v1/webhooks/{webhook_id}/deliveries", place={"webhook_id": webhook_id}, query={"limit": limit}
            ),
            models.DeliveriesResponse,
        )

    def format_citations(
        self,
        ids: Sequence[str],
        *,
        style: str | Omitted = OMIT,
        language: str | Omitted = OMIT,
        accessed: str | Omitted | None = OMIT,
    ) -> models.CitationsResponse:
        """Citations of passages, statistics or documents in a style: apa, mla, chicago, bibtex, ris, csl-
        json.
        """

        return self.record(
            Asked(
                "POST", "/v1/citations", body={"ids": ids, "style": style, "language": language, "accessed": accessed}
            ),
            models.CitationsResponse,
        )

    def verify_answer(self, body: Mapping[str, Any] | models.Record) -> models.VerifyResponse:
        """The judgement of every quote of an answer, as it was served or saved, read again in its source."""

        return self.record(Asked("POST", "/v1/verify", body=body), models.VerifyResponse)

    def analyze_text(
        self, text: str, *, id: str | Omitted = OMIT, language: str | Omitted | None = OMIT
    ) -> models.Analysis:
        """Topics, statistics and sentences of any text."""

        return self.record(
            Asked("POST", "/v1/analyze", body={"id": id, "text": text, "language": language}), models.Analysis
        )

    def list_jobs(self, *, limit: int | None = None, cursor: str | None = None) -> models.JobsResponse:
        """The jobs, newest first, in the caller's language."""

        return self.record(Asked("GET", "/v1/jobs", query={"limit": limit, "cursor": cursor}), models.JobsResponse)

    def get_job(self, job_id: str) -> models.Job:
        """Where a job stands, and what became of each file so far, in the caller's language."""

        return self.record(Asked("GET", "/v1/jobs/{job_id}", place={"job_id": job_id}), models.Job)

    def cancel_job(self, job_id: str) -> models.Job:
        """End a job: one that waits at once, one that runs after the files it has read; what is in the base
        stays. A job that has ended stays as it is.
        """

        return self.record(Asked("POST", "/v1/jobs/{job_id}/cancel", place={"job_id": job_id}), models.Job)

    def stream_job(self, job_id: str) -> Iterator[models.Job]:
        """The job as server-sent events (``event: job``) whenever it moves; the stream ends with the job."""

        return self.events(Asked("GET", "/v1/jobs/{job_id}/events", place={"job_id": job_id}), models.Job)

    def add_urls(
        self,
        urls: Sequence[str],
        *,
        metadata: dict[str, models.KnownBody] | Omitted = OMIT,
        idempotency_key: str | None = None,
    ) -> models.Job:
        """Take in addresses of pages, sitemaps and feeds; the job that fetches and ingests them. Only
        addresses on the open internet, and only where the operator allows fetching.
        """

        return self.record(
            Asked(
                "POST",
                "/v1/ingest/urls",
                body={"urls": urls, "metadata": metadata},
                once=True,
                idempotency_key=idempotency_key,
            ),
            models.Job,
        )

    def check_health(self) -> dict[str, str]:
        """Whether the process answers."""

        return self.record(Asked("GET", "/healthz"), dict[str, str])

    def check_readiness(self) -> dict[str, str | int | bool]:
        """Whether the base can be searched and jobs are run, and how much is in it; ``read_only`` where it
        cannot be written.
        """

        return self.record(Asked("GET", "/readyz"), dict[str, str | int | bool])

    def get_info(self) -> models.InfoResponse:
        """What this server is and holds: its version, its model, and what may be asked for."""

        return self.record(Asked("GET", "/v1/info"), models.InfoResponse)

    def get_metrics(self) -> str:
        """Counts for Prometheus: requests and their time by route, the size of the base, jobs by state."""

        return self.text(Asked("GET", "/metrics"))


class AsyncClient(AsyncSender):
    """The same, to be awaited."""

    async def search(
        self,
        q: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        topic: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: Sequence[str] | None = None,
        has_statistic: bool | None = None,
        subtopic: Sequence[str] | None = None,
        format: Sequence[str] | None = None,
    ) -> models.SearchResponse:
        """Passages in both languages that answer the question or are about the words."""

        return await self.record(
            Asked(
                "GET",
                "/v1/search",
                query={
                    "q": q,
                    "limit": limit,
                    "cursor": cursor,
                    "topic": topic,
                    "language": language,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_statistic": has_statistic,
                    "subtopic": subtopic,
                    "format": format,
                },
            ),
            models.SearchResponse,
        )

    async def search_brief(
        self,
        q: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        topic: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: Sequence[str] | None = None,
        has_statistic: bool | None = None,
        subtopic: Sequence[str] | None = None,
        format: Sequence[str] | None = None,
    ) -> models.BriefResponse:
        """The hits of a search in their short form: the sentence, its language, and where it is from."""

        return await self.record(
            Asked(
                "GET",
                "/v1/search/brief",
                query={
                    "q": q,
                    "limit": limit,
                    "cursor": cursor,
                    "topic": topic,
                    "language": language,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_statistic": has_statistic,
                    "subtopic": subtopic,
                    "format": format,
                },
            ),
            models.BriefResponse,
        )

    async def search_fields(
        self,
        q: str,
        fields: str,
        *,
        limit: int | None = None,
        cursor: str | None = None,
        topic: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: Sequence[str] | None = None,
        has_statistic: bool | None = None,
        subtopic: Sequence[str] | None = None,
        format: Sequence[str] | None = None,
    ) -> models.SelectedResponse:
        """The hits of a search with the members that are named, and no others."""

        return await self.record(
            Asked(
                "GET",
                "/v1/search/fields",
                query={
                    "q": q,
                    "fields": fields,
                    "limit": limit,
                    "cursor": cursor,
                    "topic": topic,
                    "language": language,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_statistic": has_statistic,
                    "subtopic": subtopic,
                    "format": format,
                },
            ),
            models.SelectedResponse,
        )

    async def ask(
        self,
        question: str,
        *,
        language: str | Omitted | None = OMIT,
        filters: models.FilterBody | Mapping[str, Any] | Omitted = OMIT,
    ) -> models.Answer:
        """A cited answer in sentences of the sources, or "no evidence"."""

        return await self.record(
            Asked("POST", "/v1/answers", body={"question": question, "language": language, "filters": filters}),
            models.Answer,
        )

    async def list_statistics(
        self,
        *,
        q: str | None = None,
        sort: str | None = None,
        separators: str | None = None,
        limit: int | None = None,
        cursor: str | None = None,
        kind: str | None = None,
        topic: str | None = None,
        subtopic: Sequence[str] | None = None,
        language: str | None = None,
        min: float | None = None,
        max: float | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: str | None = None,
        has_sample_size: bool | None = None,
    ) -> models.StatisticsResponse:
        """Statistics with their citations, by meaning or by number; ``sort`` is a column, "-value" for
        descending. A figure that stands in several places comes once, with its other places. With words,
        figures too far from them are left out. ``separators`` of CSV: "en" is "," and 0.5, "es" is ";" and
        0,5.
        """

        return await self.record(
            Asked(
                "GET",
                "/v1/statistics",
                query={
                    "q": q,
                    "sort": sort,
                    "separators": separators,
                    "limit": limit,
                    "cursor": cursor,
                    "kind": kind,
                    "topic": topic,
                    "subtopic": subtopic,
                    "language": language,
                    "min": min,
                    "max": max,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_sample_size": has_sample_size,
                },
            ),
            models.StatisticsResponse,
        )

    async def get_passage(self, passage_id: str) -> models.PassageResponse:
        """A passage, its document and its place in the original."""

        return await self.record(
            Asked("GET", "/v1/passages/{passage_id}", place={"passage_id": passage_id}), models.PassageResponse
        )

    async def get_history(self, statistic_id: str) -> models.FigureHistory:
        """Where a figure comes from: the places that state it, what each changed, and those that differ."""

        return await self.record(
            Asked("GET", "/v1/statistics/{statistic_id}/history", place={"statistic_id": statistic_id}),
            models.FigureHistory,
        )

    async def list_documents(
        self, *, limit: int | None = None, cursor: str | None = None, source_id: str | None = None
    ) -> models.DocumentsResponse:
        """The current documents, by source; with ``source_id`` the one that was sent under this very name, or
        none.
        """

        return await self.record(
            Asked("GET", "/v1/documents", query={"limit": limit, "cursor": cursor, "source_id": source_id}),
            models.DocumentsResponse,
        )

    async def add_documents(
        self, documents: Sequence[models.DocumentBody | Mapping[str, Any]], *, idempotency_key: str | None = None
    ) -> models.Job:
        """Take in files (multipart, field ``file``) or JSON documents; the job that ingests them."""

        return await self.record(
            Asked("POST", "/v1/documents", body={"documents": documents}, once=True, idempotency_key=idempotency_key),
            models.Job,
        )

    async def get_document(self, document_id: str) -> models.DocumentResponse:
        """A document with its text, its passages and what was removed from it."""

        return await self.record(
            Asked("GET", "/v1/documents/{document_id}", place={"document_id": document_id}), models.DocumentResponse
        )

    async def correct_record(
        self,
        document_id: str,
        *,
        title: str | Omitted | None = OMIT,
        authors: Sequence[str] | Omitted | None = OMIT,
        publisher: str | Omitted | None = OMIT,
        published: str | Omitted | None = OMIT,
        url: str | Omitted | None = OMIT,
        series: str | Omitted | None = OMIT,
        revision: int | Omitted | None = OMIT,
    ) -> models.RecordResponse:
        """Correct the record of a document: title, authors, publisher, date, address, series. Nothing is
        embedded again. What it was stays in the history, and citations made before say that it was
        corrected. A key corrects the documents that it brought, an administrator's every one.
        """

        return await self.record(
            Asked(
                "PATCH",
                "/v1/documents/{document_id}",
                place={"document_id": document_id},
                body={
                    "title": title,
                    "authors": authors,
                    "publisher": publisher,
                    "published": published,
                    "url": url,
                    "series": series,
                    "revision": revision,
                },
            ),
            models.RecordResponse,
        )

    async def delete_document(self, document_id: str, *, idempotency_key: str | None = None) -> None:
        """Remove a document with its passages, statistics and original."""

        return await self.nothing(
            Asked(
                "DELETE",
                "/v1/documents/{document_id}",
                place={"document_id": document_id},
                once=True,
                idempotency_key=idempotency_key,
            )
        )

    async def get_record(self, document_id: str) -> models.RecordResponse:
        """The record of a document without its text: what is known of it, from where, and every correction of
        it.
        """

        return await self.record(
            Asked("GET", "/v1/documents/{document_id}/record", place={"document_id": document_id}),
            models.RecordResponse,
        )

    async def get_document_text(self, document_id: str) -> str:
        """The canonical text that all offsets count in."""

        return await self.text(Asked("GET", "/v1/documents/{document_id}/text", place={"document_id": document_id}))

    async def get_document_original(self, document_id: str) -> bytes:
        """The original bytes, always as a file to keep: a browser never shows them as a page of this server."""

        return await self.content(
            Asked("GET", "/v1/documents/{document_id}/original", place={"document_id": document_id})
        )

    async def list_topics(self) -> list[models.TopicLine]:
        """The five topics and how many passages have each."""

        return await self.record(Asked("GET", "/v1/topics"), list[models.TopicLine])

    async def list_problems(self) -> list[models.ProblemFacts]:
        """Every code that a problem can have."""

        return await self.record(Asked("GET", "/v1/problems"), list[models.ProblemFacts])

    async def get_problem(self, code: str) -> models.ProblemFacts:
        """What a problem code means, in both languages; a browser is led to its entry on the page of the API."""

        return await self.record(Asked("GET", "/v1/problems/{code}", place={"code": code}), models.ProblemFacts)

    async def export(
        self,
        *,
        q: str | None = None,
        what: str | None = None,
        format: str | None = None,
        sort: str | None = None,
        limit: int | None = None,
        style: str | None = None,
        separators: str | None = None,
        originals: bool | None = None,
        topic: Sequence[str] | None = None,
        language: Sequence[str] | None = None,
        year_from: int | None = None,
        year_to: int | None = None,
        source: Sequence[str] | None = None,
        has_statistic: bool | None = None,
        subtopic: Sequence[str] | None = None,
        file_format: Sequence[str] | None = None,
        kind: str | None = None,
        min: float | None = None,
        max: float | None = None,
        has_sample_size: bool | None = None,
    ) -> bytes:
        """Documents, passages, statistics or the answer to a question (``what``), as jsonl, md, docx, html,
        xlsx or csv. Without ``what`` it is the passages that ``q`` finds, or without words every document,
        in the shape that ingestion takes. A parameter that does not belong to what is exported is refused.
        Words around the quotes follow Accept-Language. With ``originals`` the lines of documents hold
        their bytes, too.
        """

        return await self.content(
            Asked(
                "GET",
                "/v1/export",
                query={
                    "q": q,
                    "what": what,
                    "format": format,
                    "sort": sort,
                    "limit": limit,
                    "style": style,
                    "separators": separators,
                    "originals": originals,
                    "topic": topic,
                    "language": language,
                    "year_from": year_from,
                    "year_to": year_to,
                    "source": source,
                    "has_statistic": has_statistic,
                    "subtopic": subtopic,
                    "file_format": file_format,
                    "kind": kind,
                    "min": min,
                    "max": max,
                    "has_sample_size": has_sample_size,
                },
            )
        )

    async def get_coverage(self) -> list[models.CoverageCell]:
        """How many passages there are by topic, language and year, the gaps too."""

        return await self.record(Asked("GET", "/v1/coverage"), list[models.CoverageCell])

    async def get_basket(
        self, *, item: Sequence[str] | None = None, note: Sequence[str] | None = None
    ) -> list[models.DossierEntry]:
        """Places with notes ("p0123456789abcdef:10-90"), each with its quote and citation; 404 for one that
        is gone.
        """

        return await self.record(
            Asked("GET", "/v1/basket", query={"item": item, "note": note}), list[models.DossierEntry]
        )

    async def check_draft(self, text: str) -> models.CheckedDraft:
        """Each figure of a text judged against the statistics of the base. The text is not kept."""

        return await self.record(Asked("POST", "/v1/drafts", body={"text": text}), models.CheckedDraft)

    async def list_searches(self) -> list[models.SavedSearchLine]:
        """The saved searches of the base, oldest first."""

        return await self.record(Asked("GET", "/v1/searches"), list[models.SavedSearchLine])

    async def save_search(
        self,
        name: str,
        *,
        text: str | Omitted | None = OMIT,
        filters: models.FilterBody | Mapping[str, Any] | Omitted = OMIT,
        from_now: bool | Omitted = OMIT,
        idempotency_key: str | None = None,
    ) -> models.SavedSearchLine:
        """Save a search under a name of its own."""

        return await self.record(
            Asked(
                "POST",
                "/v1/searches",
                body={"name": name, "text": text, "filters": filters, "from_now": from_now},
                once=True,
                idempotency_key=idempotency_key,
            ),
            models.SavedSearchLine,
        )

    async def delete_search(self, search_id: str, *, idempotency_key: str | None = None) -> None:
        """Remove a saved search and the webhooks that are told of it."""

        return await self.nothing(
            Asked(
                "DELETE",
                "/v1/searches/{search_id}",
                place={"search_id": search_id},
                once=True,
                idempotency_key=idempotency_key,
            )
        )

    async def list_new_hits(
        self, search_id: str, *, limit: int | None = None, cursor: str | None = None
    ) -> models.NewHitsResponse:
        """The hits that came into the base since somebody looked, in that order; looking marks nothing."""

        return await self.record(
            Asked(
                "GET",
                "/v1/searches/{search_id}/new",
                place={"search_id": search_id},
                query={"limit": limit, "cursor": cursor},
            ),
            models.NewHitsResponse,
        )

    async def mark_seen(self, search_id: str, until: str) -> models.SavedSearchLine:
        """Mark hits as seen, up to the ``until`` of a page of new hits."""

        return await self.record(
            Asked("POST", "/v1/searches/{search_id}/seen", place={"search_id": search_id}, body={"until": until}),
            models.SavedSearchLine,
        )

    async def list_webhooks(self) -> list[models.WebhookLine]:
        """The webhooks of the base, oldest first, without their secrets."""

        return await self.record(Asked("GET", "/v1/webhooks"), list[models.WebhookLine])

    async def create_webhook(
        self, url: str, *, search: str | Omitted | None = OMIT, idempotency_key: str | None = None
    ) -> models.NewWebhook:
        """Have an address told of every ended job, or of the new hits of a saved search; its secret is shown
        this once.
        """

        return await self.record(
            Asked(
                "POST", "/v1/webhooks", body={"url": url, "search": search}, once=True, idempotency_key=idempotency_key
            ),
            models.NewWebhook,
        )

    async def delete_webhook(self, webhook_id: str, *, idempotency_key: str | None = None) -> None:
        """Remove a webhook; what waits for it is not sent any more."""

        return await self.nothing(
            Asked(
                "DELETE",
                "/v1/webhooks/{webhook_id}",
                place={"webhook_id": webhook_id},
                once=True,
                idempotency_key=idempotency_key,
            )
        )

    async def list_deliveries(self, webhook_id: str, *, limit: int | None = None) -> models.DeliveriesResponse:
        """What was sent to a webhook, newest first: every try with its status or the reason why there is
        none.
        """

        return await self.record(
            Asked(
                "GET", "/v1/webhooks/{webhook_id}/deliveries", place={"webhook_id": webhook_id}, query={"limit": limit}
            ),
            models.DeliveriesResponse,
        )

    async def format_citations(
        self,
        ids: Sequence[str],
        *,
        style: str | Omitted = OMIT,
        language: str | Omitted = OMIT,
        accessed: str | Omitted | None = OMIT,
    ) -> models.CitationsResponse:
        """Citations of passages, statistics or documents in a style: apa, mla, chicago, bibtex, ris, csl-
        json.
        """

        return await self.record(
            Asked(
                "POST", "/v1/citations", body={"ids": ids, "style": style, "language": language, "accessed": accessed}
            ),
            models.CitationsResponse,
        )

    async def verify_answer(self, body: Mapping[str, Any] | models.Record) -> models.VerifyResponse:
        """The judgement of every quote of an answer, as it was served or saved, read again in its source."""

        return await self.record(Asked("POST", "/v1/verify", body=body), models.VerifyResponse)

    async def analyze_text(
        self, text: str, *, id: str | Omitted = OMIT, language: str | Omitted | None = OMIT
    ) -> models.Analysis:
        """Topics, statistics and sentences of any text."""

        return await self.record(
            Asked("POST", "/v1/analyze", body={"id": id, "text": text, "language": language}), models.Analysis
        )

    async def list_jobs(self, *, limit: int | None = None, cursor: str | None = None) -> models.JobsResponse:
        """The jobs, newest first, in the caller's language."""

        return await self.record(
            Asked("GET", "/v1/jobs", query={"limit": limit, "cursor": cursor}), models.JobsResponse
        )

    async def get_job(self, job_id: str) -> models.Job:
        """Where a job stands, and what became of each file so far, in the caller's language."""

        return await self.record(Asked("GET", "/v1/jobs/{job_id}", place={"job_id": job_id}), models.Job)

    async def cancel_job(self, job_id: str) -> models.Job:
        """End a job: one that waits at once, one that runs after the files it has read; what is in the base
        stays. A job that has ended stays as it is.
        """

        return await self.record(Asked("POST", "/v1/jobs/{job_id}/cancel", place={"job_id": job_id}), models.Job)

    def stream_job(self, job_id: str) -> AsyncIterator[models.Job]:
        """The job as server-sent events (``event: job``) whenever it moves; the stream ends with the job."""

        return self.events(Asked("GET", "/v1/jobs/{job_id}/events", place={"job_id": job_id}), models.Job)

    async def add_urls(
        self,
        urls: Sequence[str],
        *,
        metadata: dict[str, models.KnownBody] | Omitted = OMIT,
        idempotency_key: str | None = None,
    ) -> models.Job:
        """Take in addresses of pages, sitemaps and feeds; the job that fetches and ingests them. Only
        addresses on the open internet, and only where the operator allows fetching.
        """

        return await self.record(
            Asked(
                "POST",
                "/v1/ingest/urls",
                body={"urls": urls, "metadata": metadata},
                once=True,
                idempotency_key=idempotency_key,
            ),
            models.Job,
        )

    async def check_health(self) -> dict[str, str]:
        """Whether the process answers."""

        return await self.record(Asked("GET", "/healthz"), dict[str, str])

    async def check_readiness(self) -> dict[str, str | int | bool]:
        """Whether the base can be searched and jobs are run, and how much is in it; ``read_only`` where it
        cannot be written.
        """

        return await self.record(Asked("GET", "/readyz"), dict[str, str | int | bool])

    async def get_info(self) -> models.InfoResponse:
        """What this server is and holds: its version, its model, and what may be asked for."""

        return await self.record(Asked("GET", "/v1/info"), models.InfoResponse)

    async def get_metrics(self) -> str:
        """Counts for Prometheus: requests and their time by route, the size of the base, jobs by state."""

        return await self.text(Asked("GET", "/metrics"))
