"""PDF to blocks: lines to paragraphs, columns in order, with the page and box of each.

Owns opening the file and the reasons it cannot be read; beside ``page_picture`` alone in knowing pypdfium2.
Grouping lines is ``pdf_layout``'s. Refuses to recognise pictures: a scan is reported as one.
"""

from __future__ import annotations

import ctypes

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ingest.media_types import PDF
from ingest.metadata import SourceMetadata
from ingest.readers.extract import Extract
from ingest.readers.pdf_glyphs import page_glyphs
from ingest.readers.pdf_layout import layout_blocks
from ingest.readers.pdf_lines import Line, page_lines
from kb.document import Box
from kb.errors import SourceError

MAX_PAGES = 2000
_MAX_PAGE_CHARS = 200_000
_PASSWORD_ERROR = 4


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
            metadata = _metadata(document)
        except pypdfium2.PdfiumError as error:
            raise SourceError(name, f"is a damaged PDF ({error})", "Print it to PDF again") from error
    blocks = layout_blocks(lines)
    if not blocks:
        reason = f"has {pages} pages and no text: a scan or pictures" if pages else "has no pages"
        raise SourceError(name, reason, "Run text recognition (OCR) on it and ingest the result")
    return Extract(blocks, metadata, PDF)


def _refusal(error: pypdfium2.PdfiumError, name: str) -> SourceError:
    if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
        return SourceError(name, "is an encrypted PDF", "Save it without a password")
    return SourceError(name, f"is a damaged PDF ({error})", "Fetch the file again or print it to PDF")


def _metadata(document: pypdfium2.PdfDocument) -> SourceMetadata:
    info = {key: _info(document, key) for key in ("Title", "Author", "CreationDate")}
    author = info["Author"]
    return SourceMetadata.of(
        "pdf info",
        title=_plausible_title(info["Title"]),
        authors=() if author.lower() in ("anonymous", "unknown", "user", "admin") else (author,),
    ).or_else(SourceMetadata.of("guess: pdf creation date", published=info["CreationDate"]))


def _info(document: pypdfium2.PdfDocument, key: str) -> str:
    """A field of the document's information, empty where it has none; halves of characters as they stand."""
    name = key.encode("ascii") + b"\0"
    size = pdfium.FPDF_GetMetaText(document, name, None, 0)
    buffer = ctypes.create_string_buffer(size)
    pdfium.FPDF_GetMetaText(document, name, buffer, size)
    return buffer.raw[: max(0, size - 2)].decode("utf-16-le", "surrogatepass")


def _plausible_title(title: str | None) -> str | None:
    """The title, unless it is a file's name or a program's default."""
    lowered = (title or "").lower()
    default = lowered in ("untitled", "sin título", "documento", "document1") or lowered.startswith("microsoft word")
    return None if default or lowered.endswith((".doc", ".docx", ".indd", ".pdf", ".qxd", ".ppt")) else title


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
