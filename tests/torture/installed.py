"""What the program rests on: each line of the lock, and the files of what is installed in that version."""

from __future__ import annotations

import base64
import hashlib
import re
import subprocess
import sys
from collections import Counter
from importlib.metadata import Distribution, PackageNotFoundError, distribution
from pathlib import Path

from tests.torture.ledger import ROOT
from tests.torture.rows import Row, Tally

_LINE = re.compile(r"(?P<name>[\w.\-]+)==(?P<version>[\w.\-+]+)\s")
_HASH = re.compile(r"--hash=sha256:[0-9a-f]{64}(?:\s|$)")


def locked() -> list[str]:
    """The lock, a line each with its hashes."""
    text = (ROOT / "locked.txt").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line.strip() and not line.startswith("#")]


def altered(found: Distribution) -> list[str]:
    """The files of an installed package that are not as they were when it was installed."""
    wrong = []
    for file in found.files or ():
        if file.hash is None or not (place := Path(str(file.locate()))).is_file():
            continue
        digest = hashlib.new(file.hash.mode, place.read_bytes()).digest()
        if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
            wrong.append(f"{file} is not as it was installed")
    return wrong


def lock(start: int, count: int, folder: Path) -> Tally:
    """S27: each line has one version and its hashes; what is installed in that version is as it was installed; an
    installation with one hash changed is refused."""
    lost, seen = list[str](), Counter[str]()
    for line in locked()[start : start + count]:
        found = _LINE.match(line)
        if found is None or not _HASH.search(line):
            lost.append(f"no version or no hash: {line[:80]}")
            continue
        try:
            package = distribution(found["name"])
        except PackageNotFoundError:
            seen["not for this machine"] += 1
            continue
        if package.version != found["version"]:
            seen["here in another version"] += 1
            continue
        lost += [f"{found['name']}: {wrong}" for wrong in altered(package)]
        seen["files compared with their hash"] += sum(file.hash is not None for file in package.files or ())
    if start == 0:
        lost += _taken_with_another_hash(folder)
    return Tally(count, lost, seen)


def _taken_with_another_hash(folder: Path) -> list[str]:
    """Nothing: pip refuses a file that is not the one that was locked (no index is asked)."""
    wheel = folder / "wheel-1-py3-none-any.whl"
    wheel.write_bytes(b"PK\x05\x06" + b"\0" * 18)
    listed = folder / "listed.txt"
    listed.write_text(f"wheel==1 --hash=sha256:{hashlib.sha256(b'another').hexdigest()}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--no-index", "--no-deps", "--require-hashes"]
    command += ["--find-links", str(folder), "--dest", str(folder / "taken"), "-r", str(listed)]
    done = subprocess.run(command, capture_output=True, text=True)
    if "No module named pip" in done.stderr:
        return []
    refused = done.returncode != 0 and "DO NOT MATCH THE HASHES" in done.stderr
    return [] if refused else [f"another file was taken: {done.stdout[-200:]}{done.stderr[-200:]}"]


ROWS = (
    Row(
        "S27", "dependencies", "a lock with hashes; what is installed is what was locked; no known weakness",
        "a line of the lock; `make audit` asks the package index for weaknesses and is not part of this",
        len(locked()), len(locked()), len(locked()), lock,
    ),
)  # fmt: skip
