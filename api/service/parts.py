"""The named parts of a base, as the doors know them: what it holds (``Records``), who watches it, its jobs and keys.

The one place outside the rooms that run the base (jobs, command line) where the store's own parts have a name.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from kb.records.document import Document, Passage
from kb.records.language import Language
from kb.records.search import Citation, Filters, StatisticQuery
from kb.records.statistic import Statistic
from kb.store import Store
from kb.store.operation.jobs import Jobs as Jobs
from kb.store.operation.keys import Keys as Keys
from kb.store.operation.replies import KeptReply as KeptReply
from kb.store.operation.webhooks import Outgoing as Outgoing
from kb.store.operation.webhooks import SavedSearches, Webhooks
from kb.store.remembering import Remembered
from kb.store.sources import Sources as Sources

_TITLES_KEPT = 4_096


@dataclass(frozen=True, slots=True)
class Watching:
    """Saved searches, and the webhooks that are told of them and of jobs."""

    searches: SavedSearches
    webhooks: Webhooks

    @classmethod
    def of(cls, store: Store) -> Watching:
        """Those of a base."""
        return cls(store.saved_searches, store.webhooks)


class Records:
    """What a base holds, as it was stored. An id that is not in it: NotFoundError."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._titles: Remembered[str, str] = Remembered(store.rewritten, _TITLES_KEPT)

    def document(self, document_id: str) -> Document:
        """A document, of whatever version."""
        return self._store.document(document_id)

    def document_ids(self) -> list[str]:
        """The ids of the current documents, by source."""
        return self._store.document_ids()

    def each_document(self) -> Iterator[Document]:
        """The current documents, by source, one at a time."""
        return self._store.each_document()

    def documents_with(self, ids: Collection[str]) -> dict[str, Document]:
        """The documents with these ids; one that is gone is left out."""
        return self._store.documents_with(ids)

    def is_current(self, document_id: str) -> bool:
        """Whether it is the newest version of its source."""
        return self._store.is_current(document_id)

    def original(self, sha256: str) -> bytes:
        """The bytes of an original; NotFoundError when they are gone or damaged."""
        return self._store.original(sha256)

    def passage(self, passage_id: str) -> Passage:
        """A passage."""
        return self._store.passage(passage_id)

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of a document, in reading order."""
        return self._store.passages_of(document_id)

    def languages_of(self, citations: Sequence[Citation]) -> dict[str, Language]:
        """The languages of the passages that are cited, by their ids."""
        return {one: self._store.passage(one).language for one in {citation.passage_id for citation in citations}}

    def statistics_in(self, passages: Sequence[Passage]) -> list[Statistic]:
        """The statistics of these passages."""
        return self._store.statistics(StatisticQuery(), passages=[passage.id for passage in passages])

    def matching(self, filters: Filters) -> dict[int, Passage] | None:
        """The passages that fulfil the filters, by their place in the order of addition; null where nothing is
        asked, which is every passage."""
        keys = self._store.keys_matching(filters)
        return None if keys is None else self._store.passages(keys.tolist())

    def places_of(self, passages: Sequence[Passage]) -> dict[str, int]:
        """Where passages stand in the order of addition, by their ids; one that is gone is left out."""
        homes = self._store.homes_of([passage.id for passage in passages])
        return {passage_id: place for passage_id, (place, _) in homes.items()}

    def counts(self) -> dict[str, int]:
        """How much there is, by its name."""
        return self._store.counts()

    def titles(self, source_ids: Sequence[str]) -> dict[str, str]:
        """The titles of these sources; one without a title is called by its name.

        Kept while documents are only added: reading twenty documents for their titles was a fifth of a list.
        """
        return self._titles.get(source_ids, self._read_titles)

    def _read_titles(self, source_ids: list[str]) -> dict[str, str]:
        return {source_id: self._title(source_id) or source_id for source_id in source_ids}

    def _title(self, source_id: str) -> str | None:
        known = self._store.known(source_id)
        document = self._store.current_with_bytes(known[0]) if known else None
        return document.title if document else None
