"""What a list of records holds: for each record what is known, the files it names, and the key it goes by.

Owns the record and how a name is spoken. Knows no format and no file.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

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
