"""Slide decks (PPTX), on files made here from their own markup."""

from __future__ import annotations

import pytest

from ingest.readers.dispatch import read_document
from ingest.readers.extract import RawBlock
from ingest.readers.signatures import media_type_of
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from tests.ingest.hostile import LAUGHS, packed

PPTX = FileFormat.PPTX.media_type
_BASE = "http://schemas.openxmlformats.org"
_NAMES = (
    f'xmlns:p="{_BASE}/presentationml/2006/main" xmlns:a="{_BASE}/drawingml/2006/main" '
    f'xmlns:r="{_BASE}/officeDocument/2006/relationships" xmlns:c="{_BASE}/drawingml/2006/chart" '
    f'xmlns:dgm="{_BASE}/drawingml/2006/diagram" xmlns:mc="{_BASE}/markup-compatibility/2006"'
)


def shape(*paragraphs: str, role: str | None = None) -> str:
    place = f'<p:nvPr><p:ph type="{role}"/></p:nvPr>' if role else "<p:nvPr/>"
    return f"<p:sp><p:nvSpPr>{place}</p:nvSpPr><p:txBody>{''.join(paragraphs)}</p:txBody></p:sp>"


def paragraph(text: str, properties: str = "") -> str:
    return f"<a:p>{properties}<a:r><a:t>{text}</a:t></a:r></a:p>"


def slide(*shapes: str, attributes: str = "") -> bytes:
    return f"<p:sld {_NAMES} {attributes}><p:cSld><p:spTree>{''.join(shapes)}</p:spTree></p:cSld></p:sld>".encode()


def relations(**targets: tuple[str, str]) -> bytes:
    rows = (
        f'<Relationship Id="{one}" Type="{_BASE}/x/{kind}" Target="{path}"/>' for one, (kind, path) in targets.items()
    )
    return f'<Relationships xmlns="{_BASE}/package/2006/relationships">{"".join(rows)}</Relationships>'.encode()


def deck(*slides: bytes, **others: bytes) -> bytes:
    listed = "".join(f'<p:sldId id="{number}" r:id="r{number}"/>' for number in range(len(slides)))
    parts = {
        "_rels/.rels": relations(r1=("officeDocument", "ppt/presentation.xml")),
        "ppt/presentation.xml": f"<p:presentation {_NAMES}><p:sldIdLst>{listed}</p:sldIdLst></p:presentation>".encode(),
        "ppt/_rels/presentation.xml.rels": relations(
            **{f"r{number}": ("slide", f"slides/slide{number}.xml") for number in range(len(slides))}
        ),
    }
    parts |= {f"ppt/slides/slide{number}.xml": one for number, one in enumerate(slides)}
    return packed(parts | {name.replace("__", "/").replace("_xml", ".xml"): one for name, one in others.items()})


def blocks(data: bytes) -> list[tuple[BlockKind, int, str]]:
    return [(one.kind, one.level, one.text) for one in read_document(data, PPTX, "a.pptx").blocks if not one.furniture]


def test_a_slide_is_read_title_first_in_the_order_of_its_shapes() -> None:
    """Bullets are items of a list; what runs on every slide is furniture, and the mark of a note no digit."""
    first = slide(shape(paragraph("Informe anual"), role="ctrTitle"), shape(paragraph("2024"), role="subTitle"))
    raised = '<a:r><a:rPr baseline="30000"/><a:t>1</a:t></a:r>'
    second = slide(
        shape(paragraph("En un cuadro."), paragraph("Con viñeta", '<a:pPr><a:buChar char="•"/></a:pPr>')),
        shape(paragraph("Confidencial"), role="ftr"),
        shape('<a:p><a:fld type="slidenum"><a:t>2</a:t></a:fld></a:p>', role="sldNum"),
        shape(
            f"<a:p><a:r><a:t>Repite el </a:t></a:r><a:r><a:t>62 %</a:t></a:r>{raised}</a:p>",
            paragraph("Dentro", '<a:pPr lvl="1"/>'),
            paragraph("Sin viñeta", "<a:pPr><a:buNone/></a:pPr>"),
            role="body",
        ),
        f"<p:grpSp><p:grpSp>{shape(paragraph('En un grupo'))}</p:grpSp></p:grpSp>",
        f"<mc:AlternateContent><mc:Choice>{shape(paragraph('Una vez'))}</mc:Choice>"
        f"<mc:Fallback>{shape(paragraph('Dos veces'))}</mc:Fallback></mc:AlternateContent>",
        shape(paragraph("Resultados"), role="title"),
    )
    data = deck(first, second)

    extract = read_document(data, media_type_of("a.pptx", data), "a.pptx")

    assert blocks(data) == [
        (BlockKind.HEADING, 1, "Informe anual"),
        (BlockKind.PARAGRAPH, 0, "2024"),
        (BlockKind.HEADING, 2, "Resultados"),
        (BlockKind.PARAGRAPH, 0, "En un cuadro."),
        (BlockKind.LIST_ITEM, 1, "Con viñeta"),
        (BlockKind.LIST_ITEM, 1, "Repite el 62 %"),
        (BlockKind.LIST_ITEM, 2, "Dentro"),
        (BlockKind.PARAGRAPH, 0, "Sin viñeta"),
        (BlockKind.PARAGRAPH, 0, "En un grupo"),
        (BlockKind.PARAGRAPH, 0, "Una vez"),
    ]
    assert [one for one in extract.blocks if one.furniture] == [
        RawBlock("Confidencial", BlockKind.PARAGRAPH, 0, Place(slide=2), "running_header_or_footer"),
        RawBlock("1", BlockKind.PARAGRAPH, 0, Place(slide=2), "note_mark"),
    ]


