"""The gate: every route against every caller, rates, sizes, hosts, headers, and what the log says."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.auth import Access, create_key, new_key, rotate_key, secret_hash
from api.http.limits import Rates, RequestLimits
from api.http.metrics import JsonFormatter
from api.http.problems import CODES, STATUS
from api.page import mount
from api.routes import all_routes
from api.words.wording import accepted_language
from kb.records.errors import BaseError, KnowledgeBaseError, ModelError
from kb.records.language import Language
from kb.records.operation import Key, Scope, allows
from kb.store import Store
from tests.api.conftest import JSON, Serve, bearer

NETWORK = Access(without_key=frozenset())
UNLIMITED = RequestLimits(rate_per_minute=0)
ROUTES = [
    (method, route.path, (route.openapi_extra or {})["x-scope"])
    for route in all_routes()
    for method in route.methods or ()
]
# What a route is asked with: nothing that would change the base, should it be let through.
NOWHERE = {
    "passage_id": "p0",
    "statistic_id": "s0",
    "document_id": "d0",
    "job_id": "j0",
    "code": "none",
    "search_id": "q0",
    "webhook_id": "w0",
}


def call(client: TestClient, method: str, path: str, headers: dict[str, str]) -> int:
    kind = JSON if method == "POST" else {}
    content = b"{}" if method == "POST" else None
    return client.request(method, path.format_map(NOWHERE), headers={**headers, **kind}, content=content).status_code


def test_every_route_declares_its_scope() -> None:
    """The table of the doors: who may do what."""
    assert {f"{method} {path}": scope for method, path, scope in ROUTES} == {
        "GET /v1/search": "read",
        "GET /v1/search/brief": "read",
        "GET /v1/search/fields": "read",
        "POST /v1/answers": "read",
        "GET /v1/statistics": "read",
        "GET /v1/statistics/{statistic_id}/history": "read",
        "GET /v1/passages/{passage_id}": "read",
        "GET /v1/documents": "read",
        "GET /v1/documents/{document_id}": "read",
        "GET /v1/documents/{document_id}/record": "read",
        "PATCH /v1/documents/{document_id}": "ingest",
        "GET /v1/documents/{document_id}/text": "read",
        "GET /v1/documents/{document_id}/original": "export",
        "GET /v1/topics": "read",
        "GET /v1/export": "export",
        "GET /v1/problems": None,
        "GET /v1/problems/{code}": None,
        "GET /v1/coverage": "read",
        "GET /v1/basket": "read",
        "POST /v1/drafts": "read",
        "GET /v1/searches": "read",
        "POST /v1/searches": "ingest",
        "DELETE /v1/searches/{search_id}": "ingest",
        "GET /v1/searches/{search_id}/new": "read",
        "POST /v1/searches/{search_id}/seen": "ingest",
        "GET /v1/webhooks": "admin",
        "POST /v1/webhooks": "admin",
        "DELETE /v1/webhooks/{webhook_id}": "admin",
        "GET /v1/webhooks/{webhook_id}/deliveries": "admin",
        "POST /v1/citations": "read",
        "POST /v1/verify": "read",
        "POST /v1/analyze": "read",
        "POST /v1/documents": "ingest",
        "POST /v1/ingest/urls": "ingest",
        "GET /v1/info": "read",
        "GET /v1/jobs": "ingest",
        "GET /v1/jobs/{job_id}": "ingest",
        "POST /v1/jobs/{job_id}/cancel": "ingest",
        "GET /v1/jobs/{job_id}/events": "ingest",
        "DELETE /v1/documents/{document_id}": "admin",
        "GET /healthz": None,
        "GET /readyz": None,
        "GET /metrics": "read",
    }


@pytest.mark.parametrize(("method", "path", "needed"), ROUTES, ids=[f"{row[0]} {row[1]}" for row in ROUTES])
def test_the_whole_matrix_of_callers(serve: Serve, store: Store, method: str, path: str, needed: str | None) -> None:
    """No key, a bad, an expired and a revoked one, and each scope, on loopback and on a network.

    A key that is live opens what is open without one, too.
    """
    past, far = datetime(2020, 1, 1, tzinfo=UTC), timedelta(days=1)
    expired, secret = new_key("old", frozenset({Scope.ADMIN}), far, past)
    store.keys.add(expired, secret_hash(secret))
    gone, gone_secret = create_key(store.keys, "gone", frozenset({Scope.ADMIN}), None)
    store.keys.revoke(gone.id, datetime.now(UTC))
    probe = path in ("/healthz", "/readyz")
    for where, open_scopes in ((Access(), {"read", "export"}), (NETWORK, set[str]())):
        client = serve(access=where, limits=UNLIMITED, run_jobs=False)

        free = needed is None or needed in open_scopes

        assert (call(client, method, path, {}) != 401) is free
        for header in ("Bearer kb_unknown", f"Bearer {secret}", f"Bearer {gone_secret}", "Basic abc", "Bearer"):
            assert (call(client, method, path, {"Authorization": header}) == 401) is not probe, header
        for scope in Scope:
            admitted = probe or free or allows(frozenset({scope}), Scope(needed))
            assert (call(client, method, path, bearer(store, scope)) != 403) is admitted, scope


def test_who_is_refused_is_told_how_to_get_in(serve: Serve, store: Store) -> None:
    """401 and 403 with their codes and challenges, before the body is looked at."""
    client = serve(access=NETWORK, limits=UNLIMITED)
    nobody = client.post("/v1/documents", content=b"x" * 100)
    bad = client.get("/v1/topics", headers={"Authorization": "Bearer kb_x"})
    reader = client.post("/v1/documents", content=b"x", headers=bearer(store, Scope.READ))

    assert (nobody.status_code, nobody.json()["code"], nobody.headers["www-authenticate"]) == (401, "no_key", "Bearer")
    assert (bad.status_code, bad.json()["code"]) == (401, "bad_key")
    assert (reader.status_code, reader.json()["code"]) == (403, "missing_scope")
    assert reader.headers["www-authenticate"] == 'Bearer error="insufficient_scope", scope="ingest"'


def test_a_key_is_shown_once_and_kept_as_a_hash(store: Store) -> None:
    """256 random bits; nothing of the secret lies in any file of the base."""
    key, secret = create_key(store.keys, "tool", frozenset({Scope.READ}), timedelta(days=1))

    assert re.fullmatch(r"kb_[A-Za-z0-9_-]{43}", secret)
    assert store.keys.find(secret_hash(secret)) == key
    assert [
        path for path in store.folder.rglob("*") if path.is_file() and secret[3:].encode() in path.read_bytes()
    ] == []


def test_a_rotated_key_and_its_successor_live_together_for_a_while(serve: Serve, store: Store) -> None:
    """Both open the door until the old one's time is over; a revoked one ends at the next request."""
    key, secret = create_key(store.keys, "tool", frozenset({Scope.READ}), None)
    ending, successor, new_secret = rotate_key(store.keys, key.id, timedelta(hours=1))
    now = datetime.now(UTC)
    soon = serve(access=Access(without_key=frozenset(), now=lambda: now), limits=UNLIMITED)
    later = serve(access=Access(without_key=frozenset(), now=lambda: now + timedelta(hours=2)), limits=UNLIMITED)
    answers = [
        client.get("/v1/topics", headers={"Authorization": f"Bearer {one}"}).status_code
        for client in (soon, later)
        for one in (secret, new_secret)
    ]
    store.keys.revoke(successor.id, now)

    assert answers == [200, 200, 401, 200]
    assert (successor.name, successor.scopes) == (ending.name, ending.scopes) == ("tool", frozenset({Scope.READ}))
    assert soon.get("/v1/topics", headers={"Authorization": f"Bearer {new_secret}"}).status_code == 401


