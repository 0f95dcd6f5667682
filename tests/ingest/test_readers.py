"""Each format to blocks: kinds, order, places and metadata, on files made here."""

from __future__ import annotations

import io
import json
import time
import zipfile

import docx
import pytest
from reportlab.lib.pagesizes import A4  # type: ignore[import-untyped]
from reportlab.lib.styles import getSampleStyleSheet  # type: ignore[import-untyped]
from reportlab.platypus import (  # type: ignore[import-untyped]
    BaseDocTemplate,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
)

from ingest.readers.dispatch import read_document
from ingest.readers.encodings import decode
from ingest.readers.markdown import _without_comments
from ingest.readers.signatures import DOCX, EPUB, HTML, MARKDOWN, PDF, TEXT
from ingest.sources.sources import SourceFile
from ingest.text.prepare import prepare
from kb.records.document import BlockKind
from kb.records.errors import SourceError
from tests.ingest import hostile

_SPANISH = "La atención llegó tarde: «mañana», dijo el señor Núñez, pagó 20 € y se marchó sin más explicación.\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_spanish_is_decoded_in_any_common_encoding(encoding: str) -> None:
    """Accents, ñ, guillemets and the euro sign come out right."""
    assert decode(_SPANISH.encode(encoding), "a.txt") == _SPANISH


def test_latin_1_is_decoded() -> None:
    """What old Spanish files are written in."""
    text = _SPANISH.replace("€", "$")

    assert decode(text.encode("latin-1"), "a.txt") == text


_OLD = "La señora Núñez llegó tarde: ¿cuánto más esperó? «Una hora», respondió; él pagó y se marchó sin más.\n"


def test_a_few_words_of_a_table_are_spanish_before_they_are_latvian() -> None:
    """Detection needs more letters than a table has: it took this year for "Aņo"."""
    text = "Canal;Año;Cuota\nWeb;2020;18,5 %\n"

    assert decode(text.encode("cp1252"), "a.csv") == text


def test_an_old_encoding_is_told_where_windows_makes_dashes_of_its_letters() -> None:
    """ "Año" of a Macintosh is "A–o": a dash between two letters is none of Western text."""
    text = "Año de la satisfacción\n\n¿Cómo habían resuelto aquí su problema? Con atención y opinión, según el año."

    assert decode(text.encode("mac_roman"), "a.txt") == text


@pytest.mark.parametrize("encoding", ["cp850", "mac_roman"])
def test_old_encodings_are_read_and_said(encoding: str) -> None:
    """Text of DOS and of old Macintoshes keeps its accents, and the report says that its encoding was inferred."""
    extract = read_document(_OLD.encode(encoding, "replace"), TEXT, "a.txt")

    assert extract.blocks[0].text.startswith("La señora Núñez llegó tarde: ¿cuánto más esperó?")
    assert extract.notes == (f"its encoding is not said and was taken for {encoding}: check its accents",)


@pytest.mark.parametrize(
    "text", [_SPANISH, "Don’t wait—call “now”… it’s 20 € – or more\n", "Größe, façade, ação, Ærø\n"]
)
def test_western_text_is_not_taken_for_older(text: str) -> None:
    """Dashes between words, curly quotes and the letters of neighbours are no DOS."""
    extract = read_document(text.encode("cp1252"), TEXT, "a.txt")

    assert (extract.blocks[0].text, extract.notes) == (text.strip(), ())


@pytest.mark.parametrize("line", ["La atención llegó «tarde»: “no, no…, dijo Núñez", "Ñandú, ü, ¿qué?"])
def test_text_decoded_twice_is_repaired_and_said(line: str) -> None:
    """What was UTF-8 read as windows-1252 is itself again; a text that means its "Ã" stays."""
    twice = line.encode().decode("cp1252")

    extract = read_document(twice.encode(), TEXT, "a.txt")
    meant = read_document("SÃO PAULO, IRMÃ e MANHÃ".encode(), TEXT, "a.txt")

    assert extract.notes == ("its accents had been damaged before it was saved (Ã³ for ó) and were repaired",)
    assert extract.blocks[0].text == line
    assert (meant.blocks[0].text, meant.notes) == ("SÃO PAULO, IRMÃ e MANHÃ", ())


