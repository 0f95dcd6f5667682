"""Keeps the vector index equal to the store: the store is the truth, the index is derived.

Opens the saved generation if its hash and model agree, adds and removes what differs, makes anew what is damaged or
missing, and says so. Knows the store as a VectorSource only.
"""

import threading
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import numpy as np

from index.vectors import generations
from index.vectors.generations import POINTER, Pointer, Unusable
from index.vectors.growing import Growth, VectorSource, made_again
from index.vectors.vectors import VectorIndex
from kb.records.errors import BaseError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.ports import ModelStamp
from kb.store.upkeep.checking_rows import REPAIR, StoreFault, StoreFinding

# A new file is written when this share of the vectors differs from the saved one (at least _SAVE_KEYS):
# a start applies what little is missing from the store, so one document never rewrites the whole file.
_SAVE_SHARE = 0.05
_SAVE_KEYS = 512
_READ_AT_ONCE = 4096
# What one command makes anew before it answers: 100,000 vectors are read and written in about a second.
_WAITED_FOR = 100_000


@dataclass(frozen=True, slots=True)
class SyncReport:
    """What it took to be equal: vectors added and removed, whether a file was written, and why a rebuild was needed.

    ``regrown`` says for each language that got another kind of index, or had it made anew for its size, which and why.
    """

    added: int
    removed: int
    saved: bool
    rebuilt: str | None = None
    regrown: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IndexState:
    """An index and the number of its state: what is worked out for one number holds while it is the same."""

    revision: int
    index: VectorIndex


