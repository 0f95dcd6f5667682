"""The tables that say which passages have a topic, a sub-topic or a user's topic, and which tagger gave them;
and those that say which source is which.

Knows SQL and the labels of a passage; nothing of how they were found.
"""

from kb.records.document import Passage
from kb.records.errors import SourceError
from kb.records.messages import say
from kb.records.source import Claim, KnownPlace, KnownSource
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


def write_claim(connection: Sql, claim: Claim) -> None:
    """Write a source with its place, inside its caller's transaction.

    Raises SourceError when another run took the name or the identity since the claim was made.
    """
    source = claim.source
    if claim.former is not None:
        connection.execute("DELETE FROM sources WHERE identity = ?", (claim.former,))
        connection.execute("DELETE FROM places WHERE place = ?", (claim.former,))
    query = "SELECT identity, source_id FROM sources WHERE identity = ? OR source_id = ?"
    for found in connection.execute(query, (source.identity, source.source_id)).fetchall():
        if found != (source.identity, source.source_id):
            raise SourceError(source.source_id, say("another_run_took_its_name_meanwhile"), say("ingest_it_again"))
    connection.execute(
        "INSERT INTO sources VALUES (?, ?, ?, ?) ON CONFLICT (identity) DO UPDATE SET owner = excluded.owner",
        (source.identity, source.source_id, source.owner, claim.folded),
    )
    connection.execute(
        "INSERT INTO places VALUES (?, ?, ?) "
        "ON CONFLICT (place) DO UPDATE SET file = excluded.file, source_id = excluded.source_id",
        (claim.place, claim.file, source.source_id),
    )


def drop_place(connection: Sql, place: KnownPlace) -> bool:
    """Forget a place, inside its caller's transaction; whether its source has no other."""
    connection.execute("DELETE FROM places WHERE place = ?", (place.place,))
    query = "SELECT 1 FROM places WHERE source_id = ?"
    return connection.execute(query, (place.source_id,)).fetchone() is None


def claims_in(connection: Sql, source_id: str | None = None) -> dict[str, Claim]:
    """Every source of a base, or the one of this name, by its name, with the first of its places."""
    query = (
        "SELECT identity, sources.source_id, owner, place, file, folded FROM sources JOIN places ON place = "
        "(SELECT min(place) FROM places WHERE places.source_id = sources.source_id)"
    )
    of_one = (" WHERE sources.source_id = ?", (source_id,))
    asked, values = ("", ()) if source_id is None else of_one
    return {
        name: Claim(KnownSource(identity, name, owner), place, file, folded)
        for identity, name, owner, place, file, folded in connection.execute(query + asked, values)
    }
