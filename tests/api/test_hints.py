"""What is nearly right is answered with what is right: fields of bodies, paths, in the caller's language."""

from __future__ import annotations

from typing import Any

import pytest
from fastapi.testclient import TestClient

from api.http.field_faults import meant, wrong_with
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import bearer

BODIES: list[tuple[str, Any, str, str]] = [
    ("/v1/answers", {"qestion": "a"}, "Did you mean question?", "¿Quería decir question?"),
    ("/v1/answers", {"question": "a", "filters": {"topics": []}}, "Did you mean topic?", "¿Quería decir topic?"),
    ("/v1/citations", {"ids": ["d1"], "styl": "apa"}, "Did you mean style?", "¿Quería decir style?"),
    ("/v1/analyze", {"text": "a", "lang": "es"}, "Did you mean language?", "¿Quería decir language?"),
    ("/v1/drafts", {"texto": "a"}, "Did you mean text?", "¿Quería decir text?"),
    ("/v1/searches", {"name": "a", "txt": "b"}, "Did you mean text?", "¿Quería decir text?"),
    ("/v1/webhooks", {"uri": "https://a.example/"}, "Did you mean url?", "¿Quería decir url?"),
    (
        "/v1/documents",
        {"documents": [{"id": "a", "text": "b", "titel": "c"}]},
        "Did you mean title?",
        "¿Quería decir title?",
    ),
    ("/v1/documents", {"document": []}, "Did you mean documents?", "¿Quería decir documents?"),
    (
        "/v1/analyze",
        {"text": "a", "zzzz": 1},
        "Use one of: id, text, language",
        "Use uno de: id, text, language",
    ),
    (
        "/v1/answers",
        {"question": ""},
        "See /openapi.json for what this route takes",
        "Consulte en /openapi.json lo que admite esta ruta",
    ),
    (
        "/v1/answers",
        {"question": 3},
        "See /openapi.json for what this route takes",
        "Consulte en /openapi.json lo que admite esta ruta",
    ),
]


@pytest.mark.parametrize(("path", "body", "english", "spanish"), BODIES)
def test_a_misspelt_field_is_answered_with_the_nearest(
    client: TestClient, store: Store, path: str, body: Any, english: str, spanish: str
) -> None:
    """At any depth of a body; with all of them where none is near."""
    headers = bearer(store, Scope.ADMIN)
    told = [
        client.post(path, json=body, headers={**headers, "Accept-Language": one}).json()["hint"] for one in ("en", "es")
    ]

    assert told == [english, spanish]


@pytest.mark.parametrize(
    ("path", "hint"),
    [
        ("/v1/serch", "Did you mean /v1/search?"),
        ("/v1/statistic", "Did you mean /v1/statistics?"),
        ("/healtz", "Did you mean /healthz?"),
        ("/v1/qqqqqq", "Check the path and the id"),
        ("/v1/passages/p0", "Search for it: kb search WORDS"),
    ],
)
def test_a_misspelt_path_is_answered_with_the_nearest(client: TestClient, path: str, hint: str) -> None:
    """Where one is near; a path that is right and an id that is not keep their own hint."""
    response = client.get(path)

    assert (response.status_code, response.json()["hint"]) == (404, hint)


def test_what_may_not_be_empty_is_called_so(client: TestClient) -> None:
    """Not "at least 1 characters", in either language."""
    told = [
        client.post("/v1/analyze", json={"text": ""}, headers={"Accept-Language": one}).json()["detail"]
        for one in ("en", "es")
    ]

    assert told == ["body.text: must not be empty", "body.text: no debe estar vacío"]


def test_a_fault_that_has_no_words_is_still_said() -> None:
    """Never in the words of the validator, and no field is offered where none is unknown."""
    assert wrong_with({"type": "something_new", "msg": "Input should be …"}) == "is not a valid value"
    assert meant([{"type": "missing", "loc": ("body", "text")}], dict, skip=1) is None
    assert meant([{"type": "extra_forbidden", "loc": ("body", "text")}], dict, skip=1) is None
