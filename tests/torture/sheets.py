"""What documents say, in tables that a spreadsheet opens: text that it would run, and numbers that it would change."""

from __future__ import annotations

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path

import httpx
import openpyxl  # type: ignore[import-untyped]

from tests.torture.rows import Row, Tally
from tests.torture.servers import Place, ended, sent, serving

_STARTS = ("=", "+", "-", "@", "＝", " =", "\u200b=", "\u00a0+", "'=", "|", "\t=", "\u202e-")
_ENDS = (
    'cmd|"/C calc"!A0', "1+1", "SUM(A1:A9)*2", 'HYPERLINK("http://127.0.0.1/","x")', "34 600 123 456", "5.2",
    "1.234,56", 'WEBSERVICE("http://127.0.0.1/")', "2021-03-04", "1E3",
)  # fmt: skip
CELLS = tuple(start + end for end in _ENDS for start in _STARTS)
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_KINDS = ("documents", "passages", "statistics")


def _said(number: int) -> dict[str, object]:
    """A document that says a cell wherever it can, and one figure of its own."""
    cell = CELLS[number]
    text = f"{cell} is what {(number + 111) / 10}% of customers saw.\n\n{cell}"
    return {"id": f"{cell} {number}", "title": cell, "authors": [cell], "publisher": cell, "text": text}


def _runs(cell: str) -> bool:
    """Whether a spreadsheet could take the cell for a formula: it looks past spaces and what nobody sees."""
    seen = "".join(one for one in unicodedata.normalize("NFKC", cell) if unicodedata.category(one)[0] not in "CZ")
    return seen[:1] in ("=", "+", "-", "@", "|") and not _NUMBER.fullmatch(cell)


def sheets(start: int, count: int, folder: Path) -> Tally:
    """S17: in no table of any export is a cell live, and every figure is the number that it was."""
    lost, seen = list[str](), Counter[str]()
    place = Place(folder / "base")
    place.open(create=True).close()
    with serving(place, folder / "server.log") as (_, client):
        job = sent(client, [_said(number) for number in range(start, start + count)])
        lost += [str(file) for file in ended(client, job["id"])["files"] if file["outcome"] != "added"]
        records = client.get("/v1/export", params={"what": "statistics"}).text.splitlines()
        figures = _numbers(json.loads(line)["statistic"]["value"] for line in records)
        seen["figures"] = figures.total()
        lost += ["hardly a figure is found"] if figures.total() < count else []
        for what in _KINDS:
            for separators, point in (("en", "."), ("es", ",")):
                rows = _delimited(client, what, separators)
                seen["cells looked at"] += sum(map(len, rows))
                lost += [f"{what}, csv {separators}: {cell!r}" for row in rows for cell in row.values() if _runs(cell)]
                if what == "statistics" and _numbers(row["value"].replace(point, ".") for row in rows) != figures:
                    lost.append(f"csv {separators}: other figures")
            book = client.get("/v1/export", params={"what": what, "format": "xlsx"}).content
            with zipfile.ZipFile(io.BytesIO(book)) as parts:
                live = [name for name in parts.namelist() if re.search(rb"<f[ >/]", parts.read(name))]
            lost += [f"{what}: a formula in {name}" for name in live]
            cells = [cell for row in openpyxl.load_workbook(io.BytesIO(book))[what].iter_rows() for cell in row]
            seen["cells looked at"] += len(cells)
            odd = [cell for cell in cells if cell.data_type not in ("s", "n", "b")]
            lost += [f"{what}, {cell.coordinate}: {cell.value!r}" for cell in odd]
            if what == "statistics":
                column = next(cell.column for cell in cells if cell.value == "value")
                if _numbers(cell.value for cell in cells if cell.column == column and cell.row > 1) != figures:
                    lost.append("xlsx: other figures")
    return Tally(count, lost, seen)


def _numbers(written: Iterable[object]) -> Counter[Decimal]:
    return Counter(Decimal(str(one)) for one in written if one not in (None, ""))


def _delimited(client: httpx.Client, what: str, separators: str) -> list[dict[str, str]]:
    told = client.get("/v1/export", params={"what": what, "format": "csv", "separators": separators})
    text = told.content.decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if separators == "es" else ","))


ROWS = (
    Row(
        "S17", "spreadsheets", "120 cells in every export: 0 formulas, 0 changed numbers",
        "a text in title, author, publisher, name and body of a document, in three tables as CSV of either language "
        "and as workbooks", len(CELLS), 0, len(CELLS), sheets,
    ),
)  # fmt: skip