def test_requests_are_counted_exactly() -> None:
    """Sixty a minute: sixty at once, then one each second; each caller by itself."""
    now = [0.0]
    rates = Rates(60, lambda: now[0])

    assert [rates.wait("a") for _ in range(62)] == [0] * 60 + [1, 1]
    assert rates.wait("b") == 0
    now[0] = 1.0
    assert [rates.wait("a"), rates.wait("a")] == [0, 1]
    now[0] = 3600.0
    assert [rates.wait("a") for _ in range(61)] == [0] * 60 + [1]


def test_too_many_requests_are_told_when_to_come_back(serve: Serve, store: Store) -> None:
    """429 with Retry-After; a key has its own count; guesses at keys are counted by address; probes never."""
    client = serve(limits=RequestLimits(rate_per_minute=3))
    guess = {"Authorization": "Bearer kb_guess"}
    statuses = [client.get("/v1/topics").status_code for _ in range(2)]
    statuses += [client.get("/v1/topics", headers=guess).status_code for _ in range(2)]
    limited = client.get("/v1/topics", headers={"Accept-Language": "es"})

    assert statuses == [200, 200, 401, 429]
    assert (limited.status_code, limited.headers["retry-after"]) == (429, "20")
    assert limited.json()["title"] == "Demasiadas peticiones"
    assert client.get("/v1/topics", headers=bearer(store, Scope.READ)).status_code == 200
    assert {client.get("/healthz").status_code for _ in range(9)} == {200}


