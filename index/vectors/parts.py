"""What the vectors of one language promise, however they are kept: the port of ``VectorIndex`` to its parts.

Owns the shapes; knows no library. ``exact_part`` compares every vector, ``large_part`` is for many.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

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
