"""A permalink taken before: after two corrections, after a removal, after a newer reading of the same bytes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.page import mount
from api.service.schemas import to_wire
from ingest.sources.sources import find_sources
from kb.records.language import Language
from kb.records.search import Filters
from kb.saved.parsing import save_answer
from kb.store import Store
from tests.api.conftest import knowledge_base_of, pipeline_of
from tests.page.reading_html import read

FIRST = (
    "# Effort\n\nCustomer effort explains churn in every shop. Almost 61% of customers left after one failure.\n\n"
    "The survey was small.\n"
)
SECOND = FIRST.replace("61%", "64%")
THIRD = "# Effort, corrected\n\nA new first paragraph about effort.\n\n" + SECOND.partition("\n\n")[2]
QUESTION = "What share of customers left after one failure?"


def ingest(store: Store, folder: Path, text: str) -> str:
    """The outcome of ingesting this text under the same name again."""
    (folder / "own-study.md").write_text(text, encoding="utf-8")
    report = pipeline_of(store).run(find_sources([folder / "own-study.md"]))
    return report.files[0].outcome.value


def cited(store: Store) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """An answer as it is served and as it is saved, and its citation of this document."""
    answer = knowledge_base_of(store).answer(QUESTION, Language.EN, Filters(sources=frozenset({"own-study.md"})))
    texts = {one.document.id: store.document(one.document.id).text for one in answer.citations}
    served: dict[str, Any] = to_wire(answer)
    return served, save_answer(answer, texts), served["citations"][0]


def holds(client: TestClient, citation: dict[str, Any], *, old: bool) -> None:
    """The passage as a record, on the page and as a finished citation: the cited characters, and whether it is old."""
    record = client.get(f"/v1/passages/{citation['passage_id']}").json()
    offset = record["passage"]["span"]["start"]
    start, end = citation["span"]["start"] - offset, citation["span"]["end"] - offset
    assert record["passage"]["text"][start:end] == citation["quote"]
    assert record["current"] is not old

    page = client.get(citation["permalink"]).text
    assert "".join(read(page).marked) == citation["quote"]
    assert ("an earlier version of the document" in page) is old

    body = {"ids": [citation["passage_id"]], "style": "apa", "language": "en"}
    [finished] = client.post("/v1/citations", json=body).json()["citations"]
    assert finished["current"] is not old
    assert finished["quote"] == record["passage"]["text"]


def with_page(client: TestClient) -> TestClient:
    """The application with its page."""
    mount(client.app)  # type: ignore[arg-type]
    return client


def sound(client: TestClient, answer: dict[str, Any]) -> bool:
    return bool(client.post("/v1/verify", json=answer).json()["ok"])


def test_a_citation_survives_two_corrections(store: Store, serve: Callable[..., TestClient], tmp_path: Path) -> None:
    """Each version keeps its own characters; only the last is not old."""
    assert ingest(store, tmp_path, FIRST) == "added"
    first = cited(store)
    assert "61%" in first[2]["quote"]
    assert ingest(store, tmp_path, SECOND) == "updated"
    second = cited(store)
    assert "64%" in second[2]["quote"]
    assert ingest(store, tmp_path, THIRD) == "updated"
    third = cited(store)
    client = with_page(serve())

    for (served, saved, citation), old in ((first, True), (second, True), (third, False)):
        holds(client, citation, old=old)
        assert sound(client, served)
        assert sound(client, saved)


def test_after_a_removal_the_older_versions_stay(
    store: Store, serve: Callable[..., TestClient], tmp_path: Path
) -> None:
    """What was removed is gone and said to be; what was cited before it is read as before."""
    ingest(store, tmp_path, FIRST)
    first = cited(store)
    ingest(store, tmp_path, SECOND)
    second = cited(store)
    store.remove(second[2]["document"]["id"])
    client = with_page(serve())

    holds(client, first[2], old=True)
    assert sound(client, first[0])
    gone = client.get(f"/v1/passages/{second[2]['passage_id']}")
    assert (gone.status_code, client.get(second[2]["permalink"]).status_code) == (404, 404)
    assert "is not in this base" in gone.json()["detail"]
    assert not sound(client, second[0])


@pytest.mark.parametrize("rounds", [1, 2])
def test_a_newer_reader_leaves_old_citations_as_they_were(
    store: Store, serve: Callable[..., TestClient], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rounds: int
) -> None:
    """The same bytes, read otherwise once or twice: the cited characters stay, and a served answer too is sound."""
    ingest(store, tmp_path, FIRST)
    served, saved, citation = cited(store)
    for number in range(rounds):
        monkeypatch.setattr("ingest.pipeline.READING", f"newer {number}")
        monkeypatch.setattr("ingest.text.prepare._GAP", "\n" * (3 + number))
        assert ingest(store, tmp_path, FIRST) == "updated"
    client = with_page(serve())

    holds(client, citation, old=True)
    assert sound(client, served)
    assert sound(client, saved)
    holds(client, cited(store)[2], old=False)


def test_an_open_base_quotes_the_newest_reading(store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that answered before the same bytes were read otherwise cites what it then has, at its place."""
    ingest(store, tmp_path, FIRST)
    base = knowledge_base_of(store)
    base.answer(QUESTION, Language.EN, Filters())
    monkeypatch.setattr("ingest.pipeline.READING", "newer")
    monkeypatch.setattr("ingest.text.prepare._GAP", "\n\n\n\n")
    assert ingest(store, tmp_path, FIRST) == "updated"

    answer = base.answer(QUESTION, Language.EN, Filters(sources=frozenset({"own-study.md"})))

    assert [one.quote for one in answer.citations] == [
        one.span.cut(store.document(one.document.id).text) for one in answer.citations
    ]
    assert "61%" in answer.citations[0].quote
