"""Bad input gives the documented problem, never a 500 and never a trace."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.service.asking.paging import encode_cursor
from tests.api.conftest import JSON

LONG = "palabra " * 13_000  # 100 kB

QUERIES: list[tuple[str, str, dict[str, Any], int, str]] = [
    ("no query", "/v1/search", {}, 422, "invalid_input"),
    ("empty query", "/v1/search", {"q": ""}, 422, "invalid_input"),
    ("blank query", "/v1/search", {"q": "   "}, 422, "invalid_input"),
    ("30 kB", "/v1/search", {"q": LONG[:30_000]}, 422, "invalid_input"),
    ("limit 0", "/v1/search", {"q": "a", "limit": 0}, 422, "invalid_input"),
    ("limit 101", "/v1/search", {"q": "a", "limit": 101}, 422, "invalid_input"),
    ("limit in words", "/v1/search", {"q": "a", "limit": "diez"}, 422, "invalid_input"),
    ("limit beyond int", "/v1/search", {"q": "a", "limit": "9" * 400}, 422, "invalid_input"),
    ("unknown topic", "/v1/search", {"q": "a", "topic": "metrcs"}, 422, "invalid_input"),
    ("unknown language", "/v1/search", {"q": "a", "language": "fr"}, 422, "invalid_input"),
    ("year 0", "/v1/search", {"q": "a", "year_from": 0}, 422, "invalid_input"),
    ("years swapped", "/v1/search", {"q": "a", "year_from": 2020, "year_to": 2019}, 422, "invalid_input"),
    ("21 topics", "/v1/search", {"q": "a", "topic": ["metrics"] * 21}, 422, "invalid_input"),
    ("not a flag", "/v1/search", {"q": "a", "has_statistic": "maybe"}, 422, "invalid_input"),
    ("unknown parameter", "/v1/search", {"q": "a", "topics": "metrics"}, 422, "invalid_input"),
    ("no cursor of ours", "/v1/search", {"q": "a", "cursor": "zzz"}, 422, "invalid_input"),
    ("cursor of another list", "/v1/search", {"q": "a", "cursor": encode_cursor(1, "f" * 12)}, 422, "invalid_input"),
    ("cursor with a flag", "/v1/search", {"q": "a", "cursor": "W3RydWUsICJ4Il0"}, 422, "invalid_input"),
    ("unknown kind", "/v1/statistics", {"kind": "percnt"}, 422, "invalid_input"),
    ("infinite value", "/v1/statistics", {"min": "inf"}, 422, "invalid_input"),
    ("no value", "/v1/statistics", {"max": "nan"}, 422, "invalid_input"),
    ("values swapped", "/v1/statistics", {"min": 2, "max": 1}, 422, "invalid_input"),
    ("unknown order", "/v1/statistics", {"sort": "-valeu"}, 422, "invalid_input"),
    ("unknown passage", "/v1/passages/p0", {}, 404, "not_found"),
    ("unknown document", "/v1/documents/d0", {}, 404, "not_found"),
    ("no document's text", "/v1/documents/d0/text", {}, 404, "not_found"),
    ("no document's original", "/v1/documents/d0/original", {}, 404, "not_found"),
    ("path out of the base", "/v1/documents/..%2f..%2fetc%2fpasswd", {}, 404, "not_found"),
    ("unknown problem", "/v1/problems/none", {}, 404, "not_found"),
    ("no route", "/v1/nothing", {}, 404, "not_found"),
]

HARMLESS = [
    "🙂🙂 👨‍👩‍👧",
    "%ED%A0%80",
    "\x00\x01",
    '"unclosed',
    "NEAR(a b) OR *",
    "plain:effort AND (",
    "col:x*",
    "-- '; DROP TABLE documents;",
    "¿Qué es el NPS?",
    "AT&T",
    "37,5 %",
    "a\u0301\u200b\ufeff\u202e",
    "^^^^ + - ~",
    "ñ" * 1900,
]


def check(response: Any, status: int, code: str) -> None:
    """The problem that is documented, whole in its required members."""
    problem = response.json()

    assert (response.status_code, problem["status"], problem["code"]) == (status, status, code), response.text
    assert response.headers["content-type"] == "application/problem+json"
    assert problem["type"] == f"/v1/problems/{code}"
    assert problem["title"]
    assert problem["hint"]
    assert "Traceback" not in response.text


@pytest.mark.parametrize(
    ("path", "params", "status", "code"), [row[1:] for row in QUERIES], ids=[row[0] for row in QUERIES]
)
def test_bad_questions(client: TestClient, path: str, params: dict[str, Any], status: int, code: str) -> None:
    """Each gives its problem."""
    check(client.get(path, params=params), status, code)


@pytest.mark.parametrize("words", HARMLESS)
@pytest.mark.parametrize("path", ["/v1/search", "/v1/statistics"])
def test_odd_words_are_only_words(client: TestClient, path: str, words: str) -> None:
    """No syntax of any engine leaks into a question."""
    assert client.get(path, params={"q": words}).status_code == 200


WRONG_SPAN = {
    "question": "a",
    "language": "es",
    "status": "answered",
    "statements": [],
    "citations": [{"number": 1, "quote": "a", "sha256": "", "span": [3, 1], "document": {"id": "a", "source_id": "a"}}],
}
BODIES: list[tuple[str, str, bytes, int, str]] = [
    ("nothing", "/v1/answers", b"", 422, "invalid_input"),
    ("no JSON", "/v1/answers", b"{", 400, "malformed_body"),
    ("a list", "/v1/answers", b"[]", 422, "invalid_input"),
    ("null", "/v1/answers", b"null", 422, "invalid_input"),
    ("empty", "/v1/answers", b'{"question": ""}', 422, "invalid_input"),
    ("blank", "/v1/answers", b'{"question": "  "}', 422, "invalid_input"),
    ("a number", "/v1/answers", b'{"question": 7}', 422, "invalid_input"),
    ("unknown field", "/v1/answers", b'{"question": "a", "lang": "es"}', 422, "invalid_input"),
    ("unknown language", "/v1/answers", b'{"question": "a", "language": "fr"}', 422, "invalid_input"),
    ("unknown filter", "/v1/answers", b'{"question": "a", "filters": {"tpoic": []}}', 422, "invalid_input"),
    ("unknown topic", "/v1/answers", b'{"question": "a", "filters": {"topic": ["x"]}}', 422, "invalid_input"),
    (
        "a year beyond SQL",
        "/v1/answers",
        b'{"question":"a","filters":{"year_from":99999999999999999999}}',
        422,
        "invalid_input",
    ),
    ("half a character as a name", "/v1/answers", b'{"\\ud800": "a"}', 422, "invalid_input"),
    ("no UTF-8", "/v1/answers", b'{"question": "\xff\xfe"}', 400, "malformed_body"),
    ("deep", "/v1/answers", b'{"filters":' * 100_000, 400, "malformed_body"),
    ("deep list", "/v1/verify", b"[" * 100_000, 400, "malformed_body"),
    ("100 kB", "/v1/answers", json.dumps({"question": LONG}).encode(), 422, "invalid_input"),
    ("long text", "/v1/analyze", json.dumps({"text": "a" * 200_001}).encode(), 422, "invalid_input"),
    ("heavy text", "/v1/analyze", json.dumps({"text": "«" * 200_000}).encode(), 422, "invalid_input"),
    ("heavy script", "/v1/analyze", json.dumps({"text": "客" * 100_000}).encode(), 422, "invalid_input"),
    ("no ids", "/v1/citations", b'{"ids": []}', 422, "invalid_input"),
    ("an id of nothing", "/v1/citations", b'{"ids": ["x"]}', 422, "invalid_input"),
    ("an unknown id", "/v1/citations", b'{"ids": ["d0"]}', 404, "not_found"),
    ("an unknown style", "/v1/citations", b'{"ids": ["d0"], "style": "aap"}', 422, "invalid_input"),
    ("no date", "/v1/citations", b'{"ids": ["d0"], "accessed": "soon"}', 422, "invalid_input"),
    ("no answer", "/v1/verify", b"{}", 422, "invalid_input"),
    ("an answer from the future", "/v1/verify", b'{"format": 99}', 422, "invalid_input"),
    ("spans the wrong way", "/v1/verify", json.dumps(WRONG_SPAN).encode(), 422, "invalid_input"),
]


@pytest.mark.parametrize(
    ("path", "body", "status", "code"), [row[1:] for row in BODIES], ids=[row[0] for row in BODIES]
)
def test_bad_bodies(client: TestClient, path: str, body: bytes, status: int, code: str) -> None:
    """Each gives its problem."""
    check(client.post(path, content=body, headers=JSON), status, code)


def test_a_body_must_say_that_it_is_json(client: TestClient) -> None:
    """A form of a foreign page cannot ask."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a"):
        check(
            client.post("/v1/answers", content=b'{"question": "a"}', headers={"Content-Type": kind}),
            415,
            "unsupported_media_type",
        )


