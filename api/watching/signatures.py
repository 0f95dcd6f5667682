"""The signatures of a message: who has the secret can tell that it came from this server, and when.

``webhook-signature: v1,BASE64``, with ``webhook-id`` and ``webhook-timestamp``, is that of Standard Webhooks, whose
libraries check it; ``KB-Signature: t=SECONDS,v1=HEX`` is our first one, which receivers of before know.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets

_PREFIX = "whsec_"


def new_secret() -> str:
    """256 random bits, to be shown once; in base64, as Standard Webhooks has them."""
    return _PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def signed_headers(secret: str, message: str, time: int, body: bytes) -> dict[str, str]:
    """The headers of a message of this id, sent at this time (seconds since 1970), in both ways of signing."""
    digest = hmac.new(secret.encode(), f"{time}.".encode() + body, hashlib.sha256).hexdigest()
    return {
        "webhook-id": message,
        "webhook-timestamp": str(time),
        "webhook-signature": f"v1,{_standard(secret, message, time, body)}",
        "KB-Signature": f"t={time},v1={digest}",
    }


def _standard(secret: str, message: str, time: int, body: bytes) -> str:
    signed = f"{message}.{time}.".encode() + body
    return base64.b64encode(hmac.new(_key(secret), signed, hashlib.sha256).digest()).decode()


def _key(secret: str) -> bytes:
    """The bits of a secret; those made by earlier versions are in the other alphabet of base64, and end without "="."""
    written = secret.removeprefix(_PREFIX).replace("-", "+").replace("_", "/")
    return base64.b64decode(written + "=" * (-len(written) % 4))
