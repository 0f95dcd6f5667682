"""Whether a base is whole: the file, the word index, the vectors, the labels, the laws of the records, the originals.

Changes nothing. What it finds is named with its cure; what it cannot read is a finding too. The files beside the
database are ``kb.store.checking_files``'.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

import numpy as np

from kb.document import Document
from kb.errors import BaseError, KnowledgeBaseError
from kb.language import Language
from kb.ports import WordAnalyser
from kb.search import StatisticQuery
from kb.store import rows
from kb.store.base import Store
from kb.store.checking_files import check_files
from kb.store.faults import AGAIN, ORIGINAL_CURE, REPAIR, RESTORE, Fault, Finding
from kb.store.labels import labels_of
from kb.store.losses import check_losses, losses
from kb.store.schema import WORD_TABLES

__all__ = ["Finding", "check", "wrong_labels", "wrong_vectors"]
_UNREADABLE = "cannot be read"


def check(store: Store, words: WordAnalyser | None = None) -> list[Finding]:
    """Every fault of an open base, the gravest kind first; empty when it is whole.

    With ``words`` the words of every passage are compared with what its text gives. Others may write meanwhile:
    one moment of the base is looked at.
    """
    with store._connections.snapshot():
        tables = list(_tables(store, words))
    if tables and tables[-1].fault.startswith(_UNREADABLE):
        return tables  # which files belong to a base is written in the tables
    # The original of a document that is lost waits for it.
    waiting = {f"file originals/{sha[:2]}/{sha}" for change in losses(store) if (sha := change.facts.get("sha256"))}
    files = (one for one in check_files(store) if one.thing not in waiting)
    return [*(one for one in tables if not _was_removed(store, one)), *files]


def _tables(store: Store, words: WordAnalyser | None) -> Iterator[Finding]:
    """The faults of the tables; the last is that the file cannot be read, where one of them met that."""
    try:
        for part in (
            _file(store),
            check_losses(store),
            _words(store, words),
            _vectors(store),
            _labels(store),
            _records(store),
        ):
            yield from part
    except (BaseError, sqlite3.DatabaseError) as error:
        yield Finding("the file", f"{_UNREADABLE} ({error.__cause__ or error})", RESTORE, Fault.FILE)


def _was_removed(store: Store, finding: Finding) -> bool:
    """Whether an original is missing because its document was removed since that moment."""
    document_id = finding.thing.removeprefix("document ")
    return finding.kind is Fault.ORIGINAL and not _rows(store, "SELECT 1 FROM documents WHERE id = ?", document_id)


def _file(store: Store) -> Iterator[Finding]:
    for (line,) in _rows(store, "PRAGMA integrity_check(20)"):
        # A damaged word table is named below too, where it can be repaired.
        if line != "ok" and not any(table in str(line) for table in WORD_TABLES.values()):
            yield Finding("the file", str(line), RESTORE, Fault.FILE)
    for row in _rows(store, "PRAGMA foreign_key_check"):
        cure = REPAIR if row[0] in DERIVED else RESTORE
        kind = Fault.FOREIGN_ROW if row[0] in DERIVED else Fault.FILE
        yield Finding(f"table {row[0]}", f"row {row[1]} belongs to nothing", cure, kind)


# Tables that hold nothing but what follows from passages and documents, and by what a row belongs to one.
DERIVED = {
    "vectors": ("key", "passages"),
    "passage_topics": ("key", "passages"),
    "passage_subtopics": ("key", "passages"),
    "passage_own_topics": ("key", "passages"),
    "fingerprints": ("document_id", "documents"),
    "taggings": ("document_id", "documents"),
}


def _words(store: Store, words: WordAnalyser | None) -> Iterator[Finding]:
    for language, table in WORD_TABLES.items():
        fault = _fault_of_table(store, table) or _fault_of_rows(store, language, table, words)
        if fault:
            yield Finding(f"word index {language.value}", fault, REPAIR, Fault.WORDS)


def _fault_of_table(store: Store, table: str) -> str | None:
    try:
        # The only check that finds a word index out of step; PRAGMA integrity_check does not.
        with store._connections.write() as connection:
            connection.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
    except KnowledgeBaseError as error:
        return error.reason
    return None


def _fault_of_rows(store: Store, language: Language, table: str, words: WordAnalyser | None) -> str | None:
    live = "SELECT key FROM passages WHERE live = 1 AND language = ?1"
    query = (
        f"SELECT (SELECT count(*) FROM ({live}) WHERE key NOT IN (SELECT rowid FROM {table})), "  # noqa: S608
        f"(SELECT count(*) FROM {table} WHERE rowid NOT IN ({live}))"
    )
    ((missing, left_over),) = _rows(store, query, language.value)
    if missing:
        return f"{missing} passages have no words"
    if left_over:
        return f"{left_over} rows belong to no passage"
    query = f"SELECT record, plain, stemmed FROM {table} JOIN passages ON key = {table}.rowid"  # noqa: S608
    other = 0
    for record, plain, stemmed in _rows(store, query) if words else ():
        text = rows.PASSAGE.load(record).text
        other += words is not None and (words.plain(text), words.analyse(text, language)) != (plain, stemmed)
    return f"{other} passages have other words than their text" if other else None


def _vectors(store: Store) -> Iterator[Finding]:
    wrong = wrong_vectors(store)
    if wrong:
        yield Finding("vectors", f"{len(wrong)} passages have none, or one that is not theirs", REPAIR, Fault.VECTORS)
    query = "SELECT count(*) FROM vectors JOIN passages USING (key) WHERE live = 0"
    ((left_over,),) = _rows(store, query)
    if left_over:
        yield Finding("vectors", f"{left_over} belong to earlier versions", REPAIR, Fault.VECTORS)


def wrong_vectors(store: Store) -> list[int]:
    """The keys of live passages whose vectors are missing, of another dimension, zero, or no numbers."""
    stamp = store.stamp()
    dimension = stamp.dimension if stamp else 0
    query = (
        "SELECT key, passage, length(sentences), json_array_length(record, '$.sentences') FROM passages "
        "LEFT JOIN vectors USING (key) WHERE live = 1 ORDER BY key"
    )
    found = []
    for key, blob, sentences, count in _rows(store, query):
        whole = blob is not None and len(blob) == 4 * dimension and sentences == 2 * dimension * max(1, count)
        if not whole or not np.isfinite(norm := float(np.linalg.norm(rows.load_passage_blob(blob)))) or norm == 0:
            found.append(key)
    return found


def _labels(store: Store) -> Iterator[Finding]:
    wrong = wrong_labels(store)
    if wrong:
        yield Finding("labels", f"those of {len(wrong)} passages are not in step with them", REPAIR, Fault.LABELS)


def wrong_labels(store: Store) -> list[int]:
    """The keys of passages whose rows of topics are not what their records say."""
    tables = labels_of(store._connections.read())
    wrong = []
    for key, record in _rows(store, "SELECT key, record FROM passages ORDER BY key"):
        try:
            passage = rows.PASSAGE.load(record)
        except ValueError:  # named with its document
            continue
        topics = {assigned.topic.value for assigned in passage.topics}
        subtopics = {name for assigned in passage.topics for name in assigned.subtopics}
        wanted = (topics, subtopics, {own.name for own in passage.own_topics})
        if tables.get(key, (set(), set(), set())) != wanted:
            wrong.append(key)
    return wrong


def _records(store: Store) -> Iterator[Finding]:
    for (document_id,) in _rows(store, "SELECT id FROM documents ORDER BY id"):
        try:
            document = store.document(document_id)
            yield from _laws(store, document)
        except KnowledgeBaseError as error:
            yield Finding(f"document {document_id}", f"{error.thing} {error.reason}", AGAIN, Fault.RECORD)
            continue
        except ValueError as error:
            reason = f"its record cannot be read ({type(error).__name__})"
            yield Finding(f"document {document_id}", reason, RESTORE, Fault.RECORD)
            continue
        try:
            store.original(document.sha256)
        except KnowledgeBaseError as error:
            cure = ORIGINAL_CURE.format(source=document.source_id)
            yield Finding(f"document {document_id}", f"{error.thing} {error.reason}", cure, Fault.ORIGINAL)


def _laws(store: Store, document: Document) -> Iterator[Finding]:
    """A passage is the document's text inside its span, a statistic's raw words and quote inside theirs."""
    passages = store.passages_of(document.id)
    for passage in passages:
        if document.text[passage.span.start : passage.span.end] != passage.text:
            yield Finding(f"passage {passage.id}", "is not what stands in its document", AGAIN, Fault.RECORD)
    for one in store.statistics(StatisticQuery(), passages=[passage.id for passage in passages]):
        cut = document.text[one.quote_span.start : one.quote_span.end]
        if document.text[one.span.start : one.span.end] != one.raw or cut != one.quote:
            yield Finding(f"statistic {one.id}", "is not what stands in its document", AGAIN, Fault.RECORD)


def _rows(store: Store, query: str, *values: object) -> list[tuple[Any, ...]]:
    return store._all(query, values)
