"""The signature of a message: who has the secret can tell that it came from this server, and when.

``KB-Signature: t=1795312800,v1=HEX`` holds HMAC-SHA256 over the time, a full stop and the body's bytes.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

HEADER = "KB-Signature"


def new_secret() -> str:
    """256 random bits, to be shown once."""
    return f"whsec_{secrets.token_urlsafe(32)}"


def signature(secret: str, time: int, body: bytes) -> str:
    """The value of the header for a message sent at this time (seconds since 1970)."""
    digest = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={time},v1={digest}"
