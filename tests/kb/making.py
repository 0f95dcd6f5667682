"""Small documents and entries for tests of the store and of what reads from it."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np

from kb.records.document import Block, BlockKind, Document, LanguageShare, Passage, Place, Span, document_id, passage_id
from kb.records.language import Language
from kb.records.ports import ModelStamp, PassageVectors
from kb.records.topics import Topic, TopicAssignment
from kb.store import Entry, PassageIndexing, Store
from kb.store.base import DATABASE

STAMP = ModelStamp("test-model", "0" * 16, 4)


def make_document(source_id: str, text: str, *, version: int = 1, published: str | None = None) -> Document:
    """A document of one paragraph a line."""
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    blocks = []
    start = 0
    for number, line in enumerate(text.split("\n"), start=1):
        blocks.append(Block(Span(start, start + len(line)), BlockKind.PARAGRAPH, 0, Place(line=number)))
        start += len(line) + 1
    return Document(
        id=document_id(sha256),
        source_id=source_id,
        title=None,
        authors=(),
        publisher=None,
        published=published,
        url=None,
        media_type="text/plain",
        sha256=sha256,
        text=text,
        blocks=tuple(blocks),
        language_mix=(LanguageShare(Language.EN, 1.0),),
        version=version,
    )


def make_entry(document: Document, *, language: Language = Language.EN, topics: tuple[Topic, ...] = ()) -> Entry:
    """An entry with a passage for each block, each with a unit vector of its own."""
    passages = []
    indexing = []
    for position, block in enumerate(document.blocks):
        text = block.span.cut(document.text)
        assigned = tuple(TopicAssignment(topic, 0.9, ("test",)) for topic in topics)
        passages.append(
            Passage(
                passage_id(document.id, block.span, text),
                document.id,
                block.span,
                text,
                language,
                sentences=(block.span,),
                topics=assigned,
            )
        )
        vector = np.eye(4, dtype=np.float32)[position % 4]
        indexing.append(PassageIndexing(PassageVectors(vector, vector[None, :]), text.lower(), text.lower()))
    return Entry(document, tuple(passages), tuple(indexing), (), "1")


def meta(store: Store, key: str) -> str:
    """A named value of the base, as it stands there."""
    found = store._connections.read().execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
    return str(found[0])


def as_format_1(folder: Path) -> None:
    """Take from a base what later formats added, as if the program before had made it."""
    with closing(sqlite3.connect(folder / DATABASE, isolation_level=None)) as connection:
        connection.execute("DROP TABLE fingerprint_samples")
        for index in (
            "fingerprints_by_words",
            "documents_that_repeat_nothing",
            "documents_current",
            "documents_by_year",
            "passages_live",
        ):
            connection.execute(f"DROP INDEX {index}")
        for column in ("holder", "held_until"):
            connection.execute(f"ALTER TABLE jobs DROP COLUMN {column}")
        for index in ("bytes", "repeated", "translated"):
            connection.execute(f"DROP INDEX documents_by_{index}")
        connection.execute("DROP INDEX aliases_by_document")
        connection.execute("DROP INDEX deliveries_by_webhook")
        for column in ("media_type", "duplicate_of", "translation_of"):
            connection.execute(f"ALTER TABLE documents DROP COLUMN {column}")
        connection.execute("ALTER TABLE passage_topics DROP COLUMN score")
        connection.execute("PRAGMA user_version = 1")
