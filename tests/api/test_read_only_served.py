"""A server on a base that it cannot write: reads are answered as ever, changes refused with the reason."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient

from api.app import create_app
from api.http.limits import RequestLimits
from api.jobs.apart import JobsApart
from api.page import mount
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import bearer, knowledge_base_of
from tests.disks import closed

READS = [
    "/v1/search?q=effort",
    "/v1/statistics?q=effort",
    "/v1/documents",
    "/v1/topics",
    "/v1/export",
    "/v1/searches",
]
WRITES = [
    ("POST", "/v1/documents", {"documents": [{"id": "new", "text": "Effort and churn."}]}),
    ("POST", "/v1/searches", {"name": "effort", "text": "effort"}),
    ("DELETE", "/v1/documents/{document}", None),
]


@pytest.fixture
def shut(store: Store) -> Iterator[tuple[TestClient, dict[str, str]]]:
    """The application over a base that was closed to writing, and a key that may do everything."""
    key = bearer(store, *Scope)
    store.close()
    with closed(store.folder):
        read = Store.open(store.folder)
        app = create_app(knowledge_base_of(read), limits=RequestLimits(rate_per_minute=0), intake=JobsApart(read))
        mount(app)
        with TestClient(app, raise_server_exceptions=False) as client:
            yield client, key
        read.close()


@pytest.mark.parametrize("path", READS)
def test_reads_are_answered(shut: tuple[TestClient, dict[str, str]], path: str) -> None:
    client, key = shut

    assert client.get(path, headers=key).status_code == 200


def test_answers_citations_and_the_page_are_served(shut: tuple[TestClient, dict[str, str]]) -> None:
    client, key = shut
    hit = client.get("/v1/search?q=effort", headers=key).json()["hits"][0]
    cited = client.post("/v1/citations", json={"ids": [hit["passage"]["id"]]}, headers=key)
    answered = client.post("/v1/answers", json={"question": "What explains churn?"}, headers=key)
    original = client.get(f"/v1/documents/{hit['document']['id']}/original", headers=key)

    assert [one.status_code for one in (cited, answered, original)] == [200, 200, 200]
    assert client.get("/?q=effort").status_code == 200
    assert {**client.get("/readyz").json(), "passages": 0, "statistics": 0} == {
        "status": "ready",
        "documents": 4,
        "passages": 0,
        "statistics": 0,
        "read_only": True,
    }


@pytest.mark.parametrize(("method", "path", "body"), WRITES)
def test_changes_are_refused_with_the_reason(
    shut: tuple[TestClient, dict[str, str]], method: str, path: str, body: object
) -> None:
    """In both languages."""
    client, key = shut
    document = client.get("/v1/documents", headers=key).json()["documents"][0]["document"]["id"]
    address = path.format(document=document)
    refused = client.request(method, address, json=body, headers=key)
    told = client.request(method, address, json=body, headers={**key, "Accept-Language": "es"})

    assert (refused.status_code, refused.json()["code"]) == (403, "read_only")
    assert (refused.json()["title"], told.json()["title"]) == ("The base is read-only", "La base es de solo lectura")
    assert "retry-after" not in refused.headers
