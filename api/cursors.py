"""Opaque cursors: where the next page of one particular list begins."""

from __future__ import annotations

import base64
import hashlib
import json

from kb.errors import InputError


def fingerprint(*parts: object) -> str:
    """A short hash of what was asked, so that a cursor serves only the list it came from."""
    return hashlib.sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()[:12]


def encode_cursor(offset: int, asked: str) -> str:
    """The cursor of the page that starts at ``offset``."""
    return base64.urlsafe_b64encode(json.dumps([offset, asked]).encode()).decode().rstrip("=")


def decode_cursor(cursor: str | None, asked: str) -> int:
    """The offset in a cursor, 0 without one; InputError when it is not ours or belongs to another list."""
    if cursor is None:
        return 0
    try:
        offset, found = json.loads(base64.urlsafe_b64decode(cursor.encode() + b"=" * (-len(cursor) % 4)))
        valid = isinstance(offset, int) and offset >= 0 and found == asked
    except (ValueError, TypeError):
        valid = False
    if not valid:
        raise InputError("cursor", "does not belong to this list", "Ask again without a cursor")
    return int(offset)
