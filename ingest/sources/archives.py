"""Members of a ZIP archive, guarded: no path leads out of it, no bomb is unpacked.

Owns the limits and their reasons. Refuses to know what the members are.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from kb.records.errors import SourceError

MAX_MEMBERS = 10_000
MAX_MEMBER_BYTES = 64 * 1024 * 1024
MAX_TOTAL_BYTES = 1024 * 1024 * 1024
# Text packs 3 to 10 times, a page of repeated markup 60 times; a bomb packs 1,000 times.
MAX_RATIO = 200
_RATIO_FLOOR_BYTES = 1024 * 1024
_ENCRYPTED = 0x1


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive, or the problem that keeps it out (then ``data`` is empty)."""

    name: str
    data: bytes
    problem: str = ""
    hint: str = ""
    skipped: bool = False


def read_members(data: bytes, name: str) -> Iterator[Member]:
    """The files of an archive by name; raises SourceError when it cannot be opened or is too big."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise SourceError(name, f"is a damaged archive ({error})", "Pack it again") from error
    with archive:
        infos = [info for info in archive.infolist() if not info.orig_filename.endswith("/")]
        if len(infos) > MAX_MEMBERS:
            raise SourceError(name, f"holds more than {MAX_MEMBERS} files", "Split the archive")
        if sum(info.file_size for info in infos) > MAX_TOTAL_BYTES:
            raise SourceError(name, f"unpacks to more than {MAX_TOTAL_BYTES // 2**20} MB", "Split the archive")
        if not infos:
            raise SourceError(name, "holds no files", "Pack it again")
        for info in sorted(infos, key=lambda info: info.filename):
            yield _read_member(archive, info)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    problem, hint = _problem(info)
    shown = info.filename.replace("\0", "?")
    if problem:
        return Member(shown, b"", problem, hint)
    if any(part.startswith((".", "__MACOSX")) for part in shown.split("/")):
        return Member(shown, b"", "hidden file", "Unpack it to ingest it", skipped=True)
    try:
        return Member(shown, _unpack(archive, info))
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, ValueError, EOFError) as error:
        return Member(shown, b"", f"cannot be unpacked ({error})", "Pack the archive again")


def _problem(info: zipfile.ZipInfo) -> tuple[str, str]:
    if not info.filename:  # also one that opens with NUL, where zipfile cuts it
        return "has no name", "Pack the archive again with plain names"
    parts = info.orig_filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in info.orig_filename:
        return "its path leads out of the archive", "Pack the archive again with plain names"
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted", "Pack it without a password"
    if info.file_size > MAX_MEMBER_BYTES:
        return f"is larger than {MAX_MEMBER_BYTES // 2**20} MB", "Split it into parts"
    if info.file_size > _RATIO_FLOOR_BYTES and info.file_size > MAX_RATIO * max(1, info.compress_size):
        return f"unpacks to over {MAX_RATIO} times its size, like a bomb", "Unpack it yourself if you trust it"
    return "", ""


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as member:
        data = member.read(MAX_MEMBER_BYTES + 1)
    if len(data) > MAX_MEMBER_BYTES or len(data) > info.file_size:
        raise ValueError("it unpacks to more than it declares")
    return data