_PAGE = """<!doctype html><html><head><meta charset="utf-8"><title>Un título | Sitio</title>
<script type="application/ld+json">{"@type": "BlogPosting", "headline": "Un título",
"author": {"name": "Ana Gil"}, "datePublished": "2021-03-04T10:00:00Z"}</script>
<meta property="og:site_name" content="Sitio"></head><body>
<nav><a href="/">Inicio</a></nav><article><h1>Un título</h1>
<p>El primer párrafo del artículo <b>es largo</b> y cuenta qué pasó con la atención a los clientes.</p>
<h2>Los pasos</h2><p>Hay dos cosas que conviene hacer:</p><ol><li>Escuchar</li><li>Responder</li></ol>
<table><tr><th>Año</th><th>NPS</th></tr><tr><td>2020</td><td>34</td></tr></table>
<blockquote>Una cita de un cliente que esperó demasiado.</blockquote></article>
<div class="share-buttons">Compartir en todas partes</div><footer>Pie</footer></body></html>"""


def test_a_page_gives_blocks_with_elements_and_says_what_is_furniture() -> None:
    """Headings, numbered items, table rows and quotes in order; menu, bar and footer marked."""
    extract = read_document(_PAGE.encode(), HTML, "a.html")

    kept = [(block.kind, block.text) for block in extract.blocks if not block.furniture]
    marked = [(block.furniture, block.text) for block in extract.blocks if block.furniture]
    elements = {block.text: block.place.element for block in extract.blocks}

    assert kept == [
        (BlockKind.HEADING, "Un título"),
        (
            BlockKind.PARAGRAPH,
            "El primer párrafo del artículo es largo y cuenta qué pasó con la atención a los clientes.",
        ),
        (BlockKind.HEADING, "Los pasos"),
        (BlockKind.PARAGRAPH, "Hay dos cosas que conviene hacer:"),
        (BlockKind.LIST_ITEM, "1. Escuchar"),
        (BlockKind.LIST_ITEM, "2. Responder"),
        (BlockKind.TABLE_ROW, "Año | NPS"),
        (BlockKind.TABLE_ROW, "2020 | 34"),
        (BlockKind.QUOTE, "Una cita de un cliente que esperó demasiado."),
    ]
    assert marked == [("navigation", "Inicio"), ("outside_main_text", "Compartir en todas partes"), ("footer", "Pie")]
    assert elements["1. Escuchar"] == "/html/body/article/ol/li[1]"


def test_a_page_tells_its_metadata_and_where_each_field_stood() -> None:
    """JSON-LD first, then OpenGraph; what is not said is null."""
    metadata = read_document(_PAGE.encode(), HTML, "a.html").metadata

    assert (metadata.title, metadata.authors, metadata.publisher) == ("Un título", ("Ana Gil",), "Sitio")
    assert (metadata.published, metadata.url) == ("2021-03-04", None)
    assert {origin.field: origin.origin for origin in metadata.origins} == {
        "title": "json-ld",
        "authors": "json-ld",
        "published": "json-ld",
        "publisher": "opengraph",
    }


_MARKDOWN = """---
title: Un post
date: 2022-05-06 10:00
authors: [Ana]
---

{{< figure src="x.jpg" >}}
Primera línea con [enlace]({{< ref "otro.md" >}} "Otro") y **negrita**.

**¿Qué es el CES?**

* uno
* dos

| A | B |
|---|---|
| 1 | 2 |
"""


def test_markdown_gives_lines_and_leaves_no_markup() -> None:
    """Front matter is metadata; shortcodes, link syntax and emphasis marks are gone; lines are true."""
    extract = read_document(_MARKDOWN.encode(), MARKDOWN, "a.md")

    assert [(block.kind, block.text, block.place.line) for block in extract.blocks] == [
        (BlockKind.PARAGRAPH, "Primera línea con enlace y negrita.", 8),
        (BlockKind.HEADING, "¿Qué es el CES?", 10),
        (BlockKind.LIST_ITEM, "uno", 12),
        (BlockKind.LIST_ITEM, "dos", 13),
        (BlockKind.TABLE_ROW, "A | B", 15),
        (BlockKind.TABLE_ROW, "1 | 2", 17),
    ]
    assert (extract.metadata.title, extract.metadata.authors) == ("Un post", ("Ana",))
    assert extract.metadata.published == "2022-05-06"


