"""An older base brought to the newest format when it is opened: after a copy was made, all steps in one transaction.

Killed at any moment, the base is of the old format, whole, or of the new one. A newer base is refused. What a step does
is ``kb.store.tables.steps``'.
"""

import logging
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from kb.records.errors import BaseError
from kb.records.messages import say
from kb.store.disk.copies import BackupReport, Lacking, copy_database, hash_of, hashes_below, named_in, write_manifest
from kb.store.disk.frozen import reading
from kb.store.disk.originals import INCOMING, SET_ASIDE
from kb.store.disk.space import cannot_write, sync
from kb.store.tables import steps

_COPIES = "format-{number}-*"
_log = logging.getLogger("kb.store")


def format_of(database: Path) -> int:
    """The format of a base on disk, 0 for an empty file; sqlite3.Error where it cannot be read."""
    with reading(database) as connection:
        return steps.version_of(connection)


def refuse_newer(connection: sqlite3.Connection, folder: Path) -> None:
    """Nothing for a base of this program's format or of an older one; BaseError for a newer one, with the way out."""
    found = steps.version_of(connection)
    if found <= steps.FORMAT:
        return
    copies = sorted((folder / SET_ASIDE).glob(_COPIES.format(number=steps.FORMAT)))
    raise BaseError(
        say("base", folder=folder),
        say("is_in_newer_format", found=found, newest=steps.FORMAT),
        say("update_the_program_or_restore", copy=copies[-1]) if copies else say("update_the_program"),
    )


def bring_forward(connection: sqlite3.Connection, database: Path, *, keep: bool) -> None:
    """Give an older base, or an empty file, the newest format; with ``keep`` after a copy of an older one was set aside
    and found to hold what the base holds.

    BaseError, with nothing changed, where that copy cannot be written or the base is newer. For whoever holds the turn
    to write.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        refuse_newer(connection, database.parent)
        found = steps.version_of(connection)  # inside: another process may have done it meanwhile
        kept = _kept(connection, database, found) if keep and 0 < found < steps.FORMAT else None
        steps.advance(connection)
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
    if kept is not None:
        _log.warning("base %s: brought from format %d to %d; as it was: %s", database.parent, found, steps.FORMAT, kept)


def _kept(connection: sqlite3.Connection, database: Path, found: int) -> Path:
    """A backup of the base as it is in ``set-aside``, which ``kb restore`` takes; BaseError where it cannot be made."""
    aside = database.parent / SET_ASIDE
    part = aside / f"format-{found}.part"
    try:
        aside.mkdir(mode=0o700, exist_ok=True)
        if part.exists():  # of a run that was killed: who migrates is alone
            shutil.rmtree(part)
        part.mkdir(mode=0o700)
        copy_database(database, part / database.name)
        _require_same(connection, part / database.name, database.parent)
        sha256 = hash_of(part / database.name)
        target = aside / f"format-{found}-{sha256[:12]}"
        if target.exists():
            shutil.rmtree(target)
        _add_files(database.parent, part, sha256, database.name)
        part.rename(target)
        sync(aside)
    except BaseException as error:
        shutil.rmtree(part, ignore_errors=True)
        if not isinstance(error, OSError):  # shutil.Error is one
            raise
        failed = error if error.errno else OSError(None, str(error))
        raise cannot_write(say("copy_of_base_before_its_format", folder=aside), failed) from error
    return target


def _require_same(connection: sqlite3.Connection, copied: Path, folder: Path) -> None:
    """Nothing where a copy has the format and every row of the base; BaseError otherwise."""
    sync(copied)
    with closing(sqlite3.connect(f"{copied.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        if _contents(copy) != _contents(connection):
            raise BaseError(say("base", folder=folder), say("its_copy_is_not_what_it_holds"), say("check_it_kb_doctor"))


def _contents(connection: sqlite3.Connection) -> tuple[int, dict[str, int]]:
    """The format, and how many rows each table has."""
    tables = "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'words_%' ORDER BY name"
    counts = {
        name: int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608
        for (name,) in connection.execute(tables).fetchall()
        for quoted in (name.replace('"', '""'),)
    }
    return steps.version_of(connection), counts


def _add_files(base: Path, part: Path, sha256: str, database: str) -> None:
    """What the copied database names, and the manifest that makes it a backup. An original is the same file under a
    second name where the disk can do that: it is never changed. Without a manifest where the names are damaged."""
    try:
        named = named_in(part / database)
    except BaseError:
        return
    lacking = []
    for original, sources in named.originals.items():
        place = Path("originals") / original[:2] / original
        try:
            (part / place).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _link(base / place, part / place)
        except FileNotFoundError as error:
            lacking.append(Lacking(original, sources, error.strerror or ""))
    (part / INCOMING).mkdir(mode=0o700)
    for job in named.waiting:
        if (base / INCOMING / job).is_dir():
            shutil.copytree(base / INCOMING / job, part / INCOMING / job)
    kept = len(named.originals) - len(lacking)
    uploads = hashes_below(part / INCOMING)
    report = BackupReport(sha256, kept, *named.counted, len(named.waiting), tuple(lacking), uploads)
    write_manifest(part, report)


def _link(source: Path, target: Path) -> None:
    try:
        target.hardlink_to(source)
    except FileNotFoundError:
        raise
    except OSError:  # a disk without second names
        shutil.copyfile(source, target)
        target.chmod(0o600)
