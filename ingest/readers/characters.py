"""Markup whose characters cannot be: halves of characters and controls, bare or as references, before it is parsed.

Parsers of XML refuse a whole file for one of them, or hand out bytes that are no text.
"""

from __future__ import annotations

import re

from kb.outside.strings import whole

_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,8})|([0-9]{1,9}));")
# What XML 1.0 allows nowhere.
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_HALVES = range(0xD800, 0xE000)


def mended_markup(text: str) -> str:
    """The markup with pairs of halves joined, and U+FFFD for what is no character; sound markup as it is."""
    return _ILLEGAL.sub("\ufffd", whole(_REFERENCE.sub(_character, text)))


def mended_xml(data: bytes) -> bytes:
    """``mended_markup`` of a part in UTF-8; one in another encoding as it is."""
    try:
        text = data.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        return data
    return mended_markup(text).encode()


def _character(reference: re.Match[str]) -> str:
    """The half or the control that a reference stands for, to be mended with its neighbours; others as they stand."""
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    if code > 0x10FFFF:
        return "\ufffd"
    return chr(code) if code in _HALVES or _ILLEGAL.match(chr(code)) else reference[0]
