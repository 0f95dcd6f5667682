"""The basket is its address: order, notes, exports."""

from __future__ import annotations

import io
import json
import re
import zipfile
from typing import Any
from urllib.parse import parse_qs, urlsplit

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from fastapi.testclient import TestClient
from lxml import html as lxml_html

from api.files.dossier import escaped
from api.files.dossier_printed import QrCode, qr_code
from api.service.basket import MAX_ITEMS, Basket, read_basket
from api.service.knowledge_base import KnowledgeBase
from kb.records.errors import InputError

A, B, C = (f"p{letter * 16}:1-9" for letter in "abc")


def basket(*keys: str) -> Basket:
    return read_basket(keys, [f"note {key[1]}" for key in keys])


@pytest.mark.parametrize(
    ("action", "position", "expected"),
    [
        ("up", 1, [B, A, C]),
        ("up", 0, [A, B, C]),
        ("down", 1, [A, C, B]),
        ("down", 2, [A, B, C]),
        ("remove", 1, [A, C]),
        ("remove", 9, [A, B, C]),
        ("explode", 1, [A, B, C]),
    ],
)
def test_changes_lead_to_another_basket(action: str, position: int, expected: list[str]) -> None:
    changed = basket(A, B, C).changed(action, position)

    assert expected == [item.key for item in changed.items]
    assert [f"note {key[1]}" for key in expected] == [item.note for item in changed.items]


def test_a_place_stands_once() -> None:
    assert basket(A, B) == read_basket([A, B, A], ["note a", "note b", "other"])


@pytest.mark.parametrize("item", ["", "p1:1-2", f"{A}x", A.replace("1-9", "9-1"), A.replace("1-9", "1-"), "x" * 999])
def test_what_is_no_place_is_refused(item: str) -> None:
    with pytest.raises(InputError):
        read_basket([item], [])


def test_a_basket_has_a_limit_that_is_said() -> None:
    with pytest.raises(InputError, match="more than"):
        read_basket([A] * (MAX_ITEMS + 1), [])


@pytest.fixture
def items(client: TestClient) -> list[str]:
    hits = client.get("/v1/search?q=esfuerzo&limit=3").json()["hits"]
    return [f"{h['passage_id']}:{h['span']['start']}-{h['span']['end']}" for h in (hit["citation"] for hit in hits)]


def test_a_change_is_an_address(client: TestClient, items: list[str]) -> None:
    asked = {"item": items[:2], "note": ["uno", "dos"], "change": "up:1"}

    response = client.get("/basket", params=asked, follow_redirects=False)

    assert response.status_code == 303
    first, second = (item.replace(":", "%3A") for item in items[:2])
    assert f"/basket?item={second}&note=dos&item={first}&note=uno&style=apa" == response.headers["location"]


def test_a_place_that_is_gone_is_named(client: TestClient, items: list[str]) -> None:
    gone = "p0000000000000000:1-2"

    page = client.get("/basket", params={"item": [items[0], gone]})
    export = client.get("/basket/export", params={"item": [items[0], gone], "format": "docx"})

    assert (page.status_code, gone in page.text) == (200, True)
    assert export.status_code == 404


def quotes(client: TestClient) -> list[str]:
    return [hit["citation"]["quote"] for hit in client.get("/v1/search?q=esfuerzo&limit=3").json()["hits"]]


def test_docx_has_a_footnote_for_each_quote(client: TestClient, items: list[str]) -> None:
    asked = {"item": items, "note": ["<b>primera</b> & nota"], "format": "docx"}

    data = client.get("/basket/export", params=asked).content

    document = docx.Document(io.BytesIO(data))
    text = [Paragraph(one, document).text for one in document.element.body.iter(qn("w:p"))]
    notes = zipfile.ZipFile(io.BytesIO(data)).read("word/footnotes.xml").decode()
    assert "<b>primera</b> & nota" in text
    assert all(any(quote in line for line in text) for quote in quotes(client))
    assert len(items) == notes.count("<w:footnoteRef/>")
    assert "El esfuerzo del cliente" in notes
    assert "<b>" not in notes


