"""Search, answers, statistics and records over HTTP: whole responses, in both languages."""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.routes.asking import wants_csv
from api.service.schemas import to_wire
from ingest.sources.sources import find_sources
from kb.records.search import StatisticQuery
from kb.store import Store
from tests.api.conftest import SAMPLES, pipeline_of

EFFORT: dict[str, Any] = {
    "id": "d989ec333805a03c5",
    "source_id": "en-effort.md",
    "title": "Customer effort",
    "authors": [],
    "publisher": "Example",
    "published": "2024",
    "url": None,
    "inferred": [],
}
EFFORT_SHA256 = "989ec333805a03c5d374469b80189632c77bfb8b168055a0f38260ff814c43e1"
QUOTE = "Customer effort explains churn better than delight does."
PLACE: dict[str, Any] = {
    "page": None,
    "boxes": [],
    "element": None,
    "paragraph": None,
    "line": 9,
    "part": None,
    "fragment": None,
    "page_label": None,
    "slide": None,
    "cell": None,
    "time": None,
    "recognised": False,
}
RAIN = "d086756249abdf972"


def promised(found: Any, expected: Any) -> Any:
    """``found`` without the members that v1 may add: nothing is taken away, nothing changes."""
    if isinstance(expected, dict):
        return {key: promised(found[key], value) for key, value in expected.items()}
    if isinstance(expected, list) and len(expected) == len(found):
        return [promised(one, other) for one, other in zip(found, expected, strict=True)]
    return found


def effort_passage(store: Store) -> str:
    return store.passages_of(EFFORT["id"])[0].id


def citation(passage: str, quote: str, start: int, end: int) -> dict[str, object]:
    return {
        "number": 1,
        "document": EFFORT,
        "passage_id": passage,
        "quote": quote,
        "span": {"start": start, "end": end},
        "sha256": EFFORT_SHA256,
        "permalink": f"/passages/{passage}?start={start}&end={end}",
        "places": [PLACE],
        "headings": [],
    }


def test_a_search_gives_hits_facets_and_reasons(client: TestClient, store: Store) -> None:
    """The whole response of a search that one passage fulfils."""
    passage = effort_passage(store)

    found = client.get("/v1/search", params={"q": "effort and churn", "source": "en-effort"}).json()

    hit = found["hits"][0]
    why = hit.pop("why")
    score = hit.pop("score")
    assert {"vector", "sentence", "words", "word_score", "sentence_span", "meanings"} == set(why)
    assert (why["words"], why["sentence_span"]) == (["effort", "churn"], {"start": 17, "end": 73})
    assert isinstance(score, float)
    assert found == {
        "query": "effort and churn",
        "language": "en",
        "searched": 1,
        "total": 1,
        "hits": [
            {
                "rank": 1,
                "passage": to_wire(store.passage(passage)),
                "document": EFFORT,
                "citation": citation(passage, QUOTE, 17, 73),
                "also_in": [],
            }
        ],
        "facets": {
            "topic": [{"value": one.topic.value, "count": 1} for one in store.passage(passage).topics],
            "language": [{"value": "en", "count": 1}],
            "year": [{"value": "2024", "count": 1}],
            "source": [{"value": "en-effort.md", "count": 1}],
            "has_statistic": [{"value": "true", "count": 1}],
            "subtopic": [
                {"value": name, "count": 1}
                for name in sorted(name for one in store.passage(passage).topics for name in one.subtopics)
            ],
            "stage": [],
            "own_topic": [],
            "format": [{"value": "md", "count": 1}],
        },
        "next": None,
        "notes": found["notes"],
        "degraded": False,
    }


@pytest.mark.parametrize("question", ["effort and churn", "esfuerzo y abandono"])
def test_a_question_finds_both_languages(client: TestClient, question: str) -> None:
    """The first two hits are the Spanish and the English passage, whichever language asks."""
    hits = client.get("/v1/search", params={"q": question, "limit": 2}).json()["hits"]

    assert {hit["document"]["source_id"] for hit in hits} == {"es-esfuerzo.md", "en-effort.md"}


