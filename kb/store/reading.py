"""The read side of a base: records back from the tables. Changes nothing."""

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple, cast

from kb.records.document import Document, FieldOrigin, Passage
from kb.records.errors import NotFoundError
from kb.records.language import Language
from kb.records.likeness import like
from kb.records.messages import say
from kb.records.search import Citation, DocumentReference, Filters, StatisticQuery
from kb.records.statistic import Statistic
from kb.store import writing
from kb.store.disk.engine import Engine, KeptOriginals
from kb.store.entry import DocumentFacts, StoredFailure, StoredFingerprint
from kb.store.figures import StatisticReader
from kb.store.remembering import Remembered
from kb.store.searching import KEY, marks
from kb.store.tables import columns, rows
from kb.store.tables.cells import COUNTED, Cell

# A search parses the passages of its pool and the documents of its page: parsing them each time was 40 % of it. A
# passage is about 4 kB in memory, a document mostly its text and blocks.
_PASSAGES_KEPT = 4_096
_DOCUMENTS_KEPT = 128
_FACTS_KEPT = 4_096
# What shares most with a text is what repeats it: more of them share a phrase that all of a kind have.
_ALIKE = 64
# Documents whose places are looked up together.
_AT_ONCE = 500
# A limit that limits nothing.
_ALL = 2**62
_DOCUMENT_ID, _DOCUMENT = columns.DOCUMENTS["id"], columns.DOCUMENTS["record"]
_PASSAGE_ID, _PASSAGE = columns.PASSAGES["id"], columns.PASSAGES["record"]
_MEMBERS = (
    "json_extract(record, '$.id', '$.source_id', '$.title', '$.authors', '$.publisher', '$.published', '$.url', "
    "'$.media_type', '$.origins')"
)


class _Members(NamedTuple):
    """What is read of a record for its facts, in the order in which SQL gives it."""

    id: str
    source_id: str
    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    url: str | None
    media_type: str
    origins: tuple[FieldOrigin, ...] | None


_MEMBERS_FORMAT = rows.RowFormat(_Members, lambda members: rows.broken_date(members.published))


def _facts(value: object) -> DocumentFacts:
    found = _MEMBERS_FORMAT.load(value)
    inferred = tuple(one.field for one in found.origins or () if one.is_inferred)
    return DocumentFacts(like(DocumentReference, found, inferred=inferred), found.media_type)


_FACTS = Cell("documents", "record", _facts, _MEMBERS)


