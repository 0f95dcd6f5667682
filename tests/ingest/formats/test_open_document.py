"""OpenDocument texts and presentations, on files made here from their own markup."""

from __future__ import annotations

import pytest

from ingest.readers.dispatch import read_document
from ingest.readers.signatures import ODP, ODT, media_type_of
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from tests.ingest.hostile import LAUGHS, packed

_NAMES = " ".join(
    f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
    for name, space in {
        "office": "office",
        "text": "text",
        "table": "table",
        "draw": "drawing",
        "style": "style",
        "presentation": "presentation",
    }.items()
)
_LINK = 'xmlns:xlink="http://www.w3.org/1999/xlink"'


def content(body: str, styles: str = "") -> bytes:
    inner = f"<office:automatic-styles>{styles}</office:automatic-styles><office:body>{body}</office:body>"
    return f"<office:document-content {_NAMES} {_LINK}>{inner}</office:document-content>".encode()


def odt(body: str, styles: str = "", others: dict[str, bytes] | None = None) -> bytes:
    text = content(f"<office:text>{body}</office:text>", styles)
    return packed({"mimetype": ODT.encode(), "content.xml": text, **(others or {})})


def lines(data: bytes, media_type: str = ODT) -> list[tuple[BlockKind, int, str]]:
    return [(block.kind, block.level, block.text) for block in read_document(data, media_type, "a").blocks]


def test_a_text_is_read_in_order_with_its_notes_boxes_and_rows() -> None:
    """Deletions, comments and the marks of notes are no text; a note and a box follow the paragraph they hang on."""
    data = odt(
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>Borrado: 99 %.</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes>"
        '<text:p text:style-name="P1">Informe anual</text:p><text:h text:outline-level="2">Resultados</text:h>'
        "<text:p>Repite el<text:s/><text:span>62<text:tab/>%</text:span><text:note><text:note-citation>1"
        "</text:note-citation><text:note-body><text:p>Encuesta a 2.400.</text:p></text:note-body></text:note>"
        "<office:annotation><text:p>¿Seguro?</text:p></office:annotation> de los clientes."
        "<draw:frame><draw:text-box><text:p>En un cuadro.</text:p></draw:text-box></draw:frame></text:p>"
        "<text:list><text:list-item><text:p>Uno</text:p><text:list><text:list-item><text:p>Dentro</text:p>"
        "</text:list-item></text:list></text:list-item></text:list>"
        "<table:table><table:table-header-rows><table:table-row><table:table-cell><text:p>Canal</text:p>"
        "</table:table-cell><table:table-cell><text:p>Cuota</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row><table:table-cell><text:p>Web</text:p></table:table-cell>"
        "<table:table-cell><text:p>18 %</text:p></table:table-cell></table:table-row></table:table>",
        '<style:style style:name="P1" style:parent-style-name="Title"/>',
    )

    assert lines(data) == [
        (BlockKind.HEADING, 1, "Informe anual"),
        (BlockKind.HEADING, 2, "Resultados"),
        (BlockKind.PARAGRAPH, 0, "Repite el 62 % de los clientes."),
        (BlockKind.PARAGRAPH, 0, "Encuesta a 2.400."),
        (BlockKind.PARAGRAPH, 0, "En un cuadro."),
        (BlockKind.LIST_ITEM, 1, "Uno"),
        (BlockKind.LIST_ITEM, 2, "Dentro"),
        (BlockKind.TABLE_ROW, 0, "Canal | Cuota"),
        (BlockKind.TABLE_ROW, 0, "Web | 18 %"),
    ]
    assert [block.place for block in read_document(data, ODT, "a").blocks][-2:] == [
        Place(paragraph=8),
        Place(paragraph=10),
    ]


def test_slides_are_read_one_by_one_with_their_notes_and_charts() -> None:
    frame = '<draw:frame presentation:class="{}"><draw:text-box><text:p>{}</text:p></draw:text-box></draw:frame>'
    notes = f"<presentation:notes>{frame.format('notes', 'Decir despacio.')}</presentation:notes>"
    chart = '<draw:frame><draw:object xlink:href="./Object 1"/></draw:frame>'
    body = f"<draw:page>{frame.format('title', 'El 62 %')}{chart}{notes}</draw:page>"
    body += f"<draw:page>{frame.format('outline', 'Segunda')}</draw:page>"
    cell = "<table:table-cell><text:p>{}</text:p></table:table-cell>"
    row = f"<table:table-row>{cell.format('Web')}{cell.format('18')}</table:table-row>"
    data = packed(
        {
            "mimetype": ODP.encode(),
            "content.xml": content(f"<office:presentation>{body}</office:presentation>"),
            "Object 1/content.xml": content(f"<table:table>{row}</table:table>"),
        }
    )

    extract = read_document(data, media_type_of("a.odp", data), "a.odp")

    assert [(block.kind, block.text, block.place) for block in extract.blocks] == [
        (BlockKind.HEADING, "El 62 %", Place(slide=1)),
        (BlockKind.TABLE_ROW, "Web | 18", Place(slide=1)),
        (BlockKind.PARAGRAPH, "Decir despacio.", Place(slide=1, part="notes")),
        (BlockKind.PARAGRAPH, "Segunda", Place(slide=2)),
    ]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (odt(""), r"is an OpenDocument text \(ODT\) without text"),
        (odt("<text:p>x</text:p>", others={"META-INF/manifest.xml": b"<m><encryption-data/></m>"}), "is encrypted"),
        (packed({"mimetype": ODT.encode(), "content.xml": b"<a><<"}), "that is damaged"),
        (packed({"mimetype": ODT.encode()}), "that is damaged"),
        (packed({"mimetype": ODT.encode(), "content.xml": LAUGHS + b"<a>&a9;</a>"}), "declares entities"),
        (packed({"mimetype": ODT.encode(), "content.xml": b" " * 33 * 2**20}), "unpacks to more than 32 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        read_document(data, ODT, "a.odt")
    assert caught.value.hint


def test_a_spreadsheet_of_open_document_has_its_hint() -> None:
    data = packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<a/>"})

    with pytest.raises(SourceError, match="ODS") as caught:
        media_type_of("a.ods", data)
    assert caught.value.hint == "Save it as XLSX or CSV"
