"""Compound files made by hand (MS-CFB, version 3), and messages of Outlook in them."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import pairwise

_SECTOR, _MINI, _CUTOFF = 512, 64, 4096
_FREE, _END, _NONE = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFF
_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)

Tree = Mapping[str, "bytes | Tree"]


@dataclass(slots=True)
class _Entry:
    name: str
    kind: int
    start: int = _END
    size: int = 0
    right: int = _NONE
    child: int = _NONE


@dataclass(slots=True)
class _File:
    sectors: list[bytes] = field(default_factory=list)
    chain: list[int] = field(default_factory=list)
    minis: bytearray = field(default_factory=bytearray)
    mini_chain: list[int] = field(default_factory=list)
    entries: list[_Entry] = field(default_factory=list)

    def put(self, data: bytes) -> int:
        """Write data in sectors of its own; the first of them."""
        start = len(self.sectors)
        count = -(-len(data) // _SECTOR)
        for number in range(count):
            self.sectors.append(data[number * _SECTOR : (number + 1) * _SECTOR].ljust(_SECTOR, b"\0"))
            self.chain.append(start + number + 1 if number + 1 < count else _END)
        return start if count else _END

    def put_mini(self, data: bytes) -> int:
        """Write data in the small sectors."""
        start = len(self.mini_chain)
        count = -(-len(data) // _MINI)
        self.minis += data.ljust(count * _MINI, b"\0")
        self.mini_chain += [start + number + 1 for number in range(count - 1)] + [_END]
        return start

    def add(self, tree: Tree) -> int:
        """Add the members of a folder; the entry of the first."""
        numbers = []
        for name in sorted(tree, key=lambda one: (len(one), one.upper())):
            content = tree[name]
            number = len(self.entries)
            entry = _Entry(name, 2 if isinstance(content, bytes) else 1)
            self.entries.append(entry)
            numbers.append(number)
            if isinstance(content, bytes):
                entry.size = len(content)
                if content:
                    entry.start = self.put(content) if len(content) >= _CUTOFF else self.put_mini(content)
            else:
                entry.child = self.add(content)
        for one, after in pairwise(numbers):
            self.entries[one].right = after
        return numbers[0] if numbers else _NONE


def compound(tree: Tree) -> bytes:
    """A compound file with these folders and streams."""
    made = _File()
    root = _Entry("Root Entry", 5)
    made.entries.append(root)
    root.child = made.add(tree)
    root.start, root.size = made.put(bytes(made.minis)), len(made.minis)
    mini_fat = struct.pack(f"<{len(made.mini_chain)}I", *made.mini_chain)
    mini_fat = mini_fat.ljust(-(-len(mini_fat) // _SECTOR) * _SECTOR, b"\xff")
    mini_start = made.put(mini_fat)
    directory = made.put(b"".join(map(_entry, made.entries)))
    fat_sectors = 1
    while fat_sectors * 128 < len(made.chain) + fat_sectors:
        fat_sectors += 1
    fat_start = len(made.sectors)
    chain = [*made.chain, *[0xFFFFFFFD] * fat_sectors]
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(fat_sectors * _SECTOR, b"\xff")
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 62, 3, 0xFFFE, 9, 6, b"", 0, fat_sectors,
        directory, 0, _CUTOFF, mini_start if mini_fat else _END, len(mini_fat) // _SECTOR, _END, 0, fat_start,
    )  # fmt: skip
    difat = [fat_start + number for number in range(1, fat_sectors)]
    header += struct.pack(f"<{len(difat)}I", *difat)
    return header.ljust(_SECTOR, b"\xff") + b"".join(made.sectors) + fat


def _entry(one: _Entry) -> bytes:
    name = one.name.encode("utf-16-le") + b"\0\0"
    fields = (name, len(name), one.kind, 1, _NONE, one.right, one.child, b"", 0, 0, 0, one.start, one.size, 0)
    return struct.pack("<64sHBBIII16sIQQIII", *fields)


def stream(identity: int, kind: int) -> str:
    """The name of the stream of a property."""
    return f"__substg1.0_{identity:04X}{kind:04X}"


def texts(**properties: str) -> dict[str, bytes]:
    """Properties that are text, each by its identity ("p0037")."""
    return {stream(int(name[1:], 16), 0x1F): text.encode("utf-16-le") for name, text in properties.items()}


def properties(head: int, numbers: Mapping[int, tuple[int, int]]) -> dict[str, bytes]:
    """The stream of the properties that are numbers: identity to kind and value."""
    rows = (struct.pack("<HHIq", kind, identity, 6, value) for identity, (kind, value) in numbers.items())
    return {"__properties_version1.0": b"\0" * head + b"".join(rows)}


def time_of(moment: datetime) -> tuple[int, int]:
    """A time as a property: its kind and its value."""
    return 0x40, int((moment - _EPOCH).total_seconds()) * 10_000_000
