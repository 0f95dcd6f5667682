"""DOCX as Word writes it: boxes, changes, controls, notes, tables in tables, Strict."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping

import docx
import pytest
from docx.document import Document as WordDocument
from lxml import etree

from ingest.readers.dispatch import read_document
from ingest.readers.extract import Extract
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import DOCX
from kb.records.document import BlockKind

_NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_BOX = "<w:txbxContent><w:p><w:r><w:t>En el cuadro: el 41 % cuelga.</w:t></w:r></w:p></w:txbxContent>"


def _read(body: str, parts: Mapping[str, str] = {}, change: Callable[[bytes], bytes] = bytes) -> Extract:
    """The extract of a document with this body, and these notes ("footnotes", "endnotes")."""
    document = docx.Document()
    for element in etree.fromstring(f"<w:body {_NAMESPACES}>{body}</w:body>"):
        document.element.body.insert(len(document.element.body) - 1, element)
    return read_document(_saved(document, parts, change), DOCX, "a.docx")


def _saved(document: WordDocument, parts: Mapping[str, str], change: Callable[[bytes], bytes]) -> bytes:
    saved, made = io.BytesIO(), io.BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as given, zipfile.ZipFile(made, "w") as archive:
        for name in given.namelist():
            data = given.read(name)
            if name == "word/_rels/document.xml.rels":
                links = "".join(
                    f'<Relationship Id="n{part}" Type="{_RELATION}/{part}" Target="{part}.xml"/>' for part in parts
                )
                data = data.replace(b"</Relationships>", links.encode() + b"</Relationships>")
            archive.writestr(name, change(data))
        for part, notes in parts.items():
            archive.writestr(f"word/{part}.xml", change(f"<w:{part} {_NAMESPACES}>{notes}</w:{part}>".encode()))
    return made.getvalue()


def _paragraph(runs: str) -> str:
    return f"<w:p>{runs}</w:p>"


def _run(text: str, properties: str = "") -> str:
    return f'<w:r><w:rPr>{properties}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


CASES = [
    (
        _paragraph(
            "<w:r><mc:AlternateContent>"
            f'<mc:Choice Requires="wps"><w:drawing><wps:txbx>{_BOX}</wps:txbx></w:drawing></mc:Choice>'
            f"<mc:Fallback><w:pict><v:textbox>{_BOX}</v:textbox></w:pict></mc:Fallback>"
            "</mc:AlternateContent></w:r>"
        ),
        ["En el cuadro: el 41 % cuelga."],
        "a text box, once, though it comes twice for old programs",
    ),
    (
        _paragraph(
            f"{_run('La espera ')}<w:ins>{_run('bajó al 18 %.')}</w:ins>"
            "<w:del><w:r><w:delText>99 %</w:delText></w:r></w:del>"
        ),
        ["La espera bajó al 18 %."],
        "an insertion is accepted, a deletion is out",
    ),
    (
        _paragraph(f"<w:moveFrom>{_run('Movido.')}</w:moveFrom>")
        + _paragraph(f"<w:moveTo>{_run('Movido.')}</w:moveTo>"),
        ["Movido."],
        "what was moved stands where it went",
    ),
    (
        f"<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>{_run('La espera ')}</w:p>" + _paragraph(_run("cansa.")),
        ["La espera cansa."],
        "two paragraphs whose mark between was deleted",
    ),
    (
        f"<w:sdt><w:sdtPr/><w:sdtContent>{_paragraph(_run('En un control.'))}</w:sdtContent></w:sdt>",
        ["En un control."],
        "a content control",
    ),
    (
        _paragraph(
            f"{_run('Se hizo en ')}<w:smartTag>{_run('Salamanca')}</w:smartTag>"
            f"<w:sdt><w:sdtContent>{_run(' en mayo')}</w:sdtContent></w:sdt>{_run('.')}"
        ),
        ["Se hizo en Salamanca en mayo."],
        "a smart tag and a control inside a sentence",
    ),
    (
        _paragraph(_run("A 2.400") + _run("1", '<w:vertAlign w:val="superscript"/>') + _run(" clientes.")),
        ["A 2.400 clientes."],
        "a typed mark of a note is no digit",
    ),
    (
        "<w:tbl><w:tr><w:tc><w:p/></w:tc><w:tc><w:tbl><w:tr>"
        f"<w:tc>{_paragraph(_run('Web'))}</w:tc><w:tc>{_paragraph(_run('18 %'))}</w:tc>"
        "</w:tr></w:tbl><w:p/></w:tc></w:tr></w:tbl>",
        ["Web | 18 %"],
        "a table inside a cell",
    ),
    (
        "<w:tbl>"
        + "".join(
            f"<w:tr><w:tc><w:tcPr><w:vMerge{merge}/></w:tcPr>{_paragraph(_run(label))}</w:tc>"
            f"<w:tc>{_paragraph(_run(value))}</w:tc></w:tr>"
            for merge, label, value in ((' w:val="restart"', "Canal", "12 %"), ("", "", "18 %"))
        )
        + "</w:tbl>",
        ["Canal | 12 %", "Canal | 18 %"],
        "a label that reaches down over rows",
    ),
    (
        f"<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc>{_paragraph(_run('99 %'))}</w:tc>"
        "<w:tc><w:p/></w:tc></w:tr></w:tbl>" + _paragraph(_run("Queda.")),
        ["Queda."],
        "a deleted row",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("body", "texts", "reason"), CASES)
def test_a_document_reads_as_word_shows_it(body: str, texts: list[str], reason: str) -> None:
    """Nothing that is shown is lost, nothing comes twice, and what was deleted stays out."""
    assert texts == [block.text for block in _read(body).blocks if block.furniture is None], reason


_NOTE_BODY = _paragraph(
    f'{_run("El 62 % repitió")}<w:r><w:footnoteReference w:id="2"/></w:r>{_run(" la llamada")}'
    '<w:r><w:endnoteReference w:id="2"/></w:r>' + _run(".")
) + _paragraph(_run("Después bajó."))
_NOTES = {
    part: f'<w:{kind} w:id="2">{_paragraph(f"<w:r><w:{kind}Ref/></w:r>" + _run(text))}</w:{kind}>'
    for part, kind, text in (
        ("footnotes", "footnote", " Encuesta a 1.850 personas."),
        ("endnotes", "endnote", " Véase el anexo."),
    )
}


def test_notes_stand_after_the_paragraph_that_has_their_mark() -> None:
    """Out of the sentence, in its place, with the number of its paragraph."""
    extract = _read(_NOTE_BODY, _NOTES)

    assert [(block.text, block.place.paragraph) for block in extract.blocks] == [
        ("El 62 % repitió la llamada.", 1),
        ("Encuesta a 1.850 personas.", 1),
        ("Véase el anexo.", 1),
        ("Después bajó.", 2),
    ]


def test_strict_documents_are_read() -> None:
    """ISO/IEC 29500 Strict has other namespaces and is no damage."""

    def strict(part: bytes) -> bytes:
        for name in (b"wordprocessingml", b"officeDocument", b"drawingml"):
            part = part.replace(
                b"http://schemas.openxmlformats.org/%s/2006" % name, b"http://purl.oclc.org/ooxml/%s" % name
            )
        return part

    extract = _read(_NOTE_BODY, _NOTES, strict)

    assert [block.text for block in extract.blocks][:2] == ["El 62 % repitió la llamada.", "Encuesta a 1.850 personas."]


def test_headers_and_lines_of_contents_are_no_text() -> None:
    """They go to the ledger, where the numbers of pages make no figures."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "Informe confidencial"
    document.styles.add_style("toc 1", 1)
    document.add_paragraph("La espera\t62", style="toc 1")
    document.add_heading("La espera", level=1)
    stream = io.BytesIO()
    document.save(stream)

    extract = read_document(stream.getvalue(), DOCX, "a.docx")

    assert [(block.text, block.kind, block.furniture) for block in extract.blocks] == [
        ("La espera 62", BlockKind.PARAGRAPH, "navigation"),
        ("La espera", BlockKind.HEADING, None),
        ("Informe confidencial", BlockKind.PARAGRAPH, "running_header_or_footer"),
    ]


