"""The vectors of passages, searchable: one part a language, exact until it is too many for that.

Owns add, remove, search with a filter, and the bytes of a saved index. Knows no SQL, no text, no means, and of
how a part keeps its vectors only which kind it is.
"""

from __future__ import annotations

import json
import struct
import threading
from collections.abc import Iterable, Mapping
from io import BytesIO
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from index.vectors import large_part
from index.vectors.large_part import LargePart
from index.vectors.parts import KIND, NOTHING, ExactPart, IndexPart, ReadVectors
from index.vectors.parts import Keys as Keys
from index.vectors.parts import Nearest as Nearest
from kb.records.language import Language
from kb.records.ports import FloatArray

_MAGIC = b"KBV1"
_SIZE = struct.Struct("<I")


class VectorIndex:
    """Vectors by key and language; every method is safe to call from several threads."""

    def __init__(self, dimension: int, parts: Mapping[Language, IndexPart]) -> None:
        wrong = [language.value for language, part in parts.items() if part.dimension != dimension]
        if wrong:
            raise ValueError(f"the vectors of {', '.join(wrong)} do not have {dimension} dimensions")
        self.dimension = dimension
        self._parts: dict[Language, IndexPart] = dict(parts)
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
        return 0 if part is None else part.count

    def part(self, language: Language) -> IndexPart | None:
        """How the vectors of a language are kept; null when there never were any."""
        return self._parts.get(language)

    def keys(self) -> dict[int, Language]:
        """Every key with its language."""
        return {key: language for language, part in self._parts.items() for key in part.keys().tolist()}

    def highest_key(self) -> int:
        """The highest key; 0 without any."""
        return max((int(part.keys().max(initial=0)) for part in list(self._parts.values())), default=0)

    def add(self, language: Language, keys: Keys, vectors: FloatArray) -> None:
        """Add vectors, float32 (len(keys), dimension), under keys that are not in the index yet."""
        if vectors.shape != (len(keys), self.dimension):
            raise ValueError(f"vectors of shape {vectors.shape} for {len(keys)} keys of dimension {self.dimension}")
        with self._lock:
            part = self._parts.setdefault(language, ExactPart.empty(self.dimension))
        part.add(keys, vectors)

    def put(self, language: Language, part: IndexPart) -> None:
        """Let this part be the vectors of a language from now on, in place of the one there was."""
        if part.dimension != self.dimension:
            raise ValueError(f"the vectors of {language.value} do not have {self.dimension} dimensions")
        with self._lock:
            self._parts[language] = part

    def remove(self, keys: Iterable[int]) -> int:
        """Remove these keys, whatever their language; gives how many there were."""
        wanted = np.fromiter(keys, np.int64)
        return sum(part.remove(wanted) for part in list(self._parts.values())) if len(wanted) else 0

    def search(self, language: Language, query: FloatArray, limit: int, allowed: Keys | None = None) -> Nearest:
        """The ``limit`` best keys of a language for one query vector, only among ``allowed`` when given."""
        part = self._parts.get(language)
        if part is None or part.count == 0 or limit < 1 or (allowed is not None and not len(allowed)):
            return NOTHING
        return part.search(query, limit, allowed)

    def held(self, language: Language, keys: Iterable[int]) -> list[int]:
        """Those of the keys that the index has in this language, in their order."""
        part = self._parts.get(language)
        return [] if part is None else part.held(list(keys))

    def vectors(self, language: Language, keys: Iterable[int]) -> FloatArray:
        """The vectors of these keys, float32 (number of keys, dimension), in their order."""
        return self._parts[language].vectors(list(keys))

    def total(self, language: Language) -> NDArray[np.float64]:
        """The sum of all vectors of a language, float64 (dimension,)."""
        part = self._parts.get(language)
        return np.zeros(self.dimension, np.float64) if part is None else part.total()

    def to_bytes(self) -> bytes:
        """The whole index as bytes that ``from_bytes`` reads."""
        parts = sorted(self._parts.items(), key=lambda item: item[0].value)
        blobs = {language.value: part.to_bytes() for language, part in parts}
        header: dict[str, Any] = {
            "dimension": self.dimension,
            "sizes": {code: len(blob) for code, blob in blobs.items()},
            "kinds": {language.value: part.kind for language, part in parts},
        }
        written = json.dumps(header).encode()
        return b"".join([_MAGIC, _SIZE.pack(len(written)), written, *blobs.values()])

    @classmethod
    def from_bytes(cls, data: bytes, stored: ReadVectors | None = None) -> VectorIndex:
        """The index out of bytes whose hash was verified; raises ValueError for any other bytes."""
        return cls.from_file(BytesIO(data), stored)

    @classmethod
    def from_file(cls, file: BinaryIO, stored: ReadVectors | None = None) -> VectorIndex:
        """The same out of a file, read part by part: of a large one no second copy is in memory meanwhile.

        ``stored`` reads vectors from the store: a large part cannot do without.
        """
        if file.read(len(_MAGIC)) != _MAGIC:
            raise ValueError("not a saved vector index")
        (size,) = _SIZE.unpack(file.read(_SIZE.size))
        header = json.loads(file.read(size))
        # What was saved before there was a large index names no kinds.
        kinds = header.get("kinds", {})
        parts = {
            Language(code): _part(kinds.get(code, KIND), file, length, stored)
            for code, length in header["sizes"].items()
        }
        return cls(header["dimension"], parts)


def _part(kind: str, file: BinaryIO, length: int, stored: ReadVectors | None) -> IndexPart:
    if kind == KIND:
        return ExactPart.from_bytes(memoryview(file.read(length)))
    if kind != large_part.KIND:
        raise ValueError("not a saved vector index")
    if stored is None:
        raise ValueError("a large vector index cannot be read without the store")
    return LargePart.from_file(file, length, stored)
