"""The OpenAPI document: every route has an example in Spanish and one in English, and each of them works."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http.limits import RequestLimits
from api.http.problems import CODES
from api.routes import all_routes
from api.routes.contract import EXAMPLES, curl
from api.watching.courier import MessageSender
from api.words.wording import contract_words
from kb.records.operation import Scope
from kb.records.search import StatisticQuery
from kb.records.tables import rows_of
from kb.store import Store
from tests.api.conftest import Serve, bearer

CASES = [(method, path, language) for (method, path), pair in EXAMPLES.items() for language in pair]
# Ids that only show the form.
PASSAGE, STATISTIC, JOB = "p0123456789abcdef", "s0123456789abcdef", "j0123456789abcdef"
SEARCH, WEBHOOK, UNTIL = "q0123456789", "w0123456789", "WzAsICIwMTIzNDU2Nzg5YWIiXQ"
# The English sample is not in the small base of the tests; its id shows the form.
ABSENT = "db021142fa946e7c2"


def test_every_route_has_examples_in_both_languages() -> None:
    """The table of examples is that of the routes."""
    routes = {(method.lower(), route.path) for route in all_routes() for method in route.methods or ()}

    assert set(EXAMPLES) == routes
    assert all(set(pair) == {"es", "en"} for pair in EXAMPLES.values())


@pytest.mark.parametrize(("method", "path", "language"), CASES, ids=[" ".join(case) for case in CASES])
def test_every_example_runs(serve: Serve, store: Store, method: str, path: str, language: str) -> None:
    """As it stands in the document; ids that only show the form are put in."""
    client = serve(limits=RequestLimits(rate_per_minute=0), network=True)
    headers = bearer(store, Scope.ADMIN)
    job = client.post("/v1/documents", json={"documents": [{"id": "a", "text": "Churn."}]}, headers=headers).json()[
        "id"
    ]
    real = {
        PASSAGE: store.passages_of("dfeaaf9e916236941")[0].id,
        STATISTIC: store.statistics(StatisticQuery())[0].id,
        JOB: job,
        **watched(client, headers),
        "https://hooks.example.org/kb": "http://127.0.0.1:9/",
        ABSENT: "d989ec333805a03c5",
    }
    request = EXAMPLES[method, path][language]
    address = path.format_map({name: real.get(value, value) for name, value in request.path.items()})
    if "item" in request.query:
        passage = store.passage(real[PASSAGE])
        item = f"{passage.id}:{passage.span.start}-{passage.span.end}"
        request = replace(request, query={**request.query, "item": item})
    body = request.body
    if isinstance(body, dict):
        body = {name: real.get(value, value) if isinstance(value, str) else value for name, value in body.items()}
    if isinstance(body, dict) and "ids" in body:
        body = {**body, "ids": [real.get(one, one) for one in body["ids"]]}
    response = client.request(method, address, params=request.query, json=body, headers=headers)

    made = {"/v1/documents": 202, "/v1/ingest/urls": 202, "/v1/searches": 201, "/v1/webhooks": 201}
    assert response.status_code == {"delete": 204, "post": made.get(path, 200)}.get(method, 200)
    if path == "/v1/answers":
        assert response.json()["status"] in ("answered", "no_evidence")


def watched(client: TestClient, headers: dict[str, str]) -> dict[str, str]:
    """A saved search, how far it was looked at, and a webhook that is told of it."""
    client.app.state.sender = MessageSender(private=True)  # type: ignore[attr-defined]
    body = {"name": "churn", "text": "churn", "from_now": False}
    search = client.post("/v1/searches", json=body, headers=headers).json()["id"]
    until = client.get(f"/v1/searches/{search}/new", headers=headers).json()["until"]
    hook = client.post("/v1/webhooks", json={"url": "http://127.0.0.1:9/", "search": search}, headers=headers).json()
    return {SEARCH: search, UNTIL: until, WEBHOOK: hook["webhook"]["id"]}


def test_the_curl_of_an_example_is_one_command() -> None:
    """It can be pasted into a shell."""
    for (method, path), pair in EXAMPLES.items():
        for request in pair.values():
            words = shlex.split(curl(method, path, request))

            assert words[0] == "curl"
            assert any(word.startswith("http://127.0.0.1:8000/") for word in words)


def operations(client: TestClient) -> list[tuple[str, str, dict[str, Any]]]:
    paths = client.get("/openapi.json").json()["paths"]
    return [(method, path, one) for path, methods in paths.items() for method, one in methods.items()]


def test_the_document_names_problems_scopes_and_examples(client: TestClient) -> None:
    """Every operation with its scope, its problems as RFC 9457, and its examples."""
    for method, path, operation in operations(client):
        assert "x-scope" in operation, path
        assert [sample["label"] for sample in operation["x-codeSamples"]] == ["es", "en"]
        for status, response in operation["responses"].items():
            if int(status) >= 400:
                assert list(response["content"]) == ["application/problem+json"], (method, path, status)
        assert operation["summary"]
    statuses = {status for _, _, operation in operations(client) for status in operation["responses"]}
    assert {str(facts.status) for facts in CODES.values()} - {"405"} <= statuses


def test_every_word_of_the_contract_is_explained(client: TestClient) -> None:
    """Operations have ids and summaries of their own, parameters, properties and responses descriptions; no row is left
    over."""
    document = client.get("/openapi.json").json()
    operations = {(method, path): one for path, methods in document["paths"].items() for method, one in methods.items()}
    undescribed: list[tuple[str, ...]] = [
        (path, parameter["name"])
        for (_, path), operation in operations.items()
        for parameter in operation.get("parameters", ())
        if not parameter.get("description")
    ]
    undescribed += [
        (path, status)
        for (_, path), operation in operations.items()
        for status, one in operation["responses"].items()
        if one["description"] in ("", "Successful Response")
    ]
    undescribed += [place for place, one in _properties(document) if not one.get("description")]
    ids = [operation["operationId"] for operation in operations.values()]

    assert undescribed == []
    assert all(re.fullmatch("[a-z]+(_[a-z]+)*", one) for one in ids)
    assert len(set(ids)) == len(ids)
    assert {tag for one in operations.values() for tag in one["tags"]} <= {one["name"] for one in document["tags"]}
    assert _left_over(document, operations) == []


def _properties(part: Any, *place: str) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every property of every schema, the named ones and those that stand inside a route, with its place."""
    if isinstance(part, list):
        for one in part:
            yield from _properties(one, *place)
    if isinstance(part, dict):
        names = part.get("properties", {}) if part.get("type") == "object" else {}
        yield from (((*place, name), one) for name, one in names.items())
        for name, one in part.items():
            yield from _properties(one, *place, name)


