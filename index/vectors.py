"""The vectors of passages, searchable: the one module that imports faiss.

One exact inner-product index a language, holding raw vectors under the passages' keys. Owns add,
remove, search with a filter, and the bytes of a saved index. Knows no SQL, no text, no means.
"""

from __future__ import annotations

import json
import struct
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import faiss
import numpy as np
from numpy.typing import NDArray

from kb.language import Language
from kb.ports import FloatArray

Keys = NDArray[np.int64]

_MAGIC = b"KBV1"


@dataclass(frozen=True, slots=True)
class Nearest:
    """Keys with their inner products, best first, equal ones by ascending key."""

    keys: Keys
    scores: FloatArray


class VectorIndex:
    """Vectors by key and language; every method is safe to call from several threads."""

    def __init__(self, dimension: int, parts: Mapping[Language, faiss.IndexIDMap2]) -> None:
        wrong = [language.value for language, part in parts.items() if part.d != dimension]
        if wrong:
            raise ValueError(f"the vectors of {', '.join(wrong)} do not have {dimension} dimensions")
        self.dimension = dimension
        self._parts = dict(parts)
        self._lock = threading.Lock()

    @classmethod
    def empty(cls, dimension: int) -> VectorIndex:
        """An index without vectors."""
        return cls(dimension, {})

    def languages(self) -> list[Language]:
        """The languages that have at least one vector, in the order of the enum."""
        return [language for language in Language if self.count(language)]

    def count(self, language: Language) -> int:
        """How many vectors there are of a language."""
        part = self._parts.get(language)
        return 0 if part is None else int(part.ntotal)

    def keys(self) -> dict[int, Language]:
        """Every key with its language."""
        with self._lock:
            return {
                int(key): language
                for language, part in self._parts.items()
                for key in faiss.vector_to_array(part.id_map)
            }

    def add(self, language: Language, keys: Keys, vectors: FloatArray) -> None:
        """Add vectors, float32 (len(keys), dimension), under keys that are not in the index yet."""
        if vectors.shape != (len(keys), self.dimension):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(keys)} keys of dimension {self.dimension}")
        with self._lock:
            part = self._parts.setdefault(language, faiss.IndexIDMap2(faiss.IndexFlatIP(self.dimension)))
            part.add_with_ids(np.ascontiguousarray(vectors, np.float32), np.ascontiguousarray(keys, np.int64))

    def remove(self, keys: Iterable[int]) -> int:
        """Remove these keys, whatever their language; gives how many there were."""
        wanted = np.fromiter(keys, np.int64)
        if not len(wanted):
            return 0
        with self._lock:
            return sum(int(part.remove_ids(faiss.IDSelectorBatch(wanted))) for part in self._parts.values())

    def search(self, language: Language, query: FloatArray, limit: int, allowed: Keys | None = None) -> Nearest:
        """The ``limit`` best keys of a language for one query vector, only among ``allowed`` when given."""
        part = self._parts.get(language)
        if part is None or part.ntotal == 0 or limit < 1 or (allowed is not None and not len(allowed)):
            return Nearest(np.zeros(0, np.int64), np.zeros(0, np.float32))
        parameters = None if allowed is None else _only(allowed)
        with self._lock:
            scores, keys = part.search(query.reshape(1, -1), min(limit, int(part.ntotal)), params=parameters)
        found = keys[0] >= 0
        order = np.lexsort((keys[0][found], -scores[0][found]))
        return Nearest(keys[0][found][order], scores[0][found][order])

    def held(self, language: Language, keys: Iterable[int]) -> list[int]:
        """Those of the keys that the index has in this language, in their order."""
        part = self._parts.get(language)
        if part is None:
            return []
        with self._lock:
            return [key for key in keys if _has(part, key)]

    def vectors(self, language: Language, keys: Iterable[int]) -> FloatArray:
        """The vectors of these keys, float32 (number of keys, dimension), in their order."""
        part = self._parts[language]
        with self._lock:
            rows = [part.reconstruct(int(key)) for key in keys]
        return np.array(rows, np.float32).reshape(-1, self.dimension)

    def total(self, language: Language) -> NDArray[np.float64]:
        """The sum of all vectors of a language, float64 (dimension,)."""
        part = self._parts.get(language)
        if part is None or part.ntotal == 0:
            return np.zeros(self.dimension, np.float64)
        with self._lock:
            rows = part.index.reconstruct_n(0, int(part.ntotal))
        return np.asarray(rows.sum(axis=0, dtype=np.float64))

    def to_bytes(self) -> bytes:
        """The whole index as bytes that ``from_bytes`` reads."""
        with self._lock:
            blobs = {
                language.value: faiss.serialize_index(part).tobytes()
                for language, part in sorted(self._parts.items(), key=lambda item: item[0].value)
            }
        sizes = {code: len(blob) for code, blob in blobs.items()}
        header = json.dumps({"dimension": self.dimension, "sizes": sizes}).encode()
        return b"".join([_MAGIC, struct.pack("<I", len(header)), header, *blobs.values()])

    @classmethod
    def from_bytes(cls, data: bytes) -> VectorIndex:
        """The index out of bytes whose hash was verified; raises ValueError for any other bytes."""
        if data[:4] != _MAGIC:
            raise ValueError("not a saved vector index")
        (size,) = struct.unpack_from("<I", data, 4)
        header = json.loads(data[8 : 8 + size])
        at, parts = 8 + size, dict[Language, faiss.IndexIDMap2]()
        for code, length in header["sizes"].items():
            blob = np.frombuffer(data, np.uint8, length, at)
            part = faiss.deserialize_index(blob)
            if not isinstance(part, faiss.IndexIDMap2):
                raise ValueError("not a saved vector index")
            parts[Language(code)] = part
            at += length
        return cls(header["dimension"], parts)


def _only(allowed: Keys) -> faiss.SearchParameters:
    # Built by attribute: the keyword constructor that faiss documents is missing from its stubs.
    parameters = faiss.SearchParameters()
    parameters.sel = faiss.IDSelectorBatch(allowed)
    return parameters


def _has(part: faiss.IndexIDMap2, key: int) -> bool:
    try:
        part.reconstruct(int(key))
    except RuntimeError:  # faiss's word for an id that it does not have
        return False
    return True
