"""The order of the steps that turn sources into documents of the base, and a report line for each.

Owns what is done when; each step is another module's. Vectors and word analysis are handed in:
this room never imports the index.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace

import numpy as np

from ingest.duplicates import Fingerprint, Originals, fingerprint
from ingest.embedding import embed
from ingest.figures import read_figures
from ingest.prepare import Prepared, ReadDocument, prepare
from ingest.readers.dispatch import read_document
from ingest.report import FileReport, Outcome, RunReport
from ingest.sources import SourceFailure, SourceFile
from ingest.tagging import Tagger
from kb.document import Passage, document_id
from kb.errors import KnowledgeBaseError
from kb.ports import Embedder, FloatArray, WordAnalyser
from kb.statistic import Statistic
from kb.store import Entry, PassageIndexing, Store, StoredFailure, StoredFingerprint

# Raised when a step reads better than before: files whose bytes did not change are then read again.
READING = "2"


class Pipeline:
    """Ingests sources into a store. The embedder is asked for only when a document needs vectors.

    ``read`` is what reads originals (``IsolatedReader.read`` for files that nobody vouches for); ``keep``
    names the cleaning rules that take nothing out ("all" for every rule).
    """

    def __init__(
        self,
        store: Store,
        embedder: Callable[[], Embedder],
        words: WordAnalyser,
        tagger: Callable[[Embedder], Tagger],
        *,
        read: ReadDocument = read_document,
        keep: frozenset[str] = frozenset(),
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._words = words
        self._make_tagger = tagger
        self._tagger: Tagger | None = None
        self._read = read
        self._keep = keep
        self._reading = "+".join([READING, *sorted(keep)])
        self._originals: Originals | None = None

    def run(
        self,
        sources: Iterable[SourceFile | SourceFailure],
        *,
        dry_run: bool = False,
        on_file: Callable[[FileReport], None] = lambda report: None,
    ) -> RunReport:
        """Ingest every source; one that fails is a line of the report and stops nothing.

        With ``dry_run`` files are read and judged but nothing is written.
        """
        reports = []
        for source in sources:
            report = self._report(source, dry_run)
            reports.append(report)
            on_file(report)
        return RunReport(tuple(reports), dry_run)

    def prune(self, report: RunReport, roots: Collection[str], *, dry_run: bool = False) -> RunReport:
        """The report with a line for each document below these folders whose file was not met in the run.

        They are removed, unless ``dry_run``. A file that was met and failed keeps its document.
        """
        met = {file.source_id for file in report.files}
        gone = [
            document
            for document in self._store.documents()
            if document.source_id.partition("/")[0] in roots and document.source_id not in met
        ]
        for document in gone if not dry_run else ():
            self._store.remove(document.id)
        lines = (FileReport(document.source_id, Outcome.REMOVED, document_id=document.id) for document in gone)
        return RunReport((*report.files, *lines), dry_run)

    def _report(self, source: SourceFile | SourceFailure, dry_run: bool) -> FileReport:
        if isinstance(source, SourceFailure):
            return self._failed(source, dry_run)
        try:
            return self._ingest(source, dry_run)
        except KnowledgeBaseError as error:
            if type(error).stops_a_run:
                raise
            return self._failed(SourceFailure(source.source_id, "read", error.reason, error.hint, source.path), dry_run)

    def _failed(self, failure: SourceFailure, dry_run: bool) -> FileReport:
        skipped = failure.stage == "skipped"
        if not skipped and not dry_run:
            place = None if failure.path is None else str(failure.path.resolve())
            self._store.note_failure(
                StoredFailure(failure.source_id, place, failure.stage, failure.reason, failure.hint or None)
            )
        return FileReport(
            failure.source_id,
            Outcome.SKIPPED if skipped else Outcome.FAILED,
            stage=failure.stage,
            reason=failure.reason,
            hint=failure.hint or None,
        )

    def _ingest(self, source: SourceFile, dry_run: bool) -> FileReport:
        known = self._store.known(source.source_id)
        if known == (source.sha256, self._reading):
            return FileReport(source.source_id, Outcome.UNCHANGED, document_id=document_id(source.sha256))
        twin = self._store.current_with_bytes(source.sha256)
        if twin is not None and twin.source_id != source.source_id:
            if not dry_run:
                self._store.add_alias(source.source_id, twin.id)
            return FileReport(source.source_id, Outcome.DUPLICATE, document_id=twin.id, duplicate_of=twin.source_id)
        version = self._store.next_version(source.source_id)
        prepared = prepare(source, version=version, keep=self._keep, read=self._read)
        prepared, print_of_it, repeated = self._marked(prepared)
        outcome = Outcome.ADDED if known is None else Outcome.UPDATED
        statistics = 0
        if not dry_run:
            entry = self._entry(prepared, print_of_it)
            self._store.add(entry, source.data)
            statistics = len(entry.statistics)
        return _line(source, outcome if repeated is None else Outcome.DUPLICATE, prepared, statistics, repeated)

    def _marked(self, prepared: Prepared) -> tuple[Prepared, StoredFingerprint, str | None]:
        """The document marked with what it repeats, its fingerprint, and the source of what it repeats."""
        if self._originals is None:
            self._originals = Originals()
            for stored in self._store.fingerprints():
                self._originals.add(Fingerprint(stored.document_id, stored.sha256, stored.words_key, stored.runs))
        mine = fingerprint(prepared.document)
        stored = StoredFingerprint(mine.document_id, mine.sha256, mine.words_key, mine.runs)
        duplicate = self._originals.match(mine)
        if duplicate is None or not self._store.is_current(duplicate.of):
            self._originals.add(mine)
            return prepared, stored, None
        document = replace(prepared.document, duplicate_of=duplicate.of)
        original = self._store.document(duplicate.of)
        if original.source_id == document.source_id:  # a new version of itself
            return prepared, stored, None
        return replace(prepared, document=document), stored, original.source_id

    def _entry(self, prepared: Prepared, print_of_it: StoredFingerprint) -> Entry:
        """Topics, statistics and vectors for a document that was read and split."""
        embedder = self._embedder()
        self._store.claim(embedder.stamp)
        made = embed(embedder, prepared.passages)
        passages = self._tagged(prepared.passages, np.stack([one.passage for one in made]))
        statistics = read_figures(prepared.document, passages)
        indexing = tuple(
            PassageIndexing(
                vectors, self._words.plain(passage.text), self._words.analyse(passage.text, passage.language)
            )
            for passage, vectors in zip(passages, made, strict=True)
        )
        return Entry(
            prepared.document, passages, indexing, with_topics(statistics, passages), self._reading, print_of_it
        )

    def _tagged(self, passages: tuple[Passage, ...], vectors: FloatArray) -> tuple[Passage, ...]:
        if self._tagger is None:
            self._tagger = self._make_tagger(self._embedder())
        return tag(self._tagger, passages, vectors)


def tag(tagger: Tagger, passages: tuple[Passage, ...], vectors: FloatArray | None) -> tuple[Passage, ...]:
    """The passages with their topics."""
    assigned = tagger.tag(
        [passage.text for passage in passages],
        [passage.language for passage in passages],
        [passage.heading_path for passage in passages],
        vectors,
    )
    return tuple(replace(passage, topics=topics) for passage, topics in zip(passages, assigned, strict=True))


def with_topics(statistics: tuple[Statistic, ...], passages: tuple[Passage, ...]) -> tuple[Statistic, ...]:
    """The statistics with the topics of the passages they stand in."""
    topics = {passage.id: tuple(assigned.topic for assigned in passage.topics) for passage in passages}
    return tuple(replace(statistic, topics=topics[statistic.passage_id]) for statistic in statistics)


def _line(
    source: SourceFile, outcome: Outcome, prepared: Prepared, statistics: int, repeated: str | None
) -> FileReport:
    return FileReport(
        source.source_id,
        outcome,
        document_id=prepared.document.id,
        passages=len(prepared.passages),
        statistics=statistics,
        removed=len(prepared.document.removed),
        duplicate_of=repeated,
    )
