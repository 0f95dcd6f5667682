"""What Zotero keeps: its RDF, written with the files beside it, and its database; items with attachments to records."""

import sqlite3
from pathlib import Path
from tempfile import TemporaryDirectory

from lxml import etree

from ingest.readers.libraries.library import LibraryRecord, record, spoken

_ORIGIN = "Zotero"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_Z = "{http://www.zotero.org/namespaces/export#}"
_DC, _TERMS = "{http://purl.org/dc/elements/1.1/}", "{http://purl.org/dc/terms/}"
_BIB, _FOAF, _LINK = (
    "{http://purl.org/net/biblio#}",
    "{http://xmlns.com/foaf/0.1/}",
    "{http://purl.org/rss/1.0/modules/link/}",
)


def read_zotero_rdf(data: bytes) -> tuple[list[LibraryRecord], int]:
    """The records in order, none for a note or a file of no item; ValueError where it is no RDF."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(str(error)) from None
    if root.tag != f"{_RDF}RDF":
        raise ValueError(f"its root is {root.tag}")
    by_id = {one.get(f"{_RDF}about", ""): one for one in root}
    items = [one for one in root if one.tag != f"{_Z}Attachment" and one.find(f"{_Z}itemType") is not None]
    return [_record(item, by_id) for item in items if _text(item, f"{_Z}itemType") not in ("note", "attachment")], 0


def _record(item: etree._Element, by_id: dict[str, etree._Element]) -> LibraryRecord:
    linked = (by_id.get(link.get(f"{_RDF}resource", "")) for link in item.iter(f"{_LINK}link"))
    site = item.find(f"{_TERMS}isPartOf/{_Z}Website/{_DC}title")
    publisher = _text(item, f"{_DC}publisher/{_FOAF}Organization/{_FOAF}name")
    return record(
        _ORIGIN,
        title=_text(item, f"{_DC}title"),
        authors=[
            spoken(_text(person, f"{_FOAF}surname"), _text(person, f"{_FOAF}givenName"))
            for authors in item.findall(f"{_BIB}authors")
            for person in authors.iter(f"{_FOAF}Person")
        ],
        publisher=publisher or ("" if site is None else site.text or ""),
        published=_text(item, f"{_DC}date"),
        url=_text(item, f"{_DC}identifier/{_TERMS}URI/{_RDF}value"),
        files=[path for one in linked if one is not None for path in _paths(one)],
    )


def _paths(attachment: etree._Element) -> list[str]:
    """The file of an attachment, relative to the RDF: "files/12/study.pdf"."""
    places = [*attachment.findall(f"{_RDF}resource"), *attachment.findall(f"{_Z}path")]
    return [place.get(f"{_RDF}resource") or place.text or "" for place in places]


def _text(element: etree._Element, path: str) -> str:
    found = element.find(path)
    return "" if found is None else " ".join((found.text or "").split())


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
                return [_row_record(connection, item, of_it) for item, of_it in files.items()], 0
            finally:
                connection.close()
        except sqlite3.Error as error:
            raise ValueError(str(error)) from None


def _row_record(connection: sqlite3.Connection, item: int, files: list[str]) -> LibraryRecord:
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