@pytest.mark.parametrize(
    ("language", "heads", "counted", "day", "base"),
    [
        (
            "es",
            ["Hallazgos", "Cifras", "Fuentes", "Cómo se comprueba"],
            "2 citas de 2 documentos (1 en español, 1 en inglés).",
            "21 de noviembre de 2026",
            "Base consultada: 4 documentos, 5 pasajes.",
        ),
        (
            "en",
            ["Findings", "Figures", "Sources", "How to check it"],
            "2 quotes from 2 documents (1 in Spanish, 1 in English).",
            "21 November 2026",
            "Base searched: 4 documents, 5 passages.",
        ),
    ],
)
def test_the_dossier_has_a_cover_figures_and_sources(
    client: TestClient, language: str, heads: list[str], counted: str, day: str, base: str
) -> None:
    """The question, the day, the base, how much is in which language; a row for each figure; a line a source."""
    figures = client.get("/v1/statistics?kind=percent&min=0.3").json()["statistics"]
    one = next(figure for figure in figures if figure["statistic"]["language"] == "es")["statistic"]
    other = next(figure for figure in figures if figure["statistic"]["language"] == "en")["statistic"]
    items = [f"{f['passage_id']}:{f['quote_span']['start']}-{f['quote_span']['end']}" for f in (one, other)]
    asked = {"item": items, "format": "docx", "title": "¿Por qué & cuándo se van?"}
    sent = [client.get("/basket/export", params=asked, headers={"Accept-Language": language}).content for _ in "ab"]
    made = docx.Document(io.BytesIO(sent[0]))
    styled = [(paragraph.style.name if paragraph.style else "", paragraph.text) for paragraph in made.paragraphs]
    rows = [[cell.text for cell in row.cells] for row in made.tables[-1].rows]

    assert sent[0] == sent[1]
    assert ("Title", "¿Por qué & cuándo se van?") in styled
    dated, of_base, told = (text for style, text in styled if style == "Subtitle")
    assert (dated, of_base, told[: len(counted)]) == (day, base, counted)
    assert [text for style, text in styled if style == "Heading 1"] == heads
    assert len([text for style, text in styled if style == "Bibliography"]) == 2
    assert [row[0] for row in rows[1:]] == [" ".join(figure["raw"].split()) for figure in (one, other)]
    assert rows[1][3:] == ["2024", "Ejemplo", "1"]
    assert made.sections[0].footer.paragraphs[0].text.startswith("¿Por qué & cuándo se van? · ")
    assert made.core_properties.title == "¿Por qué & cuándo se van?"


def test_the_same_dossier_as_one_html_file(client: TestClient, items: list[str]) -> None:
    """Its parts are those of the DOCX; what stands in a note is text; nothing runs, nothing is fetched."""
    asked = {"item": items, "note": ["<script>alert(1)</script>"], "format": "html", "title": "¿Por qué & cuándo?"}

    sent = client.get("/basket/export", params=asked)
    page: Any = lxml_html.fromstring(sent.text)

    assert sent.headers["content-disposition"] == 'attachment; filename="dossier.html"'
    assert [one.text_content() for one in page.iter("h1")] == ["¿Por qué & cuándo?"]
    heads = [one.text_content() for one in page.iter("h2")]
    assert [one for one in heads if one != "Cifras"] == ["Hallazgos", "Fuentes", "Notas", "Cómo se comprueba"]
    assert all(any(quote in one.text_content() for one in page.iter("blockquote")) for quote in quotes(client))
    assert [one.text_content() for one in page.find_class("note")] == ["<script>alert(1)</script>"]
    assert [one.tag for one in page.iter("script", "img", "link", "iframe")] == []
    assert [one.get("href") for one in page.iter("a") if not one.get("href").startswith("#")] == []
    assert len(page.get_element_by_id("note-1").text_content()) > 20


HOME = "https://kb.example.org"


