"""Who may do what over HTTP: scopes and keys. Knows no HTTP and never holds a key's secret."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from difflib import get_close_matches
from enum import Enum

from kb.records.errors import InputError
from kb.records.messages import say


class Scope(Enum):
    """What a key may do; ``ADMIN`` stands for all of them and for removing documents."""

    READ = "read"
    INGEST = "ingest"
    EXPORT = "export"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class Key:
    """A key without its secret. Times are in UTC; ``expires`` and ``revoked`` are null while they do not apply.

    ``family`` is the id of the first of the keys that succeeded each other by rotation, null for that one itself.
    """

    id: str
    name: str
    scopes: frozenset[Scope]
    created: datetime
    expires: datetime | None = None
    revoked: datetime | None = None
    family: str | None = None

    def is_live(self, now: datetime) -> bool:
        """Whether the key opens anything at this time."""
        return self.revoked is None and (self.expires is None or now < self.expires)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who brings documents: ``owner`` is whose they are from then on (null: nobody's), ``is_admin`` whether they may
    replace what is somebody else's."""

    owner: str | None
    is_admin: bool = False

    @classmethod
    def of(cls, key: Key) -> Sender:
        """Whoever holds this key, or one that it succeeded."""
        return cls(key.family or key.id, Scope.ADMIN in key.scopes)

    def may_replace(self, owner: str | None) -> bool:
        """Whether documents of this owner may be replaced."""
        return self.is_admin or owner is None or owner == self.owner


# Whoever can start the program on the base.
OPERATOR = Sender("operator", is_admin=True)
NOBODY = Sender(None)


def allows(scopes: frozenset[Scope], needed: Scope) -> bool:
    """Whether someone with these scopes may do what needs ``needed``."""
    return needed in scopes or Scope.ADMIN in scopes


def parse_scope(name: str) -> Scope:
    """The scope of this name; raises InputError for any other."""
    try:
        return Scope(name.strip().lower())
    except ValueError:
        known = [scope.value for scope in Scope]
        near = get_close_matches(name.strip().lower()[:100], known, 1)
        hint = say("did_you_mean", near=near[0]) if near else say("use_one_of", known=", ".join(known))
        raise InputError(say("scope", name=name), say("is_not_known"), hint) from None
