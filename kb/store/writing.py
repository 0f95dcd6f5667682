"""What a write transaction does to the tables: add a document, supersede its old version, remove one.

Every function runs inside a transaction that its caller opened.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from kb.records.document import Document, Passage, content_id, text_hash
from kb.records.language import Language
from kb.records.source import RECORD_FIELDS
from kb.records.statistic import Statistic
from kb.store.entry import Entry, PassageIndexing, StoredFailure, StoredFingerprint
from kb.store.tables import columns, labels, recorded, rows, steps
from kb.store.tables.cells import select
from kb.store.tables.steps import WORD_TABLES, Sql


def old_reading_id(document_id: str, text_sha256: str) -> str:
    """The id of a former reading of a document, by the SHA-256 of its canonical text."""
    return content_id("d", document_id, text_sha256)


def keep_old_reading(connection: Sql, document_id: str, passages: Iterable[str]) -> None:
    """Keep what the base has of this document and the new reading's ``passages`` (ids) lack; do it before deleting."""
    found = connection.execute("SELECT key, id FROM passages WHERE document_id = ?", (document_id,)).fetchall()
    if not found:
        return
    new = set(passages)
    _give_back(connection, document_id, new)
    gone = [(key,) for key, passage in found if passage not in new]
    if not gone:
        return
    kept = _moved_document(connection, document_id)
    for table in (*WORD_TABLES.values(), "vectors"):
        column = "key" if table == "vectors" else "rowid"
        connection.executemany(f"DELETE FROM {table} WHERE {column} = ?", gone)  # noqa: S608
    for (key,) in gone:
        query = "SELECT record FROM passages WHERE key = ?"
        ((found,),) = select(connection, query, (key,), columns.PASSAGES["record"])
        passage = replace(found, document_id=kept)
        connection.execute(
            "UPDATE passages SET document_id = ?, live = 0, record = ? WHERE key = ?",
            (kept, rows.PASSAGE.dump(passage), key),
        )


def forget_old_readings(connection: Sql, sha256: str) -> None:
    """Delete the former readings of these bytes, as their document is removed."""
    connection.execute("DELETE FROM documents WHERE sha256 = ? AND current = 0", (sha256,))


def _give_back(connection: Sql, document_id: str, passages: set[str]) -> None:
    """Take from former readings the passages that come back, and the readings that have none left."""
    former = (
        "SELECT id FROM documents WHERE current = 0 AND id <> ?1 "
        "AND sha256 = (SELECT sha256 FROM documents WHERE id = ?1)"
    )
    connection.executemany(
        f"DELETE FROM passages WHERE id = ?2 AND document_id IN ({former})",  # noqa: S608
        [(document_id, passage) for passage in passages],
    )
    connection.execute(
        f"DELETE FROM documents WHERE id IN ({former}) AND id NOT IN (SELECT document_id FROM passages)",  # noqa: S608
        (document_id,),
    )


def _moved_document(connection: Sql, document_id: str) -> str:
    """The id under which the document's record is kept; made unless this very text is kept already."""
    query = "SELECT record FROM documents WHERE id = ?"
    ((document,),) = select(connection, query, (document_id,), columns.DOCUMENTS["record"])
    kept = old_reading_id(document_id, text_hash(document.text))
    # Its place (source and version) is free for the kept one: the row is about to be deleted.
    connection.execute("UPDATE documents SET version = -version WHERE id = ?", (document_id,))
    connection.execute(
        "INSERT INTO documents SELECT ?, source_id, -version, 0, sha256, reading, year, publisher, ?, "
        "media_type, duplicate_of, translation_of "
        "FROM documents WHERE id = ? ON CONFLICT (id) DO NOTHING",
        (kept, rows.DOCUMENT.dump(replace(document, id=kept)), document_id),
    )
    return kept


_NAME = columns.DOCUMENTS["source_id"]


def is_known(connection: Sql, document: Document) -> bool:
    """Whether the base has had this source or these bytes before, in any version: adding it changes what is there."""
    query = (
        "SELECT 1 FROM documents WHERE id = ?1 OR source_id = ?2 OR sha256 = ?3 "
        "UNION ALL SELECT 1 FROM aliases WHERE source_id = ?2"
    )
    known = (document.id, document.source_id, document.sha256)
    return connection.execute(query, known).fetchone() is not None


