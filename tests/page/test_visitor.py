"""Which language the interface speaks: the address, then the cookie, then the browser."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from api.words.wording import accepted_language
from kb.records.language import Language

ES, EN = Language.ES, Language.EN


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("es", ES),
        ("es-MX,es;q=0.9,en;q=0.8", ES),
        ("en-GB,es;q=0.9", EN),
        ("fr,es;q=0.3,en;q=0.7", EN),
        ("fr,ca;q=0.9,es;q=0.5", ES),
        ("de", EN),
        ("", EN),
        ("es;q=oops,en;q=0.1", ES),
        ("," * 5000, EN),
    ],
)
def test_the_browser_is_asked_last(header: str, expected: Language) -> None:
    assert expected is accepted_language(header)


def lang_of(html: str) -> str:
    return html.split('<html lang="')[1][:2]


def test_the_address_wins_and_is_remembered(client: TestClient) -> None:
    client.cookies.clear()

    assert lang_of(client.get("/").text) == "es"
    assert lang_of(client.get("/?ui=en").text) == "en"
    assert lang_of(client.get("/coverage").text) == "en"
    assert lang_of(client.get("/?ui=es").text) == "es"
    client.cookies.clear()


def test_the_theme_is_remembered(client: TestClient) -> None:
    client.cookies.clear()

    assert 'data-theme="auto"' in client.get("/").text
    assert 'data-theme="dark"' in client.get("/?theme=dark").text
    assert 'data-theme="dark"' in client.get("/draft").text
    assert 'data-theme="auto"' in client.get("/?theme=%22%3E%3Cscript%3E").text
    client.cookies.clear()
