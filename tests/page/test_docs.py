"""The page of the API: every route and code in both languages, from our own files, and where a problem leads."""

from __future__ import annotations

import html
import re

import pytest
from fastapi.testclient import TestClient

from api.http.problems import CODES
from api.page.rendering import POLICY
from api.page.views.contract_view import operations, records_of
from api.routes import ROUTERS, all_routes
from api.routes.contract import EXAMPLES
from api.words.wording import contract_words, spanish_summaries
from kb.records.language import Language


def test_every_route_has_words_in_spanish() -> None:
    """The table is that of the routes, and every tag is shown."""
    summaries = spanish_summaries()
    assert set(summaries) == {f"{method} {route.path}" for route in all_routes() for method in route.methods or ()}
    assert all(summaries.values())
    assert {tag for router in ROUTERS for tag in router.tags} == {n for kind, n in contract_words() if kind == "tag"}


@pytest.mark.parametrize("language", ["es", "en"])
def test_it_shows_every_route_with_its_example_and_every_code(client: TestClient, language: str) -> None:
    """In the language of the page; with anchors, and nothing from another host or inline."""
    page = client.get("/docs", headers={"Accept-Language": language})
    codes = [facts.title(Language(language)) for facts in CODES.values()]

    assert (page.status_code, page.headers["content-security-policy"]) == (200, POLICY)
    for method, path in EXAMPLES:
        assert f"<code>{method.upper()} {path}</code>" in page.text
    assert page.text.count("curl ") >= len(EXAMPLES)
    assert "``" not in page.text
    assert ("<code>separators</code> of CSV" in page.text) is (language == "en")
    for code, title in zip(CODES, codes, strict=True):
        assert f'<article id="{code}">' in page.text
        assert title in page.text
    assert ("¿Cómo se mide" in page.text or "%C2%BFC%C3%B3mo" in page.text) is (language == "es")
    assert re.findall(r'(?:src|href)="(?:https?:)?//', page.text) == []
    assert re.findall(r"<script>|<style|style=|onclick", page.text) == []


@pytest.mark.parametrize("language", [Language.ES, Language.EN])
def test_it_says_what_everything_is(client: TestClient, language: Language) -> None:
    """Parameters, members and records with the words of the contract; what is sent in Spanish on the Spanish page."""
    page = html.unescape(client.get("/docs", headers={"Accept-Language": language.value}).text)
    text = re.sub(r"\s+", " ", re.sub(r"</?code>", "`", page))
    contract = client.get("/openapi.json").json()
    shown = [one for some in operations(contract, language).values() for one in some]
    sent = [field.told for one in shown for field in (*one.parameters, *one.body)]
    said = [one for some in operations(contract, Language.EN).values() for one in some]
    english = {field.told for one in said for field in (*one.parameters, *one.body)}
    records = records_of(contract)

    assert [one for one in sent if not one or one not in text] == []
    assert language is Language.EN or [one for one in sent if one in english] == []
    assert [(one.name, field.name) for one in records for field in one.members if field.told not in text] == []
    assert [one.name for one in records if f'<article id="{one.name}"' not in page] == []
    assert sorted(set(re.findall(r'href="#(\w+)"', page)) - set(re.findall(r'id="(\w+)"', page))) == []
    assert [one.name for one in shown if f"<code>{one.name}</code>" not in page] == []


@pytest.mark.parametrize("code", CODES)
def test_the_link_of_a_problem_opens_its_entry(client: TestClient, code: str) -> None:
    """For a browser; a program gets the record."""
    link = f"/v1/problems/{code}"
    led = client.get(link, headers={"Accept": "text/html,application/xhtml+xml"}, follow_redirects=False)

    assert (led.status_code, led.headers["location"]) == (303, f"/docs#{code}")
    assert client.get(link).json()["code"] == code
