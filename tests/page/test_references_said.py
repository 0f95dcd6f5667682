"""What leaves the page as a reference: nothing that only this machine can open, one record a source, its pages."""

from __future__ import annotations

import io
import json
import re
import zipfile
from urllib.parse import urlencode

import pytest
import rispy  # type: ignore[import-untyped]
from fastapi.testclient import TestClient

from api.service.knowledge_base import KnowledgeBase

HOME = "https://kb.example.org"
# What no reference may have: an address of this machine, or a path that nobody outside can open.
_OURS = re.compile(r"testserver|127\.0\.0\.1|localhost|/passages/|/documents/")


@pytest.fixture
def items(knowledge_base: KnowledgeBase) -> list[str]:
    """Five places: two in one document, three in another."""
    keys = []
    for source, count in (("en-effort.md", 2), ("es-esfuerzo.md", 3)):
        document = next(one for one in knowledge_base.records.each_document() if one.source_id == source)
        spans = [(one.id, span) for one in knowledge_base.records.passages_of(document.id) for span in one.sentences]
        keys += [f"{passage}:{span.start}-{span.end}" for passage, span in spans[:count]]
    return keys


def exported(client: TestClient, items: list[str], name: str) -> str:
    """The text of an export; of a DOCX that of its footnotes."""
    asked = urlencode([*(("item", item) for item in items), ("format", name)])
    data = client.get(f"/basket/export?{asked}").content
    if name != "docx":
        return data.decode()
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read("word/footnotes.xml").decode()


def cited(client: TestClient, items: list[str], style: str) -> str:
    """Every word that ``/v1/citations`` gives to print, of the passages of these places."""
    passages = sorted({item.partition(":")[0] for item in items})
    told = client.post("/v1/citations", json={"ids": passages, "style": style}).json()["citations"]
    return "\n".join(str(one[name]) for one in told for name in ("entry", "in_text", "with_quote"))


WAYS = [
    *(pytest.param(exported, name, id=f"basket {name}") for name in ("ris", "bibtex", "markdown", "docx")),
    *(pytest.param(cited, style, id=style) for style in ("apa", "mla", "chicago", "bibtex", "ris", "csl-json")),
    pytest.param(
        lambda client, items, _: client.get("/v1/basket", params={"item": items}).json()[0]["link"], "", id="link"
    ),
]


@pytest.mark.parametrize(("way", "name"), WAYS)
def test_a_reference_leads_to_nothing_that_others_cannot_open(
    client: TestClient, knowledge_base: KnowledgeBase, items: list[str], way: object, name: str
) -> None:
    """The document's own address stays; one into the base is there where others reach it, and whole."""
    assert callable(way)
    assert _OURS.search(way(client, items, name)) is None

    knowledge_base.public_url = HOME
    try:
        public = way(client, items, name)
    finally:
        knowledge_base.public_url = None
    assert f"{HOME}/passages/p" in public
    ours = public.replace(f"{HOME}/passages/", "").replace(f"{HOME}/documents/", "")
    assert _OURS.search(ours) is None


def test_the_dialog_copies_no_address_of_this_machine(client: TestClient, items: list[str]) -> None:
    passage, _, span = items[0].partition(":")
    start, _, end = span.partition("-")
    page = client.get("/cite", params={"passage": passage, "start": start, "end": end}).text

    assert [one for one in re.findall(r'data-copy="([^"]*)"', page) if _OURS.search(one)] == []


def test_a_file_for_programs_has_one_record_a_source(client: TestClient, items: list[str]) -> None:
    """Under one id, with every quote that was collected as a note."""
    records = rispy.loads(exported(client, items, "ris"))
    entries = re.findall(r"^@misc\{([^,]+),", exported(client, items, "bibtex"), re.MULTILINE)

    assert [(one["title"], len(one["notes"])) for one in records] == [
        ("Customer effort", 2),
        ("El esfuerzo del cliente", 3),
    ]
    assert len({one["id"] for one in records}) == 2
    assert [one["id"] for one in records] == entries


def test_citations_of_several_places_are_one_record_too(client: TestClient, knowledge_base: KnowledgeBase) -> None:
    """Each place gives the record of its source, whole."""
    document = next(one for one in knowledge_base.records.each_document() if one.source_id == "en-effort.md")
    ids = [document.id, *(one.id for one in knowledge_base.records.passages_of(document.id))]

    told = client.post("/v1/citations", json={"ids": ids, "style": "csl-json"}).json()["citations"]

    entries = {one["entry"] for one in told}
    assert (len(told), len(entries)) == (len(ids), 1)
    assert all(one["quote"].split()[0] in json.loads(entries.pop())[0]["note"] for one in told[1:2])
