"""Reads an evidence pack and checks its files, without unpacking anything to disk.

Owns what is refused (no pack, truncated, newer, too large) and what is told (files changed,
missing, added). Quotes are judged by ``kb.verify``.
"""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kb.errors import InputError
from kb.pack.layout import MAX_FILES, MAX_PACK_BYTES, PACK_VERSION, digest
from kb.verification.saved import decode_answer
from kb.verify import Report, verify_answer


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


def read_pack(path: Path) -> Pack:
    """The pack in a file; raises InputError when it is no pack, truncated, too large, newer, or lacks a part."""
    try:
        with zipfile.ZipFile(path) as archive:
            contents = _read_members(archive, str(path))
    except (OSError, zipfile.BadZipFile, EOFError, NotImplementedError, RuntimeError, ValueError, zlib.error) as error:
        raise InputError(str(path), f"is not a whole evidence pack ({error})", "Ask for the file again") from None
    for name in ("manifest.json", "answer.json", "SHA256SUMS"):
        if name not in contents:
            raise InputError(str(path), f"is not an evidence pack: it has no {name}")
    return _unpacked(contents, str(path))


def verify_pack(path: Path) -> PackReport:
    """The report on a pack: its files against their hashes, its quotes against its texts; needs no base."""
    pack = read_pack(path)
    return PackReport(verify_answer(pack.saved, pack.texts, excerpts=pack.excerpts), pack.problems)


def _read_members(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    """Every member's bytes; sizes are checked before anything is unpacked."""
    members = archive.infolist()
    if len(members) > MAX_FILES or sum(member.file_size for member in members) > MAX_PACK_BYTES:
        raise InputError(name, f"holds more than {MAX_FILES} files or {MAX_PACK_BYTES} bytes")
    if len({member.filename for member in members}) < len(members):
        raise InputError(name, "holds two files of one name")
    return {member.filename: archive.read(member) for member in members if not member.is_dir()}


def _unpacked(contents: dict[str, bytes], name: str) -> Pack:
    manifest = decode_answer(contents["manifest.json"], f"{name}: manifest.json")
    version = manifest.get("format")
    if not isinstance(version, int) or version > PACK_VERSION:
        hint = "Update the program: pip install --upgrade cx-knowledge-base"
        raise InputError(name, f"has pack format {version!r}; this program reads up to {PACK_VERSION}", hint)
    problems = _changed_files(contents)
    texts, excerpts = {}, set()
    for row in _source_rows(manifest, name):
        text = contents.get(row["text"])
        if text is None:
            problems.append(f"{row['text']} is missing")
            continue
        texts[row["sha256"]] = text.decode("utf-8", "replace")
        if row["excerpts"]:
            excerpts.add(row["sha256"])
        original = contents.get(row["original"] or "")
        if row["original"] and (original is None or digest(original) != row["sha256"]):
            problems.append(f"{row['original']} is not the original with this SHA-256")
    saved = decode_answer(contents["answer.json"], f"{name}: answer.json")
    return Pack(saved, texts, frozenset(excerpts), tuple(problems))


def _source_rows(manifest: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    rows = manifest.get("sources")
    kinds: dict[str, Any] = {"sha256": str, "text": str, "excerpts": bool, "original": (str, type(None))}
    if isinstance(rows, list) and all(
        isinstance(row, dict) and all(isinstance(row.get(key), kind) for key, kind in kinds.items()) for row in rows
    ):
        return rows
    raise InputError(name, "has a manifest without readable sources", "Ask for the file again")


def _changed_files(contents: Mapping[str, bytes]) -> list[str]:
    """What differs from SHA256SUMS: changed, missing and added files, one sentence each."""
    listed = {}
    for line in contents["SHA256SUMS"].decode("utf-8", "replace").splitlines():
        expected, _, name = line.partition("  ")
        listed[name] = expected
    problems = [f"{name} is missing" for name in listed if name not in contents]
    for name, data in contents.items():
        if name == "SHA256SUMS":
            continue
        if name not in listed:
            problems.append(f"{name} was added to the pack")
        elif digest(data) != listed[name]:
            problems.append(f"{name} was changed")
    return problems
