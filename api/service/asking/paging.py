"""Opaque cursors: where the next page of one particular list begins."""

from __future__ import annotations

import base64
import hashlib
import json
from functools import cache

from pydantic import TypeAdapter

from kb.records.errors import InputError
from kb.records.messages import say


def fingerprint(*parts: object) -> str:
    """A short hash of what was asked, so that a cursor serves only the list it came from.

    The same in every process: sets, whose order differs between processes, are sorted.
    """
    asked = _adapter().dump_python(parts, mode="json", fallback=str)
    text = json.dumps(_sorted(asked), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "backslashreplace")).hexdigest()[:12]


@cache
def _adapter() -> TypeAdapter[tuple[object, ...]]:
    return TypeAdapter(tuple[object, ...])


def _sorted(value: object) -> object:
    if isinstance(value, dict):
        return {key: _sorted(part) for key, part in value.items()}
    if isinstance(value, list):
        return sorted((_sorted(part) for part in value), key=repr)
    return value


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
        raise InputError(say("cursor"), say("does_not_belong_to_this_list"), say("ask_again_without_a_cursor"))
    return int(offset)