@pytest.mark.parametrize("query", ["q=%ff%fe", "q=esfuerzo%C3", "q=a&topic=%ED%A0%80", "q=%ED%A0%80%FF", "q=a&%ff=b"])
def test_bytes_that_are_no_text_are_refused(client: TestClient, query: str) -> None:
    """They are not searched for as something else in silence."""
    response = client.get(f"/v1/search?{query}", headers={"Accept-Language": "es"})

    check(response, 422, "invalid_input")
    assert response.json()["detail"].startswith("el parámetro")


def test_text_in_utf8_is_text_however_it_is_written(client: TestClient) -> None:
    """Plus for a blank, percent signs in either case, or a mark that was lost long before."""
    for query in ("q=%C3%B1u+esfuerzo", "q=%c3%b1", "q=%EF%BF%BD", "q=100%", "q=%zz"):
        assert client.get(f"/v1/search?{query}").status_code == 200, query


def test_the_wrong_method(client: TestClient) -> None:
    """405 with the methods that there are."""
    response = client.put("/v1/search")

    check(response, 405, "method_not_allowed")
    assert response.headers["allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    ("params", "hint"),
    [
        ({"topic": "metrcs"}, "¿Quería decir metrics?"),
        ({"topic": "métricas"}, "¿Quería decir metrics?"),
        ({"topic": "redes sociales"}, "¿Quería decir social_media?"),
        ({"language": "castellano"}, "¿Quería decir es?"),
        ({"language": "spanisch"}, "¿Quería decir es?"),
        ({"topics": "metrics"}, "¿Quería decir topic?"),
        ({"topic": "zzzz"}, "Use uno de: metrics, maturity, empathy, social_media, technology_gap"),
    ],
)
def test_the_nearest_right_word_is_named(client: TestClient, params: dict[str, str], hint: str) -> None:
    """A misspelt facet is answered with the one that was meant, in the caller's language."""
    response = client.get("/v1/search", params={"q": "a", **params}, headers={"Accept-Language": "es"})

    assert response.json()["hint"] == hint
    assert response.headers["content-language"] == "es"
