"""The signature of a message: who has the secret can tell that it came from this server, and when.

``KB-Signature: t=1795312800,v1=HEX`` holds HMAC-SHA256 over the time, a full stop and the body's bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets

HEADER = "KB-Signature"
# An old message sent again by somebody else is refused.
TOLERANCE_SECONDS = 300
_FORM = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")


def new_secret() -> str:
    """256 random bits, to be shown once."""
    return f"whsec_{secrets.token_urlsafe(32)}"


def signature(secret: str, time: int, body: bytes) -> str:
    """The value of the header for a message sent at this time (seconds since 1970)."""
    digest = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={time},v1={digest}"


def is_genuine(secret: str, header: str, body: bytes, now: float, tolerance: float = TOLERANCE_SECONDS) -> bool:
    """Whether the header signs this very body with this secret, not longer ago than ``tolerance`` seconds."""
    match = _FORM.fullmatch(header)
    if match is None or abs(now - int(match[1])) > tolerance:
        return False
    return hmac.compare_digest(header, signature(secret, int(match[1]), body))