class IndexKeeper:
    """The vector index of an open base, always as new as the last ``refresh``.

    In the ``background`` (of a server) a damaged or missing index is made anew by a thread, and ``fault`` says so until
    it is there; otherwise it is made anew at once, unless the base is so large that ``kb index`` should do it.
    """

    def __init__(
        self,
        source: VectorSource,
        folder: Path,
        *,
        background: bool = False,
        waited_for: int = _WAITED_FOR,
        growth: Growth | None = None,
    ) -> None:
        self._source = source
        self.folder = folder
        self._background = background
        self._waited_for = waited_for
        self._growth = growth or Growth()
        self._lock = threading.Lock()
        self._maker: threading.Thread | None = None
        self._version = -1
        # When it was last compared with every key: at this count of rewritings, up to this key.
        self._equal: tuple[int, int] | None = None
        self._saved_drift = 0
        # The model of the vectors in the index; the store may have got another one since.
        self._stamp: ModelStamp | None = None
        self.index = VectorIndex.empty(0)
        self.revision = 0
        self.fault: str | None = None
        # A thread that is started here ends with the lock: its report comes after this one.
        with self._lock:
            self.last_report = self._open()

    def refresh(self) -> SyncReport | None:
        """Make the index equal to the store if the store has changed since; null if it has not, or if a thread or
        ``kb index`` is still to make it."""
        if self._source.version() == self._version:
            return None
        with self._lock:
            if self._maker is not None or (self.fault and not self._background):
                return None
            stamp = self._source.stamp()
            if stamp is not None and stamp != self._stamp:
                self.last_report = self._open()
            else:
                self.last_report = self._tried(self.index, None)
        return self.last_report

    def extend(self) -> None:
        """Add what came since, and leave what went until the next ``refresh``: it costs no more in a large base, also
        where documents take the place of others."""
        with self._lock:
            before = self._equal
            wanted = None if before is None else self._additions(self.index, before[0])
            if wanted and before is not None:
                self._equal = None  # what fails in between leaves it half extended
                self._add_all(self.index, list(wanted), wanted)
                self._equal = before[0], max(wanted)
                self._saved_drift += len(wanted)
                self.revision += 1
        if wanted is None:
            self.refresh()

    def now(self) -> IndexState:
        """The index as it is now, for a whole search: a thread may put another in its place."""
        # The number first: an index that is newer than its number only makes what is kept be worked out again.
        return IndexState(self.revision, self.index)

    def settle(self, seconds: float) -> bool:
        """Wait at most so long for the thread that makes the index anew; whether there is none any more."""
        maker = self._maker
        if maker is not None:
            maker.join(seconds)
        return maker is None or not maker.is_alive()

    @property
    def mended(self) -> str | None:
        """Why the index had to be made anew before the first answer; null when it was whole, or is a server's."""
        rebuilt = self.last_report.rebuilt
        if rebuilt is None or self._background or self.fault or rebuilt == generations.NONE_YET:
            return None
        return say("the_vector_index_was_made_anew", rebuilt=rebuilt)

    def _open(self) -> SyncReport:
        stamp = self._stamp = self._source.stamp()
        if stamp is None:
            self._version = self._source.version()
            return SyncReport(0, 0, saved=False)
        found = _saved(self.folder, stamp, self._source)
        if isinstance(found, Unusable):
            return self._made_anew(stamp, found.reason)
        index, pointer = found
        self._take(index, pointer.version)
        if pointer.rewritten >= 0 and pointer.version <= self._source.version():
            self._equal = pointer.rewritten, index.highest_key()
        if pointer.version == self._source.version():
            return SyncReport(0, 0, saved=False)
        return self._tried(index, None)

    def _made_anew(self, stamp: ModelStamp, reason: str) -> SyncReport:
        """The report of making the whole index, now or by a thread; until it is there the index is an empty one."""
        if self._background:
            self._take(VectorIndex.empty(stamp.dimension), -1)
            self.fault = say("the_vector_index_is_being_made", reason=reason)
            self._maker = threading.Thread(target=self._make, args=(stamp, reason), name="index", daemon=True)
            self._maker.start()
            return SyncReport(0, 0, saved=False, rebuilt=reason)
        if len(self._source.vector_keys()) > self._waited_for:
            self._take(VectorIndex.empty(stamp.dimension), -1)
            self.fault = say("words_only_make_it_anew", reason=reason)
            return SyncReport(0, 0, saved=False, rebuilt=reason)
        return self._tried(VectorIndex.empty(stamp.dimension), reason)

    def _make(self, stamp: ModelStamp, reason: str) -> None:
        report = self._tried(VectorIndex.empty(stamp.dimension), reason)
        with self._lock:
            self.last_report, self._maker = report, None

    def _tried(self, index: VectorIndex, rebuilt: str | None) -> SyncReport:
        """The report of making the index equal; vectors that cannot be read are a fault, tried again at a change."""
        version = self._source.version()
        try:
            report = self._equalise(index, rebuilt)
        except (BaseError, ValueError) as error:
            self._version = version
            said = error.reason if isinstance(error, BaseError) else str(error)
            self.fault = say("the_vectors_of_the_base_cannot", said=said)
            return SyncReport(0, 0, saved=False, rebuilt=rebuilt)
        self.fault = None
        return report

    def _equalise(self, index: VectorIndex, rebuilt: str | None) -> SyncReport:
        # Both are read before the keys: what changes in between is found by the next refresh.
        version, rewritten = self._source.version(), self._source.rewritten()
        wanted, before = self._additions(index, rewritten), self._equal
        # What fails in between leaves the index half equal: then it is compared whole.
        self._equal = None
        if wanted is not None:
            new, removed, regrown = list(wanted), 0, dict[Language, str]()
        else:
            wanted, present = self._source.vector_keys(), index.keys()
            new = [key for key, language in wanted.items() if present.get(key) is not language]
            removed = index.remove(key for key, language in present.items() if wanted.get(key) is not language)
            regrown = dict(made_again(index, wanted, self._source.vectors, self._growth))
        self._add_all(index, [key for key in new if wanted[key] not in regrown], wanted)
        highest = max(wanted, default=0 if before is None else before[1])
        self._take(index, version)
        self._equal = (rewritten, highest)
        self._saved_drift += removed + len(new)
        saved = self.save() if regrown else self._save_if_due(rebuilt)
        return SyncReport(len(new), removed, saved, rebuilt, tuple(regrown.values()))

    def _additions(self, index: VectorIndex, rewritten: int) -> dict[int, Language] | None:
        """The keys that came since the index was equal to the store, when nothing else can have happened and no
        language outgrows its kind of index; else null. A growing base is not compared whole after each document."""
        if self._equal is None or index is not self.index or self._equal[0] != rewritten:
            return None
        found = self._source.vector_keys(after=self._equal[1])
        counts = Counter(found.values())
        outgrown = any(
            self._growth.outgrown(index.count(language) + counts[language], index.part(language))
            for language in Language
        )
        return None if outgrown else found

    def _take(self, index: VectorIndex, version: int) -> None:
        self.index, self._version, self._equal = index, version, None
        self.revision += 1

    def _add_all(self, index: VectorIndex, keys: Sequence[int], languages: dict[int, Language]) -> None:
        for start in range(0, len(keys), _READ_AT_ONCE):
            self._add(index, keys[start : start + _READ_AT_ONCE], languages)

    def _add(self, index: VectorIndex, keys: Sequence[int], languages: dict[int, Language]) -> None:
        vectors = self._source.vectors(keys)
        for language in Language:
            rows = [row for row, key in enumerate(keys) if languages[key] is language]
            if rows:
                index.add(language, np.array([keys[row] for row in rows], np.int64), vectors[rows])

    def _save_if_due(self, rebuilt: str | None) -> bool:
        total = sum(self.index.count(language) for language in Language)
        due = rebuilt is not None or self._saved_drift >= max(_SAVE_KEYS, _SAVE_SHARE * total)
        return self.save() if due else False

    def save(self) -> bool:
        """Write a generation now; false (and no harm) when the folder cannot be written."""
        if self._stamp is None:
            return False
        try:
            rewritten = -1 if self._equal is None else self._equal[0]
            generations.save(self.folder, self.index.to_bytes(), self._version, self._stamp, rewritten)
        except BaseError:
            return False  # Read-only folder or full disk: search goes on from memory, the next start rebuilds.
        self._saved_drift = 0
        return True


