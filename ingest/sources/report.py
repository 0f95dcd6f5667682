"""What a run of ingestion says of each file: its outcome, and for a failure the stage, the reason and the next step."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


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
