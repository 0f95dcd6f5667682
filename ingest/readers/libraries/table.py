"""A table (CSV) of records, one's own or Zotero's: a row a record, the columns by their names in either language."""

from __future__ import annotations

import csv
import io

from ingest.readers.libraries.library import LibraryRecord, inverted, record

# What the columns may be called, the first name of each that the table has; in small letters.
_COLUMNS = {
    "file": ("file", "archivo", "source_id", "id", "document_id", "file attachments", "path"),
    "title": ("title", "título", "titulo"),
    "authors": ("authors", "author", "autores", "autor"),
    "publisher": ("publisher", "editor", "editorial", "publication title"),
    "published": ("published", "date", "fecha", "publication year", "year", "año"),
    "url": ("url", "dirección", "address"),
    "series": ("series", "serie"),
}
_ORIGIN = "CSV"


def read_table(text: str) -> tuple[list[LibraryRecord], int]:
    """The records in order, and how many rows name no file; ValueError where no column is one of files."""
    lines = io.StringIO(text.removeprefix("\ufeff"), newline="")
    head = lines.readline()
    lines.seek(0)
    separator = max(",;\t", key=head.count)
    table = csv.DictReader(lines, delimiter=separator, strict=False)
    names = {(name or "").strip().lower(): name for name in table.fieldnames or ()}
    found = {
        field: names[next(one for one in spellings if one in names)]
        for field, spellings in _COLUMNS.items()
        if any(one in names for one in spellings)
    }
    if "file" not in found or len(found) < 2:
        raise ValueError(head.strip())
    rows = [{field: (row.get(name) or "").strip() for field, name in found.items()} for row in table]
    return [_record(row) for row in rows if row["file"]], sum(not row["file"] for row in rows)


def _record(row: dict[str, str]) -> LibraryRecord:
    return record(
        _ORIGIN,
        title=row.get("title"),
        authors=[inverted(name.strip()) for name in row.get("authors", "").split(";")],
        publisher=row.get("publisher"),
        published=row.get("published"),
        url=row.get("url"),
        series=row.get("series"),
        files=row["file"].split(";"),
    )