def test_wrapped_text_is_joined_and_listed_text_is_not() -> None:
    """Lines broken at a width make paragraphs; lines of their own stay blocks of their own."""
    wrapped = (
        "Este texto se partió a una anchura fija, como hacen los correos y los\n"
        "programas antiguos, de modo que una frase ocupa varias líneas seguidas\n"
        "y acaba aquí.\n\nOtro párrafo.\n"
    )

    texts = [block.text for block in read_document(wrapped.encode(), TEXT, "a.txt").blocks]

    assert len(texts) == 2
    assert texts[0].endswith("una frase ocupa varias líneas seguidas y acaba aquí.")


def _word_file() -> bytes:
    document = docx.Document()
    document.add_heading("Título", level=1)
    document.add_paragraph("Un párrafo.")
    document.add_paragraph("Primero", style="List Bullet")
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "NPS", "34"
    document.add_paragraph("Una cita.", style="Quote")
    document.core_properties.author = "Ana Gil; Luis Ruiz"
    stream = io.BytesIO()
    document.save(stream)
    return stream.getvalue()


def test_word_files_keep_order_and_count_paragraphs() -> None:
    """Headings, lists, tables and quotes in their order, with the number of each paragraph."""
    extract = read_document(_word_file(), DOCX, "a.docx")

    assert [(block.kind, block.text, block.place.paragraph) for block in extract.blocks] == [
        (BlockKind.HEADING, "Título", 1),
        (BlockKind.PARAGRAPH, "Un párrafo.", 2),
        (BlockKind.LIST_ITEM, "Primero", 3),
        (BlockKind.TABLE_ROW, "NPS | 34", 4),
        (BlockKind.QUOTE, "Una cita.", 6),
    ]
    assert extract.metadata.authors == ("Ana Gil", "Luis Ruiz")


def _study(pages: int) -> bytes:
    """A study in two columns with a running header, page numbers, a table and one numbered paragraph a column."""
    stream = io.BytesIO()
    width, height = A4
    frames = [Frame(left, 60, width / 2 - 60, height - 130, id=str(left)) for left in (50, width / 2 + 10)]

    def furniture(canvas: object, template: object) -> None:
        canvas.drawString(50, height - 40, "Estudio de ejemplo")  # type: ignore[attr-defined]
        canvas.drawString(290, 30, str(canvas.getPageNumber()))  # type: ignore[attr-defined]

    template = BaseDocTemplate(stream, pagesize=A4, title="Estudio de ejemplo sobre la espera")
    template.addPageTemplates(PageTemplate(id="two", frames=frames, onPage=furniture))
    styles = getSampleStyleSheet()
    story: list[object] = [Paragraph("La espera", styles["Heading1"])]
    for number in range(pages * 12):
        words = f"Párrafo {number}: las personas que esperan al teléfono recuerdan la espera y no la respuesta. "
        story += [Paragraph(words * 3, styles["BodyText"]), Spacer(1, 8)]
        if number == 20:
            story += [
                Table([["Sector", "2020", "2021"], ["Banca", "34", "41"], ["Seguros", "12", "15"]]),
                Spacer(1, 12),
            ]
    template.build(story)
    return stream.getvalue()


def test_a_long_study_in_two_columns_reads_in_order_with_its_pages() -> None:
    """Forty pages: paragraphs in order and whole, the table row by row, headers and numbers out, pages true."""
    document = prepare(SourceFile.of("a.pdf", _study(40), PDF)).document

    texts = [block.span.cut(document.text) for block in document.blocks]
    numbers = [int(text.split()[1].rstrip(":")) for text in texts if text.startswith("Párrafo")]
    pages = [block.place.page for block in document.blocks]

    assert numbers == list(range(480))
    assert [text for text in texts if "|" in text] == ["Sector | 2020 | 2021", "Banca | 34 | 41", "Seguros | 12 | 15"]
    assert "Estudio de ejemplo" not in document.text
    assert {removed.rule for removed in document.removed} == {"running_header_or_footer"}
    assert pages == sorted(page for page in pages if page)
    assert document.title == "Estudio de ejemplo sobre la espera"