def test_a_dossier_that_others_can_check_has_the_address_of_its_quotes_as_a_code(
    client: TestClient, items: list[str], knowledge_base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture in the DOCX, SVG and a link in the HTML, the address in Markdown; it opens the basket."""
    monkeypatch.setattr(knowledge_base, "public_url", HOME)
    asked = {"item": items, "title": "¿Por qué?"}
    made, page, text = (
        client.get("/basket/export", params={**asked, "format": name}) for name in ("docx", "html", "markdown")
    )
    [address] = re.findall(r"<(https://kb\.example\.org/basket[^>]*)>", text.text)
    [code] = docx.Document(io.BytesIO(made.content)).inline_shapes
    shown: Any = lxml_html.fromstring(page.text)

    assert sorted(parse_qs(urlsplit(address).query)["item"]) == sorted(items)
    assert client.get(address.removeprefix(HOME)).status_code == 200
    assert zipfile.ZipFile(io.BytesIO(made.content)).read("word/media/recheck.png") == code_of(address).png
    assert (code.width, code.height) == (round(code_of(address).width * 36_000),) * 2
    assert len(shown.find_class("code")) == 1
    assert address in [link.get("href") for link in shown.iter("a")]


@pytest.mark.parametrize("name", ["docx", "html", "md"])
@pytest.mark.parametrize("what", ["answer", "passages"])
def test_an_export_is_the_dossier_of_a_basket_of_its_quotes(
    client: TestClient, knowledge_base: KnowledgeBase, monkeypatch: pytest.MonkeyPatch, what: str, name: str
) -> None:
    """To the byte: themes with the languages side by side, cover, figures, code; by whichever door it is asked for."""
    monkeypatch.setattr(knowledge_base, "public_url", HOME)
    asked = {"q": "cliente", "what": what}
    lines = [json.loads(line) for line in client.get("/v1/export", params=asked).text.splitlines()]
    cited = lines[0]["citations"] if what == "answer" else [line["citation"] for line in lines]
    items = [f"{one['passage_id']}:{one['span']['start']}-{one['span']['end']}" for one in cited]
    of_basket = {"item": items, "title": "cliente", "format": name.replace("md", "markdown")}
    made = client.get("/v1/export", params={**asked, "format": name}).content

    assert len(items) > 1
    assert made == client.get("/basket/export", params=of_basket).content


def code_of(address: str) -> QrCode:
    made = qr_code(address)
    assert made is not None
    return made


def test_a_dossier_without_figures_has_no_table(client: TestClient, items: list[str]) -> None:
    data = client.get("/basket/export", params={"item": items[0], "format": "docx"}).content

    assert docx.Document(io.BytesIO(data)).tables == []


@pytest.mark.parametrize(("name", "needle"), [("ris", "TY  - "), ("bibtex", "@misc{"), ("markdown", "[^1]: ")])
def test_other_exports(client: TestClient, items: list[str], name: str, needle: str) -> None:
    response = client.get("/basket/export", params={"item": items, "format": name})

    assert response.status_code == 200
    assert needle in response.text
    assert response.headers["content-disposition"].startswith("attachment")


def test_the_title_stays_in_every_address(client: TestClient, items: list[str]) -> None:
    """Of a change, and of each export."""
    asked = {"item": items[:2], "title": "¿Por qué?"}
    changed = client.get("/basket", params={**asked, "change": "up:1"}, follow_redirects=False).headers["location"]
    html = client.get("/basket", params=asked).text

    assert changed.endswith("&style=apa&title=%C2%BFPor+qu%C3%A9%3F")
    assert html.count("&amp;title=%C2%BFPor+qu%C3%A9%3F") >= 4


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("*a* _b_ [c](d)", r"\*a\* \_b\_ \[c\](d)"),
        ("<script>", r"\<script\>"),
        ("- a", r"\- a"),
        ("12. a", r"12\. a"),
        ("a\n\n# b", r"a \# b"),
        ("El 37,5 % (Ejemplo)", "El 37,5 % (Ejemplo)"),
    ],
)
def test_markdown_shows_the_very_characters(text: str, expected: str) -> None:
    assert expected == escaped(text)
