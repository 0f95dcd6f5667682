"""What writing and reading of an evidence pack agree on: its parts, their names, its limits."""

from __future__ import annotations

import hashlib
import re
from typing import Any

from kb.saved.saved_answer import SavedCitation

PACK_VERSION = 1
MAX_PACK_BYTES = 1_000_000_000
# What is read into memory; originals are only hashed, piece by piece.
MAX_PART_BYTES = 50_000_000
MAX_KEPT_BYTES = 200_000_000
MAX_FILES = 10_000
# Characters kept on either side of a quote where a pack holds excerpts only.
EXCERPT_MARGIN = 600
REQUIRED = ("manifest.json", "answer.json", "SHA256SUMS", "quotes.json", "README.txt")
_BIBLIOGRAPHY = ("bibliography.txt", "bibliography.bib", "bibliography.ris", "bibliography.json")
# Names that lead to a file below the folder where a pack is unpacked, on any system.
_PLAIN = re.compile(r"[A-Za-z0-9][\w .-]{0,99}(?:/[A-Za-z0-9][\w .-]{0,99}){0,5}/?", re.ASCII)
_SOURCE = re.compile(r"(?:texts/[0-9a-f]{64}\.txt|originals/[0-9a-f]{64}\.[a-z0-9]{1,5})")


def digest(data: bytes) -> str:
    """The SHA-256 (hex) of these bytes."""
    return hashlib.sha256(data).hexdigest()


def is_plain(name: str) -> bool:
    """Whether a name can be unpacked without harm."""
    return _PLAIN.fullmatch(name) is not None


def is_part(name: str) -> bool:
    """Whether a pack has a file of this name."""
    return name in REQUIRED or name in _BIBLIOGRAPHY or _SOURCE.fullmatch(name) is not None


def text_name(sha256: str) -> str:
    """The name of the text of the original with this SHA-256."""
    return f"texts/{sha256}.txt"


def quote_place(citation: SavedCitation) -> dict[str, Any]:
    """What quotes.json says of where a quote stands, but for its pages and paragraphs."""
    span = citation.span
    return {
        "number": citation.number,
        "quote": citation.quote,
        "file": text_name(citation.sha256),
        "start": span.start if span else None,
        "end": span.end if span else None,
    }
