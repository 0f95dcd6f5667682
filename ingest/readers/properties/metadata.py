"""What is known of a source beside its text, and where each piece came from.

Owns the record, the merging of what a sender gave with what a file says, and reading dates.
Refuses to guess: a date or a name that cannot be read stays null.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, replace

from kb.outside.strings import DROPPED, faults, plain, whole_address
from kb.records.document import FieldOrigin
from kb.records.messages import say

_MONTH_NAMES = (
    "jan january ene enero|feb february febrero|mar march marzo|apr april abr abril|may mayo|jun june junio|"
    "jul july julio|aug august ago agosto|sep sept september septiembre setiembre|oct october octubre|"
    "nov november noviembre|dec december dic diciembre"
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES.split("|"), start=1) for name in names.split()}
_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2})(?!\d))?)?(?![\d/])")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?:T?\d{4,6})?Z?$")
_DAY_FIRST = re.compile(
    r"(\d{1,2})(?:st|nd|rd|th|º|\.)?\s+(?:de\s+)?([a-záéíóú]{3,10})\.?,?\s+(?:de[l]?\s+)?(\d{4})\b", re.I
)
_MONTH_FIRST = re.compile(r"([a-záéíóú]{3,10})\.?\s+(\d{1,2})(?:st|nd|rd|th)?,?\s+(\d{4})\b", re.I)
_MONTH_ONLY = re.compile(r"([a-záéíóú]{3,10})\.?,?\s+(?:de[l]?\s+)?(\d{4})\b", re.I)


@dataclass(frozen=True, slots=True)
class SourceMetadata:
    """Metadata fields, null when unknown, with the origin of every field that is known.

    ``notes`` say what was mended in a field, or dropped from it.
    """

    title: str | None = None
    authors: tuple[str, ...] = ()
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    series: str | None = None
    origins: tuple[FieldOrigin, ...] = ()
    notes: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        origin: str,
        *,
        title: str | None = None,
        authors: tuple[str, ...] = (),
        publisher: str | None = None,
        published: str | None = None,
        url: str | None = None,
        series: str | None = None,
    ) -> SourceMetadata:
        """Metadata whose every known field has this origin; blank strings and unreadable dates become null."""
        given = {
            "title": title, "authors": authors, "publisher": publisher, "published": published, "url": url,
            "series": series,
        }  # fmt: skip
        date = None if published is None else whole_address(published)
        address = None if url is None else whole_address(url)
        known = cls(
            _tidy(title), _tidy_names(authors), _tidy(publisher), read_date(date), _tidy(address), _tidy(series)
        )
        return replace(
            known,
            origins=tuple(FieldOrigin(field, origin) for field in FIELDS if getattr(known, field)),
            notes=tuple(note for field, value in given.items() if value for note in _faults(field, value)),
        )

    def or_else(self, other: SourceMetadata) -> SourceMetadata:
        """This metadata, its unknown fields filled from ``other``."""
        taken = {field: getattr(other, field) for field in FIELDS if not getattr(self, field)}
        origins = tuple(origin for origin in other.origins if origin.field in taken)
        notes = tuple(note for note in other.notes if note.partition(":")[0] in taken)
        return replace(self, **taken, origins=self.origins + origins, notes=self.notes + notes)


FIELDS = ("title", "authors", "publisher", "published", "url", "series")


def _faults(field: str, value: str | tuple[str, ...]) -> tuple[str, ...]:
    found = faults(field, value)
    return (say("thing_and_reason", first=field, then=DROPPED),) if found and field in ("published", "url") else found


def _tidy(value: str | None) -> str | None:
    """The string on one line without outer space, in whole characters, or null when nothing is left."""
    return " ".join(plain(value).split()) or None if value else None


def _tidy_names(names: tuple[str, ...]) -> tuple[str, ...]:
    """The names without blanks and repeats, in order."""
    return tuple(dict.fromkeys(name for name in map(_tidy, names) if name))


def read_date(value: str | None) -> str | None:
    """The ISO 8601 date ("2022-09-30", "2022-09" or "2022") that a string opens with, or null."""
    text = (value or "").strip()
    match = _COMPACT.match(text.removeprefix("D:")[:14]) or _ISO.match(text)
    if match:
        return _checked(match.group(1), match.group(2), match.group(3))
    if match := _DAY_FIRST.search(text):
        return _named(match.group(3), match.group(2), match.group(1))
    if match := _MONTH_FIRST.search(text):
        return _named(match.group(3), match.group(1), match.group(2))
    if match := _MONTH_ONLY.search(text):
        return _named(match.group(2), match.group(1), None)
    return None


def _named(year: str, month: str, day: str | None) -> str | None:
    number = _MONTHS.get(month.lower())
    return _checked(year, str(number), day) if number else None


def _checked(year: str, month: str | None, day: str | None) -> str | None:
    try:
        date = datetime.date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if not 1000 <= date.year <= 2200:
        return None
    return date.isoformat()[: 10 if day else 7 if month else 4]
