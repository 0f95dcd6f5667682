"""The order of the steps that turn sources into documents of the base, and a report line for each.

Owns what is done when; each step is another module's. Vectors and word analysis are handed in:
this room never imports the index.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.embedding import embed
from ingest.entries import EntryMaker
from ingest.prepare import Prepared, ReadDocument, prepare
from ingest.readers.dispatch import read_document
from ingest.repeats import Repeats
from ingest.report import FileReport, OnStage, Outcome, RunReport, Stage
from ingest.sources import SourceFailure, SourceFile
from ingest.tagging import Tagger
from ingest.translations import Means
from kb.document import Document, document_id
from kb.errors import KnowledgeBaseError
from kb.ports import Embedder, PassageVectors, WordAnalyser
from kb.store import Store, StoredFailure, StoredFingerprint

# Raised when a step reads better than before: files whose bytes did not change are then read again.
READING = "4"
# Keeping this gives up what was kept before.
KEEP_NONE = "none"
# A bulk run embeds documents together until they have this many texts (passages and sentences): short ones
# then share batches of like length. More would only delay their lines and what a crash must do again.
BULK_TEXTS = 128
_LINES_TOGETHER = 64


def _say_nothing(stage: Stage, source: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A document that was read and waits for its vectors, with what its line will say."""

    source: SourceFile
    prepared: Prepared
    fingerprint: StoredFingerprint
    outcome: Outcome
    reading: str

    @property
    def texts(self) -> int:
        return sum(1 + len(passage.sentences) for passage in self.prepared.passages)


