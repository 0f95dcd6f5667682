"""A page of a PDF as a picture, for reading the original beside its text.

Owns the drawing, its limits, and the PNG. Beside ``portable`` alone in knowing pypdfium2; knows no passages.
"""

import struct
import zlib

import pypdfium2  # type: ignore[import-untyped]

from kb.records.errors import SourceError
from kb.records.messages import say
from kb.records.ports import PagePicture

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
