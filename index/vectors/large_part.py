"""The vectors of a language when they are many: short codes of all are compared, then the best of them exactly.

Owns a FAISS fast-scan index of product-quantised codes (4 bits for 2 dimensions: 96 bytes a vector of 384) over
centred vectors, turned so that each code word has as much to say as the others; the vectors themselves stay in the
store, which is read for the best few hundred. Decides nothing: ``growing`` says when a language is kept so.
"""

from __future__ import annotations

import struct
import threading
from collections.abc import Sequence
from typing import BinaryIO

import faiss
import numpy as np
from numpy.typing import NDArray

from index.vectors.parts import NOTHING, Keys, Nearest, ReadVectors, best_first, still_stored
from kb.records.ports import FloatArray

KIND = "turned"

# Vectors compared exactly: at least these, and five times what is asked for. A search has the hundred nearest put in
# order by their tokens. Of those, among 236,000, twice as many by code held .94, four times .990, five times .996 and
# eight times .999; before they were turned .88, .964, .978 and .993 (docs/scale.md).
_COMPARED = 200
_TIMES_ASKED = 5
# One code word of 4 bits for two dimensions; FAISS sums at most so many words without loss.
_MOST_WORDS = 192
# More vectors than these change no code book (16 centroids a word).
SAMPLE = 20_000
_BLOCK = 32
# Keys are numbered from 1; beyond this a set is smaller than a bitmap.
_BITMAP_KEYS = 1 << 26
_HEAD = struct.Struct("<qqq")
_READ_AT_ONCE = 1 << 20


