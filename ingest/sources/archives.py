"""Members of a ZIP archive, guarded: no path leads out of it, no bomb is unpacked.

Owns the limits and their reasons. Refuses to know what the members are.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from kb.records.errors import SourceError
from kb.records.messages import say

_MAX_MEMBERS = 10_000
_MAX_MEMBER_BYTES = 64 * 1024 * 1024
_MAX_TOTAL_BYTES = 1024 * 1024 * 1024
# Text packs 3 to 10 times, a page of repeated markup 60 times; a bomb packs 1,000 times.
_MAX_RATIO = 200
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


def read_members(data: bytes, name: str, wanted: Callable[[str], bool] = lambda member: True) -> Iterator[Member]:
    """The ``wanted`` files of an archive by name; raises SourceError when it cannot be opened or is too big."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, struct.error) as error:
        raise SourceError(name, say("is_a_damaged_archive", error=error), say("pack_it_again")) from error
    with archive:
        infos = [info for info in archive.infolist() if not info.orig_filename.endswith("/")]
        if len(infos) > _MAX_MEMBERS:
            raise SourceError(name, say("holds_more_than_files", most=_MAX_MEMBERS), say("split_the_archive"))
        if sum(info.file_size for info in infos) > _MAX_TOTAL_BYTES:
            raise SourceError(
                name, say("unpacks_to_more_than_mb", megabytes=_MAX_TOTAL_BYTES // 2**20), say("split_the_archive")
            )
        if not infos:
            raise SourceError(name, say("holds_no_files"), say("pack_it_again"))
        for info in sorted((info for info in infos if wanted(info.filename)), key=lambda info: info.filename):
            yield _read_member(archive, info)


def _read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Member:
    problem, hint = _problem(info)
    shown = info.filename.replace("\0", "?")
    if problem:
        return Member(shown, b"", problem, hint)
    if any(part.startswith((".", "__MACOSX")) for part in shown.split("/")):
        return Member(shown, b"", say("hidden_file"), say("unpack_it_to_ingest"), skipped=True)
    try:
        return Member(shown, _unpack(archive, info))
    except (zipfile.BadZipFile, zlib.error, OSError, NotImplementedError, ValueError, EOFError) as error:
        return Member(shown, b"", say("cannot_be_unpacked", error=error), say("pack_the_archive_again"))


def _problem(info: zipfile.ZipInfo) -> tuple[str, str]:
    if not info.filename:  # also one that opens with NUL, where zipfile cuts it
        return say("has_no_name"), say("pack_the_archive_again_with_plain")
    parts = info.orig_filename.replace("\\", "/").split("/")
    if ".." in parts or parts[0] == "" or ":" in parts[0] or "\0" in info.orig_filename:
        return say("its_path_leads_out"), say("pack_the_archive_again_with_plain")
    if info.flag_bits & _ENCRYPTED:
        return say("is_encrypted"), say("pack_it_without_a_password")
    if info.file_size > _MAX_MEMBER_BYTES:
        return say("is_larger_than_mb", megabytes=_MAX_MEMBER_BYTES // 2**20), say("split_it_into_parts")
    if info.file_size > _RATIO_FLOOR_BYTES and info.file_size > _MAX_RATIO * max(1, info.compress_size):
        return say("unpacks_like_a_bomb", most=_MAX_RATIO), say("unpack_it_yourself_if_you_trust")
    return "", ""


def _unpack(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    with archive.open(info) as member:
        data = member.read(_MAX_MEMBER_BYTES + 1)
    if len(data) > _MAX_MEMBER_BYTES or len(data) > info.file_size:
        raise ValueError(say("it_unpacks"))
    return data
