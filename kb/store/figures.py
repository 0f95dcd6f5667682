"""The figures of a base: whole records, and what lists of very many of them need, read without the rest; and
how much it holds, counted whole once, then only what came since.

Changes nothing. Which figures are the same is not decided here.
"""

import threading
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

from kb.records.document import Span
from kb.records.errors import NotFoundError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import StatisticQuery
from kb.records.statistic import Comparator, Kind, Statistic
from kb.records.topics import UNSURE_BELOW, Topic, TopicCount
from kb.store import searching
from kb.store.disk.engine import Engine
from kb.store.searching import KEY, LANGUAGE, SearchReader
from kb.store.tables import columns, rows
from kb.store.tables.cells import COUNTED, Cell

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


_ID, _STATISTIC = columns.STATISTICS["id"], columns.STATISTICS["record"]
_SOURCE, _DOCUMENT_ID = columns.DOCUMENTS["source_id"], columns.PASSAGES["document_id"]
_POSITION, _PLACE = columns.PASSAGES["position"], columns.STATISTICS["position"]
_LIVE = (
    "statistics JOIN passages USING (key) JOIN documents ON documents.id = passages.document_id "
    "WHERE +passages.live = 1"
)
_IN_ORDER = "ORDER BY documents.source_id, passages.position, statistics.position"


class FigureFacts(NamedTuple):
    """What a list of figures is ordered, grouped and counted by, as ``Statistic`` has it; in the order in which SQL
    gives it."""

    id: str
    passage_id: str
    value: Decimal | None
    high: Decimal | None
    kind: Kind
    unit: str | None
    comparator: Comparator
    population: str | None
    sample_size: int | None
    source: str | None
    year: int | None
    quote: str
    quote_span: Span
    language: Language
    topics: tuple[Topic, ...]


class PlacedFacts(NamedTuple):
    """The facts of a figure with where it stands: ``order`` is by document and place, ``key`` that of its passage."""

    order: tuple[str, int, int]
    key: int
    document_id: str
    facts: FigureFacts


class _Sentences(NamedTuple):
    """Which passage it is, and where its sentences stand."""

    id: str
    sentences: tuple[Span, ...]


def _members(table: str, fields: Sequence[str]) -> str:
    places = ", ".join(f"'$.{name}'" for name in fields)
    return f"json_extract({table}.record, {places})"


_FACTS = Cell("statistics", "record", rows.RowFormat(FigureFacts).load, _members("statistics", FigureFacts._fields))
_SENTENCES = Cell("passages", "record", rows.RowFormat(_Sentences).load, _members("passages", _Sentences._fields))


class StatisticReader(CountReader):
    """The figures of an open base. Safe to share between threads."""

    def statistics(self, query: StatisticQuery, *, passages: Sequence[str] | None = None) -> list[Statistic]:
        """The live statistics that fulfil the query's filters (its text and limit are not looked at), by document
        and place; only those of the ``passages`` (ids) when given."""
        conditions, values = searching.statistic_conditions(query)
        if passages is not None:
            conditions.append(f"passages.id IN ({searching.marks(passages)})")
            values += passages
        sql = f"SELECT statistics.record FROM {_LIVE}{_and(conditions)} {_IN_ORDER}"  # noqa: S608
        return [statistic for (statistic,) in self._all(sql, values, _STATISTIC)]

    def statistic_ids(self, query: StatisticQuery) -> list[str]:
        """The ids of the same, in no order."""
        conditions, values = searching.statistic_conditions(query)
        sql = f"SELECT statistics.id FROM {_LIVE}{_and(conditions)}"  # noqa: S608
        return [statistic_id for (statistic_id,) in self._all(sql, values, _ID)]

    def figure_facts(self, after: int = 0) -> list[PlacedFacts]:
        """What lists are made of, of every live statistic, by document and place; only of passages with keys beyond
        ``after``: a later document has higher keys."""
        sql = (
            "SELECT documents.source_id, passages.position, statistics.position, statistics.key, "  # noqa: S608
            f"passages.document_id, {_FACTS.expression} FROM {_LIVE} AND statistics.key > ? {_IN_ORDER}"
        )
        cells = (_SOURCE, _POSITION, _PLACE, KEY, _DOCUMENT_ID, _FACTS)
        return [PlacedFacts((row[0], row[1], row[2]), *row[3:]) for row in self._all(sql, (after,), *cells)]

    def statistics_with(self, ids: Collection[str]) -> dict[str, Statistic]:
        """The statistics with these ids; NotFoundError when one is not in the base."""
        asked = list(dict.fromkeys(ids))
        query = "SELECT id, record FROM statistics WHERE id IN ({marks})"
        found = dict(self._in_parts(query, asked, _ID, _STATISTIC))
        for one in asked:
            if one not in found:
                raise NotFoundError(
                    say("statistic", statistic=one), say("is_not_in_this_base"), say("list_them_kb_stats")
                )
        return found

    def statistic(self, statistic_id: str) -> Statistic:
        """The statistic with this id; NotFoundError otherwise."""
        return self.statistics_with([statistic_id])[statistic_id]

    def sentences_of(self, keys: Sequence[int]) -> dict[int, tuple[Span, ...]]:
        """Where the sentences of these passages stand; unknown keys are left out."""
        query = f"SELECT key, {_SENTENCES.expression} FROM passages WHERE key IN ({{marks}})"  # noqa: S608
        return {key: found.sentences for key, found in self._by_keys(query, keys, KEY, _SENTENCES)}


def _and(conditions: Sequence[str]) -> str:
    return "".join(f" AND {condition}" for condition in conditions)
