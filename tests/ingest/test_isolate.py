"""A hostile file costs a line of the report: time and memory are bounded and the next file is read."""

from __future__ import annotations

import io
import os
import signal
import threading
import time
import zipfile
from collections.abc import Iterator
from email.message import EmailMessage

import docx
import pytest

from ingest.readers import isolate
from ingest.readers.dispatch import read_document, unpack
from ingest.readers.isolate import IsolatedReader
from ingest.readers.mail.mime import Attachment
from ingest.readers.signatures import DOCX, EML, HTML, MARKDOWN, PDF, TEXT
from kb.records.errors import SourceError

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
        "a.html: holds no text (the page is built by scripts, or empty). Save the page as it is displayed"
    )


def test_entities_of_the_outside_are_not_read(reader: IsolatedReader) -> None:
    """An entity that names a file stays the word it is."""
    page = (
        b'<!DOCTYPE html [<!ENTITY x SYSTEM "file:///etc/passwd">]><html><body><p>Antes &x; despues.</p></body></html>'
    )

    extract = reader.read(page, HTML, "xxe.html")

    assert [block.text for block in extract.blocks] == ["Antes &x; despues."]


class Killer:
    """Sends a signal to the reader's child as soon as it lives, so many times, each time to another child."""

    def __init__(self, reader: IsolatedReader, number: signal.Signals, times: int) -> None:
        self._reader, self._number, self._times = reader, number, times
        self.killed: list[int] = []
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._kill)

    def __enter__(self) -> Killer:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _kill(self) -> None:
        while len(self.killed) < self._times and not self._over.is_set():
            child = self._reader._child
            if child is not None and child.pid not in self.killed and self._reader._read:
                os.kill(child.pid, self._number)
                self.killed.append(child.pid)
            time.sleep(0.001)


# It keeps its reader for a second, so that it is killed while it reads.
_LONG = b"<html><body>" + b"<p>Un texto que se lee bien.</p>" * 4_000 + b"</body></html>"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM], ids=lambda number: number.name)
def test_a_file_whose_reader_is_killed_from_outside_is_read_in_the_end(number: signal.Signals) -> None:
    """Twice killed, it is read by the third, as if nothing had been."""
    with IsolatedReader() as reader, Killer(reader, number, 2) as killer:
        extract = reader.read(_LONG, HTML, "long.html")

    assert len(killer.killed) == 2
    assert extract == read_document(_LONG, HTML, "long.html")


def test_a_file_whose_reader_is_killed_for_ever_is_a_line_that_says_so() -> None:
    """Three tries, then the next file; the line does not call the file bad."""
    with IsolatedReader() as reader:
        with Killer(reader, signal.SIGKILL, 100) as killer, pytest.raises(SourceError) as caught:
            reader.read(_LONG, HTML, "long.html")

        assert reader.read(_SOUND, HTML, "next.html") == read_document(_SOUND, HTML, "next.html")
    assert len(killer.killed) == 3
    assert str(caught.value) == (
        "long.html: its reader was ended from outside 3 times (signal 9). "
        "Ingest it again; the system may have been short of memory"
    )


def test_a_file_that_crashes_its_reader_is_called_bad_at_once() -> None:
    """A reader that has read nothing before has nobody else to blame."""
    with IsolatedReader() as reader, Killer(reader, signal.SIGSEGV, 100) as killer:
        with pytest.raises(SourceError) as caught:
            reader.read(_LONG, HTML, "bad.html")

        assert len(killer.killed) == 1
    assert caught.value.reason == "crashed its reader or needs more than 448 MB"


def test_a_crash_in_a_reader_that_was_used_is_tried_once_more() -> None:
    """The files before may have spoilt it: once more in a fresh one, and then it is the file."""
    with IsolatedReader() as reader:
        reader.read(_SOUND, HTML, "before.html")
        with Killer(reader, signal.SIGSEGV, 1) as killer:
            extract = reader.read(_LONG, HTML, "good.html")
        with Killer(reader, signal.SIGSEGV, 100) as for_ever, pytest.raises(SourceError):
            reader.read(_LONG, HTML, "bad.html")

    assert len(killer.killed) == 1
    assert extract == read_document(_LONG, HTML, "good.html")
    assert len(for_ever.killed) == 2


def test_a_file_that_crashes_its_reader_has_no_more_time_for_two_tries_than_for_one() -> None:
    """What a reader that was ended from outside spent is not the file's."""
    crashed, killed = (isolate._End(-number, 2, 9.0) for number in (signal.SIGSEGV, signal.SIGKILL))
    reader = IsolatedReader(seconds=15)

    assert [reader._left(ends) for ends in ([], [crashed], [killed], [killed, crashed])] == [15, 6.0, 15, 6.0]


def test_plain_text_is_read_in_the_child_too() -> None:
    """A stalling line is no stall of the program."""
    text = "Un párrafo que se lee bien.".encode()
    with IsolatedReader() as reader:
        extract = reader.read(text, TEXT, "a.txt")

        assert reader._child is not None
    assert extract == read_document(text, TEXT, "a.txt")


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


def test_a_mail_is_taken_apart_in_the_child(reader: IsolatedReader) -> None:
    """The same attachments as in this process, and a hostile mail is refused with its reason."""
    mail = EmailMessage()
    mail.set_content("El cuerpo.")
    mail.add_attachment("Año: 62 %".encode(), maintype="text", subtype="plain", filename="año.txt")
    data = mail.as_bytes()

    attached = reader.unpack(data, EML, "a.eml")
    with pytest.raises(SourceError, match="has more than 300 parts"):
        reader.unpack(b"From: a\nSubject: b\n" + b"X: boundary=a\n" * 1_000, EML, "b.eml")

    assert attached == unpack(data, EML, "a.eml") == (Attachment("año.txt", "Año: 62 %".encode()),)
