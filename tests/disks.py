"""Disks that refuse: a folder that nobody can write, and a disk so small that it is soon full.

Root is not stopped by permissions: then they are mounts, and a machine that allows none skips what needs them.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


def _mount(*words: str) -> None:
    done = subprocess.run(["mount", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no mounts on this machine: {done.stderr.strip()}")


@contextmanager
def closed(folder: Path) -> Iterator[Path]:
    """The folder with all that is in it, which cannot be written until the block ends."""
    if os.geteuid() == 0:
        _mount("--bind", str(folder), str(folder))
        try:
            _mount("-o", "remount,bind,ro", str(folder))
            yield folder
        finally:
            subprocess.run(["umount", "--lazy", str(folder)], check=True)
        return
    paths = [*sorted(folder.rglob("*"), reverse=True), folder]
    modes = {path: path.stat().st_mode for path in paths}
    for path in paths:
        path.chmod(0o500 if path.is_dir() else 0o400)
    try:
        yield folder
    finally:
        for path in reversed(paths):
            path.chmod(modes[path])


@contextmanager
def small_disk(folder: Path, size: int) -> Iterator[Path]:
    """A folder that is a disk of so many bytes, empty at first."""
    folder.mkdir()
    _mount("-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder))
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path, left: int) -> Path:
    """A file that takes all of a disk but so many bytes; remove it to make room."""
    filler = disk / "filler"
    found = os.statvfs(disk)
    with filler.open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, max(found.f_frsize, found.f_bavail * found.f_frsize - left))
    return filler
