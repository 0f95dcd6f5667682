"""Lists of records of reference managers: what is read of each format, and which file a record is of."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest

from ingest.sources.libraries import Libraries, read_library
from ingest.sources.report import SourceFailure, SourceFile
from ingest.sources.sources import find_sources
from kb.records.errors import SourceError

CASES = json.loads((Path(__file__).parents[1] / "cases" / "libraries" / "records.json").read_text(encoding="utf-8"))
BIB = "@report{gil, title = {Señales}, author = {Gil, Ana}, file = {Full Text:files/12/senales.txt:text/plain}}\n"
TEXT = "Loyalty fell by 12 % in 2021, said the bank.\n"


@pytest.mark.parametrize("name", CASES)
def test_the_records_of_each_format(name: str) -> None:
    """Every field that is ours, in the order of the list; what cannot be read is counted."""
    case = CASES[name]

    library = read_library(name, case["text"].encode(), "")

    read = [
        {
            **{field: getattr(one.metadata, field) for field in ("title", "publisher", "published", "url")},
            "authors": list(one.metadata.authors),
            "files": list(one.files),
            "key": one.key,
        }
        for one in library.records
    ]
    assert read == case["records"]
    assert library.unread == case["unread"]
    assert {origin.origin for one in library.records for origin in one.metadata.origins} == {case["origin"]}


PLACES = {
    "ris": ("files/12/senales; final.pdf", "files/13/page.html"),
    "bib": ("files/12/senales; final.pdf", "files/13/page.html"),
    "csv": ("/home/ana/Zotero/storage/XY12/senales; final.pdf", "/home/ana/Zotero/storage/XZ34/page.html"),
}


@pytest.mark.parametrize("ending", PLACES)
def test_what_zotero_writes_is_read(ending: str) -> None:
    """The exports that its own translators (github.com/zotero/translators at 28143701) made of two items of ours."""
    data = (Path(__file__).parents[1] / "cases" / "libraries" / f"zotero-export.{ending}").read_bytes()

    report, page = read_library(f"zotero-export.{ending}", data, "").records

    known = report.metadata
    assert known.title == "Señales & ruido: 50 % de los clientes {2022}"
    assert known.authors == ("Ana Pérez Gil", "World Bank")
    assert known.publisher == "Acme Insights"
    assert known.published == ("2022-09" if ending == "bib" else "2022-09-30")  # its BibTeX has no day
    assert known.url == "https://example.org/a_b?x=1&y=2"
    assert (page.metadata.title, page.metadata.publisher, page.metadata.published) == ("A page", "Acme Blog", "2021-03")
    assert (report.files, page.files) == tuple((one,) for one in PLACES[ending])


def test_a_date_that_is_none_is_said(tmp_path: Path) -> None:
    """It is not known, and the line of its file says why."""
    library = read_library("r.csv", b"file,title,date\na.txt,A,2022-02-30\n", "")
    (tmp_path / "a.txt").write_text(TEXT)

    (source,) = find_sources([tmp_path / "a.txt"], records=Libraries([library]))

    assert isinstance(source, SourceFile)
    assert (source.metadata.title, source.metadata.published) == ("A", None)
    assert source.metadata.notes == ("published '2022-02-30' is not a date",)


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.rdf", b"<rdf"),
        ("a.rdf", b"<html/>"),
        ("a.rdf", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'),
        ("a.json", b'{"title": 3}'),
        ("a.json", b"[" * 100_000),
        ("a.csv", b"alone\n1\n"),
        ("a.bib", b"\xff\xfe\x00"),
        ("zotero.sqlite", b"SQLite format 3\0 broken"),
        ("a.txt", b"text"),
    ],
)
def test_what_is_no_list_is_refused(name: str, data: bytes) -> None:
    """With its name, and no trace of a parser."""
    with pytest.raises(SourceError, match="is no list of records that can be read"):
        read_library(name, data, "")


def told(sources: list[SourceFile | SourceFailure]) -> list[tuple[str, Any]]:
    """What each file is known as, and what is said of a list."""
    return [
        (one.source_id, (one.metadata.title, one.metadata.authors) if isinstance(one, SourceFile) else one.reason)
        for one in sources
    ]


def library_folder(root: Path, lists: dict[str, str]) -> Path:
    """A folder as Zotero exports it, with two files of which the lists name one."""
    folder = root / "My Library"
    (folder / "files" / "12").mkdir(parents=True)
    (folder / "files" / "13").mkdir()
    (folder / "files" / "12" / "senales.txt").write_text(TEXT)
    (folder / "files" / "13" / "other.txt").write_text(TEXT + "More.\n")
    for name, text in lists.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


IN_FOLDER = [
    ("My Library/files/12/senales.txt", ("Señales", ("Ana Gil",))),
    ("My Library/files/13/other.txt", (None, ())),
    ("My Library/My Library.bib", "is a list of 1 records; the files of 1 were met"),
]


def test_a_folder_of_a_library_goes_in_with_its_records(tmp_path: Path) -> None:
    """The files that a list names have its records; the list is no document and says how many it was of."""
    folder = library_folder(tmp_path, {"My Library.bib": BIB})

    assert told(list(find_sources([folder]))) == IN_FOLDER


def test_an_archive_of_a_library_too(tmp_path: Path) -> None:
    folder = library_folder(tmp_path, {"My Library.bib": BIB})
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                archive.write(path, path.relative_to(tmp_path))
    (tmp_path / "library.zip").write_bytes(packed.getvalue())

    assert told(list(find_sources([tmp_path / "library.zip"]))) == [
        (f"library.zip/{name}", said) for name, said in IN_FOLDER
    ]


def test_a_sidecar_goes_before_a_list_and_a_named_list_before_both(tmp_path: Path) -> None:
    """Field by field."""
    folder = library_folder(tmp_path, {"My Library.bib": BIB})
    (folder / "files" / "12" / "senales.txt.meta.json").write_text('{"title": "Of the sidecar"}')
    named = read_library("r.csv", b"file,publisher\nsenales.txt,Of the table\n", "")

    beside, table = (
        next(one for one in find_sources([folder], records=records) if one.source_id.endswith("senales.txt"))
        for records in (None, Libraries([named]))
    )

    assert isinstance(beside, SourceFile)
    assert isinstance(table, SourceFile)
    assert (beside.metadata.title, beside.metadata.authors) == ("Of the sidecar", ("Ana Gil",))
    assert (table.metadata.title, table.metadata.publisher) == ("Of the sidecar", "Of the table")


@pytest.mark.parametrize(
    ("lists", "title"),
    [
        ({"a.bib": "@misc{senales, title = {By its key}}"}, "By its key"),
        ({"a.json": '[{"id": "senales", "type": "report", "title": "By its key in CSL"}]'}, "By its key in CSL"),
        ({"a.bib": "@misc{x, title = {Elsewhere}, file = {:C\\:\\\\Zotero\\\\senales.txt:text/plain}}"}, "Elsewhere"),
        ({"a.bib": "@misc{x, title = {Another}, file = {:files/99/none.txt:text/plain}}"}, None),
        ({"a.bib": BIB + BIB.replace("Señales", "Twice").replace("{gil", "{gil2")}, None),
        ({"data.json": '{"type": 3}'}, None),
    ],
    ids=["key", "CSL", "path of another machine", "none", "two of one file", "other JSON"],
)
def test_which_file_a_record_is_of(tmp_path: Path, lists: dict[str, str], title: str | None) -> None:
    """By the file it names, by its key; two records of one file are of none."""
    folder = library_folder(tmp_path, lists)

    found = next(one for one in find_sources([folder]) if one.source_id.endswith("senales.txt"))

    assert isinstance(found, SourceFile)
    assert found.metadata.title == title


def test_a_broken_list_in_a_folder_is_a_failure_and_the_rest_goes_in(tmp_path: Path) -> None:
    folder = library_folder(tmp_path, {"broken.rdf": "<rdf"})

    lines = {one.source_id: getattr(one, "stage", "source") for one in find_sources([folder])}

    assert lines == {
        "My Library/broken.rdf": "find",
        "My Library/files/12/senales.txt": "source",
        "My Library/files/13/other.txt": "source",
    }


# The tables of Zotero's own userdata.sql and system.sql that are read, with the columns that are.
ZOTERO_TABLES = """
CREATE TABLE items (itemID INTEGER PRIMARY KEY, key TEXT NOT NULL);
CREATE TABLE itemAttachments (itemID INTEGER PRIMARY KEY, parentItemID INT, path TEXT);
CREATE TABLE deletedItems (itemID INTEGER PRIMARY KEY);
CREATE TABLE fieldsCombined (fieldID INT NOT NULL, fieldName TEXT NOT NULL);
CREATE TABLE itemDataValues (valueID INTEGER PRIMARY KEY, value UNIQUE);
CREATE TABLE itemData (itemID INT, fieldID INT, valueID);
CREATE TABLE creatorTypes (creatorTypeID INTEGER PRIMARY KEY, creatorType TEXT);
CREATE TABLE creators (creatorID INTEGER PRIMARY KEY, firstName TEXT, lastName TEXT, fieldMode INT);
CREATE TABLE itemCreators (itemID INT, creatorID INT, creatorTypeID INT, orderIndex INT);
INSERT INTO items VALUES (1, 'AAAA1111'), (2, 'BBBB2222'), (3, 'CCCC3333');
INSERT INTO itemAttachments VALUES (2, 1, 'storage:senales.txt'), (3, 1, 'storage:gone.txt');
INSERT INTO deletedItems VALUES (3);
INSERT INTO fieldsCombined VALUES (1, 'title'), (2, 'date'), (3, 'url'), (4, 'institution');
INSERT INTO itemDataValues VALUES (1, 'Señales'), (2, '2022-09-00 September 2022'), (3, 'https://example.org/a');
INSERT INTO itemDataValues VALUES (4, 'Acme');
INSERT INTO itemData VALUES (1, 1, 1), (1, 2, 2), (1, 3, 3), (1, 4, 4);
INSERT INTO creatorTypes VALUES (1, 'author'), (2, 'editor');
INSERT INTO creators VALUES (1, 'Ana', 'Pérez Gil', 0), (2, '', 'World Bank', 1), (3, 'Luis', 'Ruiz', 0);
INSERT INTO itemCreators VALUES (1, 2, 1, 1), (1, 1, 1, 0), (1, 3, 2, 2);
"""


def test_the_folder_of_a_zotero_library_goes_in_with_its_database(tmp_path: Path) -> None:
    """Authors in their order and no editors; what was deleted is no file."""
    folder = tmp_path / "Zotero"
    (folder / "storage" / "BBBB2222").mkdir(parents=True)
    (folder / "storage" / "BBBB2222" / "senales.txt").write_text(TEXT)
    connection = sqlite3.connect(folder / "zotero.sqlite")
    connection.executescript(ZOTERO_TABLES)
    connection.close()

    source, line = find_sources([folder])

    assert isinstance(source, SourceFile)
    known = source.metadata
    assert (known.title, known.authors, known.publisher) == ("Señales", ("Ana Pérez Gil", "World Bank"), "Acme")
    assert (known.published, known.url) == ("2022-09", "https://example.org/a")
    assert told([line]) == [("Zotero/zotero.sqlite", "is a list of 1 records; the files of 1 were met")]
