"""How much an open base holds: its documents, passages and figures, and its topics by language and year.

Counted whole once, then only what came since, until something that was counted is changed or removed: what a server
says of a base that grows costs no more in a large one. Parses no record.
"""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kb.records.language import Language
from kb.records.topics import UNSURE_BELOW, Topic, TopicCount
from kb.store.disk.engine import Engine
from kb.store.searching import KEY, LANGUAGE, SearchReader
from kb.store.tables import columns
from kb.store.tables.cells import COUNTED

_TOPIC, _YEAR = columns.TOPICS["topic"], columns.DOCUMENTS["year"]
_CELLS = (
    "SELECT topic, passages.language, documents.year, count(*), count(CASE WHEN score < ? THEN 1 END), "
    "count(DISTINCT document_id) FROM passage_topics JOIN passages ON passages.key = passage_topics.key "
    "JOIN documents ON documents.id = document_id "
    "WHERE +live = 1 AND passage_topics.key > ? AND passage_topics.key <= ? "
    "GROUP BY topic, passages.language, documents.year"
)


@dataclass(slots=True)
class _Counted:
    """What the passages up to a key come to, while the base counts so many rewritings."""

    rewritten: int
    upto: int = 0
    passages: int = 0
    statistics: int = 0
    topics: dict[tuple[Topic, Language, int | None], TopicCount] = field(default_factory=dict)


class CountReader(SearchReader):
    """The numbers of an open base. Safe to share between threads."""

    def __init__(self, folder: Path, connections: Engine) -> None:
        super().__init__(folder, connections)
        self._counting = threading.Lock()
        self._counted = _Counted(-1)

    def document_count(self) -> int:
        """How many current documents there are."""
        return self._count("SELECT count(*) FROM documents WHERE current = 1")

    def counts(self) -> dict[str, int]:
        """How many current documents, live passages and statistics there are."""
        counted = self._up_to_now()
        return {
            "documents": self.document_count(),
            "passages": counted.passages,
            "statistics": counted.statistics,
        }

    def topic_counts(self) -> dict[Topic, int]:
        """How many live passages have each topic; topics without any are left out."""
        found: Counter[Topic] = Counter()
        for (topic, _, _), count in self.topic_cells().items():
            found[topic] += count.passages
        return dict(found)

    def topic_cells(self) -> dict[tuple[Topic, Language, int | None], TopicCount]:
        """How many live passages have each topic, by language and year of their document (null: undated)."""
        return dict(self._up_to_now().topics)

    def years(self) -> list[int | None]:
        """The years of the current documents, ascending; null at the end when one is undated."""
        query = "SELECT year FROM documents WHERE current = 1 GROUP BY year ORDER BY year IS NULL, year"
        return [year for (year,) in self._all(query, (), _YEAR)]

    def _up_to_now(self) -> _Counted:
        """What there is now. A later document has higher keys, and all passages of one come at once."""
        with self._counting:
            # Before anything is counted: what is changed meanwhile has all counted again by the next who asks.
            rewritten = self.rewritten()
            known = self._counted if self._counted.rewritten == rewritten else _Counted(rewritten)
            ((highest,),) = self._all("SELECT max(key) FROM passages WHERE live = 1", (), KEY.or_null)
            if highest is not None and highest > known.upto:
                known = self._with(known, highest)
            self._counted = known
            return known

    def _with(self, known: _Counted, highest: int) -> _Counted:
        """The same with what has keys up to the highest."""
        between = (known.upto, highest)
        passages = "SELECT count(*) FROM passages WHERE live = 1 AND key > ? AND key <= ?"
        statistics = (
            "SELECT count(*) FROM statistics JOIN passages USING (key) "
            "WHERE +live = 1 AND statistics.key > ? AND statistics.key <= ?"
        )
        topics = dict(known.topics)
        cells = (_TOPIC, LANGUAGE, _YEAR, COUNTED, COUNTED, COUNTED)
        for topic, language, year, *numbers in self._all(_CELLS, (UNSURE_BELOW, *between), *cells):
            before = topics.get((topic, language, year), TopicCount(0, 0, 0))
            topics[topic, language, year] = TopicCount(
                before.passages + numbers[0], before.unsure + numbers[1], before.documents + numbers[2]
            )
        return _Counted(
            known.rewritten,
            highest,
            known.passages + self._all(passages, between, COUNTED)[0][0],
            known.statistics + self._all(statistics, between, COUNTED)[0][0],
            topics,
        )
