"""What a search says of itself: notes in the language of the page, kindred words; the way to the API."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from api.page.marks import Run, Segment
from api.page.views.reader import ShownBlock
from api.service.knowledge_base import KnowledgeBase
from api.service.schemas import SearchResponse
from kb.records.document import BlockKind, Place, Span
from kb.records.messages import say
from kb.records.search import Query

SEARCH = KnowledgeBase.search


def with_words(base: KnowledgeBase, query: Query, cursor: str | None = None) -> SearchResponse:
    """The hits as they are, with a note and a pair of words that the model reads alike."""
    found = SEARCH(base, query, cursor)
    hits = tuple(replace(hit, why=replace(hit.why, meanings=("esfuerzo ≈ effort",))) for hit in found.hits)
    return replace(found, notes=(say("no_embedding_model_is_loaded"),), hits=hits)


@pytest.mark.parametrize(
    ("language", "note", "label"),
    [
        ("es", "No hay ningún modelo cargado.", "Palabras afines"),
        ("en", "No embedding model is loaded.", "Related words"),
    ],
)
def test_notes_and_kindred_words_are_shown_in_the_language_of_the_page(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, language: str, note: str, label: str
) -> None:
    monkeypatch.setattr(KnowledgeBase, "search", with_words)
    html = client.get("/search?q=esfuerzo", headers={"Accept-Language": language}).text

    assert f'<p class="notice">{note}</p>' in html
    assert f'<dt>{label}</dt><dd><span class="word">esfuerzo ≈ effort</span></dd>' in html


def test_without_kindred_words_there_is_no_empty_line(client: TestClient) -> None:
    assert "Palabras afines" not in client.get("/search?q=esfuerzo").text


@pytest.mark.parametrize("path", ["/", "/statistics", "/basket", "/draft", "/documents/none"])
def test_the_footer_leads_to_the_api(client: TestClient, path: str) -> None:
    assert '<a href="/docs">La API para otros programas</a>' in client.get(path).text


@pytest.mark.parametrize(
    ("language", "said"),
    [("es", "el documento none no está en esta base"), ("en", "document none is not in this base")],
)
def test_an_error_is_told_in_the_language_of_the_page(client: TestClient, language: str, said: str) -> None:
    html = client.get("/documents/none", headers={"Accept-Language": language}).text

    assert f'<p class="source-line" lang="{language}"><span>{said}</span></p>' in html
    assert "kb documents" not in html


@pytest.mark.parametrize(
    ("text", "own"),
    [
        ("* Promoters", True),
        ("- uno", True),
        ("• uno", True),
        ("12. doce", True),
        ("b) dos", True),
        ("Promoters", False),
        ("-5 % en un año", False),
        ("2024 fue un año", False),
        ("", False),
    ],
)
def test_an_item_with_a_bullet_of_its_own_gets_no_second_one(text: str, own: bool) -> None:
    whole = Segment(Span(0, max(len(text), 1)), text, cited=False)

    assert ShownBlock(BlockKind.LIST_ITEM, 1, (Run((whole,)),), Place()).bulleted is own
