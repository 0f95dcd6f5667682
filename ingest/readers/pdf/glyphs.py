"""The characters of a PDF page with their edges, size and weight, in points as the page shows them.

Beside ``portable`` and ``picture`` alone in knowing pypdfium2. Refuses to know lines.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Iterator

import pypdfium2  # type: ignore[import-untyped]
import pypdfium2.raw as pdfium  # type: ignore[import-untyped]

from ingest.readers.pdf.lines import Glyph, TextStyle

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
