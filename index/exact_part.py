"""The vectors of a language, every one compared: exact, and the default.

Owns a FAISS flat index under the passages' keys. Knows no SQL, no text, no means.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

import faiss
import numpy as np
from numpy.typing import NDArray

from index.parts import NOTHING, Keys, Nearest, best_first
from kb.ports import FloatArray

KIND = "exact"


class ExactPart:
    """A ``Part`` that holds the raw vectors themselves."""

    kind = KIND
    trained_on: int | None = None
    unseen = 0

    def __init__(self, flat: faiss.IndexIDMap2) -> None:
        self._flat = flat
        self._lock = threading.Lock()

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

    def remove(self, keys: Keys) -> int:
        """Remove those of the keys that are in; gives how many there were."""
        with self._lock:
            return int(self._flat.remove_ids(faiss.IDSelectorBatch(keys)))

    def search(self, query: FloatArray, limit: int, allowed: Keys | None) -> Nearest:
        """The ``limit`` best keys for one query vector, only among ``allowed`` when given."""
        if not self.count:
            return NOTHING
        parameters = None if allowed is None else _only(allowed)
        with self._lock:
            scores, keys = self._flat.search(query.reshape(1, -1), min(limit, self.count), params=parameters)
        found = keys[0] >= 0
        return best_first(keys[0][found], scores[0][found], limit)

    def held(self, keys: Sequence[int]) -> list[int]:
        """Those of the keys that are in, in their order."""
        with self._lock:
            return [key for key in keys if self._has(key)]

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """The vectors of these keys, in their order."""
        with self._lock:
            rows = [self._flat.reconstruct(int(key)) for key in keys]
        return np.array(rows, np.float32).reshape(-1, self.dimension)

    def total(self) -> NDArray[np.float64]:
        """The sum of all vectors, float64 (dimension,)."""
        if not self.count:
            return np.zeros(self.dimension, np.float64)
        with self._lock:
            rows = self._flat.index.reconstruct_n(0, self.count)
        return np.asarray(rows.sum(axis=0, dtype=np.float64))

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

    def _has(self, key: int) -> bool:
        try:
            self._flat.reconstruct(int(key))
        except RuntimeError:  # faiss's word for an id that it does not have
            return False
        return True


def _only(allowed: Keys) -> faiss.SearchParameters:
    # Built by attribute: the keyword constructor that faiss documents is missing from its stubs.
    parameters = faiss.SearchParameters()
    parameters.sel = faiss.IDSelectorBatch(allowed)
    return parameters
