"""What a run of ingestion says of each file: its outcome, and for a failure the stage, the reason and the next step."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
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


class Stage(Enum):
    """What a run is doing with a file."""

    READING = "reading"
    EMBEDDING = "embedding"
    WRITING = "writing"


OnStage = Callable[[Stage, str], None]
"""Told a stage when it begins, and the source it begins for."""


class Outcome(Enum):
    """What became of a file. ``REPAIRED``: its document is unchanged, and its original was put back."""

    ADDED = "added"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    REPAIRED = "repaired"
    DUPLICATE = "duplicate"
    REMOVED = "removed"
    SKIPPED = "skipped"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class FileReport:
    """One file's line. ``removed`` counts blocks that cleaning took out.

    ``duplicate_of`` and ``translation_of`` are the names of sources. ``note`` says what of the file was
    left unread, if anything; ``look_at`` whether that is so much that a person should compare it with the original.
    """

    source_id: str
    outcome: Outcome
    document_id: str | None = None
    passages: int = 0
    statistics: int = 0
    removed: int = 0
    duplicate_of: str | None = None
    translation_of: str | None = None
    stage: str | None = None
    reason: str | None = None
    hint: str | None = None
    note: str | None = None
    look_at: bool = False


@dataclass(frozen=True, slots=True)
class RunReport:
    """Every file of a run, in the order in which they were met."""

    files: tuple[FileReport, ...]
    dry_run: bool = False

    @property
    def counts(self) -> dict[Outcome, int]:
        """How many files had each outcome; every outcome is a key."""
        found = Counter(file.outcome for file in self.files)
        return {outcome: found[outcome] for outcome in Outcome}

    @property
    def failures(self) -> tuple[FileReport, ...]:
        """The files that failed."""
        return tuple(file for file in self.files if file.outcome is Outcome.FAILED)

    @property
    def to_look_at(self) -> tuple[FileReport, ...]:
        """The files that went in with a doubt: a person should compare them with their originals."""
        return tuple(file for file in self.files if file.look_at)