class LargePart:
    """A ``Part`` that finds candidates by their codes and ranks them by the stored vectors.

    Every code is read, so that a filter is exact and loses nothing. Code books are trained once; vectors come and
    go without training. The code of a removed key stays, unseen, until the part is made anew: FAISS 1.15.1 spoils
    codes that are added after a removal, and a key's vector never changes.
    """

    kind = KIND

    def __init__(
        self,
        coded: faiss.IndexIVFPQFastScan,
        axes: FloatArray,
        mean: FloatArray,
        total: NDArray[np.float64],
        gone: Keys,
        trained_on: int,
        stored: ReadVectors,
    ) -> None:
        self.trained_on: int | None = trained_on
        self._coded = coded
        self._axes = axes
        self._mean = mean
        self._total = total
        self._gone = gone
        self._stored = stored
        self._lock = threading.Lock()
        self._keys = np.zeros(0, np.int64)
        self._member: NDArray[np.bool_] | None = None
        self._living: faiss.IDSelector | None = None
        self._now(np.setdiff1d(self._coded_keys(), gone, assume_unique=True))

    @classmethod
    def trained(cls, sample: FloatArray, expected: int, stored: ReadVectors) -> LargePart:
        """An empty part for about ``expected`` vectors like those of the sample; the same sample, the same part."""
        dimension = sample.shape[1]
        mean = np.asarray(sample.mean(axis=0, dtype=np.float64), np.float32)
        # One list that holds everything: fast-scan codes with selectors are only to be had with lists.
        coarse = faiss.IndexFlatIP(dimension)
        coarse.add(np.zeros((1, dimension), np.float32))
        coded = faiss.IndexIVFPQFastScan(coarse, dimension, 1, _words(dimension), 4, faiss.METRIC_INNER_PRODUCT, _BLOCK)
        coded.by_residual = False
        coded.pq.cp.min_points_per_centroid = 1
        axes = _axes(sample - mean)
        coded.train(np.asarray((sample - mean) @ axes, np.float32))
        return cls(coded, axes, mean, np.zeros(dimension, np.float64), np.zeros(0, np.int64), expected, stored)

    @property
    def dimension(self) -> int:
        """The dimension of its vectors."""
        return int(self._coded.d)

    @property
    def count(self) -> int:
        """How many vectors there are."""
        return len(self._keys)

    @property
    def unseen(self) -> int:
        """How many codes of removed keys there still are."""
        return len(self._gone)

    def keys(self) -> Keys:
        """Every key, ascending."""
        return self._keys

    def add(self, keys: Keys, vectors: FloatArray) -> None:
        """Add vectors under keys that are not in yet."""
        with self._lock:
            back = np.isin(keys, self._gone)
            self._gone = np.setdiff1d(self._gone, keys[back], assume_unique=True)
            if not back.all():
                fresh = np.asarray((vectors[~back] - self._mean) @ self._axes, np.float32)
                self._coded.add_with_ids(fresh, np.ascontiguousarray(keys[~back], np.int64))
            self._total += vectors.sum(axis=0, dtype=np.float64)
            self._now(np.sort(np.concatenate([self._keys, keys]), kind="stable"))

    def remove(self, keys: Keys) -> int:
        """Remove those of the keys that are in; gives how many there were.

        The mean stays what it was, for the store no longer has their vectors (and FAISS 1.15.1 crashes when it decodes
        what it has read from a file); it is set right when the part is made anew.
        """
        with self._lock:
            leaving = self._inside(_ascending(keys))
            if len(leaving):
                self._total *= 1 - len(leaving) / len(self._keys)
                self._gone = np.union1d(self._gone, leaving)
                self._now(np.setdiff1d(self._keys, leaving, assume_unique=True))
            return len(leaving)

    def search(self, query: FloatArray, limit: int, allowed: Keys | None) -> Nearest:
        """The ``limit`` best keys for one query vector, only among ``allowed`` when given."""
        with self._lock:
            inside = self._keys if allowed is None else self._inside(_ascending(allowed))
            compared = max(_COMPARED, _TIMES_ASKED * limit)
            selector = self._living if allowed is None else _selector(inside)
            candidates = inside if len(inside) <= compared else self._candidates(query, compared, selector)
        keys, vectors = still_stored(candidates, self._stored)
        return best_first(keys, vectors @ query, limit) if len(keys) else NOTHING

    def held(self, keys: Sequence[int]) -> list[int]:
        """Those of the keys that are in, in their order."""
        asked = np.fromiter(keys, np.int64, len(keys))
        inside = self._inside(_ascending(asked))
        return [int(key) for key in asked[np.isin(asked, inside)]]

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """The stored vectors of these keys, in their order; the mean where the store has lost one since."""
        asked = np.fromiter(keys, np.int64, len(keys))
        found, vectors = still_stored(asked, self._stored)
        if len(found) == len(asked):
            return vectors.reshape(-1, self.dimension)
        rows = np.tile(self._mean, (len(asked), 1))
        if len(found):
            rows[np.isin(asked, found)] = vectors
        return rows

    def total(self) -> NDArray[np.float64]:
        """The sum of all vectors, float64 (dimension,)."""
        return self._total.copy()

    def to_bytes(self) -> bytes:
        """The part as bytes that ``from_file`` reads."""
        with self._lock:
            head = _HEAD.pack(self.trained_on or 0, self.dimension, len(self._gone))
            codes = faiss.serialize_index(self._coded)
            return b"".join(
                [
                    head,
                    self._axes.tobytes(),
                    self._mean.tobytes(),
                    self._total.tobytes(),
                    self._gone.tobytes(),
                    codes.data,
                ]
            )

    @classmethod
    def from_file(cls, file: BinaryIO, length: int, stored: ReadVectors) -> LargePart:
        """The part out of the next bytes of a file, so many, whose hash was verified; ValueError for those of another
        kind."""
        end = file.tell() + length
        if length < _HEAD.size:
            raise ValueError("not a saved vector index")
        trained_on, dimension, unseen = _HEAD.unpack(file.read(_HEAD.size))
        if dimension < 1 or unseen < 0 or length <= _HEAD.size + 4 * (dimension + 3) * dimension + 8 * unseen:
            raise ValueError("not a saved vector index")
        axes = np.frombuffer(file.read(4 * dimension * dimension), np.float32).reshape(dimension, dimension)
        mean = np.frombuffer(file.read(4 * dimension), np.float32)
        total = np.frombuffer(file.read(8 * dimension), np.float64)
        gone = np.frombuffer(file.read(8 * unseen), np.int64)
        # Not by its bytes: they would be copied twice before they are an index. The stubs do not know this reader.
        coded = faiss.read_index(faiss.PyCallbackIOReader(file.read, _READ_AT_ONCE))  # type: ignore[attr-defined]
        if not isinstance(coded, faiss.IndexIVFPQFastScan) or coded.d != dimension or file.tell() != end:
            raise ValueError("not a saved vector index")
        return cls(coded, axes.copy(), mean.copy(), total.copy(), gone.copy(), trained_on, stored)

    def _now(self, keys: Keys) -> None:
        self._keys = keys
        self._member = _members(keys)
        self._living = _selector(keys) if len(self._gone) and len(keys) else None

    def _candidates(self, query: FloatArray, count: int, selector: faiss.IDSelector | None) -> Keys:
        parameters = faiss.SearchParametersIVF()
        parameters.nprobe = 1
        if selector is not None:
            parameters.sel = selector
        _, found = self._coded.search(query.reshape(1, -1) @ self._axes, count, params=parameters)
        return np.asarray(found[0][found[0] >= 0], np.int64)

    def _inside(self, keys: Keys) -> Keys:
        """Those of these ascending keys that are in."""
        member = self._member  # one table for all of this: another thread may put a shorter one in its place
        if member is None:
            return np.intersect1d(self._keys, keys, assume_unique=True)
        known = keys[np.searchsorted(keys, 0) : np.searchsorted(keys, len(member))]
        return np.asarray(known[member[known]], np.int64)

    def _coded_keys(self) -> Keys:
        """The keys in the order of their codes, those of removed ones too."""
        lists = self._coded.invlists
        size = 0 if lists is None else lists.list_size(0)
        if lists is None or not size:
            return np.zeros(0, np.int64)
        return np.asarray(faiss.rev_swig_ptr(lists.get_ids(0), size), np.int64).copy()


