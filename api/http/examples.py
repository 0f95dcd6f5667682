"""An example request in Spanish and one in English for every route: shown in the OpenAPI document, run by the tests.

Ids of documents are those of the bundled samples; ids of passages, statistics and jobs only show the form.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

PASSAGE = "p0123456789abcdef"
STATISTIC = "s0123456789abcdef"
JOB = "j0123456789abcdef"
SEARCH = "q0123456789"
WEBHOOK = "w0123456789"
UNTIL = "WzAsICIwMTIzNDU2Nzg5YWIiXQ"
_SPANISH_DOCUMENT = "dfeaaf9e916236941"
_ENGLISH_DOCUMENT = "db021142fa946e7c2"


@dataclass(frozen=True, slots=True)
class ExampleRequest:
    """A request: what fills the path, the query string, and the JSON body (null for none)."""

    path: dict[str, str] = field(default_factory=dict)
    query: dict[str, str | int | float | bool] = field(default_factory=dict)
    body: Any = None


Pair = dict[str, ExampleRequest]


def _same(request: ExampleRequest | None = None) -> Pair:
    one = request or ExampleRequest()
    return {"es": one, "en": one}


def _documents() -> Pair:
    return {
        "es": ExampleRequest({"document_id": _SPANISH_DOCUMENT}),
        "en": ExampleRequest({"document_id": _ENGLISH_DOCUMENT}),
    }


def _corrections() -> Pair:
    return {
        "es": ExampleRequest(
            {"document_id": _SPANISH_DOCUMENT},
            body={"authors": ["Ana Pérez Gil", "Banco Mundial"], "published": "2026"},
        ),
        "en": ExampleRequest({"document_id": _ENGLISH_DOCUMENT}, body={"title": "The right title", "revision": 0}),
    }


def _sent(document_id: str, title: str, text: str) -> ExampleRequest:
    return ExampleRequest(body={"documents": [{"id": document_id, "title": title, "text": text, "published": "2026"}]})


def _saved(question: str, language: str, quote: str) -> ExampleRequest:
    citation = {
        "number": 1,
        "quote": quote,
        "span": {"start": 0, "end": len(quote)},
        "sha256": "0" * 64,
        "document": {"id": "d0000000000000000", "source_id": "example.md"},
    }
    statement = {"text": quote, "citations": [1]}
    body = {"question": question, "language": language, "status": "answered"}
    return ExampleRequest(body={**body, "statements": [statement], "citations": [citation]})


EXAMPLES: dict[tuple[str, str], Pair] = {
    ("get", "/v1/search"): {
        "es": ExampleRequest(query={"q": "¿Cómo se mide el esfuerzo del cliente?", "limit": 5, "language": "es"}),
        "en": ExampleRequest(query={"q": "How is customer effort measured?", "limit": 5, "topic": "metrics"}),
    },
    ("get", "/v1/search/brief"): {
        "es": ExampleRequest(query={"q": "esfuerzo del cliente", "limit": 5, "language": "es"}),
        "en": ExampleRequest(query={"q": "customer effort", "limit": 5}),
    },
    ("post", "/v1/answers"): {
        "es": ExampleRequest(body={"question": "¿Qué mide el NPS?", "language": "es"}),
        "en": ExampleRequest(body={"question": "What does NPS measure?", "filters": {"topic": ["metrics"]}}),
    },
    ("get", "/v1/statistics"): {
        "es": ExampleRequest(query={"q": "esfuerzo del cliente", "kind": "percent", "min": 0.5}),
        "en": ExampleRequest(query={"q": "customer effort", "sort": "-value", "limit": 10}),
    },
    ("get", "/v1/statistics/{statistic_id}/history"): _same(ExampleRequest({"statistic_id": STATISTIC})),
    ("get", "/v1/passages/{passage_id}"): _same(ExampleRequest({"passage_id": PASSAGE})),
    ("get", "/v1/documents"): _same(ExampleRequest(query={"limit": 20})),
    ("get", "/v1/jobs"): _same(ExampleRequest(query={"limit": 5})),
    ("get", "/v1/info"): _same(),
    ("get", "/v1/documents/{document_id}"): _documents(),
    ("get", "/v1/documents/{document_id}/record"): _documents(),
    ("patch", "/v1/documents/{document_id}"): _corrections(),
    ("get", "/v1/documents/{document_id}/text"): _documents(),
    ("get", "/v1/documents/{document_id}/original"): _documents(),
    ("get", "/v1/topics"): _same(),
    ("get", "/v1/export"): {
        "es": ExampleRequest(query={"what": "statistics", "q": "esfuerzo del cliente", "format": "csv"}),
        "en": ExampleRequest(query={"what": "passages", "q": "customer effort", "format": "md", "topic": "metrics"}),
    },
    ("get", "/v1/problems"): _same(),
    ("get", "/v1/problems/{code}"): {
        "es": ExampleRequest({"code": "rate_limited"}),
        "en": ExampleRequest({"code": "invalid_input"}),
    },
    ("post", "/v1/citations"): {
        "es": ExampleRequest(body={"ids": [_SPANISH_DOCUMENT], "style": "apa", "language": "es"}),
        "en": ExampleRequest(body={"ids": [_ENGLISH_DOCUMENT], "style": "bibtex", "language": "en"}),
    },
    ("post", "/v1/verify"): {
        "es": _saved("¿Cuánto pesa el esfuerzo?", "es", "El esfuerzo del cliente pesa más que su sorpresa."),
        "en": _saved("How much does effort matter?", "en", "Customer effort matters more than delight."),
    },
    ("post", "/v1/analyze"): {
        "es": ExampleRequest(body={"id": "a1", "text": "El 37,5 % de los clientes abandona tras un fallo."}),
        "en": ExampleRequest(body={"id": "a1", "text": "Almost 40% of customers leave after one failure."}),
    },
    ("post", "/v1/documents"): {
        "es": _sent("nota-esfuerzo", "Nota sobre el esfuerzo", "El esfuerzo del cliente bajó un 12 % en 2025."),
        "en": _sent("effort-note", "A note on effort", "Customer effort fell by 12% in 2025."),
    },
    ("post", "/v1/ingest/urls"): {
        "es": ExampleRequest(
            body={
                "urls": ["https://www.example.org/estudio"],
                "metadata": {"https://www.example.org/estudio": {"publisher": "Ejemplo", "published": "2026"}},
            }
        ),
        "en": ExampleRequest(body={"urls": ["https://www.example.org/study", "https://www.example.org/feed.xml"]}),
    },
    ("get", "/v1/coverage"): _same(),
    ("get", "/v1/basket"): {
        "es": ExampleRequest(query={"item": f"{PASSAGE}:0-10", "note": "para la apertura"}),
        "en": ExampleRequest(query={"item": f"{PASSAGE}:0-10", "note": "for the opening"}),
    },
    ("post", "/v1/drafts"): {
        "es": ExampleRequest(body={"text": "El 37,5 % de los clientes abandona tras un fallo."}),
        "en": ExampleRequest(body={"text": "Almost 40% of customers leave after one failure."}),
    },
    ("get", "/v1/searches"): _same(),
    ("post", "/v1/searches"): {
        "es": ExampleRequest(body={"name": "esfuerzo", "text": "esfuerzo", "filters": {"language": ["es"]}}),
        "en": ExampleRequest(body={"name": "effort", "text": "customer effort", "filters": {"topic": ["metrics"]}}),
    },
    ("delete", "/v1/searches/{search_id}"): _same(ExampleRequest({"search_id": SEARCH})),
    ("get", "/v1/searches/{search_id}/new"): _same(ExampleRequest({"search_id": SEARCH}, {"limit": 5})),
    ("post", "/v1/searches/{search_id}/seen"): _same(ExampleRequest({"search_id": SEARCH}, body={"until": UNTIL})),
    ("get", "/v1/webhooks"): _same(),
    ("post", "/v1/webhooks"): {
        "es": ExampleRequest(body={"url": "https://hooks.example.org/kb", "search": SEARCH}),
        "en": ExampleRequest(body={"url": "https://hooks.example.org/kb"}),
    },
    ("delete", "/v1/webhooks/{webhook_id}"): _same(ExampleRequest({"webhook_id": WEBHOOK})),
    ("get", "/v1/webhooks/{webhook_id}/deliveries"): _same(ExampleRequest({"webhook_id": WEBHOOK}, {"limit": 5})),
    ("get", "/v1/jobs/{job_id}"): _same(ExampleRequest({"job_id": JOB})),
    ("post", "/v1/jobs/{job_id}/cancel"): _same(ExampleRequest({"job_id": JOB})),
    ("get", "/v1/jobs/{job_id}/events"): _same(ExampleRequest({"job_id": JOB})),
    ("delete", "/v1/documents/{document_id}"): _documents(),
    ("get", "/healthz"): _same(),
    ("get", "/readyz"): _same(),
    ("get", "/metrics"): _same(),
}


def curl(method: str, path: str, request: ExampleRequest, server: str = "http://127.0.0.1:8000") -> str:
    """The request as a curl command for a shell."""
    address = server + path.format_map(request.path) + (f"?{urlencode(request.query)}" if request.query else "")
    parts = ["curl", *([] if method == "get" else ["-X", method.upper()]), f"'{address}'"]
    if request.body is not None:
        body = json.dumps(request.body, ensure_ascii=False).replace("'", "’")
        parts += ["-H 'Content-Type: application/json'", f"-d '{body}'"]
    return " ".join(parts)
