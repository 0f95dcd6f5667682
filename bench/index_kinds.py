"""The kinds of vector index that are compared: each is built from arrays and gives the ten nearest keys.

Exact and large are the product's own parts; the others are FAISS's usual ones over centred vectors, their best
candidates ranked by the stored vectors like the product's.
"""

from __future__ import annotations

import atexit
from collections.abc import Iterator
from contextlib import ExitStack
from typing import Protocol

import faiss
import numpy as np

from bench.database import postgresql_here
from index.vectors.large_part import SAMPLE, LargePart
from index.vectors.parts import ExactPart, Keys, ReadVectors, best_first, still_stored
from kb.records.ports import FloatArray

# Candidates that are ranked by the stored vectors; the product's own number.
COMPARED = 200
_SLAB = 16_384
# Of the lists, from few to all; the cheapest that reaches the recall asked for is taken.
_SHARES = (1 / 64, 1 / 32, 1 / 16, 1 / 8, 1 / 4, 1 / 2, 1.0)
_BREADTHS = (64, 128, 256, 512, 1024, 2048)


class Kind(Protocol):
    """One index of one language."""

    def build(self, keys: Keys, vectors: FloatArray) -> None:
        """Take these vectors, float32 (len(keys), dimension)."""
        ...

    def settings(self) -> Iterator[str]:
        """Set one effort after the other, the cheapest first, and say which; the last stays set if nobody stops."""
        ...

    def nearest(self, query: FloatArray, limit: int, allowed: Keys | None) -> Keys:
        """The ``limit`` nearest keys, only among ``allowed`` when given."""
        ...

    def size(self) -> int:
        """Bytes of the saved index."""
        ...


class Exact:
    """Flat: every vector compared."""

    def __init__(self, stored: ReadVectors) -> None:
        self._part: ExactPart | None = None

    def build(self, keys: Keys, vectors: FloatArray) -> None:
        """Hold the vectors."""
        self._part = ExactPart.empty(vectors.shape[1])
        for rows in _slabs(len(keys)):
            self._part.add(keys[rows], np.asarray(vectors[rows]))

    def settings(self) -> Iterator[str]:
        """There is nothing to set."""
        yield "all compared"

    def nearest(self, query: FloatArray, limit: int, allowed: Keys | None) -> Keys:
        """As the product searches."""
        return np.zeros(0, np.int64) if self._part is None else self._part.search(query, limit, allowed).keys

    def size(self) -> int:
        """Bytes of the saved index."""
        return 0 if self._part is None else len(self._part.to_bytes())


class Large:
    """The product's large part: codes of 4 bits, all of them read."""

    def __init__(self, stored: ReadVectors) -> None:
        self._stored = stored
        self._part: LargePart | None = None

    def build(self, keys: Keys, vectors: FloatArray) -> None:
        """Train, then add."""
        self._part = LargePart.trained(_sample(vectors), len(keys), self._stored)
        for rows in _slabs(len(keys)):
            self._part.add(keys[rows], np.asarray(vectors[rows]))

    def settings(self) -> Iterator[str]:
        """There is nothing to set."""
        yield "all codes read"

    def nearest(self, query: FloatArray, limit: int, allowed: Keys | None) -> Keys:
        """As the product searches."""
        return np.zeros(0, np.int64) if self._part is None else self._part.search(query, limit, allowed).keys

    def size(self) -> int:
        """Bytes of the saved index."""
        return 0 if self._part is None else len(self._part.to_bytes())