def _words(dimension: int) -> int:
    """How many code words a vector has: half its dimensions, or the next number that divides them."""
    return max(words for words in range(1, min(max(dimension // 2, 1), _MOST_WORDS) + 1) if dimension % words == 0)


def _axes(centred: FloatArray) -> FloatArray:
    """The directions in which these vectors differ, as columns: those in which they differ most and least together in
    one code word, so that each has its share."""
    exact = centred.astype(np.float64)
    _, directions = np.linalg.eigh(exact.T @ exact)
    dimension = centred.shape[1]
    rows = np.arange(dimension).reshape(-1, _words(dimension))
    rows[1::2] = rows[1::2, ::-1]
    return np.ascontiguousarray(directions[:, rows.T.ravel()], np.float32)


def _ascending(keys: Keys) -> Keys:
    """The distinct keys in order; a filter's are so already, and sorting 100,000 of them took as long as a search."""
    return keys if bool(np.all(keys[1:] > keys[:-1])) else np.unique(keys)


def _members(keys: Keys) -> NDArray[np.bool_] | None:
    """For each number up to the highest of these ascending keys whether it is one; null where that would be too many.

    A byte a number: 100,000 keys of a filter are looked up in .3 ms among 500,000, where a search by halving took 9.
    """
    if not len(keys) or int(keys[0]) < 0 or int(keys[-1]) >= _BITMAP_KEYS:
        return None
    member = np.zeros(int(keys[-1]) + 1, np.bool_)
    member[keys] = True
    return member


def _selector(keys: Keys) -> faiss.IDSelector:
    """A selector of these ascending keys."""
    member = _members(keys)
    if member is None:
        return faiss.IDSelectorBatch(keys)
    # The stubs know the C++ constructor (size, pointer) alone; this one keeps the bits alive as well.
    return faiss.IDSelectorBitmap(np.packbits(member, bitorder="little"))  # type: ignore[call-arg, arg-type]