def test_tables_charts_diagrams_and_notes() -> None:
    """The data that a chart shows, as its format shows it; the notes last, with their own place."""
    cell = "<a:tc><a:txBody>{}</a:txBody></a:tc>"
    row = f"<a:tr>{cell.format(paragraph('Web'))}{cell.format(paragraph('18 %'))}</a:tr>"
    frames = (
        f"<p:graphicFrame><a:tbl>{row}</a:tbl></p:graphicFrame>"
        '<p:graphicFrame><c:chart r:id="r2"/></p:graphicFrame><p:graphicFrame><dgm:relIds r:dm="r3"/></p:graphicFrame>'
    )
    point = '<c:pt idx="{}"><c:v>{}</c:v></c:pt>'
    labels = f"<c:cat><c:strRef>{point.format(0, 'Web')}{point.format(1, 'Tienda')}</c:strRef></c:cat>"
    points = f"<c:formatCode>0%</c:formatCode>{point.format(0, 0.18)}{point.format(1, 0.62)}"
    values = f"<c:val><c:numRef>{points}</c:numRef></c:val>"
    series = f"<c:ser><c:tx><c:v>2024</c:v></c:tx>{labels}{values}</c:ser>"
    chart = f"<c:chartSpace {_NAMES}><c:title>{paragraph('Cuota')}</c:title>{series}</c:chartSpace>".encode()
    related = relations(
        r1=("notesSlide", "../notes.xml"), r2=("chart", "../chart.xml"), r3=("diagramData", "/ppt/data.xml")
    )
    data = deck(
        slide(shape(paragraph("Canales"), role="title"), frames),
        **{
            "ppt__slides___rels__slide0.xml.rels": related,
            "ppt__chart.xml": chart,
            "ppt__data.xml": f"<x {_NAMES}>{paragraph('Del esquema')}</x>".encode(),
            "ppt__notes.xml": slide(shape(paragraph("x"), role="sldImg"), shape(paragraph("Despacio."), role="body")),
        },
    )

    found = read_document(data, PPTX, "a.pptx").blocks

    assert [(one.kind, one.text, one.place) for one in found] == [
        (BlockKind.HEADING, "Canales", Place(slide=1)),
        (BlockKind.TABLE_ROW, "Web | 18 %", Place(slide=1)),
        (BlockKind.CAPTION, "Cuota", Place(slide=1)),
        (BlockKind.TABLE_ROW, "| 2024", Place(slide=1)),
        (BlockKind.TABLE_ROW, "Web | 18%", Place(slide=1)),
        (BlockKind.TABLE_ROW, "Tienda | 62%", Place(slide=1)),
        (BlockKind.PARAGRAPH, "Del esquema", Place(slide=1)),
        (BlockKind.PARAGRAPH, "Despacio.", Place(slide=1, part="notes")),
    ]


def test_hidden_slides_are_not_read_and_named_and_properties_are_those_of_persons() -> None:
    core = b"<c><title>Presentaci\xc3\xb3n de PowerPoint</title><creator>Ana Gil</creator></c>"
    data = deck(
        slide(shape(paragraph("Se ve."))),
        slide(shape(paragraph("No se ve.")), attributes='show="0"'),
        docProps__core_xml=core,
    )

    extract = read_document(data, PPTX, "a.pptx")

    assert [one.text for one in extract.blocks] == ["Se ve."]
    assert extract.notes == ("hidden slides were not read: 2",)
    assert (extract.metadata.title, extract.metadata.authors) == (None, ("Ana Gil",))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (deck(slide()), r"is a slide deck \(PPTX\) without text"),
        (deck(b"<<"), "that is damaged"),
        (packed({"ppt/presentation.xml": b"<a/>"}), "that is damaged"),
        (deck(LAUGHS + b"<a>&a9;</a>"), "declares entities"),
        (deck(slide(), ppt__media__x_xml=b" " * 33 * 2**20), "unpacks to more than 32 MB"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        read_document(data, PPTX, "a.pptx")
    assert caught.value.hint


def test_a_chart_of_2016_is_read_by_its_data() -> None:
    """A waterfall or funnel keeps labels and values apart from the series, which name them by an id."""
    space = 'xmlns:cx="http://schemas.microsoft.com/office/drawing/2014/chartex"'
    levels = '<cx:lvl{}><cx:pt idx="0">{}</cx:pt><cx:pt idx="1">{}</cx:pt></cx:lvl>'
    labels, values = levels.format("", "Web", "Tienda"), levels.format(' formatCode="0%"', 0.18, 0.62)
    data = f'<cx:data id="7"><cx:strDim type="cat">{labels}</cx:strDim><cx:numDim>{values}</cx:numDim></cx:data>'
    series = '<cx:series><cx:tx><cx:txData><cx:v>2024</cx:v></cx:txData></cx:tx><cx:dataId val="7"/></cx:series>'
    chart = f"<cx:chartSpace {space}><cx:chartData>{data}</cx:chartData><cx:chart>{series}</cx:chart></cx:chartSpace>"
    frame = (
        f'<mc:AlternateContent><mc:Choice><p:graphicFrame><cx:chart {space} r:id="r1"/></p:graphicFrame></mc:Choice>'
    )
    made = deck(
        slide(f"{frame}<mc:Fallback><p:pic/></mc:Fallback></mc:AlternateContent>"),
        **{
            "ppt__slides___rels__slide0.xml.rels": relations(r1=("chartEx", "../chart.xml")),
            "ppt__chart.xml": chart.encode(),
        },
    )

    assert [one.text for one in read_document(made, PPTX, "a.pptx").blocks] == ["| 2024", "Web | 18%", "Tienda | 62%"]
