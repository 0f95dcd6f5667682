"""CSL-JSON: items to records."""

from __future__ import annotations

import json
from typing import Any

from ingest.readers.libraries.library import LibraryRecord, record, spoken

_ORIGIN = "CSL-JSON"
# What may have no title; other JSON has types, too.
_UNTITLED = ("document", "webpage", "report", "article", "book", "chapter")


def read_csl(text: str) -> tuple[list[LibraryRecord], int]:
    """The records in order, and how many items are none; ValueError where it is no list of items."""
    items = json.loads(text)
    items = items if isinstance(items, list) else [items]
    if not any(_is_item(item) for item in items):
        raise ValueError("no item of CSL-JSON")
    return [_record(item) for item in items if _is_item(item)], sum(not _is_item(item) for item in items)


def _is_item(item: object) -> bool:
    if not isinstance(item, dict) or not isinstance(item.get("type"), str):
        return False
    return isinstance(item.get("title"), str) or ("id" in item and item["type"] in _UNTITLED)


def _record(item: dict[str, Any]) -> LibraryRecord:
    names = item.get("author")
    return record(
        _ORIGIN,
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
