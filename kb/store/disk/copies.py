"""What a backup is on disk: a folder with a database, the originals it names by hash, uploads, and a manifest.

Writes and reads the parts, of databases of every format; which of them belong together is ``kb.store.upkeep.backup``'s
and ``kb.store.disk.migrating``'s.
"""

import hashlib
import io
import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from kb.store.disk.frozen import reading
from kb.store.disk.space import write_synced
from kb.store.tables import columns
from kb.store.tables.cells import select

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Lacking:
    """An original that could not be copied: its SHA-256, the sources of its documents, and why."""

    sha256: str
    sources: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class BackupReport:
    """What a backup holds: the SHA-256 of its database, and how many originals, documents, passages, statistics and
    jobs that wait.

    ``lacking`` are the originals that it has not, for the base had lost them. ``uploads`` gives the SHA-256 of each
    file of the jobs that wait, by its place below the uploads; null in backups of before it was written.
    """

    sha256: str
    originals: int
    documents: int
    passages: int
    statistics: int
    waiting: int = 0
    lacking: tuple[Lacking, ...] = ()
    uploads: dict[str, str] | None = None


@dataclass(frozen=True, slots=True)
class DatabaseContents:
    """What a database names that lies beside it, and what it holds: the sources of the documents of each original by
    SHA-256, the ids of the jobs that wait, and how many documents, passages and statistics are current."""

    originals: dict[str, tuple[str, ...]]
    waiting: frozenset[str]
    counted: tuple[int, int, int]


def copy_database(source: Path, target: Path) -> None:
    """The state of one moment, while others read and write: cp of a live database gave 2 usable copies of 25."""
    target.unlink(missing_ok=True)
    with reading(source) as live, closing(sqlite3.connect(target)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
    target.chmod(0o600)


def named_in(database: Path) -> DatabaseContents:
    """What a copy of a database names and holds; sqlite3.Error, BaseError where that is damaged."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as copy:
        has_jobs = copy.execute("SELECT 1 FROM sqlite_master WHERE name = 'jobs'").fetchone() is not None
        unended = "SELECT id FROM jobs WHERE state IN ('queued', 'running')"
        waiting = select(copy, unended, (), columns.JOBS["id"]) if has_jobs else []
        return DatabaseContents(sources_by_hash(copy), frozenset(job for (job,) in waiting), _counted(copy))


def sources_by_hash(copy: sqlite3.Connection) -> dict[str, tuple[str, ...]]:
    """The sources of the documents of each original that a database names, by its SHA-256."""
    found: dict[str, dict[str, None]] = {}
    query = "SELECT sha256, source_id FROM documents ORDER BY sha256, source_id"
    for sha256, source_id in select(copy, query, (), columns.DOCUMENTS["sha256"], columns.DOCUMENTS["source_id"]):
        found.setdefault(sha256, {})[source_id] = None
    return {sha256: tuple(sources) for sha256, sources in found.items()}


def _counted(copy: sqlite3.Connection) -> tuple[int, int, int]:
    query = (
        "SELECT (SELECT count(*) FROM documents WHERE current = 1), (SELECT count(*) FROM passages WHERE live = 1), "
        "(SELECT count(*) FROM statistics JOIN passages USING (key) WHERE live = 1)"
    )
    documents, passages, statistics = copy.execute(query).fetchone()
    return documents, passages, statistics


def write_manifest(folder: Path, report: BackupReport) -> None:
    """Write last what a backup is; OSError."""
    write_synced(folder / MANIFEST, io.BytesIO(json.dumps(asdict(report), indent=2).encode()))


def hashes_below(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder, by its place in it."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hash_of(path) for path in found}


def hash_of(path: Path) -> str:
    """The SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
