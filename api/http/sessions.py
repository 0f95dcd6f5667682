"""Keys that a browser holds for its user: the cookie they are kept in, and which requests may use it.

The cookie is the key itself, for this browser only and until it is closed: nothing of a session is kept on the
server, so a revoked key ends at its next request. Knows neither pages nor records.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response

from api.http.auth import Access, Caller, identify
from api.service.parts import Keys

KEY_COOKIE = "kb_key"
# Methods that change nothing, so that it does not matter which page asked.
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def signed_in(keys: Keys, access: Access, key: str | None, address: str) -> Caller | None:
    """Who signs in with this key; null unless the key is live."""
    return identify(keys, access, f"Bearer {key}", address) if key else None


def comes_from_here(headers: Headers) -> bool:
    """Whether a browser says that a page of this server sent the request; false when it says nothing."""
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = headers.get("origin", "")
    try:
        return bool(origin) and urlsplit(origin).netloc.lower() == headers.get("host", "").lower()
    except ValueError:  # brackets that are not closed
        return False


def says_where_from(headers: Headers) -> bool:
    """Whether the request says which page sent it, as every browser does for what changes something."""
    return "origin" in headers or "sec-fetch-site" in headers


def keep_key(response: Response, key: str, *, secure: bool) -> None:
    """Have the browser keep the key until it is closed: out of reach of scripts, and never sent from other sites."""
    response.set_cookie(KEY_COOKIE, key, httponly=True, samesite="strict", secure=secure, path="/")


def forget_key(response: Response) -> None:
    """Have the browser forget the key."""
    response.delete_cookie(KEY_COOKIE, path="/", httponly=True, samesite="strict")
