"""The original bytes of every document, kept by their SHA-256 and never changed."""

import contextlib
import hashlib
import io
import os
from pathlib import Path

from kb.records.errors import BaseError, NotFoundError
from kb.records.messages import say
from kb.store.disk.space import cannot_write, disk_time, make_folder, sync, write_synced


class Originals:
    """A folder of files named by the SHA-256 of what they hold."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with contextlib.suppress(OSError):  # a base that is only read, or a full disk: ``keep`` says so
            folder.mkdir(mode=0o700, exist_ok=True)
        for part in folder.glob("*/*.part"):
            with contextlib.suppress(OSError):  # it was renamed meanwhile, and is whole; or the base is only read
                if disk_time(folder) - part.stat().st_mtime > LEFT_OVER_SECONDS:
                    part.unlink()

    def _path(self, sha256: str) -> Path:
        return self._folder / sha256[:2] / sha256

    def keep(self, data: bytes) -> str:
        """Write the bytes durably unless they are there, unchanged; returns their SHA-256 in hex."""
        sha256 = hashlib.sha256(data).hexdigest()
        if self.fault_of(sha256) is None:
            return sha256
        path = self._path(sha256)
        try:
            make_folder(self._folder)
            make_folder(path.parent)
            part = path.with_name(f"{path.name}.{os.getpid()}.part")
            try:
                write_synced(part, io.BytesIO(data))
                part.replace(path)
            except OSError:
                part.unlink(missing_ok=True)  # half a file takes the room that others need
                raise
            sync(path.parent)
        except OSError as error:
            raise cannot_write(say("folder", parent=self._folder), error) from error
        return sha256

    def get(self, sha256: str) -> bytes:
        """The bytes with this SHA-256; NotFoundError if not kept, BaseError if they changed or cannot be read."""
        original = say("original", sha256=sha256)
        try:
            data = self._path(sha256).read_bytes()
        except FileNotFoundError:
            raise NotFoundError(original, say("is_not_kept_in_this_base"), say("restore_it_from_a_backup")) from None
        except OSError as error:
            cure = say("check_the_folder_and_its_disk")
            raise BaseError(original, say("cannot_be_read", error=error.strerror), cure) from error
        if hashlib.sha256(data).hexdigest() != sha256:
            raise BaseError(original, say("was_changed_on_disk"), say("restore_it_from_a_backup"))
        return data

    def fault_of(self, sha256: str) -> str | None:
        """Why the bytes with this SHA-256 cannot be had, as the end of a sentence; null when they are whole."""
        try:
            with self._path(sha256).open("rb") as file:
                found = hashlib.file_digest(file, "sha256").hexdigest()
        except FileNotFoundError:
            return say("is_not_kept_in_this_base")
        except OSError as error:
            return say("cannot_be_read", error=error.strerror)
        return None if found == sha256 else say("was_changed_on_disk")

    def discard(self, sha256: str) -> None:
        """Remove the bytes, if they are there; BaseError when the disk refuses."""
        try:
            self._path(sha256).unlink(missing_ok=True)
        except OSError as error:
            raise cannot_write(say("original", sha256=sha256), error) from error


INCOMING = "incoming"


# What a repair changes or takes away is put there first.
SET_ASIDE = "set-aside"


# In ``incoming``: held by the one server that runs the jobs of a base; a killed process loses it.
LOCK = ".lock"


# A half-written file this old belongs to a process that has ended; a younger one may be another process's.
LEFT_OVER_SECONDS = 3600.0
