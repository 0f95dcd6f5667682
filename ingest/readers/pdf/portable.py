"""PDF to blocks: lines to paragraphs, columns in order, with the page and box of each.

Owns opening the file and the reasons it cannot be read; beside ``picture`` alone in knowing pypdfium2.
Grouping lines is ``layout``'s. Refuses to recognise pictures: a scan is reported as one.
"""

import ctypes
import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ingest.readers.extract import Extract, RawBlock, one_line
from ingest.readers.pdf.layout import layout_blocks
from ingest.readers.pdf.lines import Glyph, PrintedLine, TextStyle, page_lines
from ingest.readers.pdf.running import printed_numbers
from ingest.readers.properties.metadata import SourceMetadata, stated_authors, stated_title
from ingest.readers.signatures import PDF
from kb.records.errors import SourceError
from kb.records.messages import Message, say
from kb.records.ports import PagePicture

# pdfium gives these for a hyphen that ends a line.
_LINE_END_HYPHENS = "\ufffe\x02"
# The bullets of Word's symbol fonts, which have no characters of their own.
_BULLETS = "\uf0b7\uf0a7\uf0d8\uf0fc\uf076"
_FONT_NAME_BYTES = 64
_BOLD_NAMES = (b"bold", b"black", b"heavy", b"semibold", b"-bd", b"demi")
# A direction within about 10 degrees of the page's own.
_LEVEL = 0.17
_SPACE = Glyph(" ", 0.0, 0.0, 0.0, 0.0, None)
_LINE_END = Glyph("\n", 0.0, 0.0, 0.0, 0.0, None)


def page_glyphs(text_page: pypdfium2.PdfTextPage, total: int) -> Iterator[Glyph]:
    """The ``total`` characters in the order in which they were drawn, and where pdfium sees white or a line's end."""
    left, right, bottom, top = (ctypes.c_double() for _ in range(4))
    raw = text_page.raw
    drawn: int | None = None
    style = TextStyle(0.0, 0.0, bold=False, turned=False)
    for index in range(total):
        code = pdfium.FPDFText_GetUnicode(raw, index)
        character = chr(code) if code < 0x110000 else "\ufffd"
        if character in "\r\n":
            yield _LINE_END
        elif character.isspace():
            yield _SPACE
        else:
            # One question for what all characters of a drawn text share, instead of one for each of them.
            found = pdfium.FPDFText_GetTextObject(raw, index)
            piece = ctypes.addressof(found.contents) if found else None
            if piece is None or piece != drawn:
                drawn, style = piece, _style(text_page, index)
            pdfium.FPDFText_GetCharBox(raw, index, left, right, bottom, top)
            shown = "-" if character in _LINE_END_HYPHENS else "•" if character in _BULLETS else character
            yield Glyph(shown, left.value, bottom.value, right.value, top.value, style)


def _style(text_page: pypdfium2.PdfTextPage, index: int) -> TextStyle:
    matrix = pdfium.FS_MATRIX()
    pdfium.FPDFText_GetMatrix(text_page, index, matrix)
    # Many programs declare a font of size 1 and scale it by the matrix.
    size = pdfium.FPDFText_GetFontSize(text_page, index) * math.hypot(matrix.c, matrix.d)
    turned = abs(matrix.b) > _LEVEL * math.hypot(matrix.a, matrix.b) or matrix.a < 0
    return TextStyle(abs(size), matrix.f, _is_bold(text_page, index), turned)


def _is_bold(text_page: pypdfium2.PdfTextPage, index: int) -> bool:
    name = ctypes.create_string_buffer(_FONT_NAME_BYTES)
    flags = ctypes.c_int()
    pdfium.FPDFText_GetFontInfo(text_page, index, name, _FONT_NAME_BYTES, flags)
    lowered = name.value.lower()
    return any(word in lowered for word in _BOLD_NAMES)


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
            raise SourceError(name, say("has_more_than_pages", most=MAX_PAGES), say("split_it_into_parts"))
        try:
            lines = tuple(_page_lines(document, number, name) for number in range(pages))
            metadata, labels, notes = _metadata(document), _labels(document, lines), _unread(document, lines)
        except pypdfium2.PdfiumError as error:
            raise SourceError(name, say("is_a_damaged_pdf", error=error), say("print_it_to_pdf_again")) from error
    blocks = layout_blocks(lines)
    if not blocks:
        reason = say("has_pages_and_no_text", pages=pages) if pages else say("has_no_pages")
        raise SourceError(name, reason, say("run_text_recognition_ocr"))
    return Extract(tuple(_labelled(block, labels) for block in blocks), metadata, PDF, notes)


