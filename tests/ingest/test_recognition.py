"""Text read off pictures: only where it is asked for, marked as such, and never in silence.

Tesseract is a program of its own and not everywhere: a stand-in that prints a table as it does shows what becomes
of it, and one test asks the program itself where it is installed.
"""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from reportlab.lib.utils import ImageReader  # type: ignore[import-untyped]
from reportlab.pdfgen.canvas import Canvas  # type: ignore[import-untyped]

from ingest.readers.dispatch import read_document
from ingest.readers.isolate import IsolatedReader
from ingest.readers.recognition.scans import ScanReader, check_recognition, missing
from ingest.readers.signatures import PDF, TEXT, media_type_of
from ingest.sources.sources import SourceFailure, SourceFile, find_sources
from kb.records.document import BlockKind, Place
from kb.records.errors import InputError, SourceError
from kb.records.file_format import FileFormat
from tests.tesseract import picture, stand_in_at

PNG = FileFormat.PNG.media_type


@pytest.fixture(scope="module")
def reader() -> Iterator[ScanReader]:
    with IsolatedReader() as isolated:
        yield ScanReader(isolated)


@pytest.fixture
def stand_in(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the stand-in, alone on the path."""
    folder = stand_in_at(tmp_path)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def scanned(*, first_page: str | None = None) -> bytes:
    """A PDF of a picture of a page, after a page of text where one is given."""
    made = io.BytesIO()
    canvas = Canvas(made, pagesize=(420, 595))
    if first_page:
        canvas.drawString(50, 500, first_page)
        canvas.showPage()
    canvas.drawImage(ImageReader(io.BytesIO(picture("x"))), 0, 0, 420, 280)
    canvas.showPage()
    canvas.save()
    return made.getvalue()


def test_a_picture_is_read_in_paragraphs_and_marked(stand_in: Path, reader: ScanReader) -> None:
    """What the program is not sure of goes into the ledger."""
    data = picture("x")

    extract = reader.read(data, media_type_of("a.png", data), "a.png")

    assert [(one.text, one.furniture) for one in extract.blocks] == [
        ("Informe", None),
        ("Repite el 62 %.", None),
        ("~w;|", "unsure_recognition"),
    ]
    assert {one.place for one in extract.blocks} == {Place(recognised=True)}
    assert extract.notes == ("its text was read off a picture (OCR): compare what you quote",)


def test_only_pages_without_text_are_recognised_and_keep_their_place(stand_in: Path, reader: ScanReader) -> None:
    """What a file holds as text stands as it was; the boxes lead to where the words are seen."""
    extract = reader.read(scanned(first_page="Esta página tiene su texto."), PDF, "a.pdf")

    first, title, *_ = extract.blocks
    assert (first.text, first.place.page, first.place.recognised) == ("Esta página tiene su texto.", 1, False)
    assert (title.text, title.kind, title.place.page, title.place.recognised) == (
        "Informe",
        BlockKind.PARAGRAPH,
        2,
        True,
    )
    (box,) = title.place.boxes
    assert box.page == 2
    assert (box.left, box.bottom, box.right, box.top) == pytest.approx((20.0, 569.0, 38.0, 575.0))
    assert extract.notes == ("text was read off pictures (OCR; pages: 2): compare what you quote",)


def test_a_scan_from_end_to_end_is_read_and_other_formats_are_as_they_were(stand_in: Path, reader: ScanReader) -> None:
    assert [one.text for one in reader.read(scanned(), PDF, "a.pdf").blocks][:2] == ["Informe", "Repite el 62 %."]
    assert reader.read(b"Hola a todos.", TEXT, "a.txt") == read_document(b"Hola a todos.", TEXT, "a.txt")


def test_a_picture_that_the_program_cannot_read_is_refused(stand_in: Path, reader: ScanReader) -> None:
    with pytest.raises(SourceError, match=r"could not be read by Tesseract \(Error in pixReadMem\)"):
        reader.read(b"\x89PNG\r\n\x1a\n broken", PNG, "a.png")


def test_a_list_of_files_of_this_machine_is_no_picture(tmp_path: Path, stand_in: Path, reader: ScanReader) -> None:
    """The program would read each of them."""
    (tmp_path / "secret.png").write_bytes(picture("secret"))

    with pytest.raises(SourceError, match="is not a PNG, JPEG or TIFF"):
        reader.read(b"\x89PNG\n" + str(tmp_path / "secret.png").encode(), PNG, "a.png")


def test_what_is_missing_is_said_with_how_to_install_it(
    stand_in: Path, reader: ScanReader, monkeypatch: pytest.MonkeyPatch
) -> None:
    (stand_in / "languages").write_text("eng osd")
    with pytest.raises(InputError, match="language data of Tesseract that are missing: spa") as lacking:
        check_recognition()
    monkeypatch.setenv("PATH", str(stand_in / "nothing"))
    with pytest.raises(InputError, match="needs the program Tesseract, which is not installed") as absent:
        check_recognition()
    with pytest.raises(SourceError, match="needs the program Tesseract"):
        reader.read(scanned(), PDF, "a.pdf")

    assert "apt install tesseract-ocr tesseract-ocr-spa" in lacking.value.hint
    assert lacking.value.hint == absent.value.hint


def test_pictures_are_left_out_unless_they_are_asked_for(tmp_path: Path) -> None:
    """Beside documents they are parts of pages as often as not; the line says how to have them read."""
    (tmp_path / "a.png").write_bytes(picture("x"))

    (skipped,) = find_sources([tmp_path])
    (found,) = find_sources([tmp_path], pictures=True)

    assert isinstance(skipped, SourceFailure)
    assert (skipped.stage, skipped.hint) == ("skipped", "Ingest it with --ocr (a server: KB_OCR=1)")
    assert isinstance(found, SourceFile)
    assert found.media_type == PNG
    with pytest.raises(SourceError, match=r"is a picture \(PNG\)"):
        read_document(found.data, PNG, "a.png")


@pytest.mark.skipif(shutil.which("tesseract") is None or missing() is not None, reason="Tesseract is not installed")
def test_the_program_itself_reads_both_languages(reader: ScanReader) -> None:
    data = picture("El 62 % de los clientes", "explica su problema dos veces.", "Only 18% of them said why.")

    text = " ".join(one.text for one in reader.read(data, PNG, "a.png").blocks)

    assert "El 62 % de los clientes explica su problema dos veces." in text
    assert "Only 18% of them said why." in text