def test_pages_of_a_search_make_the_whole(client: TestClient) -> None:
    """Following ``next`` gives every hit once, in the order of one large page."""
    whole = client.get("/v1/search", params={"q": "esfuerzo", "limit": 100}).json()
    seen, cursor = [], None
    while True:
        asked: dict[str, Any] = {"q": "esfuerzo", "limit": 3, **({"cursor": cursor} if cursor else {})}
        page = client.get("/v1/search", params=asked).json()
        seen += [hit["passage"]["id"] for hit in page["hits"]]
        cursor = page["next"]
        if cursor is None:
            break

    assert [hit["passage"]["id"] for hit in whole["hits"]] == seen
    assert len(seen) == whole["total"]


def test_an_answer_is_made_of_cited_sentences(client: TestClient, store: Store) -> None:
    """The whole answer to a question that the base answers."""
    answer = client.post(
        "/v1/answers", json={"question": "effort and churn", "filters": {"source": ["en-effort"]}}
    ).json()

    expected = {
        "question": "effort and churn",
        "language": "en",
        "status": "answered",
        "text": f"{QUOTE} [1]",
        "statements": [{"text": QUOTE, "citations": [1]}],
        "citations": [citation(effort_passage(store), QUOTE, 17, 73)],
        "related": [],
    }

    assert promised(answer, expected) == expected


def test_statistics_come_with_the_citation_of_their_sentence(client: TestClient, store: Store) -> None:
    """The statistic of a document as it is in the base, with its quote."""
    (statistic,) = store.statistics(StatisticQuery(), passages=[effort_passage(store)])

    found = client.get("/v1/statistics", params={"language": "en"}).json()

    expected = {
        "statistics": [
            {
                "statistic": to_wire(statistic),
                "citation": citation(
                    statistic.passage_id, "Almost 40% of customers left after one failure, says Example.", 74, 135
                ),
                "also_in": [],
                "sentence": {
                    "es": "Casi el 40\u00a0%: «Almost 40% of customers left after one failure, says Example.» "
                    "(«Customer effort», 2024).",
                    "en": "Almost 40%: “Almost 40% of customers left after one failure, says Example.” "
                    "(“Customer effort,” 2024).",
                },
                "score": None,
                "sources": 1,
            }
        ],
        "total": 1,
        "facets": found["facets"],
        "next": None,
    }

    assert statistic.raw == "Almost 40%"
    assert promised(found, expected) == expected
    assert found["facets"]["language"] == [{"value": "en", "count": 1}]


def test_a_figure_says_how_many_sources_agree(client: TestClient, store: Store, tmp_path: Path) -> None:
    """Another document that states it counts; a reprint of one does not."""
    said = "Almost 40% of customers left after one failure, says Example."
    (tmp_path / "other.md").write_text(f"# Another view\n\nIt was cold in the hall that winter. {said}\n")
    reprinted = [SAMPLES / name for name in ("en-answering-in-public.md", "en-answering-in-public-reprint.html")]
    pipeline_of(store).run(find_sources([tmp_path / "other.md", *reprinted]))

    found = client.get("/v1/statistics", params={"language": "en"}).json()["statistics"]

    counted = {one["statistic"]["raw"]: (one["sources"], len(one["also_in"])) for one in found}
    assert [counted[raw] for raw in ("Almost 40%", "3,450")] == [(2, 1), (1, 1)]


def test_statistics_are_sorted_by_value(client: TestClient) -> None:
    """``sort=-value`` puts the greatest first."""
    found = client.get("/v1/statistics", params={"kind": "percent", "sort": "-value"}).json()["statistics"]
    values = [float(one["statistic"]["value"]) for one in found]

    assert values == sorted(values, reverse=True)
    assert len(values) > 2


