"""Whether a base is whole: the file, the word index, the vectors, the laws of the records, the original bytes.

Changes nothing. What it finds is named with its cure; what it cannot read is a finding too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from kb.document import Document
from kb.errors import KnowledgeBaseError
from kb.search import StatisticQuery
from kb.store.base import Store
from kb.store.schema import WORD_TABLES

_AGAIN = "Ingest its source again: kb ingest PATH"
_RESTORE = "Restore a backup: kb restore FOLDER --base NEW"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it should be: the thing, the fault, and what to do."""

    thing: str
    fault: str
    cure: str


def check(store: Store) -> list[Finding]:
    """Every fault of an open base, the gravest kind first; empty when it is whole."""
    return [*_file(store), *_words(store), *_vectors(store), *_records(store)]


def _file(store: Store) -> Iterator[Finding]:
    for (line,) in _rows(store, "PRAGMA integrity_check(20)"):
        if line != "ok":
            yield Finding("the file", str(line), _RESTORE)
    for row in _rows(store, "PRAGMA foreign_key_check"):
        yield Finding(f"table {row[0]}", f"row {row[1]} belongs to nothing", _RESTORE)


def _words(store: Store) -> Iterator[Finding]:
    for language, table in WORD_TABLES.items():
        try:
            # The only check that finds a word index out of step; PRAGMA integrity_check does not.
            with store._connections.write() as connection:
                connection.execute(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)")  # noqa: S608
        except KnowledgeBaseError as error:
            yield Finding(f"word index {language.value}", error.reason, _RESTORE)
            continue
        live = "SELECT key FROM passages WHERE live = 1 AND language = ?1"
        query = (
            f"SELECT (SELECT count(*) FROM ({live}) WHERE key NOT IN (SELECT rowid FROM {table})), "  # noqa: S608
            f"(SELECT count(*) FROM {table} WHERE rowid NOT IN ({live}))"
        )
        ((missing, left_over),) = _rows(store, query, language.value)
        if missing:
            yield Finding(f"word index {language.value}", f"{missing} passages have no words", _AGAIN)
        if left_over:
            yield Finding(f"word index {language.value}", f"{left_over} rows belong to no passage", _RESTORE)


def _vectors(store: Store) -> Iterator[Finding]:
    stamp = store.stamp()
    bytes_wanted = 4 * (stamp.dimension if stamp else 0)
    query = (
        "SELECT (SELECT count(*) FROM passages WHERE live = 1 AND key NOT IN (SELECT key FROM vectors)), "
        "(SELECT count(*) FROM vectors WHERE length(passage) <> ?)"
    )
    ((missing, wrong),) = _rows(store, query, bytes_wanted)
    if missing:
        yield Finding("vectors", f"{missing} passages have none", "Make them anew: kb ingest --re-embed")
    if wrong:
        yield Finding("vectors", f"{wrong} have another dimension", "Make them anew: kb ingest --re-embed")


def _records(store: Store) -> Iterator[Finding]:
    for (document_id,) in _rows(store, "SELECT id FROM documents ORDER BY id"):
        try:
            document = store.document(document_id)
            yield from _laws(store, document)
            store.original(document.sha256)
        except KnowledgeBaseError as error:
            yield Finding(f"document {document_id}", f"{error.thing} {error.reason}", _AGAIN)
        except ValueError as error:
            yield Finding(f"document {document_id}", f"its record cannot be read ({type(error).__name__})", _RESTORE)


def _laws(store: Store, document: Document) -> Iterator[Finding]:
    """A passage is the document's text inside its span, a statistic's raw words and quote inside theirs."""
    passages = store.passages_of(document.id)
    for passage in passages:
        if document.text[passage.span.start : passage.span.end] != passage.text:
            yield Finding(f"passage {passage.id}", "is not what stands in its document", _AGAIN)
    for one in store.statistics(StatisticQuery(), passages=[passage.id for passage in passages]):
        cut = document.text[one.quote_span.start : one.quote_span.end]
        if document.text[one.span.start : one.span.end] != one.raw or cut != one.quote:
            yield Finding(f"statistic {one.id}", "is not what stands in its document", _AGAIN)


def _rows(store: Store, query: str, *values: object) -> list[tuple[Any, ...]]:
    return store._all(query, values)
