"""Members of a ZIP archive, guarded: no path leads out of it, no bomb is unpacked; and files of JSON lines.

Owns the limits and their reasons. Refuses to know what the members are.
"""

import base64
import binascii
import codecs
import hashlib
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ingest.readers.properties.metadata import FIELDS, SourceMetadata
from ingest.readers.signatures import BY_EXTENSION, JSON_LINES, TEXT, ZIP
from ingest.sources.places import nfc
from kb.outside.strings import REPLACED, faults, plain_name, whole, whole_address
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


SHAPE = say("a_line_is_a_json_object")
# A name of a source is looked up by an index, and one of PostgreSQL holds 2,704 bytes with the place before the name.
_LONGEST_ID = 2_000


@dataclass(frozen=True, slots=True)
class JsonLine:
    """A document given as one line of JSON; ``number`` counts the lines from 1.

    ``data`` are its bytes: the original where the line holds it, else the text in UTF-8. ``notes`` say what of its id
    and text was mended.
    """

    number: int
    id: str
    data: bytes
    media_type: str
    metadata: SourceMetadata
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BrokenLine:
    """A line that is no document: its number (from 1), why, and what to do."""

    number: int
    reason: str
    hint: str


def read_lines(data: bytes) -> Iterator[JsonLine | BrokenLine]:
    """The documents of a JSON-lines file and its broken lines, in order; blank lines are passed over."""
    # split, not splitlines: U+2028 may stand unescaped inside a JSON string.
    for number, line in enumerate(data.removeprefix(codecs.BOM_UTF8).split(b"\n"), start=1):
        try:
            text = line.decode("utf-8", "surrogatepass")  # halves of characters are mended, field by field
        except UnicodeDecodeError as error:
            yield BrokenLine(number, say("is_not_utf_8", start=error.start), say("save_the_json_lines_as_utf"))
            continue
        if text.strip():
            yield _read_line(text, number)


def _read_line(line: str, number: int) -> JsonLine | BrokenLine:
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return BrokenLine(number, say("is_no_json"), SHAPE)
    if not isinstance(fields, dict):
        return BrokenLine(number, say("is_not_a_json_object"), SHAPE)
    for field in ("id", "text"):
        value = fields.get(field)
        if not isinstance(value, str) or not value.strip():
            return BrokenLine(number, say("has_no_string", field=field), SHAPE)
    if len(whole(fields["id"]).encode()) > _LONGEST_ID:
        return BrokenLine(number, say("has_an_id_of_more_bytes", most=_LONGEST_ID), SHAPE)
    try:
        data, media_type = _bytes_of(fields, f"line {number}")
        metadata = given_metadata(fields, f"line {number}", "jsonl")
    except SourceError as error:
        return BrokenLine(number, error.reason, error.hint)
    halves = [note for note in faults("text", fields["text"]) if REPLACED in note]
    notes = (*faults("id", fields["id"]), *halves)
    return JsonLine(number, nfc(plain_name(fields["id"])), data, media_type, metadata, notes)


def _bytes_of(fields: dict[str, Any], name: str) -> tuple[bytes, str]:
    """The bytes of a document and their media type; SourceError where an original is not what its line says."""
    if fields.get("original") is None:
        return whole(fields["text"]).encode(), TEXT
    media_type = _string(fields, "media_type", name)
    if media_type is None or media_type not in BY_EXTENSION.values() or media_type in (JSON_LINES, ZIP):
        raise SourceError(name, say("media_type_of_its_original", media_type=media_type), say("export_it_again"))
    try:
        data = base64.b64decode(_string(fields, "original", name) or "", validate=True)
    except (binascii.Error, ValueError) as error:
        raise SourceError(name, say("original_is_not_base64"), say("export_it_again_with_originals")) from error
    if hashlib.sha256(data).hexdigest() != fields.get("sha256"):
        raise SourceError(name, say("original_does_not_have_the_lines"), say("export_it_again_with_originals"))
    return data, media_type


def given_metadata(fields: Any, name: str, origin: str) -> SourceMetadata:
    """The metadata a sender gave as JSON; raises SourceError for a field of the wrong shape."""
    if not isinstance(fields, dict):
        raise SourceError(name, say("its_metadata_is_not_a_json"), say("use_title_authors_publisher_published_url"))
    given = {field: _string(fields, field, name) for field in FIELDS if field != "authors"}
    metadata = SourceMetadata.of(origin, authors=_names(fields.get("authors"), name), **given)
    published = given["published"]
    if published and published == whole_address(published) and not metadata.published:
        raise SourceError(name, say("published_is_not_a_date", published=published), say("write_it_as_2022_09_30"))
    return metadata


def _string(fields: dict[str, Any], field: str, name: str) -> str | None:
    value = fields.get(field)
    if value is None or isinstance(value, str):
        return value
    if field == "published" and isinstance(value, int):
        return str(value)
    raise SourceError(name, say("is_not_a_string", field=field), say("write_as_a_string", field=field))


def _names(value: object, name: str) -> tuple[str, ...]:
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list) and all(isinstance(author, str) for author in value):
        return tuple(value)
    raise SourceError(name, say("authors_is_not_a_list"), say("write_authors_as_a_list"))
