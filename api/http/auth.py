"""Who is calling and what they may do: keys from the Authorization header, and what is open without one.

Secrets are 256 random bits, shown once; only their SHA-256 is kept. A key never stands in a URL or a log.
"""

import hashlib
import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.responses import Response

from api.service.parts import Keys
from kb.records.errors import InputError, NotFoundError
from kb.records.messages import say
from kb.records.operation import NOBODY, Key, Scope, Sender

_OPEN_ON_LOOPBACK = frozenset({Scope.READ, Scope.EXPORT})
# Two keys live at a time while callers change over.
_ROTATION_GRACE = timedelta(hours=24)
_MAX_NAME = 100
_BEARER = re.compile(r"(?i:bearer) +([\x21-\x7e]{1,200}) *")


def utc_now() -> datetime:
    """The time now, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Access:
    """What is open without a key, by which names the server may be called (null for any), and its clock."""

    without_key: frozenset[Scope] = _OPEN_ON_LOOPBACK
    hosts: frozenset[str] | None = None
    now: Callable[[], datetime] = field(default=utc_now)


@dataclass(frozen=True, slots=True)
class Caller:
    """Someone who calls: a name for counting and logging ("key:k1a2…", "address:127.0.0.1"), and their scopes.

    ``by_key`` are those of the key alone, null without one; ``scopes`` have what is open to everybody beside them.
    """

    name: str
    scopes: frozenset[Scope]
    by_key: frozenset[Scope] | None = None

    @property
    def has_key(self) -> bool:
        """Whether a key was shown."""
        return self.by_key is not None


def needs(scope: Scope | None) -> dict[str, Any]:
    """What a route declares (``openapi_extra``): the scope it needs; null for a route open to everybody."""
    security: list[dict[str, list[str]]] = [] if scope is None else [{}, {"key": []}]
    return {"x-scope": None if scope is None else scope.value, "security": security}


def secret_hash(secret: str) -> str:
    """The SHA-256 of a secret, in hex: all that is kept of it."""
    return hashlib.sha256(secret.encode()).hexdigest()


def new_key(
    name: str, scopes: frozenset[Scope], lifetime: timedelta | None, now: datetime | None = None
) -> tuple[Key, str]:
    """A key and its secret, not yet in any base. ``lifetime`` null means that it does not expire."""
    created = now or utc_now()
    secret = f"kb_{secrets.token_urlsafe(32)}"
    expires = None if lifetime is None else created + lifetime
    return Key(f"k{secrets.token_hex(5)}", name, scopes, created, expires), secret


def create_key(keys: Keys, name: str, scopes: frozenset[Scope], lifetime: timedelta | None) -> tuple[Key, str]:
    """A new key of the base and its secret, which nothing can show again; InputError for a name that says nothing."""
    key, secret = new_key(_plain_name(name), scopes, lifetime)
    keys.add(key, secret_hash(secret))
    return key, secret


def _plain_name(name: str) -> str:
    name = name.strip()
    if not name:
        raise InputError(say("name"), say("is_empty"), say("say_what_the_key"))
    if len(name) > _MAX_NAME or not name.isprintable():
        raise InputError(say("name"), say("is_not_one_line", most=_MAX_NAME), say("choose_another_name"))
    return name


def rotate_key(keys: Keys, key_id: str, grace: timedelta = _ROTATION_GRACE) -> tuple[Key, Key, str]:
    """The old key (which ends after ``grace``), its successor with the same name and scopes, and the new secret."""
    old = keys.get(key_id)
    lifetime = None if old.expires is None else old.expires - old.created
    made, secret = new_key(old.name, old.scopes, lifetime)
    successor = replace(made, family=old.family or old.id)
    ending = keys.rotate(key_id, successor, secret_hash(secret), successor.created + grace)
    return ending, successor, secret


def identify(keys: Keys, access: Access, authorization: str | None, address: str) -> Caller | None:
    """The caller with this Authorization header; null when it names a key that opens nothing."""
    if authorization is None:
        return Caller(f"address:{address}", access.without_key)
    match = _BEARER.fullmatch(authorization)
    key = keys.find(secret_hash(match[1])) if match else None
    if key is None or not key.is_live(access.now()):
        return None
    return Caller(f"key:{key.id}", key.scopes | access.without_key, key.scopes)


def sender_of(keys: Keys, caller: str) -> Sender:
    """Whose the documents are that a caller of this name sends; nobody's without a key that the base knows."""
    kind, _, key_id = caller.partition(":")
    if kind != "key":
        return NOBODY
    try:
        return Sender.of(keys.get(key_id))
    except NotFoundError:
        return NOBODY


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
