"""What the Zotero Connector sees of a document: its rules for ContextObjects in spans and for the names in ``meta``.

The rules are those of its own translators (COinS.js and ``OpenURL.parseContextObject``), written down for the formats
that the page sends; no Zotero runs here.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qsl

import pytest
from fastapi.testclient import TestClient

from api.service.knowledge_base import KnowledgeBase

_SPAN = re.compile(r'<span class="([^"]*)" title="([^"]*)"></span>')
_META = re.compile(r'<meta name="(citation_[a-z_]+)" content="([^"]*)">')
_FORMATS = {"info:ofi/fmt:kev:mtx:dc": "webpage"}
_TYPES = {"document", "webpage", "report", "book", "journalArticle"}


def item_of(html: str) -> dict[str, object]:
    """The item that the connector makes of the page's one ContextObject; AssertionError where it makes none."""
    [context] = [unescape(title) for classes, title in _SPAN.findall(html) if "Z3988" in classes.split()]
    pairs = parse_qsl(context, strict_parsing=True)
    given = dict(pairs)

    assert given["ctx_ver"] == "Z39.88-2004"

    kind = _FORMATS[given["rft_val_fmt"]]
    return {
        "itemType": given["rft.type"] if given.get("rft.type") in _TYPES else kind,
        "title": given["rft.title"],
        "creators": [value for name, value in pairs if name == "rft.creator"],
        "publisher": given.get("rft.publisher"),
        "date": given.get("rft.date"),
        "url": given.get("rft.identifier"),
    }


@pytest.mark.parametrize(
    ("source", "item", "meta"),
    [
        (
            "en-effort.md",
            {
                "itemType": "document",
                "title": "Customer effort",
                "creators": ["Ana Pérez", "John Smith"],
                "publisher": "Example",
                "date": "2024",
            },
            [
                ("citation_title", "Customer effort"),
                ("citation_author", "Ana Pérez"),
                ("citation_author", "John Smith"),
                ("citation_publisher", "Example"),
                ("citation_publication_date", "2024"),
            ],
        ),
        (
            "es-esfuerzo.md",
            {
                "itemType": "document",
                "title": "El esfuerzo del cliente",
                "creators": [],
                "publisher": "Ejemplo",
                "date": "2025-03-01",
            },
            [
                ("citation_title", "El esfuerzo del cliente"),
                ("citation_publisher", "Ejemplo"),
                ("citation_publication_date", "2025/03/01"),
            ],
        ),
    ],
)
def test_a_reference_manager_sees_the_document(
    client: TestClient,
    knowledge_base: KnowledgeBase,
    source: str,
    item: dict[str, object],
    meta: list[tuple[str, str]],
) -> None:
    document = next(one for one in knowledge_base.records.each_document() if one.source_id.endswith(source))
    html = client.get(f"/documents/{document.id}").text
    seen = item_of(html)
    address = seen.pop("url")

    assert item == seen
    assert address == document.url
    assert meta == [(name, unescape(value)) for name, value in _META.findall(html)]


def test_a_permalink_shows_the_same_item(client: TestClient, knowledge_base: KnowledgeBase) -> None:
    records = knowledge_base.records
    passage = next(records.passages_of(one.id)[0] for one in records.each_document() if one.url)

    assert item_of(client.get(f"/passages/{passage.id}").text) == item_of(
        client.get(f"/documents/{passage.document_id}").text
    )


def test_a_document_without_an_address_has_that_of_a_public_server(
    client: TestClient, knowledge_base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """None that only this machine can open."""
    monkeypatch.setattr(knowledge_base, "public_url", "https://kb.example.org")
    document = next(one for one in knowledge_base.records.each_document() if one.url is None)

    assert (
        item_of(client.get(f"/documents/{document.id}").text)["url"]
        == f"https://kb.example.org/documents/{document.id}"
    )
