"""The figures of a base: whole records, and what lists of very many of them need, read without the rest.

Changes nothing. Which figures are the same is not decided here.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import NamedTuple

from kb.records.document import Span
from kb.records.errors import NotFoundError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.search import StatisticQuery
from kb.records.statistic import Comparator, Kind, Statistic
from kb.records.topics import Topic
from kb.store import filtering
from kb.store.counting import CountReader
from kb.store.searching import KEY
from kb.store.tables import columns, rows
from kb.store.tables.cells import Cell

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
        conditions, values = filtering.statistic_conditions(query)
        if passages is not None:
            conditions.append(f"passages.id IN ({', '.join('?' * len(passages))})")
            values += passages
        sql = f"SELECT statistics.record FROM {_LIVE}{_and(conditions)} {_IN_ORDER}"  # noqa: S608
        return [statistic for (statistic,) in self._all(sql, values, _STATISTIC)]

    def statistic_ids(self, query: StatisticQuery) -> list[str]:
        """The ids of the same, in no order."""
        conditions, values = filtering.statistic_conditions(query)
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
        asked, found = list(dict.fromkeys(ids)), dict[str, Statistic]()
        for start in range(0, len(asked), 500):
            part = asked[start : start + 500]
            sql = f"SELECT id, record FROM statistics WHERE id IN ({', '.join('?' * len(part))})"  # noqa: S608
            found |= dict(self._all(sql, part, _ID, _STATISTIC))
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
