"""Whether a base is whole: the file, the word index, the vectors, the labels, the laws of the records, the originals.

Changes nothing. What it finds is named with its cure; what it cannot read is a finding too. The files beside the
database are ``kb.store.upkeep.checking_rows``'.
"""

import re
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import suppress
from typing import Any

from kb.records.document import Document, Passage
from kb.records.errors import BaseError, KnowledgeBaseError
from kb.records.language import Language
from kb.records.messages import code_of, say
from kb.records.ports import WordAnalyser
from kb.store.base import Store
from kb.store.tables import columns, rows
from kb.store.tables.cells import UNFIT, blob, lenient, name
from kb.store.tables.labels import labels_of
from kb.store.tables.rows import Record
from kb.store.tables.steps import FORMAT, WORD_TABLES, lacking
from kb.store.upkeep.checking_rows import REPAIR, RESTORE, StoreFault, StoreFinding, Widths, check_files, row_findings
from kb.store.upkeep.losses import check_losses, losses

__all__ = ["StoreFinding", "check", "wrong_labels", "wrong_vectors"]
_UNREADABLE = "cannot_be_read"
_VALUE = re.compile(r"(NULL|non-\w+) value in ")


def check(store: Store, words: WordAnalyser | None = None, token_bytes: int | None = None) -> list[StoreFinding]:
    """Every fault of an open base, the gravest kind first; empty when it is whole.

    With ``words`` the words of every passage are compared with what its text gives. ``token_bytes`` is what one token
    of a passage takes, where the model of the base makes tokens. Others may write meanwhile:
    one moment of the base is looked at.
    """
    with store._connections.snapshot():
        tables = list(_tables(store, words, token_bytes))
    if tables and code_of(tables[-1].fault) == _UNREADABLE:
        return tables  # which files belong to a base is written in the tables
    known = not any(one.kind is StoreFault.ROW and one.thing.startswith("table documents") for one in tables)
    return [*(one for one in tables if not _was_removed(store, one)), *_files(store, tables, strays=known)]


def _files(store: Store, tables: Sequence[StoreFinding], *, strays: bool) -> Iterator[StoreFinding]:
    # The original of a document that is lost waits for it.
    try:
        waiting = {f"file originals/{sha[:2]}/{sha}" for change in losses(store) if (sha := change.facts.get("sha256"))}
        yield from [one for one in check_files(store, strays=strays) if one.thing not in waiting]
    except BaseError as error:
        if not any(one.thing == error.thing for one in tables):
            yield StoreFinding(error.thing, error.reason, error.hint or RESTORE, StoreFault.FILE)


def _widths_of(store: Store, token_bytes: int | None) -> Widths:
    """How long what is derived of passages has to be, as far as the base says which model made it."""
    try:
        stamp = store.stamp()
    except BaseError:  # named with its row
        return Widths()
    return Widths(stamp.dimension, token_bytes) if stamp else Widths()


def _tables(store: Store, words: WordAnalyser | None, token_bytes: int | None) -> Iterator[StoreFinding]:
    """The faults of the tables; the last is that the file cannot be read, where one of them met that."""
    try:
        yield from _file(store)
        yield from row_findings(store._connections.read(), _widths_of(store, token_bytes))
        for part in (
            check_losses(store),
            _words(store, words),
            _vectors(store, token_bytes),
            _labels(store),
            _records(store),
        ):
            yield from part
    except (BaseError, sqlite3.DatabaseError) as error:
        yield StoreFinding(
            say("the_file"), say("cannot_be_read", error=error.__cause__ or error), RESTORE, StoreFault.FILE
        )


def _was_removed(store: Store, finding: StoreFinding) -> bool:
    """Whether an original is missing because its document was removed since that moment."""
    document_id = finding.thing.removeprefix("document ")
    return finding.kind is StoreFault.ORIGINAL and not _rows(store, "SELECT 1 FROM documents WHERE id = ?", document_id)