def add_entry(connection: Sql, entry: Entry) -> None:
    """Write a document as the current version of its source; an earlier version, or reading, stays readable."""
    document = entry.document
    connection.execute("DELETE FROM aliases WHERE source_id = ?", (document.source_id,))
    others = _other_names(connection, document)
    keep_old_reading(connection, document.id, (passage.id for passage in entry.passages))
    delete_document(connection, document.id)
    _supersede_current(connection, document.source_id)
    recorded.insert(connection, "documents", document, current=1, reading=entry.reading)
    connection.executemany("INSERT INTO aliases VALUES (?, ?)", [(name, document.id) for name in others])
    if entry.fingerprint is not None:
        insert_fingerprint(connection, document.id, entry.fingerprint)
    if entry.tagging is not None:
        connection.execute("INSERT INTO taggings VALUES (?, ?)", (document.id, entry.tagging))
    connection.execute("DELETE FROM failures WHERE source_id = ?", (document.source_id,))
    keys = {}
    for position, (passage, indexing) in enumerate(zip(entry.passages, entry.indexing, strict=True)):
        keys[passage.id] = _insert_passage(connection, position, passage, indexing)
    for position, statistic in enumerate(entry.statistics):
        recorded.insert(connection, "statistics", statistic, key=keys[statistic.passage_id], position=position)


def _other_names(connection: Sql, document: Document) -> list[str]:
    """The other sources that have these very bytes now, which they keep: two runs may bring them at once."""
    query = (
        "SELECT source_id FROM documents WHERE id = ?1 AND current = 1 AND source_id <> ?2 "
        "UNION SELECT source_id FROM aliases WHERE document_id = ?1 AND source_id <> ?2 ORDER BY source_id"
    )
    return [name for (name,) in select(connection, query, (document.id, document.source_id), _NAME)]


def add_alias(connection: Sql, source_id: str, document_id: str) -> None:
    """Note that another source has the very bytes of a document, and supersede what the source had before."""
    _supersede_current(connection, source_id)
    connection.execute(
        "INSERT INTO aliases VALUES (?, ?) ON CONFLICT (source_id) DO UPDATE SET document_id = excluded.document_id",
        (source_id, document_id),
    )


def drop_name(connection: Sql, source_id: str) -> str | None:
    """Take away a source that is gone: its document stays where another source has the very bytes.

    The id of the document that is nobody's any more and is left to be removed, or null.
    """
    connection.execute("DELETE FROM aliases WHERE source_id = ?", (source_id,))
    query = (
        "SELECT id, (SELECT min(source_id) FROM aliases WHERE document_id = id) FROM documents "
        "WHERE source_id = ? AND current = 1"
    )
    row = connection.execute(query, (source_id,)).fetchone()
    if row is None or row[1] is None:
        return None if row is None else str(row[0])
    _hand_over(connection, row[0], row[1])
    return None


def delete_document(connection: Sql, document_id: str) -> None:
    """Delete a document with all that belongs to it, if it is there."""
    _drop_words(connection, document_id)
    connection.execute("DELETE FROM documents WHERE id = ?", (document_id,))


def correct(connection: Sql, found: Document, corrected: Document, statistics: Sequence[Statistic] | None) -> str:
    """Write the record of a document as corrected, and its statistics anew where given; the version of its reading."""
    fields = {name: getattr(corrected, name) for name in (*RECORD_FIELDS, "origins", "corrections")}
    document = replace(found, **fields)
    recorded.update(connection, "documents", document)
    if statistics is not None:
        query = "SELECT id, key FROM passages WHERE document_id = ?"
        keys = dict(select(connection, query, (document.id,), columns.PASSAGES["id"], columns.PASSAGES["key"]))
        connection.executemany("DELETE FROM statistics WHERE key = ?", [(key,) for key in keys.values()])
        for position, statistic in enumerate(statistics):
            recorded.insert(connection, "statistics", statistic, key=keys[statistic.passage_id], position=position)
    query = "SELECT reading FROM documents WHERE id = ?"
    ((reading,),) = select(connection, query, (document.id,), columns.DOCUMENTS["reading"])
    return str(reading)


def free_duplicates(connection: Sql, document_id: str) -> None:
    """Documents that repeated or translated this one, which is going away, repeat nothing from now on."""
    query = "SELECT record FROM documents WHERE duplicate_of = ?1 OR translation_of = ?1"
    for (document,) in select(connection, query, (document_id,), columns.DOCUMENTS["record"]):
        if document.duplicate_of == document_id:
            document = replace(document, duplicate_of=None)
        if document.translation_of == document_id:
            document = replace(document, translation_of=None)
        recorded.update(connection, "documents", document)


