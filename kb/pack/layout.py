"""What writing and reading of an evidence pack agree on."""

from __future__ import annotations

import hashlib

PACK_VERSION = 1
MAX_PACK_BYTES = 1_000_000_000
MAX_FILES = 10_000
# Characters kept on either side of a quote where a pack holds excerpts only.
EXCERPT_MARGIN = 600


def digest(data: bytes) -> str:
    """The SHA-256 (hex) of these bytes."""
    return hashlib.sha256(data).hexdigest()