class Pipeline:
    """Ingests sources into a store. The embedder is asked for only when a document needs vectors.

    ``read`` is what reads originals (``IsolatedReader.read`` for files that nobody vouches for); ``keep``
    names the cleaning rules that take nothing out ("all" for every rule). What was kept of a document stays
    kept in later runs, until ``keep`` is "none". ``means`` gives the mean vector of
    each language; without it no translations are looked for.
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
        means: Callable[[Embedder], Means] | None = None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._entries = EntryMaker(store, embedder, words, tagger, means)
        self._read = read
        self._keep = keep
        self._repeats = Repeats(store)
        self._on_stage: OnStage = _say_nothing

    def run(
        self,
        sources: Iterable[SourceFile | SourceFailure],
        *,
        dry_run: bool = False,
        on_file: Callable[[FileReport], None] = lambda report: None,
        on_stage: OnStage = _say_nothing,
        texts_together: int = 1,
    ) -> RunReport:
        """Ingest every source; one that fails is a line of the report and stops nothing.

        With ``dry_run`` files are read and judged but nothing is written. Documents are embedded together
        until they have ``texts_together`` passages and sentences (one by one unless told otherwise); each is
        written, whole, in its own transaction, and its line is told after that.
        """
        self._on_stage = on_stage
        self._repeats.forget_coming()
        reports = []
        for report in self._lines(sources, dry_run, texts_together):
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

    def _lines(
        self, sources: Iterable[SourceFile | SourceFailure], dry_run: bool, texts_together: int
    ) -> Iterator[FileReport]:
        """A line for every source, in the order in which they were met."""
        queue: list[FileReport | _Waiting] = []
        for source in sources:
            if isinstance(source, SourceFile) and not dry_run and self._repeats.is_coming(source):
                yield from self._finished(queue)
                queue = []
            queue.append(self._judged(source, dry_run))
            waiting = [one for one in queue if isinstance(one, _Waiting)]
            if not waiting or sum(one.texts for one in waiting) >= texts_together or len(queue) >= _LINES_TOGETHER:
                yield from self._finished(queue)
                queue = []
        yield from self._finished(queue)

    def _judged(self, source: SourceFile | SourceFailure, dry_run: bool) -> FileReport | _Waiting:
        """The line of a source, or the document that must get vectors first."""
        if isinstance(source, SourceFailure):
            return self._failed(source, dry_run)
        try:
            return self._known(source, dry_run) or self._prepared(source, dry_run)
        except KnowledgeBaseError as error:
            return self._fault(source, error, dry_run)

    def _fault(self, source: SourceFile, error: KnowledgeBaseError, dry_run: bool) -> FileReport:
        """The line of a source that could not be ingested; an error that stops a run is raised again."""
        if type(error).stops_a_run:
            raise error
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

    def _known(self, source: SourceFile, dry_run: bool) -> FileReport | None:
        """The line of a source whose bytes are in the base (or, in a dry run, would be by now), else null."""
        keep = self._keep_for(source.source_id)
        if self._store.known(source.source_id) == (source.sha256, _reading_with(keep)):
            return self._unchanged(source, dry_run)
        name = self._repeats.with_bytes(source.sha256)
        if name is None or name == source.source_id:
            return None
        if not dry_run:
            self._store.add_alias(source.source_id, document_id(source.sha256))
        note = self._repaired(source, dry_run)
        return FileReport(
            source.source_id, Outcome.DUPLICATE, document_id=document_id(source.sha256), duplicate_of=name, note=note
        )

    def _unchanged(self, source: SourceFile, dry_run: bool) -> FileReport:
        note = self._repaired(source, dry_run)
        outcome = Outcome.REPAIRED if note else Outcome.UNCHANGED
        return FileReport(source.source_id, outcome, document_id=document_id(source.sha256), note=note)

    def _repaired(self, source: SourceFile, dry_run: bool) -> str | None:
        """What is said where the base's original of these bytes was missing or changed, and is put back; else null."""
        if not self._store.has_bytes(source.sha256) or (fault := self._store.fault_of_original(source.sha256)) is None:
            return None
        if not dry_run:
            self._store.put_back_original(source.data)
        return f"its original {fault}: {'it would be' if dry_run else 'it was'} put back from this file"

    def _keep_for(self, source_id: str) -> frozenset[str]:
        """The rules that take nothing out of a source: those named now, and those it was read with before."""
        if self._keep == frozenset({KEEP_NONE}):
            return frozenset()
        known = self._store.known(source_id)
        return self._keep.union(known[1].split("+")[1:] if known else ())

    def _prepared(self, source: SourceFile, dry_run: bool) -> FileReport | _Waiting:
        """A new or changed source, read, cleaned, split and compared; in a dry run that is all."""
        self._on_stage(Stage.READING, source.source_id)
        version = self._store.next_version(source.source_id)
        keep = self._keep_for(source.source_id)
        prepared = prepare(source, version=version, keep=keep, read=self._read)
        prepared, stored = self._repeats.marked(prepared)
        outcome = Outcome.ADDED if self._store.known(source.source_id) is None else Outcome.UPDATED
        waiting = _Waiting(source, prepared, stored, outcome, _reading_with(keep))
        line = self._line(waiting, prepared.document, 0, ()) if dry_run else waiting
        self._repeats.expect(prepared.document.id, source.source_id)
        return line

    def _finished(self, queue: Sequence[FileReport | _Waiting]) -> Iterator[FileReport]:
        """The lines of a queue, its documents embedded together and written one by one."""
        passages = [passage for one in queue if isinstance(one, _Waiting) for passage in one.prepared.passages]
        made: list[PassageVectors] = []
        if passages:
            self._on_stage(Stage.EMBEDDING, next(one.source.source_id for one in queue if isinstance(one, _Waiting)))
            embedder = self._embedder()
            self._store.claim(embedder.stamp)
            made = embed(embedder, passages)
        for one in queue:
            if isinstance(one, FileReport):
                yield one
                continue
            vectors, made = made[: len(one.prepared.passages)], made[len(one.prepared.passages) :]
            try:
                yield self._written(one, vectors)
            except KnowledgeBaseError as error:
                yield self._fault(one.source, error, dry_run=False)
            self._repeats.settle(one.prepared.document.id)

    def _written(self, waiting: _Waiting, made: Sequence[PassageVectors]) -> FileReport:
        """The line of a document, once it is in the base."""
        self._on_stage(Stage.WRITING, waiting.source.source_id)
        document = waiting.prepared.document
        if document.duplicate_of is not None and not self._store.is_current(document.duplicate_of):
            document = replace(document, duplicate_of=None)  # what it repeats could not be written
        prepared = replace(waiting.prepared, document=document)
        found = self._entries.entry(prepared, made, waiting.reading, waiting.fingerprint)
        self._store.add(found.entry, waiting.source.data)
        return self._line(waiting, found.entry.document, len(found.entry.statistics), found.notes)

    def _line(self, waiting: _Waiting, document: Document, statistics: int, notes: tuple[str, ...]) -> FileReport:
        repeats = document.duplicate_of is not None
        return FileReport(
            document.source_id,
            Outcome.DUPLICATE if repeats else waiting.outcome,
            document_id=document.id,
            passages=len(waiting.prepared.passages),
            statistics=statistics,
            removed=len(document.removed),
            duplicate_of=self._repeats.name_of(document.duplicate_of) if document.duplicate_of else None,
            translation_of=self._repeats.name_of(document.translation_of) if document.translation_of else None,
            note="; ".join(notes) or None,
        )


def _reading_with(keep: frozenset[str]) -> str:
    return "+".join([READING, *sorted(keep)])