def note_failure(connection: Sql, failure: StoredFailure) -> None:
    """Remember a source that could not be ingested, in place of what was known of it."""
    connection.execute(
        "INSERT INTO failures VALUES (?, ?, ?, ?, ?) ON CONFLICT (source_id) DO UPDATE SET path = excluded.path, "
        "stage = excluded.stage, reason = excluded.reason, hint = excluded.hint",
        (failure.source_id, failure.path, failure.stage, failure.reason, failure.hint),
    )


def bump_version(connection: Sql, *, only_added: bool = False) -> None:
    """Count one more change of the base; ``only_added`` when nothing that was there before is different now."""
    counted = ("version", "added") if only_added else ("version",)
    connection.executemany(
        "INSERT INTO meta VALUES (?, '1') ON CONFLICT (key) "
        "DO UPDATE SET value = CAST(CAST(meta.value AS BIGINT) + 1 AS TEXT)",
        [(name,) for name in counted],
    )


def write_meta(connection: Sql, key: str, value: str) -> None:
    """Set a named value of the base."""
    connection.execute(
        "INSERT INTO meta VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", (key, value)
    )


def _supersede_current(connection: Sql, source_id: str) -> None:
    query = "SELECT id FROM documents WHERE source_id = ? AND current = 1"
    for (old,) in connection.execute(query, (source_id,)).fetchall():
        _supersede(connection, old)


def _supersede(connection: Sql, document_id: str) -> None:
    """Take a version out of search; if another source still has its bytes, it becomes that source's."""
    query = "SELECT source_id FROM aliases WHERE document_id = ? ORDER BY source_id LIMIT 1"
    alias = select(connection, query, (document_id,), columns.ALIASES["source_id"])
    if alias:
        _hand_over(connection, document_id, alias[0][0])
        return
    _drop_words(connection, document_id)
    connection.execute(
        "DELETE FROM vectors WHERE key IN (SELECT key FROM passages WHERE document_id = ?)", (document_id,)
    )
    connection.execute("UPDATE passages SET live = 0 WHERE document_id = ?", (document_id,))
    connection.execute("UPDATE documents SET current = 0 WHERE id = ?", (document_id,))


def _hand_over(connection: Sql, document_id: str, source_id: str) -> None:
    query = "SELECT record FROM documents WHERE id = ?"
    ((found,),) = select(connection, query, (document_id,), columns.DOCUMENTS["record"])
    document = replace(found, source_id=source_id, version=next_version(connection, source_id))
    recorded.update(connection, "documents", document)
    connection.execute("DELETE FROM aliases WHERE source_id = ?", (source_id,))


def next_version(connection: Sql, source_id: str) -> int:
    """The version number, from 1, that the next document of this source gets."""
    query = "SELECT max(version) FROM documents WHERE source_id = ?"
    ((found,),) = select(connection, query, (source_id,), columns.DOCUMENTS["version"].or_null)
    return int(found or 0) + 1


def _drop_words(connection: Sql, document_id: str) -> None:
    for table in WORD_TABLES.values():
        connection.execute(
            f"DELETE FROM {table} WHERE rowid IN (SELECT key FROM passages WHERE document_id = ?)",  # noqa: S608
            (document_id,),
        )


def _insert_passage(connection: Sql, position: int, passage: Passage, indexing: PassageIndexing) -> int:
    row = recorded.insert(connection, "passages", passage, " RETURNING key", position=position, live=1)
    (key,) = row.fetchone()
    labels.insert(connection, key, passage)
    insert_words(connection, key, passage.language, indexing.plain_words, indexing.stemmed_words)
    connection.execute("INSERT INTO vectors VALUES (?, ?, ?, ?)", rows.vector_row(key, indexing.vectors))
    return int(key)


def insert_words(connection: Sql, key: int, language: Language, plain: str, stemmed: str) -> None:
    """Write the words of a passage into the word table of its language."""
    connection.execute(
        f"INSERT INTO {WORD_TABLES[language]} (rowid, plain, stemmed) VALUES (?, ?, ?)",  # noqa: S608
        (key, plain, stemmed),
    )


def insert_fingerprint(connection: Sql, document_id: str, fingerprint: StoredFingerprint) -> None:
    """Write the fingerprint of a document that has none."""
    connection.execute(
        "INSERT INTO fingerprints VALUES (?, ?, ?, ?)",
        (document_id, fingerprint.words_key, fingerprint.runs, fingerprint.numbers),
    )
    steps.insert_sample(connection, document_id, fingerprint.runs)