def _saved(folder: Path, stamp: ModelStamp, source: VectorSource) -> tuple[VectorIndex, Pointer] | Unusable:
    """The saved index with its pointer, if it is whole and of this model."""
    found = generations.load(folder)
    if isinstance(found, Unusable):
        return found
    with found.file:
        if found.pointer.stamp != stamp:
            return Unusable(say("the_vector_index_was_made", found=found.pointer.stamp.name, wanted=stamp.name))
        try:
            index = VectorIndex.from_file(found.file, source.vectors)
        except (ValueError, KeyError, RuntimeError, OSError):
            return Unusable(say("the_file_of_the_vector_index_was_in"))
    right = index.dimension == stamp.dimension
    return (index, found.pointer) if right else Unusable(say("the_vector_index_had_another_dimension"))


def check_index(source: VectorSource, folder: Path) -> list[StoreFinding]:
    """The faults of the saved index; a base that was never searched has none, and no fault."""
    stamp = source.stamp()
    if stamp is None or not folder.exists():
        return []
    found = generations.load(folder)
    dangling = [
        StoreFinding(say("file_index", path=path.name), say("no_pointer_names"), REPAIR, StoreFault.INDEX)
        for path in _rest(folder)
    ]
    if isinstance(found, Unusable):
        missing = not (folder / POINTER).exists() and not dangling
        return [] if missing else [StoreFinding(say("vector_index"), found.reason, REPAIR, StoreFault.INDEX), *dangling]
    fault = None
    with found.file:
        if found.pointer.stamp != stamp:
            fault = say("was_made_with_another", found=found.pointer.stamp.name, wanted=stamp.name)
        elif found.pointer.version == source.version() and not _is_equal(source, found.file):
            # Unless the base changed between the two looks.
            fault = say("holds_other_passages_than_the_base") if found.pointer.version == source.version() else None
    return [*([StoreFinding(say("vector_index"), fault, REPAIR, StoreFault.INDEX)] if fault else []), *dangling]


def remake_index(source: VectorSource, folder: Path) -> tuple[int, int]:
    """Make the index anew out of the store and remove every other file of it: vectors written, files removed.

    Raises OSError when a file cannot be removed.
    """
    rest = _rest(folder)
    for path in (folder / POINTER, *rest):
        path.unlink(missing_ok=True)
    keeper = IndexKeeper(source, folder)
    keeper.save()
    return len(keeper.index.keys()), len(rest)


def _is_equal(source: VectorSource, file: BinaryIO) -> bool:
    try:
        return VectorIndex.from_file(file).keys() == source.vector_keys()
    except (ValueError, KeyError, RuntimeError, OSError):
        return False


def _rest(folder: Path) -> list[Path]:
    """The generations that no whole pointer names."""
    found = generations.load(folder)
    named = None
    if not isinstance(found, Unusable):
        found.file.close()
        named = found.pointer.sha256
    return sorted(path for path in folder.glob("*.vectors") if path.stem != named)
