"""What was sent and waits to be ingested: files on disk, by job, so that an acknowledged job survives a kill.

Knows names and bytes; what becomes of them is not its business.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from api.intake import Incoming
from ingest.sources import SIDECAR_ENDING
from kb.errors import BaseError, InputError
from kb.store import Store

FOLDER = "incoming"
_MAX_NAME_BYTES = 150


class Inbox:
    """Keeps the files of jobs until they are ingested."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._folder = store.folder / FOLDER

    def keep(self, job_id: str, files: Iterable[Incoming]) -> None:
        """Write the files durably for a job; raises InputError for a name, BaseError when they cannot be written."""
        seen: set[str] = set()
        folder = self._folder / job_id
        try:
            for number, file in enumerate(files):
                _check_name(file.name, seen)
                place = folder / f"{number:04}"
                place.mkdir(mode=0o700, parents=True)
                _write(place / file.name, file.data)
                if file.metadata is not None:
                    (place / (file.name + SIDECAR_ENDING)).write_text(json.dumps(file.metadata), encoding="utf-8")
                _settle(place)
            _settle(folder)
        except OSError as error:
            self.discard(job_id)
            raise BaseError(f"folder {self._folder}", f"cannot be written ({error.strerror})") from error
        except InputError:
            self.discard(job_id)
            raise

    def discard(self, job_id: str) -> None:
        """Remove what was kept for a job."""
        shutil.rmtree(self._folder / job_id, ignore_errors=True)

    def failed(self, job_id: str) -> list[Incoming]:
        """The files of an ended job of which something failed, open; empty once they are gone."""
        if not self._store.jobs.get(job_id).state.ended:
            return []
        return [_again(path) for path in self.kept(job_id)]

    def kept(self, job_id: str) -> list[Path]:
        """The files of a job that are still there, in the order in which they were sent."""
        kept = sorted((self._folder / job_id).glob("*/*"))
        return [path for path in kept if not path.name.endswith(SIDECAR_ENDING)]


def _again(path: Path) -> Incoming:
    sidecar = path.with_name(path.name + SIDECAR_ENDING)
    try:
        about = json.loads(sidecar.read_text(encoding="utf-8")) if sidecar.exists() else None
        return Incoming(path.name, path.open("rb"), about)
    except OSError as error:
        raise BaseError(f"folder {path.parent}", f"cannot be read ({error.strerror})") from error


def _check_name(name: str, seen: set[str]) -> None:
    plain = name.strip() == name and name and not name.startswith(".") and not name.endswith(SIDECAR_ENDING)
    if not plain or set(name) & set('/\\:*?"<>|') or not name.isprintable() or len(name.encode()) > _MAX_NAME_BYTES:
        raise InputError(f"file {name!r}", "is not a name for a document", "Give it a plain name such as report.pdf")
    if name in seen:
        raise InputError("the upload", "has two files of this name", "Give it a plain name such as report.pdf")
    seen.add(name)


def _write(path: Path, data: IO[bytes]) -> None:
    with path.open("wb") as file:
        path.chmod(0o600)
        shutil.copyfileobj(data, file, 1 << 20)
        file.flush()
        os.fsync(file.fileno())


def _settle(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
