"""The tables that say which passages have a topic, a sub-topic or a user's topic, and which tagger gave them.

Knows SQL and the labels of a passage; nothing of how they were found.
"""

from __future__ import annotations

from kb.records.document import Passage
from kb.store.tables.steps import Sql

OF_PASSAGES = ("passage_topics", "passage_subtopics", "passage_own_topics")


def insert(connection: Sql, key: int, passage: Passage) -> None:
    """Write the labels of a passage that has none in the tables."""
    subtopics = {subtopic for assigned in passage.topics for subtopic in assigned.subtopics}
    connection.executemany(
        "INSERT INTO passage_topics VALUES (?, ?, ?)",
        [(key, assigned.topic.value, assigned.score) for assigned in passage.topics],
    )
    connection.executemany(
        "INSERT INTO passage_subtopics VALUES (?, ?)", [(key, subtopic) for subtopic in sorted(subtopics)]
    )
    connection.executemany(
        "INSERT INTO passage_own_topics VALUES (?, ?)", [(key, own.name) for own in passage.own_topics]
    )


def replace(connection: Sql, key: int, passage: Passage) -> None:
    """Write the labels of a passage in place of those it had."""
    for table in OF_PASSAGES:
        connection.execute(f"DELETE FROM {table} WHERE key = ?", (key,))  # noqa: S608
    insert(connection, key, passage)


def labels_of(connection: Sql) -> dict[int, tuple[set[object], set[object], set[object]]]:
    """The topics with their scores, sub-topics and users' topics in the tables, by the key of the passage; none has no
    entry."""
    found: dict[int, tuple[set[object], set[object], set[object]]] = {}
    for position, query in enumerate(
        (
            "SELECT key, topic, score FROM passage_topics",
            "SELECT key, subtopic FROM passage_subtopics",
            "SELECT key, name FROM passage_own_topics",
        )
    ):
        for key, *label in connection.execute(query):
            found.setdefault(key, (set(), set(), set()))[position].add(tuple(label) if position == 0 else label[0])
    return found