class StoreReader(StatisticReader):
    """What can be read from an open base. Safe to share between threads."""

    def __init__(self, folder: Path, connections: Engine, originals: KeptOriginals) -> None:
        super().__init__(folder, connections)
        self._originals = originals
        self._passages: Remembered[int, Passage] = Remembered(self.rewritten, _PASSAGES_KEPT)
        self._documents: Remembered[str, Document] = Remembered(self.rewritten, _DOCUMENTS_KEPT)
        self._facts: Remembered[str, DocumentFacts] = Remembered(self.rewritten, _FACTS_KEPT)
        self._titles: Remembered[str, str] = Remembered(self.rewritten, _FACTS_KEPT)

    # -- documents -------------------------------------------------------------------------

    def document(self, document_id: str) -> Document:
        """The document with this id, current or not; NotFoundError otherwise."""
        row = self._one("SELECT record FROM documents WHERE id = ?", (document_id,), _DOCUMENT)
        if row is None:
            raise NotFoundError(
                say("document", document=document_id), say("is_not_in_this_base"), say("list_them_kb_documents")
            )
        return cast(Document, row[0])

    def documents_with(self, ids: Collection[str]) -> dict[str, Document]:
        """The documents with these ids, current or not; unknown ids are left out."""
        return self._documents.get(ids, self._read_documents)

    def _read_documents(self, ids: list[str]) -> dict[str, Document]:
        query = f"SELECT id, record FROM documents WHERE id IN ({marks(ids)})"  # noqa: S608
        return dict(self._all(query, ids, _DOCUMENT_ID, _DOCUMENT))

    def facts_of(self, ids: Collection[str]) -> dict[str, DocumentFacts]:
        """What a list of hits says of these documents, without reading their texts; unknown ids are left out."""
        return self._facts.get(ids, self._read_facts)

    def _read_facts(self, ids: list[str]) -> dict[str, DocumentFacts]:
        query = f"SELECT id, {_MEMBERS} FROM documents WHERE id IN ({{marks}})"  # noqa: S608
        return dict(self._in_parts(query, ids, _DOCUMENT_ID, _FACTS))

    def documents(self, *, all_versions: bool = False, limit: int | None = None, offset: int = 0) -> list[Document]:
        """The current documents by source, or every version; at most ``limit`` of them, those before ``offset`` left
        out."""
        condition = "" if all_versions else "WHERE current = 1 "
        # Places first: a sorted row carries no text, and a document that is not asked for is not read.
        places = f"SELECT id FROM documents {condition}ORDER BY source_id, version LIMIT ? OFFSET ?"  # noqa: S608
        query = f"SELECT record FROM documents WHERE id IN ({places}) ORDER BY source_id, version"  # noqa: S608
        return [document for (document,) in self._all(query, (_ALL if limit is None else limit, offset), _DOCUMENT)]

    def each_document(self) -> Iterator[Document]:
        """The current documents by source, one at a time in memory; one that goes meanwhile is left out."""
        after = ""
        query = "SELECT id, source_id FROM documents WHERE current = 1 AND source_id > ? ORDER BY source_id LIMIT ?"
        while some := self._all(query, (after, _AT_ONCE), _DOCUMENT_ID, columns.DOCUMENTS["source_id"]):
            for document_id, _ in some:
                yield from self._read_documents([document_id]).values()
            after = some[-1][1]

    def document_ids(self) -> list[str]:
        """The ids of the current documents, by source."""
        query = "SELECT id FROM documents WHERE current = 1 ORDER BY source_id"
        return [document_id for (document_id,) in self._all(query, (), _DOCUMENT_ID)]

    def known(self, source_id: str) -> tuple[str, str] | None:
        """The SHA-256 and the reading version that this source has in the base now, or null."""
        row = self._one(
            "SELECT sha256, reading FROM documents WHERE source_id = ?1 AND current = 1 UNION ALL "
            "SELECT sha256, reading FROM documents JOIN aliases ON document_id = id WHERE aliases.source_id = ?1",
            (source_id,),
            columns.DOCUMENTS["sha256"],
            columns.DOCUMENTS["reading"],
        )
        return None if row is None else (row[0], row[1])

    def current_of(self, source_id: str) -> str | None:
        """The id of the document that this source has in the base now, its own or one with the very bytes, or null."""
        row = self._one(
            "SELECT id FROM documents WHERE source_id = ?1 AND current = 1 UNION ALL "
            "SELECT document_id FROM aliases WHERE source_id = ?1",
            (source_id,),
            _DOCUMENT_ID,
        )
        return None if row is None else str(row[0])

    def current_with_bytes(self, sha256: str) -> Document | None:
        """The current document made of these bytes, or null."""
        row = self._one("SELECT record FROM documents WHERE sha256 = ? AND current = 1", (sha256,), _DOCUMENT)
        return None if row is None else row[0]

    def has_bytes(self, sha256: str) -> bool:
        """Whether a document of any version was made of these bytes."""
        return self._one("SELECT 1 FROM documents WHERE sha256 = ?", (sha256,), COUNTED) is not None

    def is_current(self, document_id: str) -> bool:
        """Whether this document is the newest version of its source."""
        return self._one("SELECT 1 FROM documents WHERE id = ? AND current = 1", (document_id,), COUNTED) is not None

    def next_version(self, source_id: str) -> int:
        """The version number that the next document of this source gets."""
        return writing.next_version(self._connections.read(), source_id)

    def titles(self, source_ids: Sequence[str]) -> dict[str, str]:
        """The titles of these sources; one without a title is called by its name.

        Kept while documents are only added: reading twenty documents for their titles was a fifth of a list.
        """
        return self._titles.get(source_ids, lambda asked: {one: self._title(one) or one for one in asked})

    def _title(self, source_id: str) -> str | None:
        known = self.known(source_id)
        document = self.current_with_bytes(known[0]) if known else None
        return document.title if document else None

    def fingerprints_like(self, one: StoredFingerprint, sample: Sequence[int]) -> list[StoredFingerprint]:
        """The fingerprints of the current documents that repeat no other and have the bytes or the words of this one,
        or two hashes of its sample at least (of these the ``_ALIKE`` with the most), by source."""
        query = (
            "WITH alike (document_id) AS ("  # noqa: S608
            "SELECT id FROM documents WHERE sha256 = ? UNION SELECT document_id FROM fingerprints WHERE words_key = ? "
            "UNION SELECT document_id FROM (SELECT document_id FROM fingerprint_samples "
            "JOIN documents ON id = document_id AND current = 1 AND duplicate_of IS NULL "
            f"WHERE hash IN ({marks(sample)}) GROUP BY document_id HAVING count(*) > 1 "
            "ORDER BY count(*) DESC, document_id LIMIT ?) AS near) "
            "SELECT id, sha256, words_key, runs, numbers FROM alike JOIN documents ON id = alike.document_id "
            "JOIN fingerprints ON fingerprints.document_id = id "
            "WHERE current = 1 AND duplicate_of IS NULL ORDER BY source_id"
        )
        prints = columns.FINGERPRINTS
        kept = (columns.DOCUMENTS["sha256"], prints["words_key"], prints["runs"], prints["numbers"])
        found = self._all(query, (one.sha256, one.words_key, *sample, _ALIKE), _DOCUMENT_ID, *kept)
        return [StoredFingerprint(*row) for row in found]

    def failures(self) -> list[StoredFailure]:
        """The sources that could not be ingested when they were last tried, by name."""
        query = "SELECT source_id, path, stage, reason, hint FROM failures ORDER BY source_id"
        return [StoredFailure(*row) for row in self._all(query, (), *columns.FAILURES.values())]

    def names_of(self, ids: Collection[str]) -> dict[str, list[str]]:
        """For these document ids, the other sources whose bytes are the same, by name; only those that have some."""
        names: dict[str, list[str]] = {}
        asked = f"SELECT source_id, document_id FROM aliases WHERE document_id IN ({marks(ids)}) ORDER BY source_id"  # noqa: S608
        for source_id, document_id in self._all(asked, list(ids), *columns.ALIASES.values()):
            names.setdefault(document_id, []).append(source_id)
        return names

    def original(self, sha256: str) -> bytes:
        """The original bytes of a document."""
        return self._originals.get(sha256)

    def fault_of_original(self, sha256: str) -> str | None:
        """Why an original cannot be had, as the end of a sentence; null when it is whole."""
        return self._originals.fault_of(sha256)

    # -- passages --------------------------------------------------------------------------

    def passage(self, passage_id: str) -> Passage:
        """The passage with this id, of a current document or an old one; NotFoundError otherwise."""
        row = self._one("SELECT record FROM passages WHERE id = ?", (passage_id,), _PASSAGE)
        if row is None:
            raise NotFoundError(
                say("passage", passage=passage_id), say("is_not_in_this_base"), say("search_for_it_kb_search_words")
            )
        return cast(Passage, row[0])

    def passages_of(self, document_id: str) -> list[Passage]:
        """The passages of a document, in order."""
        query = "SELECT record FROM passages WHERE document_id = ? ORDER BY position"
        return [passage for (passage,) in self._all(query, (document_id,), _PASSAGE)]

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passages with these keys, in their order; unknown keys are left out."""
        return self._passages.get((int(key) for key in keys), self._read_passages)

    def _read_passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        return dict(self._by_keys("SELECT key, record FROM passages WHERE key IN ({marks})", keys, KEY, _PASSAGE))

    def matching(self, filters: Filters) -> dict[int, Passage] | None:
        """The passages that fulfil the filters, by their place in the order of addition; null where nothing is
        asked, which is every passage."""
        keys = self.keys_matching(filters)
        return None if keys is None else self.passages(keys.tolist())

    def places_of(self, passages: Sequence[Passage]) -> dict[str, int]:
        """Where passages stand in the order of addition, by their ids; one that is gone is left out."""
        homes = self.homes_of([passage.id for passage in passages])
        return {passage_id: place for passage_id, (place, _) in homes.items()}

    def languages_of(self, citations: Sequence[Citation]) -> dict[str, Language]:
        """The languages of the passages that are cited, by their ids."""
        return {one: self.passage(one).language for one in {citation.passage_id for citation in citations}}

    def statistics_in(self, passages: Sequence[Passage]) -> list[Statistic]:
        """The statistics of these passages."""
        return self.statistics(StatisticQuery(), passages=[passage.id for passage in passages])

    # -- what is in documents and passages ----------------------------------------------------

    def with_statistic(self, passages: Sequence[str]) -> set[str]:
        """Those of these passage ids that are live and have a statistic."""
        query = (
            "SELECT id FROM passages WHERE live = 1 AND id IN ({marks}) "
            "AND EXISTS (SELECT 1 FROM statistics WHERE statistics.key = passages.key)"
        )
        return {passage for (passage,) in self._in_parts(query, passages, _PASSAGE_ID)}

    def homes_of(self, passages: Sequence[str]) -> dict[str, tuple[int, str]]:
        """For these passage ids, the key and the document id of each that is live."""
        query = "SELECT id, key, document_id FROM passages WHERE live = 1 AND id IN ({marks})"
        found = self._in_parts(query, passages, _PASSAGE_ID, KEY, columns.PASSAGES["document_id"])
        return {passage: (key, document) for passage, key, document in found}

    def repeats(self) -> dict[str, str]:
        """For every current document that repeats another, the id of that other one."""
        return self._other_documents("duplicate_of")

    def translations(self) -> dict[str, str]:
        """For every current document that translates another, the id of that other one."""
        return self._other_documents("translation_of")

    def _other_documents(self, name: str) -> dict[str, str]:
        # Not in order by SQL: for that every document was walked, in place of the few of the index.
        query = f"SELECT id, {name} FROM documents WHERE {name} IS NOT NULL AND current = 1"  # noqa: S608
        return dict(sorted(self._all(query, (), _DOCUMENT_ID, columns.DOCUMENTS[name])))

    def sizes(self, ids: Collection[str]) -> dict[str, tuple[int, int]]:
        """For these document ids, how many live passages and statistics each has; only those that have some."""
        query = (
            "SELECT document_id, count(DISTINCT passages.key), count(statistics.id) FROM passages "  # noqa: S608
            f"LEFT JOIN statistics USING (key) WHERE live = 1 AND document_id IN ({marks(ids)}) GROUP BY document_id"
        )
        found = self._all(query, list(ids), columns.PASSAGES["document_id"], COUNTED, COUNTED)
        return {document: (passages, statistics) for document, passages, statistics in found}
