"""Rich text (RTF): what is text, in which code page, and what hangs on it."""

from __future__ import annotations

import pytest

from ingest.readers.dispatch import read_document
from ingest.readers.extract import RawBlock
from ingest.readers.signatures import media_type_of
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat

RTF = FileFormat.RTF.media_type
_HEAD = (
    rb"{\rtf1\ansi\ansicpg1252\deff0{\fonttbl{\f0\fswiss\fcharset0 Arial;}{\f1\fcharset204 Cyr;}}{\colortbl;\red0;}"
    rb"{\stylesheet{\ql Normal;}{\s1\sbasedon0 heading 1;}{\s2 T\'edtulo 2;}{\*\cs10 Default;}}"
    rb"{\info{\title Informe de la experiencia}{\author Ana Gil}{\doccomm nada}}"
)


def lines(body: bytes) -> list[tuple[BlockKind, int, str]]:
    found = read_document(_HEAD + body + b"}", RTF, "a.rtf").blocks
    return [(one.kind, one.level, one.text) for one in found if one.furniture is None]


def test_paragraphs_headings_lists_and_rows() -> None:
    body = (
        rb"\pard\s1\b Resultados\b0\par\pard\s2 Detalle\par\pard\outlinelevel2 M\'e1s\par"
        rb"\pard Una l\'ednea\line y otra\par"
        rb"{\listtext\'b7\tab}\pard\ls1 Uno\par\trowd\pard\intbl Canal\par Web\cell Cuota\cell\row"
        rb"\pard\intbl Todos\cell 18\~%\cell\row\pard Fin\par"
    )

    assert lines(body) == [
        (BlockKind.HEADING, 1, "Resultados"),
        (BlockKind.HEADING, 2, "Detalle"),
        (BlockKind.HEADING, 3, "Más"),
        (BlockKind.PARAGRAPH, 0, "Una línea y otra"),
        (BlockKind.LIST_ITEM, 1, "Uno"),
        (BlockKind.TABLE_ROW, 0, "Canal Web | Cuota"),
        (BlockKind.TABLE_ROW, 0, "Todos | 18 %"),
        (BlockKind.PARAGRAPH, 0, "Fin"),
    ]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (rb"\'93s\'ed\'94, \u233?l \{x\} \\ fin", "“sí”, él {x} \\ fin"),
        (rb"\uc2\u8364\'80\'20uro\uc0\u241 a", "€uroña"),
        (rb"{\f1 \'cf\'f0\'e8} y \'f1", "При y ñ"),
        (rb"hola \u-10179?\u-8704?", "hola 😀"),
        (rb"{\upr{ansi}{\*\ud{\u931?}}} suma", "Σ suma"),
        (rb"a{\v oculto}{\deleted borrado}{\*\nuevo nada}b", "ab"),
        (rb'{\field{\*\fldinst HYPERLINK "http://x.example"}{\fldrslt enlace}}', "enlace"),
        (rb"a{\pict\wmetafile8 0102}{\*\shppict{\pict 03}}{\pict\bin4 }{\\}b", "ab"),
        (rb"{\object{\*\objdata 0102}{\result se ve}}", "se ve"),
        (rb"un 5\emdash 6 \bullet  x\~y\_z\-w", "un 5—6 • x y‑zw"),
        (rb"10 m{\super 2}", "10 m²"),
    ],
)
def test_what_is_text_in_a_paragraph(body: bytes, text: str) -> None:
    assert lines(body + rb"\par") == [(BlockKind.PARAGRAPH, 0, text)]


def test_notes_and_boxes_follow_their_paragraph_and_marks_are_no_digits() -> None:
    """ "2.400" with a raised 1 is no 24001; headers are furniture; everything has the number of its paragraph."""
    body = (
        rb"{\header\pard Cabecera\par}\pard Uno.\par Repite 2.400{\super 1}{\footnote\pard{\super\chftn} Una nota.}"
        rb"{\shp{\*\shpinst\shpleft1{\sp{\sn a}{\sv b}}{\shptxt\pard En un cuadro.\par}}{\shprslt no}}"
        rb" de cada 3.000.\par"
    )

    extract = read_document(_HEAD + body + b"}", RTF, "a.rtf")

    assert extract.blocks == (
        RawBlock("Cabecera", BlockKind.PARAGRAPH, 0, Place(), "running_header_or_footer"),
        RawBlock("Uno.", BlockKind.PARAGRAPH, 0, Place(paragraph=1)),
        RawBlock("Repite 2.400 de cada 3.000.", BlockKind.PARAGRAPH, 0, Place(paragraph=2)),
        RawBlock("Una nota.", BlockKind.PARAGRAPH, 0, Place(paragraph=2)),
        RawBlock("En un cuadro.", BlockKind.PARAGRAPH, 0, Place(paragraph=2)),
        RawBlock("1", BlockKind.PARAGRAPH, 0, Place(paragraph=2), "note_mark"),
    )
    assert (extract.metadata.title, extract.metadata.authors) == ("Informe de la experiencia", ("Ana Gil",))
    assert extract.notes == ()


def test_a_file_is_told_by_its_first_bytes_and_says_where_its_end_is_missing() -> None:
    data = _HEAD + rb"\pard Repite el 62 %.\par Y"

    assert media_type_of("a.rtf", data) == RTF
    assert read_document(data, RTF, "a.rtf").notes == ("its end is missing; it was read up to there",)
    with pytest.raises(SourceError, match="the name says a Word document"):
        media_type_of("a.docx", data)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (rb"", r"is a rich-text file \(RTF\) without text"),
        (rb"hola {\pict\bin999999 x}", "that is damaged"),
        (b"{" * 501 + b"hola", "nests groups more than 500 deep"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(body: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        read_document(rb"{\rtf1 " + body + b"}", RTF, "a.rtf")
    assert caught.value.hint
