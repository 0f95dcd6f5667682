"""What a list of records holds: for each record what is known, the files it names, and the key it goes by;
read from CSL-JSON, RIS and tables.

Owns the record and how a name is spoken. Knows no format and no file.
"""

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import rispy  # type: ignore[import-untyped]

from ingest.readers.properties.metadata import SourceMetadata, read_date
from kb.citing.reference import read_name
from kb.records.messages import say


@dataclass(frozen=True, slots=True)
class LibraryRecord:
    """One record: what it says, the ``files`` it names as they are written there, and its ``key`` (null for none)."""

    metadata: SourceMetadata
    files: tuple[str, ...] = ()
    key: str | None = None


def record(
    origin: str,
    *,
    title: str | None = None,
    authors: Iterable[str] = (),
    publisher: str | None = None,
    published: str | None = None,
    url: str | None = None,
    series: str | None = None,
    files: Iterable[str] = (),
    key: str | None = None,
) -> LibraryRecord:
    """The record with these fields; what is blank, or no date, is not known."""
    metadata = SourceMetadata.of(
        origin,
        title=title,
        authors=tuple(author for author in authors if author.strip()),
        publisher=publisher,
        published=read_date(published),
        url=url if (url or "").startswith(("http://", "https://")) else None,
        series=series,
    )
    if (published or "").strip() and metadata.published is None:
        fault = say("published_is_not_a_date", published=(published or "").strip()[:80])
        metadata = replace(metadata, notes=(*metadata.notes, fault))
    return LibraryRecord(metadata, tuple(dict.fromkeys(file.strip() for file in files if file.strip())), key or None)


def spoken(family: str, given: str) -> str:
    """A person's name in the order it is spoken, where it is told apart again, else with its comma.

    >>> spoken("Pérez Gil", "Ana"), spoken("Xyz", "Qwerty"), spoken("World Bank", "")
    ('Ana Pérez Gil', 'Xyz, Qwerty', 'World Bank')
    """
    family, given = " ".join(family.split()), " ".join(given.split())
    if not given or not family:
        return family or given
    name = read_name(f"{given} {family}")
    return name.whole if (name.family, name.given) == (family, given) else f"{family}, {given}"


def inverted(name: str) -> str:
    """A name as lists write it ("Pérez Gil, Ana", "World Bank"), as it is spoken where that is sure."""
    family, comma, given = name.partition(",")
    return spoken(family, given) if comma and "," not in given else name


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


_FROM_CSL = "CSL-JSON"
# What may have no title; other JSON has types, too.
_UNTITLED = ("document", "webpage", "report", "article", "book", "chapter")


def read_csl(text: str) -> tuple[list[LibraryRecord], int]:
    """The records in order, and how many items are none; ValueError where it is no list of items."""
    items = json.loads(text)
    items = items if isinstance(items, list) else [items]
    if not any(_is_item(item) for item in items):
        raise ValueError("no item of CSL-JSON")
    return [_of_item(item) for item in items if _is_item(item)], sum(not _is_item(item) for item in items)


def _is_item(item: object) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        return False
    return isinstance(item.get("title"), str) or ("id" in item and item["type"] in _UNTITLED)


def _of_item(item: dict[str, Any]) -> LibraryRecord:
    names = item.get("author")
    return record(
        _FROM_CSL,
        title=_text(item, "title"),
        authors=[_name(name) for name in names if isinstance(name, dict)] if isinstance(names, list) else [],
        publisher=_text(item, "publisher") or _text(item, "container-title"),
        published=_date(item.get("issued")),
        url=_text(item, "URL"),
        files=[str(one) for one in (item.get("file"),) if isinstance(one, str)],
        key=str(item["id"]) if isinstance(item.get("id"), str | int) else None,
    )


def _text(item: dict[str, Any], name: str) -> str:
    value = item.get(name)
    return value if isinstance(value, str) else ""


def _name(name: dict[str, Any]) -> str:
    if literal := _text(name, "literal"):
        return literal
    particle = _text(name, "non-dropping-particle")
    return spoken(f"{particle} {_text(name, 'family')}", _text(name, "given"))


def _date(issued: object) -> str:
    if not isinstance(issued, dict):
        return ""
    parts = issued.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return "-".join(f"{int(part):02d}" for part in parts[0] if str(part).isdecimal())
    return next((str(issued[name]) for name in ("raw", "literal") if issued.get(name)), "")


_FROM_RIS = "RIS"
_LISTS = ("file_attachments1", "file_attachments2", "figure")


def read_ris(text: str) -> tuple[list[LibraryRecord], int]:
    """The records in order; none is left unread."""
    parsed = rispy.loads(text, skip_unknown_tags=False)
    return [_of_entry(fields) for fields in parsed], 0


def _of_entry(fields: dict[str, Any]) -> LibraryRecord:
    def first(*names: str) -> str:
        return next((str(fields[name]) for name in names if isinstance(fields.get(name), str) and fields[name]), "")

    urls = fields.get("urls") or []
    date = first("date", "year", "publication_year").strip("/")
    return record(
        _FROM_RIS,
        title=first("title", "primary_title"),
        authors=[inverted(name) for name in fields.get("authors") or fields.get("first_authors") or ()],
        publisher=first("publisher", "secondary_title", "journal_name"),
        published=date.replace("/", "-"),
        url=first("url") or (str(urls[0]) if urls else ""),
        files=[str(one) for name in _LISTS for one in _listed(fields.get(name))],
        key=first("id"),
    )


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value] if value else []
