"""Where a passage stands in its original: true for every format, held against the original itself."""

from __future__ import annotations

import io
from collections import Counter
from pathlib import Path
from typing import Any

import docx
import pypdfium2 as pdfium  # type: ignore[import-untyped]
import pytest
from lxml import html

from ingest.readers.encodings import decode
from ingest.readers.signatures import HTML, media_type_of
from ingest.sources.sources import SourceFile
from ingest.text.prepare import Prepared, prepare
from kb.records.document import BlockKind, Place, Span, text_fragment
from tests.ingest.hostile import book

SAMPLES = Path(__file__).parents[2] / "samples" / "articles"


def prepared(name: str) -> Prepared:
    data = (SAMPLES / name).read_bytes()
    return prepare(SourceFile.of(name, data, media_type_of(name, data)))


def of_ending(*endings: str) -> list[str]:
    return sorted(path.name for path in SAMPLES.iterdir() if path.name.endswith(endings))


def first_words(text: str, number: int = 3) -> str:
    return " ".join(text.removeprefix("- ").split()[:number])


def squeezed(text: str) -> str:
    return "".join(character for character in text if character.isalnum()).casefold()


@pytest.mark.parametrize("name", of_ending(".md", ".txt"))
def test_a_line_is_the_line_where_the_block_begins(name: str) -> None:
    """Counted from 1, in Markdown under its front matter too."""
    document = prepared(name).document
    lines = decode((SAMPLES / name).read_bytes(), name).splitlines()

    wrong = [
        (block.place.line, first_words(block.span.cut(document.text)))
        for block in document.blocks
        if squeezed(first_words(block.span.cut(document.text)))
        not in squeezed(" ".join(lines[(block.place.line or 0) - 1 : (block.place.line or 0) + 1]))
    ]

    assert wrong == []


@pytest.mark.parametrize("name", of_ending(".docx"))
def test_a_paragraph_is_the_paragraph_of_the_file(name: str) -> None:
    """Counted from 1 in reading order, cells of tables too."""
    document = prepared(name).document
    body = docx.Document(io.BytesIO((SAMPLES / name).read_bytes())).element.body
    space = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
    paragraphs = ["".join(piece.text or "" for piece in one.iter(f"{space}t")) for one in body.iter(f"{space}p")]

    wrong = [
        (block.place.paragraph, block.span.cut(document.text)[:40])
        for block in document.blocks
        if squeezed(block.span.cut(document.text).split(" | ")[0])
        not in squeezed(paragraphs[(block.place.paragraph or 0) - 1])
    ]

    assert wrong == []


@pytest.mark.parametrize("name", of_ending(".pdf"))
def test_the_boxes_of_a_block_hold_its_words(name: str) -> None:
    """Page and boxes: what the library reads inside the boxes is the block."""
    document = prepared(name).document
    original = pdfium.PdfDocument((SAMPLES / name).read_bytes())
    wrong = []
    for block in document.blocks:
        inside = ""
        for box in block.place.boxes:
            page = original[box.page - 1]
            reach = (box.left - 1, box.bottom - 1, box.right + 1, box.top + 1)
            inside += page.get_textpage().get_text_bounded(*reach)
        words, there = squeezed(block.span.cut(document.text)), squeezed(inside)
        # The cells of a row may run over several lines: then their letters are there in another order.
        is_there = Counter(words) <= Counter(there) if block.kind is BlockKind.TABLE_ROW else words in there
        if not is_there or not block.place.page:
            wrong.append((block.place.page, block.span.cut(document.text)[:50], inside[:50]))

    assert wrong == []


@pytest.mark.parametrize("name", of_ending(".html"))
def test_an_element_holds_its_block_and_the_fragment_its_words(name: str) -> None:
    """The XPath leads to the block's words; the fragment begins with them."""
    document = prepared(name).document
    tree = html.document_fromstring((SAMPLES / name).read_bytes())
    wrong = []
    for block in document.blocks:
        (place,) = document.place_of(block.span)
        found: list[Any] = list(tree.xpath(place.element or "/none"))  # type: ignore[arg-type]
        text = block.span.cut(document.text)
        bare = text.partition(". ")[2] if block.kind is BlockKind.LIST_ITEM and text[:1].isdigit() else text
        if len(found) != 1 or squeezed(bare) not in squeezed(found[0].text_content()):
            wrong.append((place.element, text[:50]))
        if not (place.fragment or "").startswith("#:~:text="):
            wrong.append((place.fragment, text[:50]))

    assert wrong == []


def test_every_passage_has_a_place_in_every_format() -> None:
    """No passage of any sample is without one."""
    for name in of_ending(".md", ".txt", ".docx", ".pdf", ".html"):
        one = prepared(name)
        assert all(one.document.place_of(passage.span) for passage in one.passages), name


def test_a_chapter_of_a_book_has_a_member_file_and_no_fragment() -> None:
    """A book stands at no address."""
    data = book(b"<html><body><h1>Uno</h1><p>Un texto de un libro que alguien escribe.</p></body></html>")
    document = prepare(SourceFile.of("a.epub", data, media_type_of("a.epub", data))).document

    assert document.place_of(Span(0, len(document.text))) == (
        Place(element="/html/body/h1", part="a.xhtml"),
        Place(element="/html/body/p", part="a.xhtml"),
    )


FRAGMENTS = [
    ("Un 47 %, dice", "#:~:text=Un%2047%20%25%2C%20dice"),
    ("e-commerce & más", "#:~:text=e%2Dcommerce%20%26%20m%C3%A1s"),
    (
        "La primera parte de una frase larga cuyas palabras de en medio no hacen falta para encontrarla entera",
        "#:~:text=La%20primera%20parte%20de,falta%20para%20encontrarla%20entera",
    ),
]


@pytest.mark.parametrize(("text", "expected"), FRAGMENTS)
def test_fragments_are_written_as_browsers_read_them(text: str, expected: str) -> None:
    """Percent-encoded, the dash too; a long text by its first and last words."""
    assert text_fragment(text) == expected


def test_a_fragment_names_only_what_stands_on_the_page() -> None:
    """No number of a list, no bar of a table, and of a part of a block only that part."""
    page = (
        "<body><article><h1>Un título cualquiera</h1><p>Primera frase del texto. Segunda frase del texto.</p>"
        "<ol><li>Escuchar a los clientes</li><li>Responder sin tardar</li></ol>"
        "<table><tr><td>Banca</td><td>34</td><td>41</td></tr></table></article></body>"
    )
    document = prepare(SourceFile.of("a.html", page.encode(), HTML)).document

    def fragments(words: str) -> list[str | None]:
        start = document.text.index(words)
        return [place.fragment for place in document.place_of(Span(start, start + len(words)))]

    assert fragments("Segunda frase") == ["#:~:text=Segunda%20frase"]
    assert fragments("2. Responder sin tardar") == ["#:~:text=Responder%20sin%20tardar"]
    assert fragments("Banca | 34 | 41") == ["#:~:text=Banca,41"]
