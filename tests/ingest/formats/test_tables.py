"""CSV, TSV and XLSX: each row with its header, each with its place, values as they are stored."""

from __future__ import annotations

import datetime
import io

import openpyxl  # type: ignore[import-untyped]
import pytest

from ingest.readers.dispatch import read_document
from ingest.readers.isolate import IsolatedReader
from ingest.readers.office.spreadsheet import shown
from ingest.readers.signatures import CSV, TSV, XLSX, media_type_of
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.language import Language
from kb.records.messages import said
from tests.ingest.hostile import LAUGHS, packed


def rows(text: str, media_type: str = CSV) -> list[tuple[str, int | None]]:
    return [(block.text, block.place.line) for block in read_document(text.encode(), media_type, "a").blocks]


@pytest.mark.parametrize("mark", [";", ",", "\t", "|"])
def test_every_row_stands_with_its_header_whatever_separates(mark: str) -> None:
    text = "Encuesta de 2023\n\ncanal;cuota;muestra\nOficina;62 %;2400\nWeb;;900\n".replace(";", mark)

    assert rows(text) == [
        ("Encuesta de 2023", 1),
        ("canal | cuota | muestra", 3),
        ("canal: Oficina | cuota: 62 % | muestra: 2400", 4),
        ("canal: Web | muestra: 900", 5),
    ]


def test_values_in_quotes_keep_marks_and_lines() -> None:
    """The place is the line where the row begins; a decimal comma in quotes separates nothing."""
    assert rows('canal,dijo,nota\nWeb,"«mal»,\nque no","7,4"\nOficina,bien,8\n') == [
        ("canal | dijo | nota", 1),
        ("canal: Web | dijo: «mal», que no | nota: 7,4", 2),
        ("canal: Oficina | dijo: bien | nota: 8", 4),
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2021;34\n2022;41\n", ["2021 | 34", "2022 | 41"]),
        ("comentario\nMuy lento todo\nBien\n", ["comentario", "Muy lento todo", "Bien"]),
        ("a;b\nx;1\n\nc;d\ny;2\n", ["a | b", "a: x | b: 1", "c | d", "c: y | d: 2"]),
        ("a;b\nx;1\n\nz;uno\n", ["a | b", "a: x | b: 1", "a: z | b: uno"]),
        ("sep=,\na,b\nx;y,1\n", ["a | b", "a: x;y | b: 1"]),
        ("a;b\n=1+1;@x\n", ["a | b", "a: =1+1 | b: @x"]),
    ],
)
def test_headers_are_told_from_values(text: str, expected: list[str]) -> None:
    """None where the first row holds a number; a new one after an empty row where numbers follow; formulas are text."""
    assert [line for line, _ in rows(text)] == expected


def test_tabs_separate_in_a_tsv_alone() -> None:
    assert rows("a\tb\nuno, dos; tres\t4\n", TSV)[1:] == [("a: uno, dos; tres | b: 4", 2)]


def book() -> openpyxl.Workbook:
    made = openpyxl.Workbook()
    sheet = made.active
    assert sheet is not None
    sheet.title = "Datos"
    sheet.append(["Canal", "Repite", "Muestra", "Gasto", "Fecha", "Suma"])
    sheet.append(["Web", 0.1 + 0.2, 2400, 12.5, datetime.date(2023, 4, 4), "=C2*2"])
    for column, code in ((2, "0%"), (3, "#,##0"), (4, '#,##0.00 "€"')):
        sheet.cell(2, column).number_format = code
    hidden = made.create_sheet("Oculta")
    hidden.append(["a", "b"])
    hidden.sheet_state = "hidden"
    made.create_sheet("Hoja2").append(["", "Una nota suelta"])
    return made


def saved(made: openpyxl.Workbook) -> bytes:
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_a_spreadsheet_is_read_sheet_by_sheet_as_it_is_stored() -> None:
    """The name of a sheet that has one, cells as places; no formula is worked out, and what is missing is said."""
    data = saved(book())

    extract = read_document(data, media_type_of("a.xlsx", data), "a.xlsx")

    assert [(block.kind, block.text, block.place) for block in extract.blocks] == [
        (BlockKind.HEADING, "Datos", Place(cell="Datos!A1")),
        (BlockKind.TABLE_ROW, "Canal | Repite | Muestra | Gasto | Fecha | Suma", Place(cell="Datos!A1")),
        (
            BlockKind.TABLE_ROW,
            "Canal: Web | Repite: 30% | Muestra: 2400 | Gasto: 12.5 € | Fecha: 2023-04-04",
            Place(cell="Datos!A2"),
        ),
        (BlockKind.PARAGRAPH, "Una nota suelta", Place(cell="Hoja2!B1")),
    ]
    assert extract.notes == (
        "hidden sheets were not read: Oculta",
        "formulas saved without their value: 1. Open it, let it calculate, and save it again",
    )


def test_what_was_left_unread_is_said_in_both_languages_through_the_child() -> None:
    with IsolatedReader() as reader:
        notes = reader.read(saved(book()), XLSX, "a.xlsx").notes

    assert said(notes[0], Language.ES) == "no se leyeron hojas ocultas: Oculta"
    assert notes == read_document(saved(book()), XLSX, "a.xlsx").notes


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (0.624, "0%", "62.4%"),
        (0.07, "0.00%", "7%"),
        (-0.05, "0%;[Red]-0%", "-5%"),
        (1234567.0, "#,##0", "1234567"),
        (1e-7, "General", "0.0000001"),
        (3, '"NPS" 0', "NPS 3"),
        (7.4, '0.0" puntos"', "7.4 puntos"),
        (5, "[$€-C0A] #,##0", "€ 5"),
        (5, '_-* #,##0.00 "€"_-', "5 €"),
        (True, "General", "TRUE"),
        (datetime.datetime(2023, 4, 5, 10, 30), "dd/mm", "2023-04-05 10:30"),
        (datetime.time(9, 30), "h:mm", "09:30:00"),
        (None, None, ""),
        ("#DIV/0!", "General", "#DIV/0!"),
    ],
)
def test_a_number_is_shown_in_full_with_what_its_format_puts_around_it(value: object, code: str, text: str) -> None:
    assert shown(value, code) == text


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (packed({"xl/workbook.xml": b"<a><<"}), "that is damaged"),
        (packed({"xl/workbook.xml": LAUGHS + b"<a>&a9;</a>"}), "declares entities"),
        (packed({"xl/workbook.xml": b"<a/>", "xl/worksheets/a.xml": b" " * 33 * 2**20}), "unpacks to more than 32 MB"),
        (saved(openpyxl.Workbook()), "is a spreadsheet without values"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_reason(data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        read_document(data, XLSX, "a.xlsx")
    assert caught.value.hint


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"%PDF-1.4", "is wrongly named"),
        ("a.xlsx", b"<html><table><tr><td>1</td></tr></table></html>", "is wrongly named"),
        ("a.csv", "\n".join(["a;b", 'x;"' + "y" * 200_000]).encode(), "cannot be read as a table"),
    ],
)
def test_what_is_no_table_says_so(name: str, data: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        read_document(data, media_type_of(name, data), name)