class Lists:
    """IVF: the lists nearest to the question are read, more of them the narrower the filter."""

    def __init__(self, stored: ReadVectors, code: int) -> None:
        self._stored, self._code = stored, code
        self._share = _SHARES[0]
        self._keys: Keys = np.zeros(0, np.int64)
        self._index: faiss.IndexIVFScalarQuantizer | None = None

    def build(self, keys: Keys, vectors: FloatArray) -> None:
        """Train 4 lists for each root of the number of vectors, then add."""
        dimension, lists = vectors.shape[1], max(1, int(4 * np.sqrt(len(keys))))
        sample = _sample(vectors, 32 * lists)
        mean = sample.mean(axis=0)
        coarse = faiss.IndexFlatIP(dimension)
        index = faiss.IndexIVFScalarQuantizer(coarse, dimension, lists, self._code, faiss.METRIC_INNER_PRODUCT)
        index.cp.spherical, index.cp.niter, index.cp.min_points_per_centroid = True, 10, 1
        index.train(np.ascontiguousarray(sample - mean))
        for rows in _slabs(len(keys)):
            index.add_with_ids(np.ascontiguousarray(vectors[rows] - mean), keys[rows])
        self._index, self._keys = index, keys

    def settings(self) -> Iterator[str]:
        """The share of the lists that is read."""
        for share in _SHARES:
            self._share = share
            yield f"1/{round(1 / share)} of the lists read"

    def nearest(self, query: FloatArray, limit: int, allowed: Keys | None) -> Keys:
        """The best of what the lists hold."""
        if self._index is None:
            return np.zeros(0, np.int64)
        allowed = None if allowed is None else _inside(self._keys, allowed)
        parameters = faiss.SearchParametersIVF()
        wider = 1.0 if allowed is None else self._index.ntotal / max(len(allowed), 1)
        parameters.nprobe = min(self._index.nlist, max(1, int(self._index.nlist * self._share * wider)))
        if allowed is not None:
            parameters.sel = faiss.IDSelectorBatch(allowed)
        _, found = self._index.search(query.reshape(1, -1), COMPARED, params=parameters)
        return _ranked(found[0], query, limit, self._stored)

    def size(self) -> int:
        """Bytes of the saved index."""
        return 0 if self._index is None else len(faiss.serialize_index(self._index))


class Graph:
    """HNSW over codes of 8 bits."""

    def __init__(self, stored: ReadVectors) -> None:
        self._stored = stored
        self._breadth = _BREADTHS[0]
        self._keys: Keys = np.zeros(0, np.int64)
        self._index: faiss.IndexHNSWSQ | None = None

    def build(self, keys: Keys, vectors: FloatArray) -> None:
        """16 links a vector, 80 candidates while building."""
        mean = _sample(vectors).mean(axis=0)
        code = faiss.ScalarQuantizer.QT_8bit
        # The stubs want a quantiser here and lack the search parameters below; FAISS takes and has them.
        index = faiss.IndexHNSWSQ(vectors.shape[1], code, 16, faiss.METRIC_INNER_PRODUCT)  # type: ignore[arg-type]
        index.hnsw.efConstruction = 80
        index.train(np.ascontiguousarray(_sample(vectors) - mean))
        for rows in _slabs(len(keys)):
            index.add(np.ascontiguousarray(vectors[rows] - mean))
        self._index, self._keys = index, keys

    def settings(self) -> Iterator[str]:
        """How many candidates a search keeps."""
        for breadth in _BREADTHS:
            self._breadth = breadth
            yield f"efSearch {breadth}"

    def nearest(self, query: FloatArray, limit: int, allowed: Keys | None) -> Keys:
        """The best of what the walk met."""
        if self._index is None:
            return np.zeros(0, np.int64)
        parameters = faiss.SearchParametersHNSW()  # type: ignore[attr-defined]
        parameters.efSearch = self._breadth
        if allowed is not None:
            rows = np.searchsorted(self._keys, _inside(self._keys, allowed))
            parameters.sel = faiss.IDSelectorBatch(rows)
        _, found = self._index.search(query.reshape(1, -1), COMPARED, params=parameters)
        return _ranked(self._keys[found[0][found[0] >= 0]], query, limit, self._stored)

    def size(self) -> int:
        """Bytes of the saved index."""
        return 0 if self._index is None else len(faiss.serialize_index(self._index))


