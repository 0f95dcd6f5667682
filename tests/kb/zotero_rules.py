"""What Zotero makes of a reference in RIS, BibTeX or CSL-JSON: the rules of its own translators, written down.

From github.com/zotero/translators at 28143701 (RIS.js: ``importTypeMap``, ``fieldMap``, ``dateRIStoZotero``;
BibTeX.js: ``splitUnprotected``, ``unescapeBibTeX``) and github.com/zotero/utilities at 4051881d (``itemFromCSLJSON``),
for the tags and fields that are written here. ``tests/cases/citations/zotero_items.json`` holds what those programs
themselves made of the golden references, run in Node with the schema of github.com/zotero/zotero-schema.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

_RIS_LINE = re.compile(r"^([A-Z][A-Z0-9]) {1,2}-(?: (.*))?$")
_RIS_TYPES = {"ELEC": "webpage", "RPRT": "report", "GEN": "journalArticle"}
_CSL_TYPES = {"webpage": "webpage", "document": "document"}
_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
_TEX_MONTHS = [month[:3].lower() for month in _MONTHS]
_FIELD = re.compile(r"^  (\w+) = (.*?),?$", re.MULTILINE)


def of_ris(text: str) -> dict[str, Any]:
    """The item of one RIS record."""
    pairs = [(match[1], match[2] or "") for line in text.split("\r\n") if (match := _RIS_LINE.match(line))]
    tags: dict[str, list[str]] = {}
    for tag, value in pairs:
        if value:
            tags.setdefault(tag, []).append(value)

    def first(tag: str) -> str | None:
        return tags.get(tag, [None])[0]

    kind = _RIS_TYPES[tags["TY"][0]]
    return {
        "itemType": kind,
        "title": first("TI"),
        "creators": [_ris_creator(value) for value in tags.get("AU", [])],
        "publisher": first("PB"),
        "site": first("T2") if kind == "webpage" else None,
        "date": _ris_date(first("DA") or first("PY")),
        "url": first("UR"),
        "accessDate": _ris_date(first("Y2")),
        "notes": tags.get("N1", []),
    }


def _ris_creator(value: str) -> list[str | None]:
    last, comma, given = value.partition(",")
    return [last.strip(), given.strip() if comma and given.strip() else None]


def _ris_date(value: str | None) -> str | None:
    return None if value is None else "-".join(part.zfill(2) for part in value.split("/") if part)


def of_bibtex(text: str) -> dict[str, Any]:
    """The item of one BibTeX entry as it is written here, a field a line; "misc" is a document to Zotero."""
    fields = {name: value[1:-1] if value[:1] == "{" else value for name, value in _FIELD.findall(text)}
    month = fields.get("month")
    date = [fields.get("year"), f"{_TEX_MONTHS.index(month) + 1:02d}" if month else None]
    date.append(fields["day"].zfill(2) if "day" in fields else None)
    return {
        "itemType": "document",
        "title": _tex(fields["title"]) if "title" in fields else None,
        "creators": [_tex_creator(name) for name in _split(fields.get("author", ""), " and ") if name],
        "publisher": _tex(fields["publisher"]) if "publisher" in fields else None,
        "site": None,
        "date": "-".join(part for part in date if part) or None,
        "url": fields.get("url"),
        "accessDate": fields.get("urldate"),
        "notes": [_tex(fields[name]) for name in ("note", "annote") if name in fields],
    }


def _tex_creator(name: str) -> list[str | None]:
    parts = list(_split(name, ","))
    if len(parts) == 1:
        return [_tex(name), None]
    return [_tex(parts[0].strip()), _tex(parts[-1].strip())]


def _split(text: str, at: str) -> Iterator[str]:
    """The parts between what parts them outside of braces."""
    depth, start, place = 0, 0, 0
    while place < len(text):
        if text[place] == "\\":
            place += 2
            continue
        depth += (text[place] == "{") - (text[place] == "}")
        if depth == 0 and text.startswith(at, place):
            yield text[start:place]
            start = place = place + len(at)
            continue
        place += 1
    yield text[start:]


def _tex(value: str) -> str:
    """The text of a field: braces go out, then the backslashes before marks."""
    if len(value) < 2:
        return value
    value = value.replace("{\\textasciicircum}", "ˆ").replace("\\textasciicircum", "ˆ")
    value = re.sub(r"([^\\])[{}]+", r"\1", value).removeprefix("{")
    for _ in range(2):
        value = re.sub(r"([^\\])\\([#$%&~_^\\{}])", r"\1\2", value)
    if value[0] == "\\" and value[1] in "#$%&~_^\\{}":
        value = value[1:]
    return " ".join(value.replace("\\\\", "\\").split())


def of_csl(text: str) -> dict[str, Any]:
    """The item of a CSL-JSON list of one."""
    [item] = json.loads(text)
    issued, accessed = (item.get(name, {}).get("date-parts", [None])[0] for name in ("issued", "accessed"))
    return {
        "itemType": _CSL_TYPES[item["type"]],
        "title": item.get("title"),
        "creators": [
            [name["literal"], None] if "literal" in name else [name["family"], name["given"]]
            for name in item.get("author", [])
        ],
        "publisher": item.get("publisher"),
        "site": item.get("container-title"),
        "date": _in_words(issued) if issued else None,
        "url": item.get("URL"),
        "accessDate": "-".join(f"{part:02d}" for part in accessed) if accessed else None,
        "notes": [item["note"]] if "note" in item else [],
    }


def _in_words(parts: list[int]) -> str:
    year = str(parts[0])
    if len(parts) == 1:
        return year
    month = _MONTHS[parts[1] - 1]
    return f"{month} {year}" if len(parts) == 2 else f"{month} {parts[2]}, {year}"


def iso(date: str | None) -> str | None:
    """A date as Zotero shows it, in numbers."""
    match = re.fullmatch(r"([A-Z][a-z]+) (?:(\d{1,2}), )?(\d{4})", date or "")
    if match is None:
        return date
    day = f"-{int(match[2]):02d}" if match[2] else ""
    return f"{match[3]}-{_MONTHS.index(match[1]) + 1:02d}{day}"
