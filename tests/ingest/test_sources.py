"""What becomes a source, under which name, and what is said of each file that does not."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path

import pytest

from ingest.readers.properties.metadata import SourceMetadata, read_date
from ingest.sources.places import Origin
from ingest.sources.sources import SourceFailure, SourceFile, find_sources
from kb.records.document import FieldOrigin

DATES = [
    ("2022-09-30 05:29 -0500", "2022-09-30"),
    ("2022-09", "2022-09"),
    ("2022", "2022"),
    ("D:20240131120000Z", "2024-01-31"),
    ("24 Jul 2017", "2017-07-24"),
    ("30 de septiembre de 2022", "2022-09-30"),
    ("September 3rd, 2022", "2022-09-03"),
    ("marzo de 2021", "2021-03"),
    ("2022-13-40", None),
    ("pronto", None),
    (None, None),
]


@pytest.mark.parametrize(("written", "expected"), DATES)
def test_dates_are_read_or_stay_null(written: str | None, expected: str | None) -> None:
    """Dates as pages, PDFs and people write them; what is no date is null."""
    assert read_date(written) == expected


def _names(paths: list[Path]) -> list[tuple[str, str]]:
    return [
        (source.source_id, source.media_type if isinstance(source, SourceFile) else source.reason)
        for source in find_sources(paths)
    ]


def test_a_folder_gives_stable_names_and_says_what_it_leaves_out(tmp_path: Path) -> None:
    """Sorted, recursive, prefixed with the folder's own name; hidden, empty and foreign files are named."""
    folder = tmp_path / "archivo"
    (folder / "sub").mkdir(parents=True)
    (folder / "b.txt").write_text("hola")
    (folder / "sub" / "a.md").write_text("# hola")
    (folder / ".oculto").write_text("x")
    (folder / "empty.txt").write_text(" \n")
    (folder / "datos.sav").write_text("a,b")
    (folder / "vieja.doc").write_text("a,b")
    (folder / "falso.pdf").write_text("esto es texto")
    (folder / "foto.txt").write_bytes(b"\x89PNG\r\n\x1a\n....")
    os.mkfifo(folder / "tubo.txt")

    assert _names([folder]) == [
        ("archivo/.oculto", "hidden file"),
        ("archivo/b.txt", "text/plain"),
        ("archivo/datos.sav", "files ending in .sav are not read"),
        ("archivo/empty.txt", "is empty"),
        ("archivo/falso.pdf", "is wrongly named: the name says a PDF, the content is plain text"),
        ("archivo/foto.txt", "is wrongly named: the name says plain text, the content is a picture (PNG)"),
        ("archivo/sub/a.md", "text/markdown"),
        ("archivo/tubo.txt", "is not a regular file"),
        ("archivo/vieja.doc", "files ending in .doc are not read"),
    ]


def test_a_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    """What stands outside is not read through a link."""
    folder = tmp_path / "in"
    folder.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (folder / "link.txt").symlink_to(tmp_path / "secret.txt")

    assert _names([folder]) == [("in/link.txt", "is a link that leads out of the folder")]


def test_a_missing_path_is_a_failure_with_a_hint(tmp_path: Path) -> None:
    """The run goes on and the path is named."""
    missing = tmp_path / "no.txt"

    assert list(find_sources([missing])) == [
        SourceFailure("no.txt", "find", "does not exist", "Check the path", missing, Origin.of_file(str(missing)))
    ]


def test_json_lines_give_a_document_a_line_and_name_broken_ones(tmp_path: Path) -> None:
    """Ids and metadata come from the line; a broken line is named with its number and the rest goes on."""
    path = tmp_path / "docs.jsonl"
    sound = {"id": "a", "text": "Hola", "title": "T", "authors": ["Ana"], "published": "2022-09-30"}
    path.write_text("\n".join([json.dumps(sound), "{", json.dumps({"id": "b"}), ""]))

    first, second, third = find_sources([path])

    origins = tuple(FieldOrigin(field, "jsonl") for field in ("title", "authors", "published"))
    expected = SourceMetadata("T", ("Ana",), None, "2022-09-30", None, None, origins)
    origin = Origin("id:a", f"{path}/a", str(path), by_name=True)
    assert first == SourceFile.of("a", b"Hola", "text/plain", metadata=expected, origin=origin)
    assert isinstance(second, SourceFailure)
    assert (second.source_id, second.reason) == ("docs.jsonl:2", "is not JSON")
    assert isinstance(third, SourceFailure)
    assert (third.source_id, third.reason) == ("docs.jsonl:3", "has no string 'text'")


def test_an_id_that_no_index_holds_is_refused(tmp_path: Path) -> None:
    """The line alone; at the bound it is taken, whatever its letters."""
    path = tmp_path / "docs.jsonl"
    path.write_text("\n".join(json.dumps({"id": "ñ" * count, "text": "x"}) for count in (1000, 1001)))

    taken, refused = find_sources([path])

    assert isinstance(taken, SourceFile)
    assert isinstance(refused, SourceFailure)
    assert (refused.source_id, refused.reason) == ("docs.jsonl:2", "has an id of more than 2000 bytes")


def test_a_sidecar_gives_metadata(tmp_path: Path) -> None:
    """``NAME.meta.json`` stands beside the file and is no source itself."""
    (tmp_path / "a.txt").write_text("hola")
    (tmp_path / "a.txt.meta.json").write_text('{"publisher": "Ejemplo"}')

    (source,) = find_sources([tmp_path])

    assert isinstance(source, SourceFile)
    assert source.metadata.publisher == "Ejemplo"
    assert source.metadata.origins == (FieldOrigin("publisher", "sidecar"),)


def _archive(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def test_an_archive_is_unpacked_in_memory_and_its_traps_are_named(tmp_path: Path) -> None:
    """Zip-slip, a bomb and an archive inside are named; the sound member is a source."""
    path = tmp_path / "todo.zip"
    traps = {
        "../fuera.txt": b"x",
        "/raiz.txt": b"x",
        "bomba.txt": b"0" * 5_000_000,
        "dentro.zip": _archive({"a.txt": b"x"}),
        "sub/bien.txt": "año".encode("cp1252") + b" de la experiencia",
    }
    path.write_bytes(_archive(traps))

    assert _names([path]) == [
        ("todo.zip/../fuera.txt", "its path leads out of the archive"),
        ("todo.zip//raiz.txt", "its path leads out of the archive"),
        ("todo.zip/bomba.txt", "unpacks to over 200 times its size, like a bomb"),
        ("todo.zip/dentro.zip", "is an archive inside an archive"),
        ("todo.zip/sub/bien.txt", "text/plain"),
    ]
    assert not (tmp_path / "fuera.txt").exists()


def test_the_folder_of_a_saved_page_is_left_out_whole_and_said_once(tmp_path: Path) -> None:
    """What a browser writes beside a page is part of it; a folder called so without its page is a folder."""
    for name in ("Página.html", "Página_files/marco.html", "Página_files/css/a.txt", "otra_files/nota.txt"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("<p>Un texto cualquiera.</p>")

    found = list(find_sources([tmp_path]))

    names = {source.source_id.partition("/")[2] for source in found if isinstance(source, SourceFile)}
    skipped = [source for source in found if isinstance(source, SourceFailure)]
    assert names == {"Página.html", "otra_files/nota.txt"}
    assert [(source.source_id.partition("/")[2], source.stage) for source in skipped] == [("Página_files", "skipped")]
    assert "Página.html" in skipped[0].reason