def test_statistics_as_csv(client: TestClient) -> None:
    """The same rows as CSV, with the total and the next page in the headers."""
    response = client.get("/v1/statistics", params={"limit": 1}, headers={"Accept": "text/csv"})
    total = client.get("/v1/statistics").json()["total"]
    (row,) = csv.DictReader(io.StringIO(response.text))

    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["x-total-count"] == str(total)
    assert (row["value"], row["comparator"], row["raw"]) == ("0.40", "almost", "Almost 40%")
    assert row["quote"] == "Almost 40% of customers left after one failure, says Example."
    assert row["citation"] == "Customer effort. (2024). Example."
    assert row["sentence"].startswith("Almost 40%: “")
    spanish = {"Accept": "text/csv", "Accept-Language": "es"}
    text = client.get("/v1/statistics", params={"limit": 1, "separators": "es"}, headers=spanish).text
    (row_es,) = csv.DictReader(io.StringIO(text), delimiter=";")
    assert (row_es["value"], row_es["shown"]) == ("0,40", "casi el 40\u00a0%")
    following = response.headers["link"].split(">")[0].removeprefix("<")
    assert client.get(following).json()["total"] == total


@pytest.mark.parametrize(
    ("accept", "is_csv"),
    [
        ("text/csv", True),
        ("text/csv, application/json", True),
        ("application/json, text/csv", False),
        ("text/csv;q=0.1, application/json", False),
        ("application/json;q=0.5, text/csv;q=0.9", True),
        ("text/csv;q=0", False),
        ("*/*", False),
        ("", False),
    ],
)
def test_csv_is_what_is_liked_better(accept: str, is_csv: bool) -> None:
    assert wants_csv(accept) is is_csv


def test_a_passage_with_its_place(client: TestClient, store: Store) -> None:
    """The whole record of a passage."""
    passage = store.passage(effort_passage(store))

    assert client.get(f"/v1/passages/{passage.id}").json() == {
        "passage": to_wire(passage),
        "document": EFFORT,
        "places": client.get(f"/v1/passages/{passage.id}").json()["places"],
        "citation": {
            **citation(passage.id, passage.text, passage.span.start, passage.span.end),
            "places": client.get(f"/v1/passages/{passage.id}").json()["places"],
        },
        "current": True,
        "corrected": None,
    }


def test_documents_page_by_page(client: TestClient) -> None:
    """The list of documents, whole and in pages."""
    whole = client.get("/v1/documents").json()
    first = client.get("/v1/documents", params={"limit": 3}).json()
    rest = client.get("/v1/documents", params={"limit": 3, "cursor": first["next"]}).json()

    assert whole["total"] == 4
    assert whole["documents"] == first["documents"] + rest["documents"]
    assert (rest["next"], whole["next"]) == (None, None)
    assert whole["documents"][0] == {
        "document": EFFORT,
        "media_type": "text/markdown",
        "sha256": EFFORT_SHA256,
        "language_mix": [{"language": "en", "share": 1.0}],
        "version": 1,
        "current": True,
        "duplicate_of": None,
        "passages": 1,
        "statistics": 1,
        "removed": 0,
        "characters": 135,
        "also_named": [],
    }


def test_a_document_its_text_and_its_original(client: TestClient, store: Store) -> None:
    """Record, canonical text and original bytes; the original is a file to keep, under a sandbox."""
    record = client.get(f"/v1/documents/{RAIN}").json()
    text = client.get(f"/v1/documents/{RAIN}/text")
    original = client.get(f"/v1/documents/{RAIN}/original")

    assert record["document"] == to_wire(store.document(RAIN))
    assert record["passages"] == [to_wire(passage) for passage in store.passages_of(RAIN)]
    assert text.text == store.document(RAIN).text
    assert original.content == store.original(store.document(RAIN).sha256)
    assert original.headers["content-disposition"] == "attachment; filename*=UTF-8''en-rain.txt"
    assert original.headers["content-security-policy"] == "sandbox"
    assert original.headers["content-type"] == "application/octet-stream"


def test_topics_health_and_readiness(client: TestClient, store: Store) -> None:
    """The five topics with their counts; the base is ready."""
    topics = client.get("/v1/topics").json()

    assert [one["topic"] for one in topics] == ["metrics", "maturity", "empathy", "social_media", "technology_gap"]
    assert {one["topic"]: one["passages"] for one in topics if one["passages"]} == {
        topic.value: count for topic, count in store.topic_counts().items()
    }
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ready", **store.counts()}


