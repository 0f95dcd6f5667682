"""Derived files on disk: an immutable file named by its hash, and one pointer replaced last.

Owns atomicity, hashing and the removal of what no pointer names. Knows bytes only; what they mean
is their reader's business. ``reference/guarantees.md``'s measurements are why: in-place writing
left 160 of 200 killed indexes unreadable, a damaged FAISS file often loads and answers wrongly.
"""

import contextlib
import hashlib
import io
import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import BinaryIO

from kb.records.errors import BaseError
from kb.records.messages import say
from kb.records.ports import ModelStamp
from kb.store.disk.space import sync, write_synced

POINTER = "vectors.json"
# Why there is nothing before a base is first searched: no damage, nothing to tell anybody.
NONE_YET = say("there_was_no_vector_index_yet")
_SUFFIX = ".vectors"
_PARTIAL = ".partial"


@dataclass(frozen=True, slots=True)
class Pointer:
    """Which file is the current one, the version of the store it was made of, and the model; ``rewritten`` counts what
    had changed in the store beside additions by then, -1 where that is not known."""

    sha256: str
    version: int
    stamp: ModelStamp
    rewritten: int = -1


@dataclass(frozen=True, slots=True)
class Generation:
    """A verified pointer and the file it names, open at its beginning: whoever gets it closes it. It is not held in
    memory, where a large index would be twice while it is read."""

    pointer: Pointer
    file: BinaryIO


@dataclass(frozen=True, slots=True)
class Unusable:
    """Why nothing could be read; for people."""

    reason: str


def save(folder: Path, data: bytes, version: int, stamp: ModelStamp, rewritten: int = -1) -> Pointer:
    """Write the bytes, then the pointer, each synced and renamed; BaseError if the disk refuses."""
    pointer = Pointer(hashlib.sha256(data).hexdigest(), version, stamp, rewritten)
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _replace(folder / f"{pointer.sha256}{_SUFFIX}", data)
        _replace(folder / POINTER, json.dumps(asdict(pointer)).encode())
        _sweep(folder, pointer)
    except OSError as error:
        hint = say("free_some_space_nothing_is_lost")
        raise BaseError(say("index", folder=folder), say("cannot_be_written", error=error.strerror), hint) from error
    return pointer


def load(folder: Path) -> Generation | Unusable:
    """The current generation, once its hash agrees; otherwise why there is none."""
    try:
        fields = json.loads((folder / POINTER).read_bytes())
        stamp, rewritten = ModelStamp(**fields["stamp"]), int(fields.get("rewritten", -1))
        pointer = Pointer(str(fields["sha256"]), int(fields["version"]), stamp, rewritten)
    except FileNotFoundError:
        return Unusable(NONE_YET)
    except (OSError, ValueError, KeyError, TypeError):
        return Unusable(say("the_pointer_to_the_vector_index"))
    try:
        file = (folder / f"{pointer.sha256}{_SUFFIX}").open("rb")
    except OSError:
        return Unusable(say("the_file_of_the_vector_index_was"))
    with contextlib.ExitStack() as unless_whole:
        unless_whole.enter_context(file)
        try:
            found = hashlib.file_digest(file, "sha256").hexdigest()
            file.seek(0)
        except OSError:
            return Unusable(say("the_file_of_the_vector_index_was"))
        if found != pointer.sha256:
            return Unusable(say("the_file_of_the_vector_index"))
        unless_whole.pop_all()
    return Generation(pointer, file)


def _replace(path: Path, data: bytes) -> None:
    partial = path.with_name(f"{path.name}.{os.getpid()}{_PARTIAL}")
    try:
        write_synced(partial, io.BytesIO(data))
    except OSError:
        partial.unlink(missing_ok=True)  # half a file takes the room that others need
        raise
    partial.replace(path)
    sync(path.parent)


def _sweep(folder: Path, pointer: Pointer) -> None:
    """Remove files of this module that no pointer names; a file someone still reads stays readable."""
    for path in [*folder.glob(f"*{_SUFFIX}"), *folder.glob(f"*{_PARTIAL}")]:
        if path.name != f"{pointer.sha256}{_SUFFIX}":
            with contextlib.suppress(FileNotFoundError):
                path.unlink()
