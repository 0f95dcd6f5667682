"""What was corrected in the record of a document: the fields, as they were and as they are, when and by whom.

Refuses to judge what a value may be; putting a correction into a document is the document's own.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
