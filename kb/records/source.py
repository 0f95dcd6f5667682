"""Which source is which: the records of what a source is known again by, its name, and where it was brought from."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source of the base: ``identity`` is what it is known again by, ``source_id`` the name that no other source has.

    ``owner`` is whoever brought it first (``kb.records.access.Sender``), null when nobody owns it.
    """

    identity: str
    source_id: str
    owner: str | None


@dataclass(frozen=True, slots=True)
class Claim:
    """A source as a run brings it: what it is, the ``place`` it was found at and the ``file`` that holds it.

    ``folded`` is the identity without the differences that a file system may lose; ``former`` the identity under which
    the source was known until now, where it has moved.
    """

    source: KnownSource
    place: str
    file: str
    folded: str
    former: str | None = None


@dataclass(frozen=True, slots=True)
class KnownPlace:
    """A place that a source was brought from, and the file that holds it (an archive, JSON lines, or the place)."""

    place: str
    file: str
    source_id: str
