"""Where a source stands: the same place is the same words, however it was named on the way to it.

Asks the file system; reads nothing of a file.
"""

from __future__ import annotations

import os
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from kb.records.source import Claim

_BY_NAME = "id:"
# How a byte that is not UTF-8 is written in a place.
_UNREADABLE = "\\x"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a source was found. ``identity`` is what it is known again by: the ``place`` of a file, or the name that
    its sender gave it (then ``by_name``). ``file`` holds it: an archive, JSON lines, or the place itself.
    """

    identity: str
    place: str
    file: str
    by_name: bool = False

    @classmethod
    def of_file(cls, file: str) -> Origin:
        """A file by itself."""
        return cls(file, file, file)

    @classmethod
    def named(cls, name: str, file: str | None = None) -> Origin:
        """What its sender named, in JSON lines or from a program."""
        identity = f"{_BY_NAME}{name}"
        return cls(identity, identity if file is None else f"{file}/{name}", file or identity, by_name=True)

    @classmethod
    def again(cls, claim: Claim) -> Origin:
        """Where a source was found that made this claim."""
        identity = claim.source.identity
        return cls(identity, claim.place, claim.file, by_name=identity.startswith(_BY_NAME))

    @property
    def is_nowhere(self) -> bool:
        """Whether nothing is known but a name: such a source is found again by it, in whatever place."""
        return self.by_name and self.file == self.identity

    def inside(self, member: str) -> Origin:
        """A member of this file."""
        identity = f"{self.file}/{nfc(member)}"
        return Origin(identity, identity, self.file)


def place_of(path: Path) -> str:
    """The one absolute place of a file or folder: without links, in the spelling of the file system, and as text
    (a byte that is not UTF-8 is written ``\\xff``)."""
    return _text(_as_listed(_real(path)))


def place_below(root: str, relative: Path, path: Path) -> str:
    """The place of a file that was listed below a folder of this place; where it is a link, the place it leads to."""
    if path.is_symlink():
        return _text(_real(path))
    return f"{root.rstrip('/')}/{_text(relative)}"


def sent_place(owner: str | None, name: str) -> str:
    """The place of a file that was sent over HTTP: its name among the files of its sender."""
    return f"upload:{owner or ''}/{nfc(name)}"


def folded(identity: str) -> str:
    """An identity without what file systems may change on the way: capital letters and the form of accents."""
    return nfc(nfc(identity).casefold())


def nfc(text: str) -> str:
    """The text in the composed form of accents."""
    return unicodedata.normalize("NFC", text)


def is_gone(place: str) -> bool:
    """Whether a file certainly is no longer there; not when nobody can tell."""
    if _UNREADABLE in place:
        return False
    try:
        Path(place).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError, ValueError):  # a ring of links, a NUL
        return Path.cwd() / str(path).replace("\0", "?")


def _text(place: Path) -> str:
    return os.fsencode(place).decode("utf-8", "backslashreplace")


def _as_listed(place: Path) -> Path:
    """The place in the spelling that its folders list, where a file system finds names in other spellings too."""
    listed = Path(place.anchor)
    for name in place.parts[1:]:
        listed = _listed(listed, name)
    return listed


def _listed(folder: Path, name: str) -> Path:
    path, wanted = folder / name, folded(name)
    try:
        status = path.lstat()
        near = [one for one in folder.iterdir() if folded(one.name) == wanted]
        same = [one for one in near if os.path.samestat(one.lstat(), status)]
    except OSError:  # a folder that may be entered and not listed, or nothing of this name
        return path
    return path if path in same or not same else same[0]