def test_a_body_that_says_it_is_too_large_is_not_read(serve: Serve) -> None:
    """413 from the announced length alone; a body without one is cut off where the limit is."""
    client = serve(limits=RequestLimits(rate_per_minute=0, body_bytes=1000))
    pieces = []

    def body() -> object:
        for _ in range(1000):
            pieces.append(1)
            yield b"x" * 100

    announced = client.post("/v1/answers", content=b"x" * 1001, headers=JSON)
    streamed = client.post("/v1/answers", content=body(), headers=JSON)  # type: ignore[arg-type]

    assert (announced.status_code, announced.json()["code"], announced.headers["connection"]) == (
        413,
        "too_large",
        "close",
    )
    assert streamed.status_code == 413


def test_only_known_names_of_a_loopback_server_answer(serve: Serve) -> None:
    """A foreign name that points at this machine gets nothing, whatever it asks."""
    client = serve(access=Access(hosts=frozenset({"127.0.0.1", "[::1]"})))
    answers = [
        client.get("/v1/topics", headers={"Host": host}).status_code
        for host in ("127.0.0.1", "127.0.0.1:8000", "[::1]:8000", "evil.example", "127.0.0.1.evil.example", "")
    ]

    assert answers == [200, 200, 200, 421, 421, 421]


def test_every_response_carries_the_headers(serve: Serve) -> None:
    """Good and bad answers alike, and an id that the caller may choose."""
    client = serve(limits=UNLIMITED)
    for path in ("/v1/topics", "/v1/nothing", "/v1/search", "/healthz", "/openapi.json"):
        headers = client.get(path, headers={"X-Request-Id": "mine-1"}).headers

        assert headers["x-content-type-options"] == "nosniff"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-request-id"] == "mine-1"
        assert "access-control-allow-origin" not in headers
    forged = client.get("/v1/topics", headers={"X-Request-Id": "a b"}).headers["x-request-id"]
    assert re.fullmatch(r"[0-9a-f]{16}", forged)