@pytest.mark.parametrize(
    ("words", "raws"), [("abandono", ["Almost 40%", "37,5 %"]), ("lluvia", []), ("vaccination", [])]
)
def test_figures_about_something_else_are_not_listed(client: TestClient, words: str, raws: list[str]) -> None:
    """Those near the words in either language, nearest first; none where all are about something else."""
    found = client.get("/v1/statistics", params={"q": words}).json()

    assert [one["statistic"]["raw"] for one in found["statistics"]] == raws


def test_analyze_reads_any_text(client: TestClient) -> None:
    """The figure of a text that is in no base, with its span."""
    read = client.post("/v1/analyze", json={"id": "a", "text": "Llegó el 37,5 % de los clientes."}).json()

    assert (read["id"], read["language"]) == ("a", "es")
    assert [(one["raw"], one["value"]) for one in read["statistics"]] == [("37,5 %", "0.375")]


def test_the_export_can_be_ingested_again(client: TestClient, store: Store) -> None:
    """A line of JSON for each document, with what ingestion takes."""
    lines = [line for line in client.get("/v1/export").text.split("\n") if line]

    assert len(lines) == 4
    assert client.get("/v1/export").headers["content-type"] == "application/x-ndjson"


@pytest.mark.parametrize("path", ["/v1/topics", "/v1/search?q=effort", "/v1/statistics", f"/v1/documents/{RAIN}"])
def test_what_has_not_changed_is_not_sent_again(client: TestClient, store: Store, path: str) -> None:
    """304 with the tag of the first response; a change of the base ends that."""
    tag = client.get(path).headers["etag"]
    again = client.get(path, headers={"If-None-Match": tag})
    store.add_alias("another name", RAIN)
    changed = client.get(path, headers={"If-None-Match": tag})

    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert changed.status_code == 200


def test_an_original_never_changes(client: TestClient) -> None:
    """Its tag is its SHA-256."""
    path = f"/v1/documents/{EFFORT['id']}/original"

    assert client.get(path).headers["etag"] == f'"{EFFORT_SHA256}"'
    assert client.get(path, headers={"If-None-Match": f'"{EFFORT_SHA256}"'}).status_code == 304


def test_citations_in_both_languages(client: TestClient, store: Store) -> None:
    """A document, a passage and a statistic; the quote stands character for character in its document."""
    passage = effort_passage(store)
    (statistic,) = store.statistics(StatisticQuery(), passages=[passage])
    asked = {"ids": [EFFORT["id"], passage, statistic.id], "style": "apa", "language": "en"}

    found = client.post("/v1/citations", json=asked).json()

    assert (found["style"], found["language"]) == ("apa", "en")
    document, of_passage, of_statistic = found["citations"]
    assert (document["quote"], document["passage_id"], document["permalink"]) == (None, None, None)
    assert "Customer effort" in document["entry"]
    assert of_passage["quote"] == store.passage(passage).text
    assert of_statistic["quote"] == statistic.quote
    assert of_statistic["permalink"] == f"/passages/{passage}?start=74&end=135"


def test_an_answer_is_verified_and_a_changed_one_is_not(client: TestClient) -> None:
    """An answer as it was served is sound; with another number it is not."""
    answer = client.post("/v1/answers", json={"question": "effort churn", "filters": {"source": ["en-effort"]}}).json()
    sound = client.post("/v1/verify", json=answer).json()
    answer["citations"][0]["quote"] = "Customer effort explains churn better than 90 delights do."
    changed = client.post("/v1/verify", json=answer).json()

    assert sound["ok"] is True
    assert [one["judgement"]["verdict"] for one in sound["report"]["quotes"]] == ["exact"]
    assert changed["ok"] is False


def test_a_cursor_outlives_the_process_that_made_it() -> None:
    """The hash of a set's members does not depend on the order in which a process keeps them."""
    script = (
        "from api.service.asking.paging import fingerprint; from kb.records.search import Filters; "
        "from kb.records.topics import Topic; "
        "print(fingerprint('q', Filters(topics=frozenset(Topic))))"
    )
    printed = {
        subprocess.run(
            [sys.executable, "-c", script],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
            cwd=Path(__file__).parents[2],
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(printed) == 1
