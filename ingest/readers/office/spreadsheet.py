"""Spreadsheets (XLSX) to rows with their header, sheet by sheet: values as they are stored, formulas never worked out.

Owns the order of sheets and which of them are shown. The one reader that imports openpyxl.
"""

import datetime
import io
import re
import warnings
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]

from ingest.readers.extract import Extract, RawBlock, one_line
from ingest.readers.office.header_rows import SheetRow, table_blocks
from ingest.readers.office.package import DAMAGED, Package
from ingest.readers.properties.metadata import SourceMetadata
from ingest.readers.signatures import XLSX
from kb.records.document import BlockKind, Place
from kb.records.errors import SourceError
from kb.records.messages import say

_QUOTED = re.compile(r'"([^"]{0,60})"')
_CURRENCY = re.compile(r"\[\$([^\]-]{1,6})(?:-[^\]]{0,12})?\]")
_BRACKETED = re.compile(r"\[[^\]]{0,40}\]")
_FIRST_DIGIT = re.compile(r"[0#?]")
# Floats keep fifteen digits; what differs beyond them is no part of the figure (0.1 + 0.2).
_DIGITS = 15


def shown(value: object, code: str | None) -> str:
    """The text of a stored value: dates in ISO 8601, numbers in full with what their format puts around them."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, datetime.datetime):
        return value.date().isoformat() if value.time() == datetime.time() else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, int | float):
        return _number(value, (code or "General").split(";")[0])
    return str(value)


def _number(value: float, code: str) -> str:
    bare = _QUOTED.sub("", code).replace("\\%", "")
    number = _decimal(value)
    if number is None:
        return str(value)
    if "%" in bare:
        return f"{_plain(number * 100)}%"
    before, after = _literals(code)
    return f"{before}{_plain(number)}{after}"


def _decimal(value: float) -> Decimal | None:
    try:
        number = Decimal(f"{value:.{_DIGITS}g}") if isinstance(value, float) else Decimal(value)
    except (InvalidOperation, OverflowError, ValueError):
        return None
    return number if number.is_finite() else None


def _plain(number: Decimal) -> str:
    """The number without an exponent and without zeros at its end."""
    text = f"{number:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@lru_cache(maxsize=512)
def _literals(code: str) -> tuple[str, str]:
    """What a format writes before and after the digits: signs of currency, units in quotes."""
    marked = _BRACKETED.sub("", _QUOTED.sub(lambda text: f"\0{text[1]}\1", _CURRENCY.sub("\0\\1\1", code)))
    digits = list(_FIRST_DIGIT.finditer(re.sub("\0[^\1]*\1", lambda text: "\2" * len(text[0]), marked)))
    if not digits:
        return "", ""
    return _written(marked[: digits[0].start()]), _written(marked[digits[-1].end() :])


def _written(code: str) -> str:
    """The literal text of a piece of a format code, without its marks of width and fill."""
    plain = re.sub(r"[_*].|[#,?.0-9\\+()-]", "", re.sub("\0([^\1]*)\1", lambda text: text[1], code))
    return plain if re.search(r"[^\W\d_]|[€$£¥%°]", plain) and "General" not in plain else ""


# A sheet of a million rows or ten thousand columns is data, no document. Measured: 300,000 cells of numbers take 6 to
# 9 s of processor time, 400,000 up to 15 s, which is all that a file has.
_MAX_CELLS = 300_000
_FORMULA_WITHOUT_VALUE = re.compile(
    rb"<f\b[^>]{0,2000}(?:/>|>[^<]{0,9000}</f>)\s{0,20}(?:<v\s?/>|<v></v>)?\s{0,20}</c>"
)
# What a program calls a sheet that nobody named; the places of its rows say it.
_UNNAMED = re.compile(r"(?:sheet|hoja|hoja de cálculo|tabelle|feuille?)\s?\d{0,3}", re.I)
_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")


def read_spreadsheet(data: bytes, name: str) -> Extract:
    """The rows of all sheets that are shown, each under its sheet's name.

    Raises SourceError when the file is locked, damaged, hostile, too large or without a value. ``notes`` name hidden
    sheets, which are not read, and count formulas that were saved without their value.
    """
    package = Package(data, name, say("a_spreadsheet_xlsx"))
    try:
        for path in package.paths:
            if path.endswith((".xml", ".rels")):
                package.refuse_declarations(package.part(path))
        empty = sum(
            len(_FORMULA_WITHOUT_VALUE.findall(package.part(path))) for path in package.paths if _SHEET.fullmatch(path)
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(
                io.BytesIO(data), read_only=True, data_only=True, keep_links=False, keep_vba=False
            )
            hidden = [one.title for one in book.worksheets if one.sheet_state != "visible"]
            blocks = tuple(_blocks(book, name))
    except (*DAMAGED, ParseError) as error:
        raise package.damaged(error) from error
    if not blocks:
        raise SourceError(name, say("is_a_spreadsheet_without_values"), say("open_it_let_it_calculate"))
    return Extract(
        blocks,
        SourceMetadata.of("document properties", title=book.properties.title),
        XLSX,
        tuple(_notes(hidden, empty)),
    )


def _notes(hidden: list[str], empty: int) -> Iterator[str]:
    if hidden:
        yield say("hidden_sheets_were_not_read", sheets=", ".join(hidden[:5]) + (" …" if len(hidden) > 5 else ""))
    if empty:
        yield say("formulas_were_saved_without_their_value", count=empty)


def _blocks(book: Any, name: str) -> Iterator[RawBlock]:
    left = _MAX_CELLS
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        rows = []
        for row in _rows(sheet):
            left -= len(row.cells)
            if left < 0:
                raise SourceError(
                    name, say("holds_more_than_cells", most=_MAX_CELLS), say("save_what_matters_as_a_sheet")
                )
            rows.append(row)
        lines = tuple(table_blocks(rows))
        if lines and not _UNNAMED.fullmatch(sheet.title):
            title = Place(cell=f"{sheet.title}!A1")
            yield RawBlock(one_line(sheet.title), BlockKind.HEADING, 2, title)
        yield from lines


def _rows(sheet: Any) -> Iterator[SheetRow]:
    """The rows of a sheet; of a run of empty ones only the first."""
    was_empty = True
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        texts = [one_line(shown(cell.value, getattr(cell, "number_format", None))) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        first = next((index for index, text in enumerate(texts, start=1) if text), 1)
        if texts or not was_empty:
            yield SheetRow(tuple(texts), Place(cell=f"{sheet.title}!{get_column_letter(first)}{number}"))
        was_empty = not texts
