"""Finding one's own things again: a document by the name it was sent under, the jobs, and what the server is."""

from __future__ import annotations

from importlib.metadata import version

from fastapi.testclient import TestClient

from ingest.sources.sources import find_sources
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import SAMPLES, Serve, bearer, pipeline_of


def test_a_document_is_found_by_the_name_it_was_sent_under(client: TestClient) -> None:
    """By the very name, not a part of it."""
    first = client.get("/v1/documents", params={"limit": 1}).json()["documents"][0]
    name = first["document"]["source_id"]

    found = client.get("/v1/documents", params={"source_id": name}).json()
    part = client.get("/v1/documents", params={"source_id": name[:-1]}).json()

    assert found == {"documents": [first], "total": 1, "next": None}
    assert part == {"documents": [], "total": 0, "next": None}


def test_jobs_are_listed_newest_first_and_by_pages(serve: Serve, store: Store) -> None:
    """Each as it is by itself; only who may ingest sees them. No job runs, so none changes between two requests."""
    client, headers = serve(run_jobs=False), bearer(store, Scope.INGEST)
    ids = [
        client.post("/v1/documents", json={"documents": [{"id": name, "text": "Churn."}]}, headers=headers).json()["id"]
        for name in ("a", "b", "c")
    ]

    first = client.get("/v1/jobs", params={"limit": 2}, headers=headers).json()
    second = client.get("/v1/jobs", params={"limit": 2, "cursor": first["next"]}, headers=headers).json()

    assert [job["id"] for job in first["jobs"] + second["jobs"]] == ids[::-1]
    assert (first["total"], second["next"]) == (3, None)
    assert second["jobs"][0] == client.get(f"/v1/jobs/{ids[0]}", headers=headers).json()
    assert client.get("/v1/jobs", headers=bearer(store, Scope.READ)).status_code == 403


def test_the_server_says_what_it_is(client: TestClient, store: Store) -> None:
    """Its versions and counts are those of the contract, of what is installed, and of readiness."""
    info = client.get("/v1/info").json()

    assert info["program"] == version("cx-knowledge-base")
    assert info["version"] == client.get("/openapi.json").json()["info"]["version"]
    assert info["counts"] == store.counts()
    assert info["languages"] == ["es", "en", "other"]
    assert info["read_only"] is False


def test_the_short_form_of_a_search_is_its_hits_in_few_bytes(serve: Serve, store: Store) -> None:
    """The same hits in the same order, page by page; ten of the samples take less than 5 kB."""
    pipeline_of(store).run(find_sources([SAMPLES]))
    client = serve()
    asked: dict[str, str | int] = {"q": "satisfacción del cliente", "limit": 10}
    whole = client.get("/v1/search", params=asked).json()
    brief = client.get("/v1/search/brief", params=asked)
    second = client.get("/v1/search/brief", params={**asked, "cursor": brief.json()["next"]}).json()

    counts = ("searched", "total", "next")
    assert [brief.json()[name] for name in counts] == [whole[name] for name in counts]
    assert [(one["rank"], one["passage_id"], one["quote"]) for one in brief.json()["hits"]] == [
        (hit["rank"], hit["passage"]["id"], hit["citation"]["quote"]) for hit in whole["hits"]
    ]
    assert len(brief.content) < 5000 < len(client.get("/v1/search", params=asked).content)
    assert second["hits"][0]["rank"] == 11


def test_a_hit_has_the_fields_that_are_named_and_no_others(client: TestClient) -> None:
    """Whole ones and parts of them, in the places that they have in a whole hit; one that is none is refused."""
    asked: dict[str, str | int] = {"q": "customer effort", "limit": 3}
    whole = client.get("/v1/search", params=asked).json()
    path, fields = "/v1/search/fields", "score, passage.id,citation,passage.span.start"
    chosen = client.get(path, params={**asked, "fields": fields}).json()
    refused = client.get(path, params={**asked, "fields": "score,passage.txt"})

    assert chosen["hits"] == [
        {
            "score": hit["score"],
            "passage": {"id": hit["passage"]["id"], "span": {"start": hit["passage"]["span"]["start"]}},
            "citation": hit["citation"],
        }
        for hit in whole["hits"]
    ]
    assert {name: whole[name] for name in chosen if name != "hits"} == {
        name: value for name, value in chosen.items() if name != "hits"
    }
    assert (refused.status_code, refused.json()["code"]) == (422, "invalid_input")
    assert "passage.text" in refused.json()["hint"]


def test_a_search_counts_the_passages_that_fulfil_its_filters(serve: Serve, store: Store) -> None:
    """All of them, however few of the nearest can be paged through."""
    pipeline_of(store).run(find_sources([SAMPLES]))
    client = serve()
    passages = store.counts()["passages"]
    languages = [
        client.get("/v1/search", params={"q": "effort", "language": code, "limit": 1}).json()["searched"]
        for code in ("es", "en", "other")
    ]
    few = client.get("/v1/search", params={"q": "effort", "source": "en-first-contact-resolution", "limit": 1}).json()

    assert client.get("/v1/search", params={"q": "effort", "limit": 1}).json()["searched"] == passages == sum(languages)
    assert few["searched"] == few["total"] == 9