def test_the_log_has_one_line_a_request_and_no_secret(
    serve: Serve, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Route templates, a caller's id, no key, no words of the question."""
    caplog.set_level(logging.INFO, "kb.access")
    headers = bearer(store, Scope.READ)
    serve(limits=UNLIMITED).get("/v1/search", params={"q": "secreto\nprofesional"}, headers=headers)
    (line,) = [JsonFormatter().format(record) for record in caplog.records if record.name == "kb.access"]
    fields = json.loads(line)

    assert (fields["route"], fields["status"], fields["method"]) == ("/v1/search", 200, "GET")
    assert fields["caller"].startswith("key:k")
    assert "secreto" not in line
    assert headers["Authorization"].split()[1] not in line
    assert "\n" not in line


def test_no_key_comes_into_the_log_by_another_way(serve: Serve, store: Store, caplog: pytest.LogCaptureFixture) -> None:
    """Where the method stands, or as the number of a request: neither is repeated."""
    caplog.set_level(logging.INFO, "kb.access")
    secret = bearer(store, Scope.READ)["Authorization"].split()[1]
    response = serve(limits=UNLIMITED).request(secret, "/v1/search", headers={"X-Request-Id": secret})
    (line,) = [JsonFormatter().format(record) for record in caplog.records if record.name == "kb.access"]

    assert json.loads(line)["method"] == "other"
    assert secret not in line
    assert response.headers["X-Request-Id"] != secret


def test_metrics_count_by_route(serve: Serve) -> None:
    """Prometheus text with requests, sizes and the queue."""
    client = serve(limits=UNLIMITED)
    client.get("/v1/search", params={"q": "effort"})
    client.get("/v1/nothing")
    text = client.get("/metrics").text

    assert 'kb_requests_total{method="GET",route="/v1/search",status="200"} 1.0' in text
    assert 'kb_requests_total{method="any",route="none",status="404"} 1.0' in text
    assert 'kb_base_size{what="documents"} 4.0' in text
    assert 'kb_jobs{state="queued"} 0.0' in text
    assert "kb_degraded 0.0" in text


@pytest.mark.parametrize(("error", "status", "code"), [(kind, *row) for kind, row in STATUS.items()])
def test_every_error_has_its_status(serve: Serve, error: type[KnowledgeBaseError], status: int, code: str) -> None:
    """The row of the table for each class, and nothing private of errors of the server itself."""
    client = serve(limits=UNLIMITED)

    class Failing:
        version = client.app.state.knowledge_base.version  # type: ignore[attr-defined]

        def degraded(self) -> None:
            """All is at hand."""

        def topics(self) -> object:
            raise error("thing /secret/path", "has a reason", "a hint")

    client.app.state.knowledge_base = Failing()  # type: ignore[attr-defined]
    response = client.get("/v1/topics")

    assert (response.status_code, response.json()["code"]) == (status, code)
    assert ("/secret/path" in response.text) is not issubclass(error, (BaseError, ModelError))


def test_the_table_of_errors_is_whole() -> None:
    """Each class of our errors has the status that is documented."""
    assert {kind.__name__: row for kind, row in STATUS.items()} == {
        "InputError": (422, "invalid_input"),
        "NotFoundError": (404, "not_found"),
        "ChangedError": (409, "changed_meanwhile"),
        "SourceError": (422, "unreadable_source"),
        "BaseError": (503, "base_unavailable"),
        "NoSpaceError": (503, "disk_full"),
        "ReadOnlyError": (403, "read_only"),
        "ModelError": (503, "model_unavailable"),
    }
    assert {*KnowledgeBaseError.__subclasses__(), *BaseError.__subclasses__()} == set(STATUS)
    assert all(CODES[code].status == status for status, code in STATUS.values())


def test_the_unexpected_is_a_problem_with_a_number(serve: Serve, caplog: pytest.LogCaptureFixture) -> None:
    """500 names an error of the log, and nothing of what went wrong."""
    client = serve(limits=UNLIMITED)
    client.app.state.knowledge_base = None  # type: ignore[attr-defined]
    response = client.get("/v1/topics")
    number = re.search(r"[0-9a-f]{12}", response.json()["detail"])

    assert (response.status_code, response.json()["code"]) == (500, "internal_error")
    assert "NoneType" not in response.text
    assert number
    assert number[0] in caplog.text


def test_every_problem_is_in_the_docs_and_in_both_languages(client: TestClient) -> None:
    """A code has its section in docs/api.md, and a record that its type leads to."""
    docs = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")
    listed = client.get("/v1/problems").json()

    assert [one["code"] for one in listed] == list(CODES)
    for one in listed:
        assert client.get(f"/v1/problems/{one['code']}").json() == one
        assert f"`{one['code']}` ({one['status']})" in docs
        assert one["title_es"] != one["title_en"]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "en"),
        ("", "en"),
        ("es", "es"),
        ("es-MX,es;q=0.9,en;q=0.8", "es"),
        ("en;q=0.5, es;q=0.6", "es"),
        ("fr, de", "en"),
        ("fr, es;q=0.1", "es"),
        ("es;q=0", "en"),
        ("ES-es", "es"),
        ("es;q=x", "es"),
        ("*", "en"),
        (";;;,,,", "en"),
    ],
)
def test_the_language_of_a_caller(header: str | None, language: str) -> None:
    """Spanish or English, whichever is liked better."""
    assert accepted_language(header) is Language(language)


def test_a_key_ends_when_it_says() -> None:
    """Live before its end, not at it."""
    end = datetime(2026, 1, 2, tzinfo=UTC)
    key = Key("k", "a", frozenset({Scope.READ}), datetime(2026, 1, 1, tzinfo=UTC), end)

    assert (key.is_live(end - timedelta(seconds=1)), key.is_live(end)) == (True, False)


def test_the_contract_is_open_to_everybody(serve: Serve) -> None:
    """Who has no key yet can read what a key would open; what is nowhere stays closed."""
    client = serve(access=NETWORK, limits=UNLIMITED)

    assert client.get("/openapi.json").status_code == 200
    assert client.get("/v1/problems").status_code == 200
    assert client.get("/openapi.yaml").status_code == 401


def test_the_page_declares_its_scope_like_every_route(serve: Serve) -> None:
    """No view is open by having been forgotten."""
    app = create_app(serve().app.state.knowledge_base)  # type: ignore[attr-defined]
    mount(app)
    declared = {
        route.path: (route.openapi_extra or {}).get("x-scope", "nothing")
        for route in app.routes
        if isinstance(route, APIRoute)
    }

    assert [path for path, scope in declared.items() if scope == "nothing"] == []
    assert {declared[path] for path in ("/", "/search", "/documents/{document_id}", "/draft", "/basket")} == {"read"}