class Pgvector:
    """HNSW over halfvec inside PostgreSQL, started for it; a filter is listed first and compared exactly."""

    def __init__(self, stored: ReadVectors) -> None:
        import psycopg

        self._stored = stored
        address = _SERVER.enter_context(postgresql_here("maintenance_work_mem=1GB", "shared_buffers=512MB"))
        self._sql = _SERVER.enter_context(psycopg.connect(f"{address}/postgres", autocommit=True))
        self._sql.execute("CREATE EXTENSION vector")

    def build(self, keys: Keys, vectors: FloatArray) -> None:
        """16 links a vector, 80 candidates while building, as the other graph."""
        self._sql.execute(f"CREATE TABLE vectors (key bigint PRIMARY KEY, v halfvec({vectors.shape[1]}) NOT NULL)")
        with self._sql.cursor() as cursor, cursor.copy("COPY vectors (key, v) FROM STDIN") as copy:
            for rows in _slabs(len(keys)):
                for key, vector in zip(keys[rows], np.asarray(vectors[rows]), strict=True):
                    copy.write_row((int(key), _text(vector)))
        how = "WITH (m = 16, ef_construction = 80)"
        self._sql.execute(f"CREATE INDEX near ON vectors USING hnsw (v halfvec_ip_ops) {how}")
        self._sql.execute("ANALYZE vectors")

    def settings(self) -> Iterator[str]:
        """How many candidates a search keeps; the server takes no more than 1000."""
        for breadth in (*(one for one in _BREADTHS if one >= COMPARED), 1000):
            if breadth <= 1000:
                self._sql.execute(f"SET hnsw.ef_search = {breadth}")
                yield f"ef_search {breadth}"

    def nearest(self, query: FloatArray, limit: int, allowed: Keys | None) -> Keys:
        """The best of what the walk met, or of what the filter lets through."""
        nearest, values = "SELECT key FROM vectors", [_text(query), COMPARED]
        if allowed is not None:
            listed = "SELECT key, v FROM vectors WHERE key = ANY(%s)"
            nearest = f"WITH listed AS MATERIALIZED ({listed}) SELECT key FROM listed"  # noqa: S608
            values.insert(0, allowed.tolist())
        found = self._sql.execute(f"{nearest} ORDER BY v <#> CAST(%s AS halfvec) LIMIT %s", values).fetchall()
        return _ranked(np.array([key for (key,) in found], np.int64), query, limit, self._stored)

    def size(self) -> int:
        """Bytes of the index and of the vectors that it cannot do without."""
        found = self._sql.execute("SELECT pg_relation_size('near') + pg_table_size('vectors')").fetchone()
        return int(found[0]) if found else 0


# Servers end with the process that measures one kind.
_SERVER = ExitStack()
atexit.register(_SERVER.close)


def _text(vector: FloatArray) -> str:
    return f"[{','.join(format(value, '.6g') for value in vector.tolist())}]"


def made(name: str, stored: ReadVectors) -> Kind:
    """The kind of this name."""
    match name:
        case "flat":
            return Exact(stored)
        case "large":
            return Large(stored)
        case "ivf-sq8":
            return Lists(stored, faiss.ScalarQuantizer.QT_8bit)
        case "ivf-fp16":
            return Lists(stored, faiss.ScalarQuantizer.QT_fp16)
        case "hnsw-sq8":
            return Graph(stored)
        case "pgvector":
            return Pgvector(stored)
    raise ValueError(f"no kind of index is called {name!r}")


NAMES = {
    "flat": "Flat (the product's exact part)",
    "large": "4-bit codes (the product's large part)",
    "ivf-sq8": "IVF + SQ8",
    "ivf-fp16": "IVF + fp16",
    "hnsw-sq8": "HNSW + SQ8",
    "pgvector": "pgvector, HNSW + halfvec",
}


def _inside(known: Keys, keys: Keys) -> Keys:
    """Those of these ascending keys that are among the known ones, which are ascending too."""
    places = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(keys[known[places] == keys], np.int64)


def _ranked(keys: Keys, query: FloatArray, limit: int, stored: ReadVectors) -> Keys:
    found, vectors = still_stored(np.asarray(keys[keys >= 0], np.int64), stored)
    return best_first(found, vectors @ query, limit).keys if len(found) else found


def _sample(vectors: FloatArray, count: int = SAMPLE) -> FloatArray:
    return np.asarray(vectors[:: max(1, len(vectors) // count)][:count], np.float32)


def _slabs(count: int) -> Iterator[slice]:
    return (slice(start, start + _SLAB) for start in range(0, count, _SLAB))
