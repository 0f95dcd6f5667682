"""Which source is which: the records of what a source is known again by, its name, and where it was brought from;
and what was corrected in the record of a document."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source of the base: ``identity`` is what it is known again by, ``source_id`` the name that no other source has.

    ``owner`` is whoever brought it first (``kb.records.operation.Sender``), null when nobody owns it.
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


# The origin of what a person said of a document after it was in the base.
BY_HAND = "corrected by hand"
RECORD_FIELDS = ("title", "authors", "publisher", "published", "url", "series")
FieldValue = str | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of a record as it was and as it is from then on; null, or no names, where it is not known."""

    field: str
    before: FieldValue
    after: FieldValue


@dataclass(frozen=True, slots=True)
class Correction:
    """What changed in a record at a time (UTC). ``by`` is who did it ("operator", "key:k…"), ``origin`` where the new
    values come from ("corrected by hand", "sidecar", "BibTeX" …)."""

    at: datetime
    by: str
    origin: str
    changes: tuple[FieldChange, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The names of the fields that changed."""
        return tuple(change.field for change in self.changes)