@pytest.mark.parametrize(("author", "known"), [("jgarcia", ()), ("Instituto de Ejemplo", ("Instituto de Ejemplo",))])
def test_accounts_in_the_properties_are_no_authors(author: str, known: tuple[str, ...]) -> None:
    """A default title is none either."""
    document = docx.Document()
    document.add_paragraph("La espera cansa.")
    document.core_properties.title = "Documento1"
    document.core_properties.author = author
    stream = io.BytesIO()
    document.save(stream)

    assert read_document(stream.getvalue(), DOCX, "a.docx").metadata == SourceMetadata.of(
        "word properties", authors=known
    )


def test_the_data_behind_a_chart_stands_where_the_chart_does() -> None:
    """A document that shows its figures only in a chart is no document without text."""
    space = 'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    point = '<c:pt idx="0"><c:v>{}</c:v></c:pt>'
    values = f"<c:val><c:numRef><c:formatCode>0%</c:formatCode>{point.format(0.62)}</c:numRef></c:val>"
    series = f"<c:ser><c:tx><c:v>2024</c:v></c:tx><c:cat>{point.format('Repite')}</c:cat>{values}</c:ser>"
    shown = f'<w:r><w:drawing><c:chart {space} xmlns:r="{_RELATION}" r:id="nchart"/></w:drawing></w:r>'

    extract = _read(_paragraph(shown) + _paragraph(_run("Después.")), {"chart": f"<x {space}>{series}</x>"})

    assert [(one.kind, one.text, one.place.paragraph) for one in extract.blocks] == [
        (BlockKind.TABLE_ROW, "| 2024", 1),
        (BlockKind.TABLE_ROW, "Repite | 62%", 1),
        (BlockKind.PARAGRAPH, "Después.", 2),
    ]
