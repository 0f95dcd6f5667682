"""Rows as an XLSX workbook with typed numbers; the one module that knows openpyxl.

Text is always text: no cell is a formula. What a spreadsheet cannot hold is replaced where one can see it.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from decimal import Decimal

from openpyxl import Workbook  # type: ignore[import-untyped]
from openpyxl.cell import WriteOnlyCell  # type: ignore[import-untyped]
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE  # type: ignore[import-untyped]
from openpyxl.styles import Alignment, Font  # type: ignore[import-untyped]
from openpyxl.utils import get_column_letter  # type: ignore[import-untyped]
from openpyxl.worksheet._write_only import WriteOnlyWorksheet  # type: ignore[import-untyped]

from api.files.delimited import Cell
from kb.records.statistic import Kind

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# The most characters that a cell of a spreadsheet can hold.
MAX_CELL = 32_767
_CUT = " … [cut: a cell holds no more]"
_SHARES = (Kind.PERCENT.value, Kind.FRACTION.value, Kind.RATIO.value)
_VALUES = ("value", "high")
_WIDE = {"quote": 60, "text": 60, "sentence": 60, "citation": 50, "subject": 40, "title": 30, "population": 24}
_NARROW = 14


def workbook(rows: Sequence[Mapping[str, Cell]], sheet_name: str = "statistics") -> bytes:
    """The bytes of a workbook with one sheet of this name: a line of names that stays in view, then the rows."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(sheet_name)
    names = list(rows[0]) if rows else []
    for place, name in enumerate(names, start=1):
        sheet.column_dimensions[get_column_letter(place)].width = _WIDE.get(name, _NARROW)
    sheet.freeze_panes = "A2"
    if names:
        sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(rows) + 1}"
        sheet.append([_heading(sheet, name) for name in names])
    for row in rows:
        sheet.append([_cell(sheet, name, cell, row) for name, cell in row.items()])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


# Points are written as points, for no format of a spreadsheet takes the sign off a share: 0.02 is "2 pp".
_POINTS = {"percentage points": (Decimal(100), "pp"), "basis points": (Decimal(10_000), "bp")}


def number_format(value: Decimal, kind: str, unit: str | None) -> str:
    """How a spreadsheet shows a value of this kind: "0 %" for a share, '#,##0 "USD"' for money, "0.0#" and so on."""
    if kind in _SHARES and unit in _POINTS:
        return f'{_digits(value * _POINTS[unit][0], grouped=False)}" {_POINTS[unit][1]}"'
    if kind in _SHARES:
        points = f'" {_quoted(unit)}"' if unit else ""
        return f"{_digits(value * 100, grouped=False)} %{points}"
    grouped = kind in (Kind.COUNT.value, Kind.CURRENCY.value)
    digits = _digits(value, grouped=grouped)
    if kind == Kind.CURRENCY.value and digits.endswith(".0"):
        digits += "0"  # "4.50", not "4.5"
    if kind == Kind.MULTIPLIER.value:
        return f'{digits}" ×"'
    if kind == Kind.SCORE.value and unit in _POINTS:
        return f'{digits}" {_POINTS[unit][1]}"'
    named = kind in (Kind.CURRENCY.value, Kind.DURATION.value) and unit
    return f'{digits}" {_quoted(unit)}"' if named else digits


def _digits(value: Decimal, *, grouped: bool) -> str:
    """As many decimals as the value has, at most eight."""
    exponent = value.normalize().as_tuple().exponent
    decimals = min(8, max(0, -exponent)) if isinstance(exponent, int) else 0
    whole = "#,##0" if grouped else "0"
    return f"{whole}.{'0' * decimals}" if decimals else whole


def _quoted(unit: str | None) -> str:
    return "".join(mark for mark in unit or "" if mark.isalnum() or mark in " -$€£%")[:40]


def _heading(sheet: WriteOnlyWorksheet, name: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, name)
    cell.font = Font(bold=True)
    return cell


def _cell(sheet: WriteOnlyWorksheet, name: str, value: Cell, row: Mapping[str, Cell]) -> WriteOnlyCell | None:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return _text(sheet, value, wrapped=name in _WIDE)
    unit = row.get("unit")
    points = _POINTS.get(unit) if isinstance(unit, str) and row.get("kind") in _SHARES else None
    shown = value * points[0] if points and name in _VALUES and isinstance(value, Decimal) else value
    cell = WriteOnlyCell(sheet, shown)
    if name in _VALUES and isinstance(value, Decimal):
        cell.number_format = number_format(value, str(row.get("kind")), unit if isinstance(unit, str) else None)
    elif name == "sample_size":
        cell.number_format = "#,##0"
    return cell


def _text(sheet: WriteOnlyWorksheet, text: str, *, wrapped: bool) -> WriteOnlyCell:
    plain = ILLEGAL_CHARACTERS_RE.sub("\ufffd", text).encode("utf-8", "replace").decode("utf-8")
    if len(plain) > MAX_CELL:
        plain = plain[: MAX_CELL - len(_CUT)] + _CUT
    cell = WriteOnlyCell(sheet, plain)
    cell.data_type = "s"  # openpyxl would take "=…" for a formula, and "#N/A" for an error
    cell.quotePrefix = True
    if wrapped:
        cell.alignment = Alignment(wrap_text=True, vertical="top")
    return cell
