"""Bytes to characters: byte order marks, UTF-8, UTF-16, and the Western encodings of old Spanish files.

Owns the order in which encodings are tried; the one module that imports resiliparse.
Refuses to know what the characters are for.
"""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from resiliparse.parse.encoding import detect_encoding

from ingest.readers.old_spanish import decoded_once, is_wholly_spanish, old_encoding
from kb.records.errors import SourceError
from kb.records.messages import say

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


@dataclass(frozen=True, slots=True)
class Decoded:
    """The characters of a file; ``notes`` say what was made out of its bytes against what they seem."""

    text: str
    notes: tuple[str, ...] = ()


def decode(data: bytes, name: str, declared: str | None = None) -> str:
    """The characters of ``decode_noted`` without its notes."""
    return decode_noted(data, name, declared).text


def decode_noted(data: bytes, name: str, declared: str | None = None) -> Decoded:
    """The characters of a text file.

    A byte order mark decides, then valid UTF-8, then what the file declares, then detection. What was decoded wrongly
    before it was saved is repaired. Raises SourceError when no encoding gives readable text.
    """
    text = _decoded(data, name, declared)
    mended = decoded_once(text)
    old = _old_encoding(data, text) if declared is None else None
    if old is not None:
        return Decoded(data.decode(old), (say("its_encoding_was_taken_for", encoding=old),))
    if mended != text:
        return Decoded(mended, (say("its_accents_were_repaired"),))
    return Decoded(text)


def _old_encoding(data: bytes, text: str) -> str | None:
    """The old encoding of bytes that are no UTF-8 and no UTF-16, or null."""
    if _wide_encoding(data) or "\ufffd" in text or _is_utf8(data) or data.startswith(tuple(mark for mark, _ in _MARKS)):
        return None
    return old_encoding(data, text)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _decoded(data: bytes, name: str, declared: str | None) -> str:
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
    western = _tried(data, "windows-1252")
    # Of a few words detection tells nothing ("Año" in a table was Latvian).
    is_spanish = western is not None and is_wholly_spanish(western)
    for encoding in (declared, None if is_spanish else detect_encoding(data)):
        text = _tried(data, encoding)
        if text is not None:
            return text
    return western or data.decode("latin-1")


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
