"""The order of the steps that turn sources into documents of the base, and a report line for each.

Owns what is done when; each step is another module's. Vectors and word analysis are handed in:
this room never imports the index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from ingest.embedding import embed
from ingest.figures import read_figures
from ingest.prepare import Prepared, prepare
from ingest.report import FileReport, Outcome, RunReport
from ingest.sources import SourceFailure, SourceFile
from ingest.tagging import Tagger
from kb.document import Passage, document_id
from kb.errors import KnowledgeBaseError
from kb.ports import Embedder, FloatArray, WordAnalyser
from kb.statistic import Statistic
from kb.store import Entry, PassageIndexing, Store

# Raised when a step reads better than before: files whose bytes did not change are then read again.
READING = "1"


class Pipeline:
    """Ingests sources into a store. The embedder is asked for only when a document needs vectors."""

    def __init__(
        self, store: Store, embedder: Callable[[], Embedder], words: WordAnalyser, tagger: Callable[[Embedder], Tagger]
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._words = words
        self._make_tagger = tagger
        self._tagger: Tagger | None = None

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

    def _report(self, source: SourceFile | SourceFailure, dry_run: bool) -> FileReport:
        if isinstance(source, SourceFailure):
            return FileReport(
                source.source_id, Outcome.FAILED, stage=source.stage, reason=source.reason, hint=source.hint
            )
        try:
            return self._ingest(source, dry_run)
        except KnowledgeBaseError as error:
            if type(error).stops_a_run:
                raise
            return FileReport(
                source.source_id, Outcome.FAILED, stage="read", reason=error.reason, hint=error.hint or None
            )

    def _ingest(self, source: SourceFile, dry_run: bool) -> FileReport:
        known = self._store.known(source.source_id)
        if known == (source.sha256, READING):
            return FileReport(source.source_id, Outcome.UNCHANGED, document_id=document_id(source.sha256))
        twin = self._store.current_with_bytes(source.sha256)
        if twin is not None and twin.source_id != source.source_id:
            if not dry_run:
                self._store.add_alias(source.source_id, twin.id)
            return FileReport(source.source_id, Outcome.DUPLICATE, document_id=twin.id, duplicate_of=twin.source_id)
        prepared = prepare(source, version=self._store.next_version(source.source_id))
        outcome = Outcome.ADDED if known is None else Outcome.UPDATED
        if dry_run:
            return _line(source, outcome, prepared, 0)
        entry = self._entry(prepared)
        self._store.add(entry, source.data)
        return _line(source, outcome, prepared, len(entry.statistics))

    def _entry(self, prepared: Prepared) -> Entry:
        """Topics, statistics and vectors for a document that was read and split."""
        embedder = self._embedder()
        self._store.claim(embedder.stamp)
        vectors, sentence_vectors = embed(embedder, prepared.passages)
        passages = self._tagged(prepared.passages, vectors)
        statistics = read_figures(prepared.document, passages)
        indexing = tuple(
            PassageIndexing(
                vector, sentences, self._words.plain(passage.text), self._words.analyse(passage.text, passage.language)
            )
            for passage, vector, sentences in zip(passages, vectors, sentence_vectors, strict=True)
        )
        return Entry(prepared.document, passages, indexing, with_topics(statistics, passages), READING)

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


def _line(source: SourceFile, outcome: Outcome, prepared: Prepared, statistics: int) -> FileReport:
    return FileReport(
        source.source_id,
        outcome,
        document_id=prepared.document.id,
        passages=len(prepared.passages),
        statistics=statistics,
        removed=len(prepared.document.removed),
    )
