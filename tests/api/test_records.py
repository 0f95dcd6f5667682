"""The record of a document corrected over HTTP: what is taken, what is refused and how, and what holds afterwards."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from ingest.sources.sources import SourceFile
from kb.records.operation import Scope
from kb.records.search import StatisticQuery
from kb.store import Store
from tests.api.conftest import JSON, Serve, bearer, pipeline_of

CASES = json.loads((Path(__file__).parents[1] / "cases" / "record_fields.json").read_text(encoding="utf-8"))
QUESTION = "What share of customers left after one failure?"


@pytest.fixture
def writer(store: Store) -> dict[str, str]:
    return bearer(store, Scope.ADMIN)


@pytest.fixture
def effort(store: Store) -> str:
    """The id of the English document on effort."""
    return next(one.id for one in store.documents() if one.source_id == "en-effort.md")


def patch(client: TestClient, document: str, headers: dict[str, str], **fields: Any) -> Any:
    return client.patch(f"/v1/documents/{document}", content=json.dumps(fields), headers={**headers, **JSON})


def ids(cases: list[dict[str, Any]]) -> list[str]:
    return [case["reason"] for case in cases]


def test_a_correction_is_written_with_its_history(
    client: TestClient, writer: dict[str, str], effort: str, store: Store
) -> None:
    """Fields that are not named stay; passages, vectors and places stay as they are."""
    before = store.passages_of(effort), store.vector_keys()

    told = patch(
        client, effort, writer, title="Effort, measured", authors=["Ana Pérez Gil"], published="2021-03"
    ).json()

    assert told["document"] == {
        "id": effort,
        "source_id": "en-effort.md",
        "title": "Effort, measured",
        "authors": ["Ana Pérez Gil"],
        "publisher": "Example",
        "published": "2021-03",
        "url": None,
        "inferred": [],
    }
    (correction,) = told["corrections"]
    assert (told["revision"], correction["origin"], correction["by"][:1]) == (1, "corrected by hand", "k")
    assert correction["changes"] == [
        {"field": "title", "before": "Customer effort", "after": "Effort, measured"},
        {"field": "authors", "before": [], "after": ["Ana Pérez Gil"]},
        {"field": "published", "before": "2024", "after": "2021-03"},
    ]
    assert client.get(f"/v1/documents/{effort}/record").json() == told
    assert (store.passages_of(effort), store.vector_keys()) == before


def test_filters_and_figures_follow_the_record(
    client: TestClient, writer: dict[str, str], effort: str, store: Store
) -> None:
    """Search looks at the year that the record says; who measured a figure and when is read again, without a model."""
    source = SourceFile.of(
        "study.md", b"# Study\n\nWe asked customers. Loyalty fell: 40% of customers left.", "text/markdown"
    )
    (report,) = pipeline_of(store).run([source]).files
    study = str(report.document_id)

    patch(client, effort, writer, published="2019")
    patch(client, study, writer, title="The Gartner survey of 2018")

    (figure,) = [one for one in store.statistics(StatisticQuery()) if one.raw == "40%"]
    found = client.get("/v1/search", params={"q": "effort", "year_to": 2020}).json()["hits"]
    assert (figure.source, figure.year) == ("Gartner", 2018)
    assert [hit["document"]["published"] for hit in found] == ["2019"]


@pytest.mark.parametrize("case", CASES["taken"], ids=ids(CASES["taken"]))
def test_what_is_taken(client: TestClient, writer: dict[str, str], effort: str, case: dict[str, Any]) -> None:
    document = patch(client, effort, writer, **case["fields"]).json()["document"]

    assert {name: document[name] for name in case["record"]} == case["record"]


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("case", CASES["refused"], ids=ids(CASES["refused"]))
def test_what_is_refused(
    client: TestClient, writer: dict[str, str], effort: str, case: dict[str, Any], language: str
) -> None:
    """The field, the reason and the next step, in the caller's language; nothing is written."""
    told = patch(client, effort, {**writer, "Accept-Language": language}, **case["fields"])

    assert told.status_code == 422
    assert case[language] in told.json()["detail"]
    assert told.json()["hint"]
    assert client.get(f"/v1/documents/{effort}/record").json()["revision"] == 0


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"titel": "x"}, 422, "invalid_input"),
        ({"title": 3}, 422, "invalid_input"),
        ({"authors": "Ana Pérez"}, 422, "invalid_input"),
        ({"title": "x" * 1001}, 422, "invalid_input"),
        ({"authors": ["Ana"] * 3 + [f"A{number}" for number in range(201)]}, 422, "invalid_input"),
        ({"title": "x", "revision": -1}, 422, "invalid_input"),
        ({"title": "x", "revision": 5}, 409, "changed_meanwhile"),
    ],
    ids=["misspelt", "number", "one string", "long", "many", "negative", "other revision"],
)
def test_what_is_no_correction(
    client: TestClient, writer: dict[str, str], effort: str, fields: dict[str, Any], status: int, code: str
) -> None:
    told = patch(client, effort, writer, **fields)

    assert (told.status_code, told.json()["code"]) == (status, code)


