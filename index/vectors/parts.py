"""What the vectors of one language promise, however they are kept: the port of ``VectorIndex`` to its parts.

Owns the shapes; knows no library. ``exact_part`` compares every vector, ``large_part`` is for many.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

import faiss
import numpy as np
from numpy.typing import NDArray

from kb.records.ports import FloatArray

Keys = NDArray[np.int64]
ReadVectors = Callable[[Sequence[int]], FloatArray]
"""Gives the vectors of these keys, float32 (len(keys), dimension), in their order; KeyError when one is gone."""


@dataclass(frozen=True, slots=True)
class Nearest:
    """Keys with their inner products, best first, equal ones by ascending key."""

    keys: Keys
    scores: FloatArray


def best_first(keys: Keys, scores: FloatArray, limit: int) -> Nearest:
    """The ``limit`` best of these."""
    order = np.lexsort((keys, -scores))[:limit]
    return Nearest(keys[order], scores[order])


def still_stored(keys: Keys, stored: ReadVectors) -> tuple[Keys, FloatArray]:
    """The keys that the store still has, with their vectors: a search may run while a document is removed."""
    wanted = keys.tolist()
    if not wanted:
        return keys, np.zeros((0, 0), np.float32)
    found, rows = _known(wanted, stored)
    if len(found) == len(wanted):
        return keys, np.asarray(rows, np.float32)
    single = [_known([key], stored) for key in wanted]
    found, rows = [key for one, _ in single for key in one], [row for _, one in single for row in one]
    return np.array(found, np.int64), np.array(rows, np.float32)


def _known(keys: list[int], stored: ReadVectors) -> tuple[list[int], Sequence[FloatArray] | FloatArray]:
    """The keys and vectors, or none of them when one is gone."""
    try:
        rows = stored(keys)
    except KeyError:
        return [], []
    return (keys, rows) if len(rows) == len(keys) else ([], [])


NOTHING = Nearest(np.zeros(0, np.int64), np.zeros(0, np.float32))


class IndexPart(Protocol):
    """The vectors of one language. Every method is safe to call from several threads."""

    @property
    def kind(self) -> str:
        """The word for this kind of part in a saved index."""
        ...

    @property
    def dimension(self) -> int:
        """The dimension of its vectors."""
        ...

    @property
    def count(self) -> int:
        """How many vectors there are."""
        ...

    @property
    def trained_on(self) -> int | None:
        """For how many vectors the part was trained; null for one that needs no training."""
        ...

    @property
    def unseen(self) -> int:
        """How many removed vectors still take room."""
        ...

    def keys(self) -> Keys:
        """Every key."""
        ...

    def add(self, keys: Keys, vectors: FloatArray) -> None:
        """Add vectors under keys that are not in yet."""
        ...

    def remove(self, keys: Keys) -> int:
        """Remove those of the keys that are in; gives how many there were."""
        ...

    def search(self, query: FloatArray, limit: int, allowed: Keys | None) -> Nearest:
        """The ``limit`` best keys for one query vector (dimension,), only among ``allowed`` when given."""
        ...

    def held(self, keys: Sequence[int]) -> list[int]:
        """Those of the keys that are in, in their order."""
        ...

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """The vectors of these keys, in their order."""
        ...

    def total(self) -> NDArray[np.float64]:
        """The sum of all vectors, float64 (dimension,)."""
        ...

    def to_bytes(self) -> bytes:
        """The part as bytes that its ``from_bytes`` reads."""
        ...


KIND = "exact"


class ExactPart:
    """A ``Part`` that holds the raw vectors themselves."""

    kind = KIND
    trained_on: int | None = None
    unseen = 0

    def __init__(self, flat: faiss.IndexIDMap2) -> None:
        self._flat = flat
        self._lock = threading.Lock()
        self._keys = set(faiss.vector_to_array(flat.id_map).tolist())
        # Summed when first asked for, then kept: a base that grows asks after every document.
        self._total: NDArray[np.float64] | None = None

    @classmethod
    def empty(cls, dimension: int) -> ExactPart:
        """A part without vectors."""
        return cls(faiss.IndexIDMap2(faiss.IndexFlatIP(dimension)))

    @property
    def dimension(self) -> int:
        """The dimension of its vectors."""
        return int(self._flat.d)

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return int(self._flat.ntotal)

    def keys(self) -> Keys:
        """Every key, in the order of addition."""
        with self._lock:
            return np.asarray(faiss.vector_to_array(self._flat.id_map), np.int64)

    def add(self, keys: Keys, vectors: FloatArray) -> None:
        """Add vectors under keys that are not in yet."""
        with self._lock:
            self._flat.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(keys, np.int64))
            self._keys.update(keys.tolist())
            if self._total is not None:
                self._total = self._total + vectors.sum(axis=0, dtype=np.float64)

    def remove(self, keys: Keys) -> int:
        """Remove those of the keys that are in; gives how many there were."""
        with self._lock:
            self._total = None
            self._keys.difference_update(keys.tolist())
            return int(self._flat.remove_ids(faiss.IDSelectorBatch(keys)))

    def search(self, query: FloatArray, limit: int, allowed: Keys | None) -> Nearest:
        """The ``limit`` best keys for one query vector, only among ``allowed`` when given."""
        if not self.count:
            return NOTHING
        parameters = None if allowed is None else _only(allowed)
        with self._lock, _one_thread():
            scores, keys = self._flat.search(query.reshape(1, -1), min(limit, self.count), params=parameters)
        found = keys[0] >= 0
        return best_first(keys[0][found], scores[0][found], limit)

    def held(self, keys: Sequence[int]) -> list[int]:
        """Those of the keys that are in, in their order."""
        with self._lock:
            return [key for key in keys if key in self._keys]

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """The vectors of these keys, in their order; the mean where one has been removed since it was asked for."""
        with self._lock:
            held = [place for place, key in enumerate(keys) if key in self._keys]
            rows = self._flat.reconstruct_batch(np.array([keys[place] for place in held], np.int64))
        if len(held) == len(keys):
            return np.asarray(rows, np.float32)
        found = np.tile(np.asarray(self.total() / max(self.count, 1), np.float32), (len(keys), 1))
        found[held] = rows
        return found

    def total(self) -> NDArray[np.float64]:
        """The sum of all vectors, float64 (dimension,)."""
        with self._lock:
            if self._total is None:
                rows = self._flat.index.reconstruct_n(0, self._flat.ntotal)
                self._total = np.asarray(rows.sum(axis=0, dtype=np.float64))
            return self._total.copy()

    def to_bytes(self) -> bytes:
        """The part as bytes that ``from_bytes`` reads."""
        with self._lock:
            return faiss.serialize_index(self._flat).tobytes()

    @classmethod
    def from_bytes(cls, data: memoryview) -> ExactPart:
        """The part out of bytes whose hash was verified; ValueError for those of another kind."""
        flat = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        if not isinstance(flat, faiss.IndexIDMap2):
            raise ValueError("not a saved vector index")
        return cls(flat)


@contextmanager
def _one_thread() -> Iterator[None]:
    """No threads of FAISS's own in here: a single question is never shared out, and they wait for it at full speed."""
    threads = faiss.omp_get_max_threads()
    faiss.omp_set_num_threads(1)
    try:
        yield
    finally:
        faiss.omp_set_num_threads(threads)


def _only(allowed: Keys) -> faiss.SearchParameters:
    # Built by attribute: the keyword constructor that faiss documents is missing from its stubs.
    parameters = faiss.SearchParameters()
    parameters.sel = faiss.IDSelectorBatch(allowed)
    return parameters
