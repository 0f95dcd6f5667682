"""What search reads of a base: keys that fulfil filters, vectors, tokens and words.

Changes nothing and parses no record.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.errors import BaseError
from kb.language import Language
from kb.ports import FloatArray, ModelStamp
from kb.search import Filters
from kb.store import filtering, rows
from kb.store.connections import Connections
from kb.store.schema import WORD_TABLES

LIVE = "passages JOIN documents ON documents.id = passages.document_id WHERE passages.live = 1"


class SearchReader:
    """The state, the vectors and the words of an open base. Safe to share between threads."""

    def __init__(self, folder: Path, connections: Connections) -> None:
        self.folder = folder
        self._connections = connections

    # -- the state of the base -------------------------------------------------------------

    def version(self) -> int:
        """How many changes the base has seen."""
        return int(self._meta("version") or 0)

    def rewritten(self) -> int:
        """How many of these changed or removed what was there before: a record that was read holds while this stays."""
        # Counted from the other side, so that whoever does not know the difference counts as rewriting.
        counts = dict(self._all("SELECT key, value FROM meta WHERE key IN ('version', 'added')", ()))
        return int(counts.get("version", 0)) - int(counts.get("added", 0))

    def stamp(self) -> ModelStamp | None:
        """The model of the vectors, or null for a base without any."""
        text = self._meta("model")
        return None if text is None else _stamp(text)

    def _meta(self, key: str) -> str | None:
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row[0])

    def keys_matching(self, filters: Filters) -> NDArray[np.int64] | None:
        """The keys of the live passages that fulfil the filters, ascending; null when nothing is asked."""
        conditions, values = filtering.passage_conditions(filters)
        if not conditions:
            return None
        query = f"SELECT passages.key FROM {LIVE} AND {' AND '.join(conditions)} ORDER BY passages.key"  # noqa: S608
        return np.array([key for (key,) in self._all(query, values)], dtype=np.int64)

    def vector_keys(self, after: int = 0) -> dict[int, Language]:
        """The key and language of every passage that search may return, only those with keys beyond ``after``: a later
        document has higher keys."""
        query = f"SELECT passages.key, passages.language FROM {LIVE} AND passages.key > ? ORDER BY passages.key"  # noqa: S608
        return {key: Language(language) for key, language in self._all(query, (after,))}

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """The passage vectors, float32 of shape (len(keys), dimension), in the order of ``keys``."""
        blobs = dict(self._by_keys("SELECT key, passage FROM vectors WHERE key IN ({marks})", keys))
        if not blobs:
            return np.zeros((0, self._dimension()), dtype=np.float32)
        return np.stack([rows.load_passage_blob(blobs[key]) for key in keys])

    def vectors_of(self, document_id: str) -> tuple[tuple[Language, ...], FloatArray]:
        """The language of each live passage of a document, in order, and the vectors, float32 (passages, dimension)."""
        query = (
            "SELECT language, passage FROM passages JOIN vectors USING (key) "
            "WHERE document_id = ? AND live = 1 ORDER BY position"
        )
        found = self._all(query, (document_id,))
        if not found:
            return (), np.zeros((0, self._dimension()), dtype=np.float32)
        return tuple(Language(language) for language, _ in found), np.stack(
            [rows.load_passage_blob(blob) for _, blob in found]
        )

    def sentence_vectors(self, key: int) -> FloatArray:
        """The vectors of a passage's sentences, float32 of shape (sentences, dimension)."""
        row = self._one("SELECT sentences FROM vectors WHERE key = ?", (key,))
        return rows.load_sentences_blob(b"" if row is None else row[0], self._dimension())

    def sentence_vectors_of(self, keys: Sequence[int]) -> dict[int, FloatArray]:
        """The vectors of the sentences of these passages, each as ``sentence_vectors`` gives them; unknown keys are
        left out."""
        dimension = self._dimension()
        found = self._by_keys("SELECT key, sentences FROM vectors WHERE key IN ({marks})", keys)
        return {key: rows.load_sentences_blob(blob, dimension) for key, blob in found}

    def token_blobs(self, keys: Sequence[int]) -> dict[int, bytes]:
        """The packed tokens of these passages, as the model made them; empty where it makes none."""
        return dict(self._by_keys("SELECT key, tokens FROM vectors WHERE key IN ({marks})", keys))

    def word_search(self, language: Language, match: str, limit: int) -> list[tuple[int, float]]:
        """Keys and BM25 scores (higher is better) of an FTS5 expression in the word index of a language."""
        table = WORD_TABLES[language]
        query = f"SELECT rowid, -bm25({table}) FROM {table} WHERE {table} MATCH ? ORDER BY 2 DESC, 1 LIMIT ?"  # noqa: S608
        return self._all(query, (match, limit))

    def _dimension(self) -> int:
        stamp = self.stamp()
        return 0 if stamp is None else stamp.dimension

    # -- SQL -------------------------------------------------------------------------------

    def _count(self, query: str) -> int:
        return int(self._all(query, ())[0][0])

    def _one(self, query: str, values: Sequence[object]) -> tuple[Any, ...] | None:
        found = self._all(query, values)
        return found[0] if found else None

    def _all(self, query: str, values: Sequence[object]) -> list[Any]:
        try:
            return self._connections.read().execute(query, tuple(values)).fetchall()
        except sqlite3.DatabaseError as error:
            raise BaseError(f"base {self.folder}", f"could not be read ({error})", "Check it: kb doctor") from error

    def _by_keys(self, query: str, keys: Sequence[int]) -> Iterator[tuple[Any, ...]]:
        for start in range(0, len(keys), 500):
            part = [int(key) for key in keys[start : start + 500]]
            yield from self._all(query.format(marks=", ".join("?" * len(part))), part)


@lru_cache(maxsize=4)
def _stamp(text: str) -> ModelStamp:
    return rows.STAMP.load(text)