def test_every_row_of_the_table_has_words_of_its_own() -> None:
    """No schema and name stands twice, and none is without its description."""
    rows = list(rows_of("api", "contract.tsv", "schema", "name", "description", "spanish"))

    assert len({row[:2] for row in rows}) == len(rows)
    assert [row for row in rows if not row[2]] == []


def _left_over(document: dict[str, Any], operations: dict[tuple[str, str], dict[str, Any]]) -> list[tuple[str, str]]:
    """Rows of the table that describe nothing."""
    schemas = document["components"]["schemas"]
    used = {("operation", f"{method.upper()} {path}") for method, path in operations}
    used |= {("tag", tag) for one in operations.values() for tag in one["tags"]}
    used |= {("parameter", parameter["name"]) for one in operations.values() for parameter in one.get("parameters", ())}
    for schema, content in schemas.items():
        for name in content.get("properties", {}):
            used.add((schema, name) if (schema, name) in contract_words() else ("*", name))
    return sorted(contract_words().keys() - used)


def test_a_search_is_called_search(client: TestClient) -> None:
    """Generated clients have methods that are called by what they do, and what a filter means stands beside it."""
    search = client.get("/openapi.json").json()["paths"]["/v1/search"]["get"]

    assert search["operationId"] == "search"
    assert search["summary"] == "Search passages"
    assert {one["name"]: one["description"] for one in search["parameters"]}["year_from"] == (
        "Published in this year or later."
    )
