"""Keeps the vector index equal to the store: the store is the truth, the index is derived.

Opens the saved generation if its hash and model agree, adds and removes what differs, rebuilds
what is damaged or missing, and says so. Knows the store as a VectorSource only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index import generations
from index.generations import Unusable
from index.reading import VectorSource
from index.vectors import VectorIndex
from kb.errors import BaseError
from kb.language import Language
from kb.ports import ModelStamp

# A new file is written when this share of the vectors differs from the saved one (at least _SAVE_KEYS):
# a start applies what little is missing from the store, so one document never rewrites the whole file.
_SAVE_SHARE = 0.05
_SAVE_KEYS = 64
_READ_AT_ONCE = 4096


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What it took to be equal: vectors added and removed, whether a file was written, and why a rebuild was needed."""

    added: int
    removed: int
    saved: bool
    rebuilt: str | None = None


class IndexKeeper:
    """The vector index of an open base, always as new as the last ``refresh``."""

    def __init__(self, source: VectorSource, folder: Path) -> None:
        self._source = source
        self._folder = folder
        self._lock = threading.Lock()
        self._version = -1
        self._saved_drift = 0
        self.index = VectorIndex.empty(0)
        self.revision = 0
        self.last_report = self._open()

    def refresh(self) -> SyncReport | None:
        """Make the index equal to the store if the store has changed since; null if it has not."""
        if self._source.version() == self._version:
            return None
        with self._lock:
            stamp = self._source.stamp()
            if stamp is not None and stamp.dimension != self.index.dimension:
                self.last_report = self._open()
            else:
                self.last_report = self._equalise(self.index, None)
        return self.last_report

    def _open(self) -> SyncReport:
        stamp = self._source.stamp()
        if stamp is None:
            self._version = self._source.version()
            return SyncReport(0, 0, saved=False)
        found = _saved(self._folder, stamp)
        if isinstance(found, Unusable):
            return self._equalise(VectorIndex.empty(stamp.dimension), found.reason)
        index, version = found
        if version == self._source.version():
            self.index, self._version = index, version
            self.revision += 1
            return SyncReport(0, 0, saved=False)
        return self._equalise(index, None)

    def _equalise(self, index: VectorIndex, rebuilt: str | None) -> SyncReport:
        # The version is read before the keys: what changes in between is found by the next refresh.
        version = self._source.version()
        wanted, present = self._source.vector_keys(), index.keys()
        gone = [key for key, language in present.items() if wanted.get(key) is not language]
        new = [key for key, language in wanted.items() if present.get(key) is not language]
        removed = index.remove(gone)
        for start in range(0, len(new), _READ_AT_ONCE):
            self._add(index, new[start : start + _READ_AT_ONCE], wanted)
        self.index, self._version = index, version
        self.revision += 1
        self._saved_drift += removed + len(new)
        saved = self._save_if_due(len(wanted), rebuilt)
        return SyncReport(len(new), removed, saved, rebuilt)

    def _add(self, index: VectorIndex, keys: Sequence[int], languages: dict[int, Language]) -> None:
        vectors = self._source.vectors(keys)
        for language in Language:
            rows = [row for row, key in enumerate(keys) if languages[key] is language]
            if rows:
                index.add(language, np.array([keys[row] for row in rows], np.int64), vectors[rows])

    def _save_if_due(self, total: int, rebuilt: str | None) -> bool:
        due = rebuilt is not None or self._saved_drift >= max(_SAVE_KEYS, _SAVE_SHARE * total)
        return self.save() if due else False

    def save(self) -> bool:
        """Write a generation now; false (and no harm) when the folder cannot be written."""
        stamp = self._source.stamp()
        if stamp is None:
            return False
        try:
            generations.save(self._folder, self.index.to_bytes(), self._version, stamp)
        except BaseError:
            # Read-only folder or full disk: search goes on from memory, the next start rebuilds.
            return False
        self._saved_drift = 0
        return True


def _saved(folder: Path, stamp: ModelStamp) -> tuple[VectorIndex, int] | Unusable:
    """The saved index with the store's version it was made of, if it is whole and of this model."""
    found = generations.load(folder)
    if isinstance(found, Unusable):
        return found
    if found.pointer.stamp != stamp:
        return Unusable(f"the vector index was made with {found.pointer.stamp.name}, not {stamp.name}")
    try:
        index = VectorIndex.from_bytes(found.data)
    except (ValueError, KeyError, RuntimeError):
        return Unusable("the file of the vector index was in an unknown format")
    right = index.dimension == stamp.dimension
    return (index, found.pointer.version) if right else Unusable("the vector index had another dimension")
