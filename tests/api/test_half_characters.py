"""Half a character, NUL and other controls in any field of a body or an agent's call: an answer or a problem."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fastapi.testclient import TestClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.http.limits import RequestLimits
from kb.records.operation import Scope
from kb.store import Store
from tests.api.conftest import JSON, Serve, bearer
from tests.api.test_agent_tools import call

TEXT = "customer effort \ud800 40% \ud83d\ude00"
MENDED = "customer effort \ufffd 40% 😀"
# Every body with a string in it, at "$".
BODIES: list[tuple[str, dict[str, Any]]] = [
    ("/v1/answers", {"question": "$"}),
    ("/v1/answers", {"question": "effort", "language": "$"}),
    ("/v1/answers", {"question": "effort", "filters": {"source": ["$"], "topic": ["$"]}}),
    ("/v1/analyze", {"id": "$", "text": "$"}),
    ("/v1/citations", {"ids": ["$"], "style": "$"}),
    ("/v1/drafts", {"text": "$"}),
    ("/v1/verify", {"question": "$", "language": "es", "status": "answered", "statements": [], "citations": []}),
    ("/v1/searches", {"name": "$", "text": "$", "filters": {"source": ["$"]}}),
    ("/v1/searches/none/seen", {"until": "$"}),
    ("/v1/webhooks", {"url": "$", "search": "$"}),
    ("/v1/webhooks", {"url": "https://example.org/$"}),
    ("/v1/documents", {"documents": [{"id": "$", "text": "$", "title": "$", "authors": ["$"], "url": "$"}]}),
]
STRINGS = st.text(st.characters() | st.sampled_from("\ud800\udbff\udc00\udfff\0\x01\x1f\x7f\x85\ufffe"), min_size=1)


def filled(body: Any, text: str) -> Any:
    """The body with the text in place of every "$"."""
    if isinstance(body, str):
        return body.replace("$", text)
    if isinstance(body, dict):
        return {name: filled(inner, text) for name, inner in body.items()}
    return [filled(inner, text) for inner in body] if isinstance(body, list) else body


@pytest.fixture
def unlimited(serve: Serve) -> TestClient:
    return serve(limits=RequestLimits(rate_per_minute=0), run_jobs=False)


@pytest.fixture
def admin(store: Store) -> dict[str, str]:
    return {**bearer(store, Scope.ADMIN), **JSON}


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(place=st.sampled_from(BODIES), text=STRINGS)
def test_no_string_of_a_body_is_a_fault_of_the_server(
    unlimited: TestClient, admin: dict[str, str], place: tuple[str, dict[str, Any]], text: str
) -> None:
    """An answer, or a problem that says what is wrong; never 5xx, and all that comes back is UTF-8."""
    path, body = place
    response = unlimited.post(path, content=json.dumps(filled(body, text)), headers=admin)

    assert response.status_code < 500, (path, response.text)
    assert "\ud800" not in response.content.decode()


@pytest.mark.parametrize(
    ("path", "body", "field"),
    [
        ("/v1/answers", {"question": "$"}, "question"),
        ("/v1/analyze", {"id": "$", "text": "effort"}, "id"),
        ("/v1/searches", {"name": "$", "text": "effort"}, "name"),
        ("/v1/searches", {"name": "one", "text": "$"}, "text"),
    ],
)
def test_a_field_comes_back_mended(
    unlimited: TestClient, admin: dict[str, str], path: str, body: dict[str, Any], field: str
) -> None:
    """The caller sees what was taken for the broken character."""
    response = unlimited.post(path, content=json.dumps(filled(body, TEXT)), headers=admin)

    assert response.status_code in (200, 201), response.text
    assert response.json()[field] == MENDED


def test_spans_of_a_text_with_half_a_character_count_it_as_one(unlimited: TestClient) -> None:
    """What stands behind it is found where the caller has it."""
    text = "\ud800 Almost 40% of customers left."
    response = unlimited.post("/v1/analyze", content=json.dumps({"text": text}), headers=JSON)
    (figure,) = response.json()["statistics"]

    assert text[figure["span"]["start"] : figure["span"]["end"]] == figure["raw"]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("search", {"query": TEXT}),
        ("ask", {"question": TEXT}),
        ("find_statistics", {"query": TEXT}),
        ("read_passage", {"passage_id": TEXT}),
        ("cite", {"ids": [TEXT]}),
    ],
)
def test_an_agent_gets_an_answer_or_a_reason(store: Store, tool: str, arguments: dict[str, Any]) -> None:
    """No tool breaks on what an agent says."""
    result = call(store, tool, **arguments)

    assert result.content[0].text.encode()
    assert "UnicodeEncodeError" not in result.content[0].text
