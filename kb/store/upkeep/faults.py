"""What can be wrong with a base, as a closed list, and one finding of it. Knows not how it is found or repaired."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from kb.records.messages import say


class StoreFault(Enum):
    """The kinds of fault. What is derived from something whole can be repaired; documents and originals cannot."""

    FILE = "file"
    ROW = "row"
    LOSS = "loss"
    FOREIGN_ROW = "foreign_row"
    WORDS = "words"
    VECTORS = "vectors"
    LABELS = "labels"
    RECORD = "record"
    ORIGINAL = "original"
    STRAY_ORIGINAL = "stray_original"
    TEMPORARY = "temporary"
    PERMISSIONS = "permissions"
    STALE_JOB = "stale_job"
    LOST_UPLOAD = "lost_upload"
    INDEX = "index"

    @property
    def repairable(self) -> bool:
        """Whether ``kb doctor --fix`` can mend it without losing anything."""
        return self not in (StoreFault.FILE, StoreFault.ORIGINAL)


@dataclass(frozen=True, slots=True)
class StoreFinding:
    """Something that is not as it should be: the thing, the fault, what to do, and which kind of fault it is."""

    thing: str
    fault: str
    cure: str
    kind: StoreFault


REPAIR = say("repair_it_kb_doctor_fix")
BY_HAND = say("do_it_again_what_that_takes")
RESEND = say("send_its_files_again")
AGAIN = say("ingest_its_source_again_kb_ingest")
RESTORE = say("restore_a_backup_kb_restore_folder")
