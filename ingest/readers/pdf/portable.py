"""PDF to blocks: lines to paragraphs, columns in order, with the page and box of each.

Owns opening the file and the reasons it cannot be read; beside ``picture`` alone in knowing pypdfium2.
Grouping lines is ``layout``'s. Refuses to recognise pictures: a scan is reported as one.
"""

from __future__ import annotations

import ctypes
from collections.abc import Sequence
from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ingest.readers.extract import Extract, RawBlock, one_line
from ingest.readers.file_properties import stated_authors, stated_title
from ingest.readers.media_types import PDF
from ingest.readers.metadata import SourceMetadata
from ingest.readers.pdf.glyphs import page_glyphs
from ingest.readers.pdf.layout import layout_blocks
from ingest.readers.pdf.lines import Line, page_lines
from ingest.readers.pdf.running import printed_numbers
from kb.records.errors import SourceError

MAX_PAGES = 2000
_MAX_PAGE_CHARS = 200_000
_PASSWORD_ERROR = 4
# "xxviii", "A-112"; what is longer is no number of a page.
_MAX_LABEL_CHARS = 12


def read_portable(data: bytes, name: str) -> Extract:
    """The blocks and metadata of a PDF; raises SourceError when it is encrypted, damaged or a scan."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refusal(error, name) from error
    with document:
        pages = len(document)
        if pages > MAX_PAGES:
            raise SourceError(name, f"has more than {MAX_PAGES} pages", "Split it into parts")
        try:
            lines = tuple(_page_lines(document, number, name) for number in range(pages))
            metadata, labels, notes = _metadata(document), _labels(document, lines), _unread(document, lines)
        except pypdfium2.PdfiumError as error:
            raise SourceError(name, f"is a damaged PDF ({error})", "Print it to PDF again") from error
    blocks = layout_blocks(lines)
    if not blocks:
        reason = f"has {pages} pages and no text: a scan or pictures" if pages else "has no pages"
        raise SourceError(name, reason, "Run text recognition (OCR) on it and ingest the result")
    return Extract(tuple(_labelled(block, labels) for block in blocks), metadata, PDF, notes)


def _refusal(error: pypdfium2.PdfiumError, name: str) -> SourceError:
    if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
        return SourceError(name, "is an encrypted PDF", "Save it without a password")
    return SourceError(name, f"is a damaged PDF ({error})", "Fetch the file again or print it to PDF")


def _metadata(document: pypdfium2.PdfDocument) -> SourceMetadata:
    """Title and authors where persons wrote them. When the file was made says nothing of when it was published."""
    return SourceMetadata.of(
        "pdf info", title=stated_title(_info(document, "Title")), authors=stated_authors(_info(document, "Author"))
    )


def _info(document: pypdfium2.PdfDocument, key: str) -> str:
    """A field of the document's information, empty where it has none; halves of characters as they stand."""
    name = key.encode("ascii") + b"\0"
    size = pdfium.FPDF_GetMetaText(document, name, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_GetMetaText(document, name, buffer, size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", "surrogatepass")


def _labels(document: pypdfium2.PdfDocument, lines: Sequence[Sequence[Line]]) -> dict[int, str]:
    """What is printed as the number of each page (from 1), where it is another than its index.

    The file's own list of labels, else the numbers in the margins that count with the pages.
    """
    listed = {number + 1: _label(document, number) for number in range(len(lines))}
    if any(listed.values()):
        return {page: label for page, label in listed.items() if label and label != str(page)}
    return printed_numbers([line for page in lines for line in page], len(lines))


def _label(document: pypdfium2.PdfDocument, number: int) -> str:
    size = pdfium.FPDF_GetPageLabel(document, number, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_GetPageLabel(document, number, buffer, size)
    label = one_line(buffer.raw[: max(0, size - 2)].decode("utf-16-le", "replace"))
    return label if len(label) <= _MAX_LABEL_CHARS else ""


def _labelled(block: RawBlock, labels: dict[int, str]) -> RawBlock:
    label = labels.get(block.place.page or 0)
    return replace(block, place=replace(block.place, page_label=label)) if label else block


def _unread(document: pypdfium2.PdfDocument, lines: Sequence[Sequence[Line]]) -> tuple[str, ...]:
    """A note of the pages that show something and hold no text, beside others that do."""
    empty = [number + 1 for number, page in enumerate(lines) if not page and _shows_something(document, number)]
    if not empty:
        return ()
    pages = f"page {empty[0]} holds" if len(empty) == 1 else f"pages {_counted(empty)} hold"
    return (f"{pages} no text (scans or pictures): run text recognition (OCR) on the file to have it all",)


def _shows_something(document: pypdfium2.PdfDocument, number: int) -> bool:
    page = document[number]
    try:
        return bool(pdfium.FPDFPage_CountObjects(page) > 0)
    finally:
        page.close()


def _counted(pages: Sequence[int]) -> str:
    """Page numbers in words, runs as ranges: "2, 3 and 7-9"."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    words = [word for run in runs for word in ([f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run))]
    return " and ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else words[0]


def _page_lines(document: pypdfium2.PdfDocument, number: int, name: str) -> tuple[Line, ...]:
    page = document[number]
    text_page = page.get_textpage()
    try:
        total = text_page.count_chars()
        if total > _MAX_PAGE_CHARS:
            raise SourceError(
                name, f"has over {_MAX_PAGE_CHARS} characters on page {number + 1}", "Print it to PDF again"
            )
        return page_lines(tuple(page_glyphs(text_page, total)), number + 1, page.get_height())
    finally:
        text_page.close()
        page.close()