def _refusal(error: pypdfium2.PdfiumError, name: str) -> SourceError:
    if getattr(error, "err_code", None) == _PASSWORD_ERROR or "password" in str(error).lower():
        return SourceError(name, say("is_an_encrypted_pdf"), say("save_it_without_a_password"))
    return SourceError(name, say("is_a_damaged_pdf", error=error), say("fetch_the_file_again_or_print"))


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


def _labels(document: pypdfium2.PdfDocument, lines: Sequence[Sequence[PrintedLine]]) -> dict[int, str]:
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


def _unread(document: pypdfium2.PdfDocument, lines: Sequence[Sequence[PrintedLine]]) -> tuple[Message, ...]:
    """A note of the pages that show something and hold no text, beside others that do."""
    empty = [number + 1 for number, page in enumerate(lines) if not page and _shows_something(document, number)]
    if len(empty) < 2:
        return tuple(say("page_holds_no_text", page=page) for page in empty)
    return (say("pages_hold_no_text", pages=_counted(empty[:-1]), last=empty[-1]),)


def _shows_something(document: pypdfium2.PdfDocument, number: int) -> bool:
    page = document[number]
    try:
        return bool(pdfium.FPDFPage_CountObjects(page) > 0)
    finally:
        page.close()


def _counted(pages: Sequence[int]) -> str:
    """Page numbers in words, runs as ranges: "2, 3, 7-9"."""
    runs: list[list[int]] = []
    for page in pages:
        if runs and page == runs[-1][-1] + 1:
            runs[-1].append(page)
        else:
            runs.append([page])
    words = [word for run in runs for word in ([f"{run[0]}-{run[-1]}"] if len(run) > 2 else map(str, run))]
    return ", ".join(words)


def _page_lines(document: pypdfium2.PdfDocument, number: int, name: str) -> tuple[PrintedLine, ...]:
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
        return page_lines(tuple(page_glyphs(text_page, total)), number + 1, page.get_height())
    finally:
        text_page.close()
        page.close()


# Twice the width of the column it is shown in, so that small print stays sharp on dense screens.
WIDTH = 1100
# A page can claim to be a wall; no picture of it is larger than this.
_MAX_PIXELS = 8_000_000
_CHANNELS = 3


def draw_page(data: bytes, page: int, name: str, width: int = WIDTH) -> PagePicture:
    """The page, counted from 1, at most so many pixels wide.

    Raises SourceError when there is no such page or it cannot be drawn.
    """
    try:
        with pypdfium2.PdfDocument(data) as document:
            if not 1 <= page <= len(document):
                raise SourceError(name, say("has_no_page", page=page), say("ask_for_an_earlier_page"))
            return _drawn(document[page - 1], len(document), width)
    except pypdfium2.PdfiumError as error:
        raise SourceError(name, say("is_a_damaged_pdf", error=error), say("keep_the_original_and_open")) from error


def _drawn(page: pypdfium2.PdfPage, pages: int, pixels: int) -> PagePicture:
    width, height = page.get_size()
    scale = min(pixels / max(width, 1.0), (_MAX_PIXELS / max(width * height, 1.0)) ** 0.5)
    bitmap = page.render(scale=scale, rev_byteorder=True, prefer_bgrx=False)
    left, bottom, _, _ = page.get_cropbox()
    turned = page.get_rotation() != 0
    rows = _rows(bytes(bitmap.buffer), bitmap.stride, bitmap.width * _CHANNELS, bitmap.height)
    return PagePicture(_png(bitmap.width, bitmap.height, rows), left, bottom, width, height, turned, pages)


def _rows(pixels: bytes, stride: int, length: int, height: int) -> bytes:
    """The rows without what pads them, each after the mark of PNG's filter 0 (none)."""
    return b"".join(b"\0" + pixels[row * stride : row * stride + length] for row in range(height))


def _png(width: int, height: int, rows: bytes) -> bytes:
    """The rows as a PNG (ISO/IEC 15948) of 8-bit red, green and blue."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", header), (b"IDAT", zlib.compress(rows, 6)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_part(kind, content) for kind, content in parts)


def _part(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
