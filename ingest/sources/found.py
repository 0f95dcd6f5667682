"""What is found: a source with its bytes, or a file that is none and why. Refuses to know where it was looked for."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.properties.metadata import SourceMetadata
from ingest.sources.places import Origin
from kb.records.source import Correction

# A JSON file beside another of this name and ending is that one's metadata.
SIDECAR_ENDING = ".meta.json"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One document's original bytes with its name, SHA-256 and what its sender says of it.

    ``path`` is null for lines of JSON and members of archives. ``url`` and the like stand in ``metadata``. ``origin``
    is what the source is known again by; ``source_id`` is the name it would stand under if no other source had it.
    ``notes`` say what of it was mended. ``corrections`` are those of the record that ``metadata`` is, where it is read
    again from a base.
    """

    source_id: str
    data: bytes
    media_type: str
    sha256: str
    path: Path | None
    metadata: SourceMetadata
    origin: Origin
    notes: tuple[str, ...] = ()
    corrections: tuple[Correction, ...] = ()

    @classmethod
    def of(
        cls,
        source_id: str,
        data: bytes,
        media_type: str,
        *,
        path: Path | None = None,
        metadata: SourceMetadata | None = None,
        origin: Origin | None = None,
    ) -> SourceFile:
        """A source with the hash of its bytes; without an origin it is known by its name."""
        digest = hashlib.sha256(data).hexdigest()
        known = origin or Origin.named(source_id)
        return cls(source_id, data, media_type, digest, path, metadata or SourceMetadata(), known)


@dataclass(frozen=True, slots=True)
class SourceFailure:
    """A file that did not become a source: in which stage, why, and what to do.

    Stage "skipped" names what was left out on purpose (hidden files, unread formats in a folder): no fault.
    ``path`` is null for a part of a file (a line, a member of an archive).
    """

    source_id: str
    stage: str
    reason: str
    hint: str
    path: Path | None = None
    origin: Origin | None = None