def _file(store: Store) -> Iterator[StoreFinding]:
    for (line,) in _rows(store, "PRAGMA integrity_check(20)"):
        # A damaged word table or value is named below too, where it can be repaired.
        if line != "ok" and not _VALUE.match(str(line)) and not any(one in str(line) for one in WORD_TABLES.values()):
            yield StoreFinding(say("the_file"), str(line), RESTORE, StoreFault.FILE)
    if parts := lacking(store._connections.read()):
        what = say("lacks_of_its_format", newest=FORMAT, parts=", ".join(parts))
        yield StoreFinding(say("the_file"), what, RESTORE, StoreFault.FILE)
    for row in _rows(store, "PRAGMA foreign_key_check"):
        kind = StoreFault.FOREIGN_ROW if row[0] in DERIVED else StoreFault.ROW
        yield StoreFinding(say("table", row=row[0]), say("row_belongs_to_nothing", row=row[1]), REPAIR, kind)


# Tables whose rows mean nothing by themselves, and by what a row belongs to another.
DERIVED = {
    "vectors": ("key", "passages"),
    "passage_topics": ("key", "passages"),
    "passage_subtopics": ("key", "passages"),
    "passage_own_topics": ("key", "passages"),
    "fingerprints": ("document_id", "documents"),
    "fingerprint_samples": ("document_id", "documents"),
    "taggings": ("document_id", "documents"),
    "aliases": ("document_id", "documents"),
    "webhooks": ("search_id", "searches"),
    "deliveries": ("webhook_id", "webhooks"),
}


def _words(store: Store, words: WordAnalyser | None) -> Iterator[StoreFinding]:
    for language, table in WORD_TABLES.items():
        fault = _fault_of_table(store, table) or _fault_of_rows(store, language, table, words)
        if fault:
            yield StoreFinding(say("word_index", language=language.value), fault, REPAIR, StoreFault.WORDS)


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
        return say("passages_have_no_words", count=missing)
    if left_over:
        return say("rows_belong_to_no_passage", count=left_over)
    query = f"SELECT record, plain, stemmed FROM {table} JOIN passages ON key = {table}.rowid"  # noqa: S608
    other = 0
    for record, plain, stemmed in _rows(store, query) if words else ():
        passage = _passage(record)
        if words is not None and passage is not None:
            text = passage.text
            other += (words.plain(text), words.analyse(text, language)) != (plain, stemmed)
    return say("passages_have_other_words_than_their", count=other) if other else None


def _vectors(store: Store, token_bytes: int | None) -> Iterator[StoreFinding]:
    wrong = wrong_vectors(store, token_bytes)
    if wrong:
        yield StoreFinding(say("vectors"), say("passages_have_none", count=len(wrong)), REPAIR, StoreFault.VECTORS)
    query = "SELECT count(*) FROM vectors JOIN passages USING (key) WHERE live = 0"
    ((left_over,),) = _rows(store, query)
    if left_over:
        yield StoreFinding(
            say("vectors"), say("belong_to_earlier_versions", count=left_over), REPAIR, StoreFault.VECTORS
        )


def wrong_vectors(store: Store, token_bytes: int | None = None) -> list[int]:
    """The keys of live passages whose vectors are missing, of another dimension, zero, or no numbers, or whose tokens
    are cut."""
    widths = _widths_of(store, token_bytes)
    if widths.dimension is None:
        return []  # named with the row that should say which model made them, or there are no vectors
    tokens = blob if widths.token is None else columns.tokens(widths.token)
    wanted: tuple[columns.Load, ...] = columns.vector(widths.dimension), columns.sentences(widths.dimension), tokens
    query = (
        "SELECT key, record, passage, sentences, tokens FROM passages "
        "LEFT JOIN vectors USING (key) WHERE live = 1 ORDER BY key"
    )
    found = []
    for key, record, *blobs in _rows(store, query):
        passage = _passage(record)
        try:
            _, sentences, _ = (load(value) for load, value in zip(wanted, blobs, strict=True))
        except ValueError:
            found.append(key)
            continue
        if passage is not None and len(sentences) != max(1, len(passage.sentences)):
            found.append(key)
    return found


