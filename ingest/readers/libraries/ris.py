"""RIS: records to records; the one module that imports rispy."""

from __future__ import annotations

from typing import Any

import rispy  # type: ignore[import-untyped]

from ingest.readers.libraries.library import LibraryRecord, inverted, record

_ORIGIN = "RIS"
_LISTS = ("file_attachments1", "file_attachments2", "figure")


def read_ris(text: str) -> tuple[list[LibraryRecord], int]:
    """The records in order; none is left unread."""
    parsed = rispy.loads(text, skip_unknown_tags=False)
    return [_record(fields) for fields in parsed], 0


def _record(fields: dict[str, Any]) -> LibraryRecord:
    def first(*names: str) -> str:
        return next((str(fields[name]) for name in names if isinstance(fields.get(name), str) and fields[name]), "")

    urls = fields.get("urls") or []
    date = first("date", "year", "publication_year").strip("/")
    return record(
        _ORIGIN,
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
