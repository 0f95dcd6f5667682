"""The labels of a base as a whole: who gave them, users' own topics, counts, and replacing all in one transaction.

Owns what is stored of a tagging. Refuses to know how a topic is found.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kb.records.document import Passage
from kb.records.errors import BaseError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.topics import UNSURE_BELOW, OwnTopic, SubTopic, Topic
from kb.store import writing
from kb.store.disk.acknowledged import Change, Did
from kb.store.disk.engine import Engine
from kb.store.tables import columns, labels, rows
from kb.store.tables.cells import COUNTED, Cell, select, text
from kb.store.tables.steps import Sql

_OWN_TOPIC = columns.OWN_TOPIC
_LIVE = "passages JOIN documents ON documents.id = passages.document_id WHERE passages.live = 1"


def _topics(value: Any) -> frozenset[Topic]:
    return frozenset(columns.TOPICS["topic"].load(one) for one in text(value or "").split(",") if one)


_TOPICS = Cell("passage_topics", "topic", _topics)


@dataclass(frozen=True, slots=True)
class LabelledPassageFacts:
    """What coverage counts of a live passage: its topics, its language, the year of its document (or null), the topics
    given with a probability under ``UNSURE_BELOW``, and its document."""

    topics: frozenset[Topic]
    language: Language
    year: int | None
    unsure: frozenset[Topic]
    document: str


class Tagging:
    """Reads and replaces the labels of the live passages of a base."""

    def __init__(self, connections: Engine, folder: Path) -> None:
        self._connections = connections
        self._folder = folder

    def versions(self) -> dict[str | None, int]:
        """How many current documents each version of the tagger has tagged; null where it was not noted."""
        query = (
            "SELECT taggings.version, count(*) FROM documents LEFT JOIN taggings ON document_id = id "
            "WHERE current = 1 GROUP BY taggings.version ORDER BY 2 DESC, 1"
        )
        return dict(self._all(query, columns.TAGGINGS["version"].or_null, COUNTED))

    def own_topics(self) -> tuple[OwnTopic, ...]:
        """The users' topics of this base, in the order of their file."""
        found = self._all("SELECT record FROM own_topics ORDER BY position", columns.OWN_TOPICS["record"])
        return tuple(topic for (topic,) in found)

    def subtopic_counts(self) -> dict[SubTopic, int]:
        """How many live passages have each sub-topic; those without any are left out."""
        query = (
            "SELECT subtopic, count(*) FROM passage_subtopics JOIN passages USING (key) WHERE live = 1 "
            "GROUP BY subtopic"
        )
        return dict(self._all(query, columns.SUBTOPICS["subtopic"], COUNTED))

    def own_counts(self) -> dict[str, int]:
        """How many live passages have each of the users' topics; those without any are left out."""
        query = "SELECT name, count(*) FROM passage_own_topics JOIN passages USING (key) WHERE live = 1 GROUP BY name"
        return dict(self._all(query, columns.OWN_NAMES["name"], COUNTED))

    def facts(self) -> list[LabelledPassageFacts]:
        """What coverage counts, of every live passage."""
        query = (
            "SELECT (SELECT group_concat(topic) FROM passage_topics WHERE key = passages.key), "  # noqa: S608
            "passages.language, documents.year, (SELECT group_concat(topic) FROM passage_topics "
            f"WHERE key = passages.key AND score < {UNSURE_BELOW}), "
            f"document_id FROM {_LIVE} ORDER BY passages.key"
        )
        cells = (_TOPICS, columns.PASSAGES["language"], columns.DOCUMENTS["year"], _TOPICS)
        found = self._all(query, *cells, columns.PASSAGES["document_id"])
        return [LabelledPassageFacts(*row) for row in found]

    def replace(
        self, passages: Mapping[int, Passage], version: str, own_topics: Sequence[OwnTopic], *, since: int
    ) -> None:
        """Write the labels of all live passages (by key) and of their statistics, all or nothing.

        ``since`` is the version of the base that the passages were read from; BaseError when it changed meanwhile.
        """
        with self._connections.write() as connection:
            self._require_unchanged(connection, passages, since)
            for key, passage in passages.items():
                connection.execute("UPDATE passages SET record = ? WHERE key = ?", (rows.PASSAGE.dump(passage), key))
                labels.replace(connection, key, passage)
                _label_statistics(connection, key, tuple(assigned.topic for assigned in passage.topics))
            _replace_own_topics(connection, own_topics)
            connection.execute(
                "INSERT INTO taggings SELECT id, ? FROM documents WHERE current = 1 "
                "ON CONFLICT (document_id) DO UPDATE SET version = excluded.version",
                (version,),
            )
            writing.bump_version(connection)
            self._connections.note(Change("the topics", Did.CHANGED))

    def _require_unchanged(self, connection: Sql, passages: Mapping[int, Passage], since: int) -> None:
        found = select(connection, "SELECT value FROM meta WHERE key = 'version'", (), columns.VERSION)
        live = {key for (key,) in connection.execute("SELECT key FROM passages WHERE live = 1")}
        if (found[0][0] if found else 0) != since or live != passages.keys():
            raise BaseError(
                say("base", folder=self._folder),
                say("changed_while_its_topics_were_given"),
                say("nothing_was_written_run_it_again"),
            )

    def _all(self, query: str, *cells: Cell[Any]) -> list[Any]:
        return self._connections.fetch(query, (), *cells)


def _label_statistics(connection: Sql, key: int, topics: tuple[Topic, ...]) -> None:
    kept = columns.STATISTICS
    query = "SELECT id, record FROM statistics WHERE key = ?"
    for statistic_id, found in select(connection, query, (key,), kept["id"], kept["record"]):
        statistic = replace(found, topics=topics)
        connection.execute(
            "UPDATE statistics SET record = ? WHERE id = ?", (rows.STATISTIC.dump(statistic), statistic_id)
        )


def _replace_own_topics(connection: Sql, own_topics: Iterable[OwnTopic]) -> None:
    connection.execute("DELETE FROM own_topics")
    connection.executemany(
        "INSERT INTO own_topics VALUES (?, ?, ?)",
        [(place, topic.name, _OWN_TOPIC.dump(topic)) for place, topic in enumerate(own_topics)],
    )
