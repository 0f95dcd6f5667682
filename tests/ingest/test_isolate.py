"""A hostile file costs a line of the report: time and memory are bounded and the next file is read."""

from __future__ import annotations

import io
import time
import zipfile
from collections.abc import Iterator

import docx
import pytest

from ingest import isolate
from ingest.isolate import IsolatedReader
from ingest.media_types import DOCX, HTML, MARKDOWN, PDF
from ingest.readers.dispatch import read_document
from kb.errors import SourceError

_SOUND = b"<html><body><p>Un texto que se lee bien despues de todo lo demas.</p></body></html>"


@pytest.fixture(scope="module")
def reader() -> Iterator[IsolatedReader]:
    with IsolatedReader(seconds=2, megabytes=256) as isolated:
        yield isolated


def _word_bomb(paragraphs: int, doctype: bytes = b"") -> bytes:
    """A document of a few hundred kilobytes that unpacks to forty bytes for every paragraph."""
    plain, bomb = io.BytesIO(), io.BytesIO()
    docx.Document().save(plain)
    space = b'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    body = b"<w:p><w:r><w:t>hola</w:t></w:r></w:p>" * paragraphs
    with zipfile.ZipFile(plain) as source, zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            is_body = name == "word/document.xml"
            text = doctype + b"<w:document " + space + b"><w:body>" + body + b"</w:body></w:document>"
            target.writestr(name, text if is_body else source.read(name))
    return bomb.getvalue()


HOSTILE = [
    ("deep elements", HTML, b"<html><body>" + b"<div>" * 50_000 + b"hola"),
    ("deep inline", HTML, b"<html><body><p>" + b"<b>" * 50_000 + b"hola"),
    ("deep tables", HTML, b"<html><body>" + b"<table><tr><td>" * 3_000 + b"hola"),
    ("many attributes", HTML, b"<p " + b" ".join(b"a%d=1" % number for number in range(100_000)) + b">hola"),
    ("endless text node", HTML, b"<html><body><p>" + b"a" * 12_000_000),
    ("many paragraphs", HTML, b"<html><body>" + b"<p>hola" * 200_000),
    ("Word bomb", DOCX, _word_bomb(900_000)),
    ("Word bomb refused unread", DOCX, _word_bomb(2_000_000)),
    ("Word entities", DOCX, _word_bomb(1, b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>')),
    ("Markdown brackets", MARKDOWN, b"[" * 300_000),
    ("not a PDF", PDF, b"%PDF-1.7\n" + b"1 0 obj<<" * 10_000),
]


# These wait for a limit to be met.
_SLOW = {"many attributes", "many paragraphs", "Word bomb", "Markdown brackets", "not a PDF", "deep elements"}
_CASES = [pytest.param(*case, id=case[0], marks=[pytest.mark.slow] if case[0] in _SLOW else []) for case in HOSTILE]


@pytest.mark.parametrize(("label", "media_type", "data"), _CASES)
def test_a_hostile_file_ends_with_a_reason_and_the_next_is_read(
    reader: IsolatedReader, label: str, media_type: str, data: bytes
) -> None:
    """Each ends in time, with a reason and a hint; the file after it is read as if nothing had been."""
    start = time.monotonic()

    with pytest.raises(SourceError) as caught:
        reader.read(data, media_type, label)

    assert time.monotonic() - start < 8
    assert (caught.value.thing, bool(caught.value.reason), bool(caught.value.hint)) == (label, True, True)
    assert reader.read(_SOUND, HTML, "next.html") == read_document(_SOUND, HTML, "next.html")


def test_a_refusal_crosses_the_pipe_whole(reader: IsolatedReader) -> None:
    """The reason and the hint are those of the reader itself."""
    with pytest.raises(SourceError) as caught:
        reader.read(b"<html><body></body></html>", HTML, "a.html")

    assert str(caught.value) == (
        "a.html: holds no text (a page drawn by scripts, or empty). Save the page as it is displayed"
    )


def test_entities_of_the_outside_are_not_read(reader: IsolatedReader) -> None:
    """An entity that names a file stays the word it is."""
    page = (
        b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>Antes &x; despues.</p></body></html>'
    )

    extract = reader.read(page, HTML, "xxe.html")

    assert [block.text for block in extract.blocks] == ["Antes &x; despues."]


def test_waiting_for_a_processor_is_no_fault_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    """A second of which nine tenths were spent waiting leaves nine tenths; the patience has an end."""
    now, waited = [100.0], [7.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    monkeypatch.setattr(isolate, "_waited", lambda process: waited[0])
    clock = isolate._Time(1, 2.0)
    left = []
    for passed, idle in ((0.0, 0.0), (1.0, 0.9), (2.0, 0.0), (3.0, 2.5), (19.0, 19.0), (21.0, 21.0)):
        now[0], waited[0] = 100.0 + passed, 7.0 + idle
        left.append(round(clock.left(), 6))

    assert left == [2.0, 1.9, 0.0, 1.5, 1.0, -1.0]


def test_a_process_that_is_gone_has_waited_for_nothing() -> None:
    """The clock then runs as any other."""
    assert isolate._waited(2**30) == 0.0
