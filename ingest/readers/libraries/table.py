"""A table (CSV) of records, one's own or Zotero's: a row a record, the columns by their names in either language."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence

from ingest.readers.libraries.library import LibraryRecord, inverted, record

# What the columns may be called, in small letters; of several the first that says something in a row.
COLUMNS = {
    "file": ("file", "archivo", "source_id", "id", "document_id", "file attachments", "path"),
    "title": ("title", "título", "titulo"),
    "authors": ("authors", "author", "autores", "autor"),
    "publisher": ("publisher", "editorial", "publication title"),
    "published": ("published", "date", "fecha", "publication year", "year", "año"),
    "url": ("url", "dirección", "address"),
    "series": ("series", "serie"),
}
_ORIGIN = "CSV"
# In Spanish an "editor" publishes, in English he edits.
_SPANISH = frozenset({"título", "titulo", "autores", "archivo", "fecha"})
# A list of absolute paths may have the mark that parts them in a name.
_PATHS = re.compile(r";\s*(?=/|[A-Za-z]:\\)")


def read_table(text: str) -> tuple[list[LibraryRecord], int]:
    """The records in order, and how many rows name no file; ValueError where no column is one of files."""
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    head = lines.readline()
    lines.seek(0)
    separator = max(",;\t", key=head.count)
    table = csv.DictReader(lines, delimiter=separator, strict=False)
    names = {(name or "").strip().lower(): name for name in table.fieldnames or ()}
    found = {field: [names[one] for one in spellings if one in names] for field, spellings in COLUMNS.items()}
    if "editor" in names and _SPANISH & names.keys():
        found["publisher"].append(names["editor"])
    if not found["file"] or not any(columns for field, columns in found.items() if field != "file"):
        raise ValueError(head.strip())
    rows = [{field: _first(row, columns) for field, columns in found.items()} for row in table]
    return [_record(row) for row in rows if row["file"]], sum(not row["file"] for row in rows)


def _first(row: Mapping[str, str | None], columns: Sequence[str]) -> str:
    return next((value for name in columns if (value := (row.get(name) or "").strip())), "")


def _record(row: dict[str, str]) -> LibraryRecord:
    return record(
        _ORIGIN,
        title=row.get("title"),
        authors=[inverted(name.strip()) for name in row.get("authors", "").split(";")],
        publisher=row.get("publisher"),
        published=row.get("published"),
        url=row.get("url"),
        series=row.get("series"),
        files=_PATHS.split(row["file"]) if _is_absolute(row["file"]) else row["file"].split(";"),
    )


def _is_absolute(path: str) -> bool:
    return path.startswith("/") or path[1:3] == ":\\"
