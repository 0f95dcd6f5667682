"""Reads an evidence pack and checks its files, without unpacking anything to disk.

Owns what is refused (no pack, truncated, newer, too large, names that lead elsewhere) and what is told (files
changed, missing, added). Quotes are judged by ``kb.saved.verify``.
"""

import hashlib
import json
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.records.errors import InputError
from kb.records.messages import say
from kb.saved.pack_writing import (
    MAX_FILES,
    MAX_KEPT_BYTES,
    MAX_PACK_BYTES,
    MAX_PART_BYTES,
    PACK_VERSION,
    REQUIRED,
    is_part,
    is_plain,
    quote_place,
    text_name,
)
from kb.saved.parsing import Seal, decode_answer, parse_answer
from kb.saved.verify import Report, verify_answer

_PIECE = 1 << 20
_AGAIN = say("ask_for_the_file_again")


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack as read back: the saved answer, texts by SHA-256 of their original, and what is wrong with its files.

    ``excerpts`` are the SHA-256 of the sources of which only excerpts are inside.
    """

    saved: Mapping[str, Any]
    texts: Mapping[str, str]
    excerpts: frozenset[str]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackReport:
    """The report on the answer of a pack, and what is wrong with the pack's files."""

    report: Report
    problems: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether the answer is sound and every file is as it was written."""
        return self.report.ok and not self.problems


@dataclass(frozen=True, slots=True)
class _PackMembers:
    """The digest of every file of a pack, and the bytes of those that are read (originals are not)."""

    digests: dict[str, str]
    contents: dict[str, bytes]


def read_pack(path: Path) -> Pack:
    """The pack in a file; raises InputError when it is no pack, truncated, too large, newer, or lacks a part."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = _read_members(archive, str(path))
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise InputError(str(path), say("is_not_a_whole_evidence_pack", error=error), _AGAIN) from None
    for name in REQUIRED:
        if name not in members.contents:
            raise InputError(str(path), say("is_not_a_pack_it_lacks", name=name))
    return _unpacked(members, str(path))


def verify_pack(path: Path, sources: Mapping[str, str] | None = None) -> PackReport:
    """The report on a pack: its files against their hashes, its quotes against its texts; needs no base.

    ``sources`` are texts by the SHA-256 of their original, read by the caller: they take the place of the pack's own
    texts, which are the pack's word only.
    """
    pack = read_pack(path)
    own = {key: text for key, text in pack.texts.items() if not sources or key not in sources}
    report = verify_answer(pack.saved, {**own, **(sources or {})}, excerpts=pack.excerpts & own.keys())
    return PackReport(report, pack.problems)


def _read_members(archive: zipfile.ZipFile, name: str) -> _PackMembers:
    """Every member's digest, and its bytes where they are read; sizes are checked before anything is unpacked."""
    rows = [member for member in archive.infolist() if not member.is_dir()]
    if len(rows) > MAX_FILES or sum(member.file_size for member in rows) > MAX_PACK_BYTES:
        raise InputError(name, say("holds_more_than_files_or_bytes", files=MAX_FILES, size=MAX_PACK_BYTES))
    if len({member.filename for member in rows}) < len(rows):
        raise InputError(name, say("holds_two_files_of_one_name"))
    odd = next((row for row in archive.infolist() if not _is_harmless(row)), None)
    if odd is not None:
        raise InputError(name, say("is_not_a_pack_it_holds", filename=odd.filename[:80]), say("do_not_unpack"))
    kept = [row for row in rows if is_part(row.filename) and not row.filename.startswith("originals/")]
    if sum(row.file_size for row in kept) > MAX_KEPT_BYTES or any(row.file_size > MAX_PART_BYTES for row in kept):
        raise InputError(name, say("holds_a_part", part=MAX_PART_BYTES, whole=MAX_KEPT_BYTES))
    contents = {row.filename: b"".join(_pieces(archive, row)) for row in kept}
    return _PackMembers({row.filename: _digest_of(archive, row) for row in rows}, contents)


def _is_harmless(member: zipfile.ZipInfo) -> bool:
    """Whether this is a plain file or folder of a plain name, packed so that it can be unpacked piece by piece."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    plain = (0, stat.S_IFDIR) if member.is_dir() else (0, stat.S_IFREG)
    packed = member.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
    return is_plain(member.filename) and kind in plain and packed


def _pieces(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A member's bytes; what says less of its size than it has ends in BadZipFile, and takes no more room."""
    with archive.open(member) as opened:
        while piece := opened.read(_PIECE):
            yield piece