@pytest.mark.parametrize("name", ["d0000000000000000", "p0000000000000000", "..", "x" * 150])
def test_an_unknown_document_is_not_found(client: TestClient, writer: dict[str, str], name: str) -> None:
    assert patch(client, name, writer, title="x").status_code == 404


def test_only_who_may_replace_a_document_corrects_it(serve: Serve, store: Store) -> None:
    """A key of reading may not; another key of ingestion neither; an administrator may."""
    client = serve()
    first, other = bearer(store, Scope.INGEST), bearer(store, Scope.INGEST)
    sent = {"documents": [{"id": "note", "text": "Empathy explains churn better than effort does."}]}
    job = client.post("/v1/documents", json=sent, headers=first).json()["id"]
    while client.get(f"/v1/jobs/{job}", headers=first).json()["state"] not in ("done", "failed"):
        pass
    note = next(one.id for one in store.documents() if one.source_id == "note")
    told = {
        name: patch(client, note, headers, title=f"By {name}")
        for name, headers in {
            "reader": bearer(store, Scope.READ),
            "other": other,
            "first": first,
            "admin": bearer(store, Scope.ADMIN),
        }.items()
    }

    assert {name: (one.status_code, one.json().get("code")) for name, one in told.items()} == {
        "reader": (403, "missing_scope"),
        "other": (403, "not_yours"),
        "first": (200, None),
        "admin": (200, None),
    }
    assert [one["changes"][0]["after"] for one in told["admin"].json()["corrections"]] == ["By first", "By admin"]


def test_two_corrections_at_once_both_hold(
    client: TestClient, writer: dict[str, str], effort: str, store: Store
) -> None:
    """Of different fields; each is in the history, and none is lost."""
    wanted = {"title": "By one", "publisher": "By another", "url": "https://example.org/x", "series": "part 1 of 2"}
    threads = [
        threading.Thread(target=patch, args=(client, effort, writer), kwargs={name: value})
        for name, value in wanted.items()
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    document = store.document(effort)
    assert {name: getattr(document, name) for name in wanted} == wanted
    assert sorted(name for one in document.corrections for name in one.fields) == sorted(wanted)


def test_who_read_an_older_record_is_told_and_a_repeat_is_harmless(
    client: TestClient, writer: dict[str, str], effort: str
) -> None:
    """The second of two corrections of one reading is refused; the first again gives what is there."""
    first = patch(client, effort, writer, title="By one", revision=0)
    second = patch(client, effort, writer, title="By another", revision=0)
    again = patch(client, effort, writer, title="By one", revision=0)

    assert [one.status_code for one in (first, second, again)] == [200, 409, 200]
    assert again.json() == first.json()


def test_old_citations_hold_and_say_that_the_record_was_corrected(
    client: TestClient, writer: dict[str, str], effort: str
) -> None:
    """The permalink opens the same words; a saved answer is sound, and is told what it now would say."""
    answer = client.post("/v1/answers", json={"question": QUESTION}).json()
    citation = answer["citations"][0]
    assert citation["document"]["id"] == effort

    patch(client, effort, writer, title="Effort, measured", publisher=None)

    passage = client.get(f"/v1/passages/{citation['passage_id']}").json()
    entry = client.post("/v1/citations", json={"ids": [citation["passage_id"]], "language": "en"}).json()["citations"][
        0
    ]
    report = client.post("/v1/verify", json=answer).json()
    day = entry["corrected"][:10]
    assert passage["corrected"] == entry["corrected"]
    assert "Effort, measured" in entry["entry"]
    assert (report["ok"], report["report"]["problems"]) == (True, [])
    assert report["notes"] == [
        "the citation [1] gives the title “Customer effort”, as the record did until it was corrected on "
        f"{day}: “Effort, measured”",
        "the citation [1] gives the publisher “Example”, as the record did until it was corrected on "
        f"{day}: “not known”",
    ]


def test_metadata_sent_anew_corrects_the_record(serve: Serve, store: Store) -> None:
    """The same text with another title is no longer unchanged without a word."""
    client, headers = serve(), bearer(store, Scope.INGEST)
    said = []
    for title in ("First", "Second", "Second"):
        document = {"id": "note", "text": "Empathy explains churn better than effort does.", "title": title}
        job = client.post("/v1/documents", json={"documents": [document]}, headers=headers).json()["id"]
        while (told := client.get(f"/v1/jobs/{job}", headers=headers).json())["state"] not in ("done", "failed"):
            pass
        said += [(one["outcome"], one["note"]) for one in told["files"]]

    assert said == [("added", None), ("updated", "its record was corrected: title"), ("unchanged", None)]