def _passage(record: object) -> Passage | None:
    """The passage of a row, null for one that is damaged: it is named with its row."""
    try:
        return rows.PASSAGE.load(record)
    except UNFIT:
        return None


def _labels(store: Store) -> Iterator[StoreFinding]:
    wrong = wrong_labels(store)
    if wrong:
        yield StoreFinding(say("labels"), say("those_of_passages_are_not", count=len(wrong)), REPAIR, StoreFault.LABELS)


def wrong_labels(store: Store) -> list[int]:
    """The keys of passages whose rows of topics are not what their records say."""
    with lenient(store._connections.read()):
        tables = labels_of(store._connections.read())
    wrong = []
    for key, record in _rows(store, "SELECT key, record FROM passages ORDER BY key"):
        passage = _passage(record)
        if passage is None:
            continue
        topics = {(assigned.topic.value, assigned.score) for assigned in passage.topics}
        subtopics = {name for assigned in passage.topics for name in assigned.subtopics}
        wanted = (topics, subtopics, {own.name for own in passage.own_topics})
        if tables.get(key, (set(), set(), set())) != wanted:
            wrong.append(key)
    return wrong


def unlawful(store: Store) -> list[str]:
    """The ids of the documents with a passage or a statistic that is not what stands in their text."""
    return [document_id for document_id, document in _documents(store) if any(_laws(store, document_id, document))]


def _documents(store: Store) -> Iterator[tuple[str, Document]]:
    """The documents, each with the id of its row, but for damaged ones and ids that are no text: they are named with
    their rows."""
    for document_id, record in _rows(store, "SELECT id, record FROM documents ORDER BY id"):
        with suppress(*UNFIT):
            yield name(document_id), rows.DOCUMENT.load(record)


def _records(store: Store) -> Iterator[StoreFinding]:
    for document_id, document in _documents(store):
        yield from _laws(store, document_id, document)
        try:
            store.original(document.sha256)
        except KnowledgeBaseError as error:
            cure = say("ingest_it_again_or_name_a_backup", source_id=document.source_id)
            yield StoreFinding(
                say("document", document=document_id),
                say("thing_reason", first=error.thing, then=error.reason),
                cure,
                StoreFault.ORIGINAL,
            )


def _laws(store: Store, document_id: str, document: Document) -> Iterator[StoreFinding]:
    """A passage is the document's text inside its span, a statistic's raw words and quote inside theirs."""
    query = "SELECT record FROM passages WHERE document_id = ? ORDER BY position"
    for passage in whole(rows.PASSAGE, _rows(store, query, document_id)):
        if document.text[passage.span.start : passage.span.end] != passage.text:
            yield StoreFinding(say("passage", passage=passage.id), say("is_not_what_stands"), REPAIR, StoreFault.RECORD)
    query = "SELECT statistics.record FROM statistics JOIN passages USING (key) WHERE document_id = ? AND live = 1"
    for one in whole(rows.STATISTIC, _rows(store, query, document_id)):
        cut = document.text[one.quote_span.start : one.quote_span.end]
        if document.text[one.span.start : one.span.end] != one.raw or cut != one.quote:
            yield StoreFinding(say("statistic", statistic=one.id), say("is_not_what_stands"), REPAIR, StoreFault.RECORD)


def whole(form: rows.RowFormat[Record], found: list[tuple[Any, ...]]) -> Iterator[Record]:
    """The records of these rows, without those that are damaged: they are named with their rows."""
    for (value,) in found:
        with suppress(*UNFIT):
            yield form.load(value)


def _rows(store: Store, query: str, *values: object) -> list[tuple[Any, ...]]:
    """The rows as they stand there, text whatever its bytes."""
    reader = store._connections.read()
    with lenient(reader):
        return reader.execute(query, values).fetchall()
