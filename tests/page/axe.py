"""axe-core, fetched once by npm under a pinned version and hash; null where there is no npm or no network."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from pathlib import Path

PACKAGE = "axe-core@4.14.1"
SHA256 = "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745"
CACHE = Path(tempfile.gettempdir()) / "cx-page-axe"


def axe_script() -> str | None:
    """The source of axe.min.js, or null; ValueError when what npm brings is not the pinned package."""
    archive = CACHE / "axe-core-4.14.1.tgz"
    if not archive.exists() and not _fetch():
        return None
    if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
        raise ValueError(f"{archive} is not {PACKAGE}")
    with tarfile.open(archive) as opened:
        member = opened.extractfile("package/axe.min.js")
        return member.read().decode("utf-8") if member else None


def _fetch() -> bool:
    npm = shutil.which("npm")
    if npm is None:
        return False
    CACHE.mkdir(exist_ok=True)
    done = subprocess.run([npm, "pack", PACKAGE], cwd=CACHE, capture_output=True, timeout=60, check=False)
    return done.returncode == 0
