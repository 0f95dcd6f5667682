"""What becomes of an old reading when the same bytes are read anew: its passages that the new one lacks stay readable.

The document keeps its id for the new reading; the old one moves to an id of its own, which follows from the document
and the old text, and is not current. Every function runs inside a transaction that its caller opened.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from kb.records.document import content_id, text_hash
from kb.store.tables import columns, rows
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