def _digest_of(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> str:
    found = hashlib.sha256()
    for piece in _pieces(archive, member):
        found.update(piece)
    return found.hexdigest()


def _unpacked(members: _PackMembers, name: str) -> Pack:
    manifest = decode_answer(members.contents["manifest.json"], f"{name}: manifest.json")
    version = manifest.get("format")
    if type(version) is not int or not 1 <= version <= PACK_VERSION:
        hint = say("update_the_program")
        raise InputError(
            name, say("has_pack_format_this_program_reads", version=str(version)[:20], newest=PACK_VERSION), hint
        )
    problems = _changed_files(members)
    texts, excerpts = {}, set()
    for row in _source_rows(manifest, name):
        text = members.contents.get(row["text"])
        if text is None:
            problems.append(f"{row['text']} is missing")
            continue
        texts[row["sha256"]] = text.decode("utf-8", "replace")
        if row["excerpts"]:
            excerpts.add(row["sha256"])
        if row["original"] and members.digests.get(row["original"]) != row["sha256"]:
            problems.append(f"{row['original']} is not the original with this SHA-256")
    saved = decode_answer(members.contents["answer.json"], f"{name}: answer.json")
    problems += _answer_problems(saved, members.contents["quotes.json"], f"{name}: quotes.json")
    return Pack(saved, texts, frozenset(excerpts), tuple(problems))


def _answer_problems(saved: Mapping[str, Any], quotes: bytes, name: str) -> list[str]:
    """What the answer of a pack lacks that every pack's has, and where the list of quotes says other than it."""
    answer = parse_answer(saved)
    problems = []
    if answer.seal is Seal.ABSENT:
        problems.append("answer.json has no seal")
    if any(citation.text_sha256 is None for citation in answer.citations):
        problems.append("answer.json does not record the hash of every text")
    try:
        rows = json.loads(quotes.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise InputError(name, say("is_not_json", error=error), _AGAIN) from None
    if not _same_quotes(rows, [quote_place(citation) for citation in answer.citations]):
        problems.append("quotes.json says other than answer.json")
    return problems


def _same_quotes(rows: object, expected: Sequence[Mapping[str, Any]]) -> bool:
    """Whether these rows say of each quote where it stands as they should; what more they say is not looked at."""
    if not isinstance(rows, list) or len(rows) != len(expected):
        return False
    return all(
        isinstance(row, dict) and all(row.get(key) == value for key, value in wanted.items())
        for row, wanted in zip(rows, expected, strict=True)
    )


def _source_rows(manifest: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = manifest.get("sources")
    kinds: dict[str, Any] = {"sha256": str, "text": str, "excerpts": bool, "original": (str, type(None))}
    if not isinstance(rows, list) or not all(
        isinstance(row, dict) and all(isinstance(row.get(key), kind) for key, kind in kinds.items()) for row in rows
    ):
        raise InputError(name, say("has_a_manifest_without_readable_sources"), _AGAIN)
    for row in rows:
        original = f"originals/{row['sha256']}."
        if row["text"] != text_name(row["sha256"]) or not (row["original"] or original).startswith(original):
            raise InputError(name, say("manifest_gives_files_of_another"), _AGAIN)
    if len({row["sha256"] for row in rows}) < len(rows):
        raise InputError(name, say("manifest_lists_a_source_twice"), _AGAIN)
    return rows


def _changed_files(members: _PackMembers) -> list[str]:
    """What differs from SHA256SUMS: changed, missing and added files, one sentence each."""
    listed: dict[str, str] = {}
    problems = []
    for line in members.contents["SHA256SUMS"].decode("utf-8", "replace").splitlines():
        expected, _, name = line.partition("  ")
        if name in listed:
            problems.append(f"{name[:80]} is listed twice in SHA256SUMS")
        listed[name] = expected
    problems += [f"{name[:80] or 'a file without a name'} is missing" for name in listed if name not in members.digests]
    for name, found in members.digests.items():
        if name == "SHA256SUMS":
            continue
        if name not in listed or not is_part(name):
            problems.append(f"{name} was added to the pack")
        elif found != listed[name]:
            problems.append(f"{name} was changed")
    return problems
