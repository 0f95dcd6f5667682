"""``POST /v1/verify`` on answers as they were served, edited in ways that only a base can tell, and on nonsense."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from fastapi.testclient import TestClient

from kb.records.document import Document
from kb.store.reading import StoreReader

QUESTION = "What share of customers left after one failure?"
Edit = Callable[[dict[str, Any]], None]


@pytest.fixture
def answer(client: TestClient) -> dict[str, Any]:
    """The answer of the base to a question with a figure."""
    found: dict[str, Any] = client.post("/v1/answers", json={"question": QUESTION}).json()
    assert found["status"] == "answered"
    assert found["statements"][0]["finding"]["statistics"]
    return found


def document_of(answer: dict[str, Any]) -> dict[str, Any]:
    document: dict[str, Any] = answer["citations"][0]["document"]
    return document


def figure_of(answer: dict[str, Any]) -> dict[str, Any]:
    figure: dict[str, Any] = answer["statements"][0]["finding"]["statistics"][0]
    return figure


def test_an_answer_as_served_is_sound(client: TestClient, answer: dict[str, Any]) -> None:
    """Every quote exact, nothing to say."""
    report = client.post("/v1/verify", json=answer).json()

    assert (report["ok"], report["report"]["problems"], report["notes"]) == (True, [], [])


@pytest.mark.parametrize(
    ("edit", "told"),
    [
        (lambda one: document_of(one).update(title="Another study"), "gives the title “Another study”, the base has"),
        (
            lambda one: document_of(one).update(authors=["A. Nother"]),
            "gives the authors “A. Nother”, the base has none",
        ),
        (lambda one: document_of(one).update(published="1999"), "gives the published “1999”, the base has"),
        (lambda one: document_of(one).update(publisher="Gartner"), "gives the publisher “Gartner”, the base has"),
        (lambda one: figure_of(one).update(value="0.9"), "has the value “0.9”, in the base"),
        (lambda one: figure_of(one).update(comparator="exact"), "has the comparator “exact”, in the base"),
        (lambda one: figure_of(one).update(population="all dogs"), "has the population “all dogs”, in the base"),
        (lambda one: one["citations"].pop(), "a statement cites"),
    ],
    ids=["title", "authors", "date", "publisher", "value", "hedge", "population", "citation"],
)
def test_what_the_base_knows_otherwise_is_a_problem(
    client: TestClient, answer: dict[str, Any], edit: Edit, told: str
) -> None:
    """An answer without a seal is held against the records."""
    edited = copy.deepcopy(answer)
    edit(edited)
    report = client.post("/v1/verify", json=edited).json()

    assert not report["ok"]
    assert [one for one in report["report"]["problems"] if told in one]


def test_a_renamed_source_is_no_fault(client: TestClient, answer: dict[str, Any]) -> None:
    """The bytes are what was cited, whatever their file is called now; it is told."""
    document_of(answer)["source_id"] = "earlier-name.md"
    report = client.post("/v1/verify", json=answer).json()

    assert report["ok"]
    assert [one for one in report["notes"] if "gives the source_id “earlier-name.md”" in one]


def test_past_its_room_no_other_document_is_read(
    client: TestClient, answer: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not searched is counted, however many there are, and not read for that."""
    read: list[str] = []
    usual = StoreReader._read_documents

    def noted(store: StoreReader, ids: list[str]) -> Mapping[str, Document]:
        read.extend(ids)
        return usual(store, ids)

    monkeypatch.setattr(StoreReader, "_read_documents", noted)
    monkeypatch.setattr("api.service.verifying._MAX_OTHER_CHARACTERS", 1)
    report = client.post("/v1/verify", json=answer).json()

    others = 4 - len({one["document"]["id"] for one in answer["citations"]})
    assert report["ok"]
    assert report["notes"] == [f"{others} other documents were not searched for misattributed quotes"]
    assert len(read) <= 4 - others + 1


@pytest.mark.parametrize(
    "body",
    [
        b"", b"null", b"[]", b'"x"', b"{}", b"not json", b"\xff\xfe", b"[" * 100_000, b'{"a":' * 100_000, b'{"a":1',
        b'{"question":"\\ud800","language":"en","status":"answered","statements":[],"citations":[]}',
        b'{"format":2}', b'{"format":1e400}', b'{"format":' + b"9" * 4_000 + b"}",
    ],
)  # fmt: skip
def test_nonsense_is_refused_or_judged(client: TestClient, body: bytes) -> None:
    """Never a fault of the server, and never sound."""
    response = client.post("/v1/verify", content=body, headers={"Content-Type": "application/json"})

    assert response.status_code in (200, 400, 413, 422)
    assert response.status_code != 200 or not response.json()["ok"]


def test_a_quote_of_half_characters_is_refused(client: TestClient, answer: dict[str, Any]) -> None:
    """No encoding could write them into the response."""
    answer["citations"][0]["quote"] = "\ud800"
    answer["citations"][0]["document"]["source_id"] = "\udfff"
    response = client.post(
        "/v1/verify", content=json.dumps(answer).encode(), headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 422
    assert "halves of characters" in response.json()["detail"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"statements": [{}] * 1001}, "tiene 1001 afirmaciones, más de 1000"),
        ({"statements": [{"text": "x", "citations": [], "finding": 7}]}, "tiene un hallazgo que no es un objeto"),
        ({"question": "\ud800"}, "trae mitades de caracteres o demasiados niveles"),
    ],
)
def test_a_refusal_is_told_in_spanish(
    client: TestClient, answer: dict[str, Any], change: dict[str, Any], told: str
) -> None:
    """As every refusal is."""
    headers = {"Content-Type": "application/json", "Accept-Language": "es"}
    response = client.post("/v1/verify", content=json.dumps(answer | change).encode(), headers=headers)

    assert response.status_code == 422
    assert told in response.json()["detail"]
