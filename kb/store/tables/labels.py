"""The tables that say which passages have a topic, a sub-topic or a user's topic, and which tagger gave them.

Knows SQL and the labels of a passage; nothing of how they were found. The tables after the first were added
to bases of the same format, and are filled from the passages' own records.
"""

from __future__ import annotations

import sqlite3

from kb.records.document import Passage

_TABLES = """
CREATE TABLE IF NOT EXISTS passage_subtopics (
    key INTEGER NOT NULL REFERENCES passages (key) ON DELETE CASCADE, subtopic TEXT NOT NULL,
    PRIMARY KEY (key, subtopic)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS passage_own_topics (
    key INTEGER NOT NULL REFERENCES passages (key) ON DELETE CASCADE, name TEXT NOT NULL, PRIMARY KEY (key, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS own_topics (
    position INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, record TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS taggings (
    document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE, version TEXT NOT NULL
) STRICT;
"""
_FILL = """
INSERT OR IGNORE INTO passage_subtopics SELECT passages.key, subtopic.value FROM passages,
    json_each(passages.record, '$.topics') AS topic, json_each(topic.value, '$.subtopics') AS subtopic;
"""
_NAMES = "('passage_subtopics', 'passage_own_topics', 'own_topics', 'taggings')"
OF_PASSAGES = ("passage_topics", "passage_subtopics", "passage_own_topics")


def is_complete(connection: sqlite3.Connection) -> bool:
    """Whether a base has all of these tables."""
    found = connection.execute(f"SELECT count(*) FROM sqlite_master WHERE name IN {_NAMES}")  # noqa: S608
    return int(found.fetchone()[0]) >= 4


def complete(connection: sqlite3.Connection) -> None:
    """Add and fill the tables where a base of this format was made before they existed."""
    if not is_complete(connection):
        connection.executescript(f"BEGIN IMMEDIATE;\n{_TABLES}\n{_FILL}\nCOMMIT;")


def insert(connection: sqlite3.Connection, key: int, passage: Passage) -> None:
    """Write the labels of a passage that has none in the tables."""
    subtopics = {subtopic for assigned in passage.topics for subtopic in assigned.subtopics}
    connection.executemany(
        "INSERT INTO passage_topics VALUES (?, ?)", [(key, assigned.topic.value) for assigned in passage.topics]
    )
    connection.executemany(
        "INSERT INTO passage_subtopics VALUES (?, ?)", [(key, subtopic) for subtopic in sorted(subtopics)]
    )
    connection.executemany(
        "INSERT INTO passage_own_topics VALUES (?, ?)", [(key, own.name) for own in passage.own_topics]
    )


def replace(connection: sqlite3.Connection, key: int, passage: Passage) -> None:
    """Write the labels of a passage in place of those it had."""
    for table in OF_PASSAGES:
        connection.execute(f"DELETE FROM {table} WHERE key = ?", (key,))  # noqa: S608
    insert(connection, key, passage)


def labels_of(connection: sqlite3.Connection) -> dict[int, tuple[set[str], set[str], set[str]]]:
    """The topics, sub-topics and users' topics in the tables, by the key of the passage; none has no entry."""
    found: dict[int, tuple[set[str], set[str], set[str]]] = {}
    for position, query in enumerate(
        (
            "SELECT key, topic FROM passage_topics",
            "SELECT key, subtopic FROM passage_subtopics",
            "SELECT key, name FROM passage_own_topics",
        )
    ):
        for key, label in connection.execute(query):
            found.setdefault(key, (set(), set(), set()))[position].add(label)
    return found