def _book(chapter: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", '<container><rootfile full-path="OPS/p.opf"/></container>')
        archive.writestr(
            "OPS/p.opf",
            '<package xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Libro</dc:title><dc:creator>Ana</dc:creator>'
            '<manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>',
        )
        archive.writestr("OPS/a.xhtml", chapter)
    return stream.getvalue()


def test_books_give_chapters_with_their_member_file() -> None:
    """The spine's order, the element and the file inside the book; entities of the outside are not read."""
    chapter = (
        '<?xml version="1.0"?><!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
        "<html><body><h1>Uno</h1><p>Texto &x; fin.</p></body></html>"
    )

    extract = read_document(_book(chapter), EPUB, "a.epub")

    assert [(block.text, block.place.part, block.place.element) for block in extract.blocks] == [
        ("Uno", "OPS/a.xhtml", "/html/body/h1"),
        ("Texto &x; fin.", "OPS/a.xhtml", "/html/body/p"),
    ]
    assert (extract.metadata.title, extract.metadata.authors) == ("Libro", ("Ana",))


EMPTY = [
    ("a.html", HTML, b"<html><body><script>var a = 1</script></body></html>", "holds no text"),
    ("b.html", HTML, b"<html><body>" + b"<div>" * 300 + b"hola" + b"</div>" * 300, "nests more than 200"),
    ("a.md", MARKDOWN, b"---\ntitle: x\n---\n", "holds no text"),
    ("a.pdf", PDF, b"%PDF-1.4 nothing", "damaged PDF"),
    ("a.docx", DOCX, b"PK\x03\x04", "damaged"),
    ("a.epub", EPUB, b"PK\x03\x04", "damaged"),
    ("a.txt", TEXT, "— • —".encode(), "holds no text"),
    ("a.bin", "image/gif", b"x", "media type"),
]


@pytest.mark.parametrize(("name", "media_type", "data", "reason"), EMPTY)
def test_no_text_is_a_failure_with_its_reason(name: str, media_type: str, data: bytes, reason: str) -> None:
    """Nothing extracted is never a success."""
    with pytest.raises(SourceError, match=reason) as caught:
        read_document(data, media_type, name)

    assert caught.value.thing == name
    assert caught.value.hint


def test_a_scan_is_reported_as_one() -> None:
    """A PDF of pages without text names the way out."""
    stream = io.BytesIO()
    template = BaseDocTemplate(stream, pagesize=A4)
    template.addPageTemplates(PageTemplate(frames=[Frame(50, 50, 400, 700)]))
    template.build([Spacer(1, 10)])

    with pytest.raises(SourceError, match="a scan or pictures"):
        read_document(stream.getvalue(), PDF, "scan.pdf")


def test_extracts_cross_a_pipe_unchanged() -> None:
    """The JSON between the program and the reader's process loses nothing."""
    from ingest.readers.wire import extract_from_json, extract_to_json

    extract = read_document(_word_file(), DOCX, "a.docx")

    assert extract_from_json(extract_to_json(extract)) == extract
    assert json.loads(extract_to_json(extract))["media_type"] == DOCX


@pytest.mark.parametrize(
    ("label", "given", "read"),
    [
        ("closed", "uno <!-- no --> dos", "uno  dos"),
        ("one in another", "uno <!-- a <!-- b --> dos", "uno  dos"),
        ("never closed", "uno <!-- dos", "uno <!-- dos"),
        ("lines kept", "uno <!--\n\n--> dos", "uno \n\n dos"),
        ("a short one after one too long", f"<!-- {'a' * 20_000} <!-- b --> dos", f"<!-- {'a' * 20_000}  dos"),
    ],
)
def test_comments_of_markdown_are_blanked(label: str, given: str, read: str) -> None:
    """By a scan: what opens a thousand times and never closes is looked through once."""
    assert _without_comments(given) == read


@pytest.mark.parametrize("blank", [" ", "\t", "\u00a0"], ids=["blanks", "tabs", "no-break spaces"])
def test_a_run_of_blanks_does_not_stall_a_text(blank: str) -> None:
    """A hundred thousand of them within a second, and not one of them lost inside a line."""
    text = f"Una línea con hueco{blank * 100_000}y su final."
    start = time.process_time()
    extract = read_document(text.encode(), TEXT, "a.txt")

    assert [block.text for block in extract.blocks] == [text]
    assert time.process_time() - start < 1


def test_a_book_whose_maker_writes_signs_as_they_stand_is_read() -> None:
    """ "&" in a title is no XML, and books with it are read everywhere."""
    package = (
        b'<!DOCTYPE package><package xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Ana & Luis</dc:title>'
        b'<manifest><item id="a" href="a.xhtml"/></manifest><spine><itemref idref="a"/></spine></package>'
    )

    extract = read_document(hostile.book(b"<body><p>Un capitulo.</p></body>", package), EPUB, "a.epub")

    assert ([block.text for block in extract.blocks], extract.metadata.title) == (["Un capitulo."], "Ana Luis")
