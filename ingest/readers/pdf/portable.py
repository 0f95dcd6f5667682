"""PDF to blocks: lines to paragraphs, columns in order, with the page and box of each.

Owns opening the file and the reasons it cannot be read; beside ``page_picture`` alone in knowing pypdfium2.
Grouping lines is ``pdf_layout``'s. Refuses to recognise pictures: a scan is reported as one.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from dataclasses import dataclass

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ingest.readers.extract import Extract
from ingest.readers.media_types import PDF
from ingest.readers.metadata import SourceMetadata
from ingest.readers.pdf.layout import layout_blocks
from ingest.readers.pdf.tables import Line
from kb.records.document import Box
from kb.records.errors import SourceError
from kb.records.messages import say

MAX_PAGES = 2000
_MAX_PAGE_CHARS = 200_000
_PASSWORD_ERROR = 4
# pdfium gives this where a hyphen ends a line and the word goes on.
_SOFT_BREAKS = "\ufffe\x02"
_FONT_NAME_BYTES = 64
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_LONE_MARK = re.compile(r"(?:[•●○▪■◦‣·*–—-]|\(?\w{1,2}[.)])$")


@dataclass(frozen=True, slots=True)
class _Glyph:
    """A character with its edges (left, bottom, right, top) and size in points, and its index on the page."""

    character: str
    edges: tuple[float, float, float, float]
    size: float
    index: int


def read_portable(data: bytes, name: str) -> Extract:
    """The blocks and metadata of a PDF; raises SourceError when it is encrypted, damaged or a scan."""
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise _refusal(error, name) from error
    with document:
        pages = len(document)
        if pages > MAX_PAGES:
            raise SourceError(name, say("has_more_than_pages", most=MAX_PAGES), say("split_it_into_parts"))
        try:
            lines = tuple(tuple(_page_lines(document, number, name)) for number in range(pages))
            metadata = _metadata(document)
        except pypdfium2.PdfiumError as error:
            raise SourceError(name, say("is_a_damaged_pdf", error=error), say("print_it_to_pdf_again")) from error
    blocks = layout_blocks(lines)
    if not blocks:
        reason = say("has_pages_and_no_text", pages=pages) if pages else say("has_no_pages")
        raise SourceError(name, reason, say("run_text_recognition_ocr"))
    return Extract(blocks, metadata, PDF)


def _refusal(error: pypdfium2.PdfiumError, name: str) -> SourceError:
    if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
        return SourceError(name, say("is_an_encrypted_pdf"), say("save_it_without_a_password"))
    return SourceError(name, say("is_a_damaged_pdf", error=error), say("fetch_the_file_again_or_print"))


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


def _page_lines(document: pypdfium2.PdfDocument, number: int, name: str) -> Iterator[Line]:
    page = document[number]
    text_page = page.get_textpage()
    try:
        total = text_page.count_chars()
        if total > _MAX_PAGE_CHARS:
            raise SourceError(
                name,
                say("has_more_characters_on_page", most=_MAX_PAGE_CHARS, number=number + 1),
                say("print_it_to_pdf_again"),
            )
        yield from _lines(text_page, total, number + 1, page.get_height())
    finally:
        text_page.close()
        page.close()


def _lines(text_page: pypdfium2.PdfTextPage, total: int, page: int, height: float) -> Iterator[Line]:
    glyphs: list[_Glyph] = []
    for index in range(total):
        code = pdfium.FPDFText_GetUnicode(text_page, index)
        character = chr(code) if code < 0x110000 else "\ufffd"
        if character in "\r\n":
            yield from _segments(glyphs, text_page, page, height)
            glyphs = []
        elif character.isspace():
            glyphs.append(_Glyph(" ", _NOWHERE, 0.0, index))
        else:
            shown = "\u00ad" if character in _SOFT_BREAKS else character
            size = pdfium.FPDFText_GetFontSize(text_page, index)
            glyphs.append(_Glyph(shown, _edges(text_page, index), size, index))
    yield from _segments(glyphs, text_page, page, height)


def _edges(text_page: pypdfium2.PdfTextPage, index: int) -> tuple[float, float, float, float]:
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    pdfium.FPDFText_GetCharBox(text_page, index, left, right, bottom, top)
    return left.value, bottom.value, right.value, top.value


def _is_bold(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME_BYTES, flags)
    lowered = name.value.lower()
    return any(word in lowered for word in (b"bold", b"black", b"heavy", b"semibold"))


def _segments(glyphs: list[_Glyph], text_page: pypdfium2.PdfTextPage, page: int, height: float) -> Iterator[Line]:
    """A line, cut into cells where the white between two characters is wider than any word space."""
    segment: list[_Glyph] = []
    last: _Glyph | None = None
    for glyph in glyphs:
        if glyph.edges is not _NOWHERE:
            if last is not None and _is_gap(last, glyph) and not _is_mark(segment):
                yield from _line(segment, text_page, page, height)
                segment = []
            last = glyph
        segment.append(glyph)
    yield from _line(segment, text_page, page, height)


def _is_gap(last: _Glyph, glyph: _Glyph) -> bool:
    return glyph.edges[0] - last.edges[2] > 1.1 * max(glyph.size, 4.0)


def _is_mark(segment: list[_Glyph]) -> bool:
    """Whether a segment is only the bullet or number of a list item, set apart from its text."""
    return bool(_LONE_MARK.match("".join(glyph.character for glyph in segment).strip()))


def _line(segment: list[_Glyph], text_page: pypdfium2.PdfTextPage, page: int, height: float) -> Iterator[Line]:
    text = "".join(glyph.character for glyph in segment)
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").strip()
    placed = [glyph for glyph in segment if glyph.edges is not _NOWHERE]
    if not text or not placed:
        return
    lefts, bottoms, rights, tops = zip(*(glyph.edges for glyph in placed), strict=True)
    box = Box(page, round(min(lefts), 1), round(min(bottoms), 1), round(max(rights), 1), round(max(tops), 1))
    size = sorted(glyph.size for glyph in placed)[len(placed) // 2]
    # Asking three characters for their font instead of all halves the time a page takes.
    asked = (placed[0], placed[len(placed) // 2], placed[-1])
    bold = sum(_is_bold(text_page, glyph.index) for glyph in asked) >= 2
    yield Line(text, box, size, bold, height)
