"""Bytes to characters: byte order marks, UTF-8, UTF-16, and the Western encodings of old Spanish files.

Owns the order in which encodings are tried; the one module that imports resiliparse.
Refuses to know what the characters are for.
"""

from __future__ import annotations

import codecs

from resiliparse.parse.encoding import detect_encoding

from kb.records.errors import SourceError
from kb.records.messages import say

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The characters of a text file.

    A byte order mark decides, then valid UTF-8, then what the file declares, then detection.
    Raises SourceError when no encoding gives readable text.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _strict(data, encoding, name)
    wide = _wide_encoding(data)
    if wide:
        return _strict(data, wide, name)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return _western(data, declared)


def _strict(data: bytes, encoding: str, name: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        reason = say("is_damaged_not_valid_at_byte", encoding=encoding.upper(), byte=error.start)
        raise SourceError(name, reason, say("save_the_file_again_as_utf")) from error


def _wide_encoding(data: bytes) -> str | None:
    """UTF-16 without a mark, told by the NUL bytes of Latin letters."""
    head = data[:4096]
    if b"\0" not in head or len(head) < 4:
        return None
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) < len(head) * 0.1:
        return None  # a NUL here and there in a text of bytes
    return "utf-16-le" if odd > even else "utf-16-be"


def _western(data: bytes, declared: str | None) -> str:
    # One broken byte in a UTF-8 file must not turn every accent of it into two letters.
    repaired = data.decode("utf-8", "replace")
    if repaired.count("\ufffd") * 20 < sum(byte >= 0xC3 for byte in data):
        return repaired
    for encoding in (declared, detect_encoding(data)):
        text = _tried(data, encoding)
        if text is not None:
            return text
    return _tried(data, "windows-1252") or data.decode("latin-1")


def _tried(data: bytes, encoding: str | None) -> str | None:
    """The text in this encoding, or null when it is unknown, wrong, or not one of the West."""
    try:
        name = codecs.lookup(encoding).name if encoding else ""
    except (LookupError, ValueError):
        return None
    if name in ("", "utf-8", "ascii"):
        return None
    # The web's rule: what calls itself Latin-1 is windows-1252, where “ ” and € live.
    name = "cp1252" if name == "iso8859-1" else name
    try:
        text = data.decode(name)
    except (UnicodeDecodeError, LookupError):
        return None
    return text
