"""The database of a Zotero library (``zotero.sqlite``), read in a copy: its items with their stored files to records.

Files stand beside it as ``storage/KEY/name``. Knows the tables as Zotero's ``userdata.sql`` makes them.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

from ingest.readers.libraries.library import LibraryRecord, record, spoken

_ORIGIN = "Zotero"
_STORED = "storage:"
_FIELDS = (
    "SELECT fieldName, value FROM itemData JOIN fieldsCombined USING (fieldID) JOIN itemDataValues USING (valueID) "
    "WHERE itemID = ?"
)
_NAMES = (
    "SELECT lastName, firstName FROM itemCreators JOIN creators USING (creatorID) "
    "JOIN creatorTypes USING (creatorTypeID) WHERE itemID = ? AND creatorType = 'author' ORDER BY orderIndex"
)
_FILES = (
    "SELECT parentItemID, items.key, path FROM itemAttachments JOIN items USING (itemID) "
    "WHERE path IS NOT NULL AND parentItemID IS NOT NULL AND itemID NOT IN (SELECT itemID FROM deletedItems) "
    "ORDER BY parentItemID, itemID"
)
_PUBLISHERS = ("publisher", "institution", "websiteTitle", "publicationTitle", "blogTitle", "university")


def read_zotero_database(data: bytes) -> tuple[list[LibraryRecord], int]:
    """The records with a stored file, by item; ValueError where it is no database of Zotero."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "zotero.sqlite"
        path.write_bytes(data)
        try:
            connection = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
            try:
                files: dict[int, list[str]] = {}
                for item, key, place in connection.execute(_FILES):
                    name = str(place).removeprefix(_STORED)
                    files.setdefault(item, []).append(f"storage/{key}/{name}" if name != place else str(place))
                return [_record(connection, item, of_it) for item, of_it in files.items()], 0
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise ValueError(str(error)) from None


def _record(connection: sqlite3.Connection, item: int, files: list[str]) -> LibraryRecord:
    fields = {str(name): str(value) for name, value in connection.execute(_FIELDS, (item,))}
    names = connection.execute(_NAMES, (item,)).fetchall()
    return record(
        _ORIGIN,
        title=fields.get("title"),
        authors=[spoken(str(family or ""), str(given or "")) for family, given in names],
        publisher=next((fields[name] for name in _PUBLISHERS if name in fields), None),
        published=_date(fields.get("date", "")),
        url=fields.get("url"),
        files=files,
    )


def _date(value: str) -> str:
    """Zotero keeps "2022-09-30 30 September 2022" or "2022-00-00 2022": what is known of the first word."""
    return value.split(" ")[0].replace("-00", "")
