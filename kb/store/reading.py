"""The read side of a base: records, vectors and words back from the tables. Changes nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.document import Document, Passage
from kb.errors import BaseError, NotFoundError
from kb.language import Language
from kb.ports import FloatArray, ModelStamp
from kb.search import Filters, StatisticQuery
from kb.statistic import Statistic
from kb.store import filtering, rows, writing
from kb.store.connections import Connections
from kb.store.entry import StoredFailure, StoredFingerprint
from kb.store.originals import Originals
from kb.store.schema import WORD_TABLES
from kb.topics import Topic

_LIVE = "passages JOIN documents ON documents.id = passages.document_id WHERE passages.live = 1"


class StoreReader:
    """What can be read from an open base. Safe to share between threads."""

    def __init__(self, folder: Path, connections: Connections, originals: Originals) -> None:
        self.folder = folder
        self._connections = connections
        self._originals = originals

    # -- the state of the base -------------------------------------------------------------

    def version(self) -> int:
        """How many changes the base has seen."""
        return int(self._meta("version") or 0)

    def stamp(self) -> ModelStamp | None:
        """The model of the vectors, or null for a base without any."""
        text = self._meta("model")
        return None if text is None else rows.STAMP.load(text)

    def _meta(self, key: str) -> str | None:
        row = self._one("SELECT value FROM meta WHERE key = ?", (key,))
        return None if row is None else str(row[0])

    # -- documents -------------------------------------------------------------------------

    def document(self, document_id: str) -> Document:
        """The document with this id, current or not; NotFoundError otherwise."""
        row = self._one("SELECT record FROM documents WHERE id = ?", (document_id,))
        if row is None:
            raise NotFoundError(f"document {document_id}", "is not in this base", "List them: kb documents")
        return rows.DOCUMENT.load(row[0])

    def documents(self, *, all_versions: bool = False) -> list[Document]:
        """The current documents by source, or every version."""
        condition = "" if all_versions else "WHERE current = 1 "
        query = f"SELECT record FROM documents {condition}ORDER BY source_id, version"  # noqa: S608
        return [rows.DOCUMENT.load(row) for (row,) in self._all(query, ())]

    def known(self, source_id: str) -> tuple[str, str] | None:
        """The SHA-256 and the reading version that this source has in the base now, or null."""
        row = self._one(
            "SELECT sha256, reading FROM documents WHERE source_id = ?1 AND current = 1 UNION ALL "
            "SELECT sha256, reading FROM documents JOIN aliases ON document_id = id WHERE aliases.source_id = ?1",
            (source_id,),
        )
        return None if row is None else (str(row[0]), str(row[1]))

    def current_with_bytes(self, sha256: str) -> Document | None:
        """The current document made of these bytes, or null."""
        row = self._one("SELECT record FROM documents WHERE sha256 = ? AND current = 1", (sha256,))
        return None if row is None else rows.DOCUMENT.load(row[0])

    def is_current(self, document_id: str) -> bool:
        """Whether this document is the newest version of its source."""
        return self._one("SELECT 1 FROM documents WHERE id = ? AND current = 1", (document_id,)) is not None

    def next_version(self, source_id: str) -> int:
        """The version number that the next document of this source gets."""
        return writing.next_version(self._connections.read(), source_id)

    def fingerprints(self) -> list[StoredFingerprint]:
        """The fingerprints of the current documents that repeat no other, by source."""
        query = (
            "SELECT id, sha256, words_key, runs, numbers FROM fingerprints JOIN documents ON id = document_id "
            "WHERE current = 1 AND json_extract(record, '$.duplicate_of') IS NULL ORDER BY source_id"
        )
        return [StoredFingerprint(*row) for row in self._all(query, ())]

    def failures(self) -> list[StoredFailure]:
        """The sources that could not be ingested when they were last tried, by name."""
        query = "SELECT source_id, path, stage, reason, hint FROM failures ORDER BY source_id"
        return [StoredFailure(*row) for row in self._all(query, ())]

    def aliases(self) -> dict[str, str]:
        """Sources whose bytes another source brought first, to that document's id."""
        return dict(self._all("SELECT source_id, document_id FROM aliases ORDER BY source_id", ()))

    def original(self, sha256: str) -> bytes:
        """The original bytes of a document."""
        return self._originals.get(sha256)

    # -- passages --------------------------------------------------------------------------

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id, of a current document or an old one; NotFoundError otherwise."""
        row = self._one("SELECT record FROM passages WHERE id = ?", (passage_id,))
        if row is None:
            raise NotFoundError(f"passage {passage_id}", "is not in this base", "Search for it: kb search WORDS")
        return rows.PASSAGE.load(row[0])

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of a document, in order."""
        query = "SELECT record FROM passages WHERE document_id = ? ORDER BY position"
        return [rows.PASSAGE.load(row) for (row,) in self._all(query, (document_id,))]

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passages with these keys; unknown keys are left out."""
        found = self._by_keys("SELECT key, record FROM passages WHERE key IN ({marks})", keys)
        return {key: rows.PASSAGE.load(row) for key, row in found}

    def keys_matching(self, filters: Filters) -> NDArray[np.int64] | None:
        """The keys of the live passages that fulfil the filters, ascending; null when nothing is asked."""
        conditions, values = filtering.passage_conditions(filters)
        if not conditions:
            return None
        query = f"SELECT passages.key FROM {_LIVE} AND {' AND '.join(conditions)} ORDER BY passages.key"  # noqa: S608
        return np.array([key for (key,) in self._all(query, values)], dtype=np.int64)

    # -- what search reads -----------------------------------------------------------------

    def vector_keys(self) -> dict[int, Language]:
        """The key and language of every passage that search may return."""
        query = f"SELECT passages.key, passages.language FROM {_LIVE} ORDER BY passages.key"  # noqa: S608
        return {key: Language(language) for key, language in self._all(query, ())}

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

    # -- statistics ------------------------------------------------------------------------

    def statistics(self, query: StatisticQuery, *, passages: Sequence[str] | None = None) -> list[Statistic]:
        """The live statistics that fulfil the query's filters (its text and limit are not looked at), by document
        and place; only those of the ``passages`` (ids) when given."""
        conditions, values = filtering.statistic_conditions(query)
        if passages is not None:
            conditions.append(f"passages.id IN ({', '.join('?' * len(passages))})")
            values += passages
        extra = "".join(f" AND {condition}" for condition in conditions)
        sql = (
            "SELECT statistics.record FROM statistics JOIN passages USING (key) "  # noqa: S608
            f"JOIN documents ON documents.id = passages.document_id WHERE passages.live = 1{extra} "
            "ORDER BY documents.source_id, passages.position, statistics.position"
        )
        return [rows.STATISTIC.load(row) for (row,) in self._all(sql, values)]

    def statistic(self, statistic_id: str) -> Statistic:
        """The statistic with this id; NotFoundError otherwise."""
        row = self._one("SELECT record FROM statistics WHERE id = ?", (statistic_id,))
        if row is None:
            raise NotFoundError(f"statistic {statistic_id}", "is not in this base", "List them: kb stats")
        return rows.STATISTIC.load(row[0])

    def homes_of(self, passages: Sequence[str]) -> dict[str, tuple[int, str]]:
        """For these passage ids, the key and the document id of each that is live."""
        found: dict[str, tuple[int, str]] = {}
        for start in range(0, len(passages), 500):
            part = passages[start : start + 500]
            query = f"SELECT id, key, document_id FROM passages WHERE live = 1 AND id IN ({', '.join('?' * len(part))})"  # noqa: S608
            found.update({passage: (key, document) for passage, key, document in self._all(query, part)})
        return found

    def repeats(self) -> dict[str, str]:
        """For every current document that repeats another, the id of that other one."""
        return self._other_documents("duplicate_of")

    def translations(self) -> dict[str, str]:
        """For every current document that translates another, the id of that other one."""
        return self._other_documents("translation_of")

    def _other_documents(self, name: str) -> dict[str, str]:
        field = f"json_extract(record, '$.{name}')"
        query = f"SELECT id, {field} FROM documents WHERE current = 1 AND {field} IS NOT NULL ORDER BY id"  # noqa: S608
        return dict(self._all(query, ()))

    def counts(self) -> dict[str, int]:
        """How many current documents, live passages and statistics there are."""
        return {
            "documents": self._count("SELECT count(*) FROM documents WHERE current = 1"),
            "passages": self._count("SELECT count(*) FROM passages WHERE live = 1"),
            "statistics": self._count("SELECT count(*) FROM statistics JOIN passages USING (key) WHERE live = 1"),
        }

    def sizes(self) -> dict[str, tuple[int, int]]:
        """For every current document id, how many passages and statistics it has."""
        query = (
            "SELECT document_id, count(DISTINCT passages.key), count(statistics.id) FROM passages "
            "LEFT JOIN statistics USING (key) WHERE live = 1 GROUP BY document_id"
        )
        return {document: (passages, statistics) for document, passages, statistics in self._all(query, ())}

    def topic_counts(self) -> dict[Topic, int]:
        """How many live passages have each topic; topics without any are left out."""
        query = "SELECT topic, count(*) FROM passage_topics JOIN passages USING (key) WHERE live = 1 GROUP BY topic"
        return {Topic(topic): count for topic, count in self._all(query, ())}

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
