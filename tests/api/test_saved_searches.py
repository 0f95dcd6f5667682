"""Saved searches: what is new since somebody looked, in an order that stays, over HTTP and on the command line."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from api.cli.program import app as program
from api.service.asking.paging import encode_cursor, fingerprint
from api.watching.courier import MessageSender
from ingest.sources.sources import SourceFile
from kb.records.language import Language
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import bearer, pipeline_of

NOTES = {
    "n1.txt": "Customer effort fell when the forms became shorter.",
    "n2.txt": "The moon rose over the harbour.",
    "n3.txt": "El esfuerzo del cliente subió tras el cambio de proveedor.",
    "n4.txt": "Less effort for the customer meant less churn.",
}


def add(store: Store, *names: str) -> None:
    sources = [SourceFile.of(name, NOTES[name].encode(), "text/plain") for name in names]
    pipeline_of(store).run(sources)


def save(client: TestClient, store: Store, **body: Any) -> str:
    answer = client.post("/v1/searches", json=body, headers=bearer(store, Scope.INGEST))

    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


def names_of(page: dict[str, Any]) -> list[str]:
    return [hit["document"]["source_id"] for hit in page["hits"]]


def test_only_what_came_since_is_new(client: TestClient, store: Store) -> None:
    """Both languages, in the order of addition; looking alone marks nothing, saying so does."""
    ingest = bearer(store, Scope.INGEST)
    search = save(client, store, name="effort", text="customer effort")
    before = client.get(f"/v1/searches/{search}/new").json()
    add(store, "n1.txt", "n2.txt")
    add(store, "n3.txt")
    found = client.get(f"/v1/searches/{search}/new").json()
    again = client.get(f"/v1/searches/{search}/new").json()
    client.post(f"/v1/searches/{search}/seen", json={"until": found["until"]}, headers=ingest)
    seen = client.get(f"/v1/searches/{search}/new").json()
    add(store, "n4.txt")
    later = client.get(f"/v1/searches/{search}/new").json()

    assert (before["hits"], before["total"], before["next"]) == ([], 0, None)
    assert names_of(found) == names_of(again) == ["n1.txt", "n3.txt"]
    assert [hit["rank"] for hit in found["hits"]] == [1, 2]
    assert names_of(seen) == []
    assert names_of(later) == ["n4.txt"]


@pytest.mark.parametrize(
    ("path", "body", "other"),
    [
        ("/v1/searches", {"name": "churn", "text": "churn"}, {"name": "churn", "text": "effort"}),
        ("/v1/webhooks", {"url": "http://127.0.0.1:9/a"}, {"url": "http://127.0.0.1:9/b"}),
    ],
)
def test_what_is_made_under_an_idempotency_key_is_made_once(
    client: TestClient, store: Store, path: str, body: dict[str, str], other: dict[str, str]
) -> None:
    """The answer of the first time, its secret too; a conflict for another body; a removal is done once as well."""
    client.app.state.sender = MessageSender(private=True)  # type: ignore[attr-defined]
    admin = bearer(store, Scope.ADMIN)
    named = {**admin, "Idempotency-Key": "one"}
    first = client.post(path, json=body, headers=named)
    again = client.post(path, json=body, headers=named)
    conflict = client.post(path, json=other, headers=named)
    (made,) = client.get(path, headers=admin).json()
    gone = {**admin, "Idempotency-Key": "two"}
    removed = [client.delete(f"{path}/{made['id']}", headers=headers).status_code for headers in (gone, gone, admin)]

    assert (first.status_code, again.status_code, again.headers["idempotent-replayed"]) == (201, 201, "true")
    assert again.json() == first.json()
    assert conflict.json()["code"] == "idempotency_conflict"
    assert first.json().get("webhook", first.json()) == made
    assert removed == [204, 204, 404]


def test_pages_do_not_shuffle_while_more_comes_in(client: TestClient, store: Store) -> None:
    """A page of one, then one more document, then the rest: each once."""
    search = save(client, store, name="effort", text="customer effort")
    add(store, "n1.txt", "n3.txt")
    first = client.get(f"/v1/searches/{search}/new", params={"limit": 1}).json()
    add(store, "n4.txt")
    second = client.get(f"/v1/searches/{search}/new", params={"limit": 2, "cursor": first["next"]}).json()

    assert (names_of(first), first["total"]) == (["n1.txt"], 2)
    assert (names_of(second), second["next"]) == (["n3.txt", "n4.txt"], None)


def test_filters_alone_are_a_search_too(client: TestClient, store: Store) -> None:
    """Everything that fulfils them, each with a quote of its own; from the start of the base when asked."""
    search = save(client, store, name="english", filters={"language": ["en"]}, from_now=False)
    add(store, "n2.txt", "n3.txt")
    found = client.get(f"/v1/searches/{search}/new", params={"limit": 100}).json()
    (shown,) = client.get("/v1/searches").json()

    assert names_of(found)[-1] == "n2.txt"
    assert found["total"] == len([one for one in store.tagging.facts() if one.language is Language.EN])
    assert shown["filters"]["language"] == ["en"]
    for hit in found["hits"]:
        assert hit["citation"]["quote"] in hit["passage"]["text"]


WRONG = [
    ({"name": "a"}, "has neither words nor filters"),
    ({"name": " ", "text": "x"}, "is empty"),
    ({"name": "a", "text": " "}, "has neither words nor filters"),
    ({"name": "a", "text": "x", "filters": {"topic": ["metrcs"]}}, "is not one of the five"),
    ({"name": "a" * 101, "text": "x"}, "at most 100"),
    ({"name": "a", "text": "x", "nmae": "y"}, "is not known here"),
]


@pytest.mark.parametrize(("body", "reason"), WRONG, ids=[reason for _, reason in WRONG])
def test_what_is_no_search_is_refused(client: TestClient, store: Store, body: dict[str, Any], reason: str) -> None:
    """With the reason; nothing is kept."""
    answer = client.post("/v1/searches", json=body, headers=bearer(store, Scope.INGEST))

    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_input")
    assert reason in answer.json()["detail"]
    assert store.saved_searches.all() == []


def test_names_are_taken_once_and_cursors_are_ones_own(client: TestClient, store: Store) -> None:
    """A second search of the name, the cursor of another search, a search that is not there."""
    ingest = bearer(store, Scope.INGEST)
    one, other = save(client, store, name="one", text="effort"), save(client, store, name="other", text="churn")
    taken = client.post("/v1/searches", json={"name": "one", "text": "x"}, headers=ingest)
    until = client.get(f"/v1/searches/{one}/new").json()["until"]
    foreign = client.post(f"/v1/searches/{other}/seen", json={"until": until}, headers=ingest)
    gone = client.delete(f"/v1/searches/{one}", headers=ingest)

    far = encode_cursor(10**30, fingerprint("new", other))
    beyond = client.post(f"/v1/searches/{other}/seen", json={"until": far}, headers=ingest)
    past = client.get(f"/v1/searches/{other}/new", params={"cursor": far})

    assert (taken.status_code, foreign.status_code, gone.status_code) == (422, 422, 204)
    assert (beyond.status_code, past.status_code, past.json()["hits"]) == (200, 200, [])
    assert client.get(f"/v1/searches/{one}/new").status_code == 404
    assert client.get("/v1/searches").json()[0]["id"] == other


def run(*words: str) -> Any:
    result = CliRunner().invoke(program, [*words, "--json"], catch_exceptions=False)
    return json.loads(result.stdout)


def test_the_commands(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Create, list, look and keep, look, delete; filters alone need no model."""
    base = ("--base", str(store.folder))
    made = run("saved", "create", "english notes", "--language", "en", *base)
    add(store, "n2.txt")
    kept = run("saved", "new", "english notes", "--keep", *base)
    looked = run("saved", "new", made["id"], *base)
    nothing = run("saved", "new", made["id"], *base)
    listed = run("saved", "list", *base)
    deleted = run("saved", "delete", "english notes", *base)

    assert names_of(kept) == names_of(looked) == ["n2.txt"]
    assert names_of(nothing) == []
    assert [one["name"] for one in listed] == ["english notes"]
    assert deleted == {"deleted": made["id"]}
    assert store.saved_searches.all() == []


def test_the_webhook_commands(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Create with the setting that allows this machine, list without the secret, look at deliveries, delete."""
    base = ("--base", str(store.folder))
    refused = CliRunner().invoke(program, ["webhook", "create", "http://127.0.0.1:9/", *base])
    monkeypatch.setenv("KB_WEBHOOK_PRIVATE", "1")
    made = run("webhook", "create", "http://127.0.0.1:9/", *base)
    listed = run("webhook", "list", *base)
    sent = run("webhook", "deliveries", made["webhook"]["id"], *base)
    deleted = run("webhook", "delete", made["webhook"]["id"], *base)

    assert "KB_WEBHOOK_PRIVATE" in str(refused.exception)
    assert made["secret"].startswith("whsec_")
    assert listed == [made["webhook"]]
    assert sent["deliveries"] == []
    assert deleted == {"deleted": made["webhook"]["id"]}
