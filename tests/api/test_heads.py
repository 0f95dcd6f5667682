"""What is read by GET can be asked for by HEAD: the same status and headers, nothing after them."""

from __future__ import annotations

import time
from typing import Any

import pytest
from fastapi.routing import APIRoute
from fastapi.testclient import TestClient

from api.http.limits import RequestLimits
from api.routes import all_routes
from api.routes.arguments import unless_changed
from api.routes.contract import EXAMPLES
from kb.records.operation import JobState, Scope
from kb.records.search import StatisticQuery
from kb.store import Store
from tests.api.conftest import Serve, bearer
from tests.api.test_contract import ABSENT, JOB, PASSAGE, SEARCH, STATISTIC, WEBHOOK, watched

READ = sorted(path for method, path in EXAMPLES if method == "get")
# What a request changes for the next, or what counts requests, is not the same twice.
OF_THE_REQUEST = ("x-request-id", "content-length")


def asked(client: TestClient, store: Store, headers: dict[str, str], path: str) -> tuple[str, dict[str, Any]]:
    """The address of an example and its query, with ids that are in the base."""
    job = client.post("/v1/documents", json={"documents": [{"id": "a", "text": "Churn."}]}, headers=headers).json()
    until = time.monotonic() + 30
    while store.jobs.get(job["id"]).state is not JobState.DONE and time.monotonic() < until:
        time.sleep(0.02)
    passage = store.passages_of("dfeaaf9e916236941")[0]
    figure = store.statistics(StatisticQuery())[0].id
    real = {PASSAGE: passage.id, STATISTIC: figure, JOB: job["id"], ABSENT: "d989ec333805a03c5"}
    real |= watched(client, headers)
    request = EXAMPLES["get", path]["en"]
    query = dict(request.query)
    if "item" in query:
        query["item"] = f"{passage.id}:{passage.span.start}-{passage.span.end}"
    assert {SEARCH, WEBHOOK} <= set(real)
    return path.format_map({name: real.get(value, value) for name, value in request.path.items()}), query


@pytest.mark.parametrize("path", READ)
def test_a_head_is_that_of_the_answer(serve: Serve, store: Store, path: str) -> None:
    """On every route that is read, the stream of events too, which then ends at once."""
    client, headers = serve(limits=RequestLimits(rate_per_minute=0)), bearer(store, Scope.ADMIN)
    address, query = asked(client, store, headers, path)
    whole = client.get(address, params=query, headers=headers)
    head = client.head(address, params=query, headers=headers)

    kept = {name: value for name, value in head.headers.items() if name not in OF_THE_REQUEST}
    assert (head.status_code, head.content) == (whole.status_code, b"")
    assert kept == {name: value for name, value in whole.headers.items() if name not in OF_THE_REQUEST}


def test_a_head_is_refused_as_a_get_is(serve: Serve, store: Store) -> None:
    """The same scope, the same problems, without their words."""
    client = serve(limits=RequestLimits(rate_per_minute=0))
    found = [
        client.head("/v1/search").status_code,
        client.head("/v1/webhooks").status_code,
        client.head("/v1/passages/p0").status_code,
        client.head("/v1/answers").status_code,
    ]
    tag = client.head("/v1/topics").headers["etag"]

    assert client.get("/v1/answers").status_code == 405  # its method first, then what it says of its body
    assert found == [422, 401, 404, 405]
    assert client.head("/v1/topics", headers={"If-None-Match": tag}).status_code == 304
    assert client.post("/v1/topics", headers=bearer(store, Scope.ADMIN)).headers["allow"] == "GET, HEAD"
    assert client.get("/v1/answers").headers["allow"] == "POST"
    assert 'method="HEAD",route="/v1/search",status="422"' in client.get("/metrics").text


def test_the_contract_has_304_where_there_is_a_tag(client: TestClient) -> None:
    """And nowhere else."""
    paths = client.get("/openapi.json").json()["paths"]
    listed = {path for path, methods in paths.items() if "304" in methods.get("get", {}).get("responses", {})}
    routes = [route for route in all_routes() if isinstance(route, APIRoute)]
    tagged = {one.path for one in routes if any(each.dependency is unless_changed for each in one.dependencies)}

    assert listed == tagged | {"/v1/documents/{document_id}/original"}
    assert {"/v1/search", "/v1/coverage"} < listed
    assert not {"/v1/jobs/{job_id}", "/v1/export", "/v1/problems", "/healthz", "/v1/searches"} & listed
