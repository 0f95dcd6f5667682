"""The order of the steps that turn sources into documents of the base, and a report line for each.

Owns what is done when; each step is another module's. Vectors and word analysis are handed in:
this room never imports the index.
"""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from ingest.entries import EntryMaker, embed
from ingest.on_ray import Ahead, Answer, Found, Made, WantedSource
from ingest.pruning import Met, differing, figures_anew, pruned, restated
from ingest.readers.dispatch import read_document
from ingest.repeats.duplicates import Repeats, Translations
from ingest.sources.naming import Naming
from ingest.sources.report import FileReport, OnStage, Outcome, RunReport, Stage
from ingest.sources.sources import SourceFailure, SourceFile
from ingest.tagging import Tagger
from ingest.text.prepare import READING, Prepared, ReadDocument, prepare
from kb.outside.strings import whole
from kb.records.document import Document, document_id
from kb.records.errors import ChangedError, KnowledgeBaseError, SourceError
from kb.records.messages import say, together
from kb.records.operation import OPERATOR, Sender
from kb.records.ports import Embedder, PassageVectors, WordAnalyser
from kb.store import Store, StoredFailure, StoredFingerprint

# Keeping this gives up what was kept before.
KEEP_NONE = "none"
# A bulk run embeds documents together until they have this many texts (passages and sentences): short ones
# then share batches of like length. More would only delay their lines and what a crash must do again.
BULK_TEXTS = 128
_LINES_TOGETHER = 64
# The stage of a source that is somebody else's: it is not kept as a failure, for it is none of the base's.
_REFUSED = "refused"
# Who corrected a record where nobody is known to have sent the source.
_NOBODY = "nobody"


def _say_nothing(stage: Stage, source: str) -> None:
    """Nobody watches."""


@dataclass(frozen=True, slots=True)
class _Waiting:
    """A document that was read and waits to be written, with what its line will say, and what was made of it ahead
    (null: its passages are yet to be embedded)."""

    source: SourceFile
    prepared: Prepared
    fingerprint: StoredFingerprint
    outcome: Outcome
    reading: str
    made: Made | None

    @property
    def texts(self) -> int:
        return sum(1 + len(passage.sentences) for passage in self.prepared.passages)


class Pipeline:
    """Ingests sources into a store. The embedder is asked for only when a document needs vectors.

    ``read`` is what reads originals (``IsolatedReader.read`` for files that nobody vouches for); ``keep``
    names the cleaning rules that take nothing out ("all" for every rule). What was kept of a document stays
    kept in later runs, until ``keep`` is "none". ``translations`` makes what finds
    translations; without it none are looked for. ``now`` is when a record is corrected. ``ahead`` has what is new read
    and embedded by workers; what the base makes of it is the same without.
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
        translations: Callable[[Embedder], Translations] | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        ahead: Ahead | None = None,
    ) -> None:
        self._store = store
        self._embedder = embedder
        self._entries = EntryMaker(store, embedder, words, tagger, translations)
        self._read = read
        self._keep = keep
        self._repeats = Repeats(store)
        self._naming = Naming(store)
        self._met = Met()
        self._on_stage: OnStage = _say_nothing
        self._now = now
        self._ahead = ahead
        self._by = _NOBODY

    def run(
        self,
        sources: Iterable[SourceFile | SourceFailure],
        *,
        dry_run: bool = False,
        on_file: Callable[[FileReport], None] = lambda report: None,
        on_stage: OnStage = _say_nothing,
        texts_together: int = 1,
        sender: Sender = OPERATOR,
    ) -> RunReport:
        """Ingest every source; one that fails is a line of the report and stops nothing.

        With ``dry_run`` files are read and judged but nothing is written. Documents are embedded together
        until they have ``texts_together`` passages and sentences (one by one unless told otherwise); each is
        written, whole, in its own transaction, and its line is told after that. What is not the ``sender``'s to
        replace fails.
        """
        self._on_stage = on_stage
        self._repeats.forget_coming()
        self._naming.begin(sender)
        self._by = sender.owner or _NOBODY
        self._met = Met()
        reports = []
        for report in self._lines(sources, dry_run, texts_together):
            reports.append(report)
            on_file(report)
        return RunReport(tuple(reports), dry_run)

    @property
    def failed_files(self) -> frozenset[str]:
        """The files (``Origin.file``) of which something failed in the last run."""
        return frozenset(self._met.failed_files)

    def prune(self, report: RunReport, folders: Sequence[Path], *, dry_run: bool = False) -> RunReport:
        """The report of the last run with a line for each source below these folders whose file has gone from them.

        They are removed, unless ``dry_run``; a document that came from elsewhere too stays. So does that of a file that
        failed, and what an earlier version brought, whose place is not known: it is named.
        """
        return RunReport((*report.files, *pruned(self._store, self._met, folders, dry_run=dry_run)), dry_run)

    def _lines(
        self, sources: Iterable[SourceFile | SourceFailure], dry_run: bool, texts_together: int
    ) -> Iterator[FileReport]:
        """A line for every source, in the order in which they were met."""
        queue: list[FileReport | _Waiting] = []
        for source, made in self._in_order(sources, dry_run):
            if isinstance(source, SourceFile) and not dry_run and self._repeats.is_coming(source):
                yield from self._finished(queue)
                queue = []
            queue.append(self._judged(source, dry_run, made))
            waiting = [one for one in queue if isinstance(one, _Waiting)]
            if not waiting or sum(one.texts for one in waiting) >= texts_together or len(queue) >= _LINES_TOGETHER:
                yield from self._finished(queue)
                queue = []
        yield from self._finished(queue)

    def _in_order(self, sources: Iterable[Found], dry_run: bool) -> Iterable[tuple[Found, Answer | None]]:
        """The sources under their names, with what was made of each ahead; null where it is still to be made."""
        named = map(self._named, sources)
        if self._ahead is None:
            return ((source, None) for source in named)
        asked: set[str] = set()
        return self._ahead.over((source, self._wanted(source, asked, dry_run)) for source in named)

    def _wanted(self, source: Found, asked: set[str], dry_run: bool) -> WantedSource | None:
        """What is to be made of a source ahead; null for one that is in the base or was ``asked`` for, by its bytes."""
        if isinstance(source, SourceFailure) or source.sha256 in asked:
            return None
        keep = self._keep_for(source.source_id)
        if self._store.known(source.source_id) == (source.sha256, _reading_with(keep)):
            return None
        if self._repeats.with_bytes(source.sha256) not in (None, source.source_id):
            return None
        asked.add(source.sha256)
        return WantedSource(source, keep, embedded=not dry_run)

    def _named(self, source: SourceFile | SourceFailure) -> SourceFile | SourceFailure:
        """The source under the name that it has in the base, or the failure of one that is somebody else's."""
        self._met.add(source)
        if source.origin is None or (isinstance(source, SourceFailure) and source.stage == "skipped"):
            return source
        sha256 = source.sha256 if isinstance(source, SourceFile) else None
        try:
            claimed = self._naming.claimed(source.source_id, source.origin, sha256)
        except SourceError as error:
            self._met.failed(source.origin)
            return SourceFailure(source.source_id, _REFUSED, error.reason, error.hint)
        named = replace(source, source_id=claimed.claim.source.source_id)
        if claimed.note is None or isinstance(named, SourceFailure):
            return named
        return replace(named, notes=(*named.notes, claimed.note))

    def _judged(self, source: Found, dry_run: bool, made: Answer | None) -> FileReport | _Waiting:
        """The line of a source, or the document that is to be written first."""
        if isinstance(source, SourceFailure):
            return self._failed(source, dry_run)
        try:
            return self._known(source, dry_run) or self._prepared(source, dry_run, made)
        except KnowledgeBaseError as error:
            return self._fault(source, error, dry_run)

    def _fault(self, source: SourceFile, error: KnowledgeBaseError, dry_run: bool) -> FileReport:
        """The line of a source that could not be ingested; an error that stops a run is raised again."""
        if type(error).stops_a_run:
            raise error
        reason, hint = whole(error.reason), whole(error.hint)
        failure = SourceFailure(source.source_id, "read", reason, hint, source.path, source.origin)
        return self._failed(failure, dry_run)

    def _failed(self, failure: SourceFailure, dry_run: bool) -> FileReport:
        skipped = failure.stage == "skipped"
        if failure.origin is not None and not skipped:
            self._met.failed(failure.origin)
        if not skipped and failure.stage != _REFUSED and not dry_run:
            self._note(failure)
        return FileReport(
            failure.source_id,
            Outcome.SKIPPED if skipped else Outcome.FAILED,
            stage=failure.stage,
            reason=failure.reason,
            hint=failure.hint or None,
        )

    def _note(self, failure: SourceFailure) -> None:
        """Remember a failure, to be tried again."""
        path = None if failure.path is None else os.fsencode(failure.path.resolve()).decode("utf-8", "backslashreplace")
        stored = StoredFailure(failure.source_id, path, failure.stage, failure.reason, failure.hint or None)
        try:
            self._store.note_failure(stored, self._naming.claim_of(failure.source_id))
        except SourceError:  # another run brings a source of this name: the failure itself is still told
            self._store.note_failure(stored)

    def _known(self, source: SourceFile, dry_run: bool) -> FileReport | None:
        """The line of a source whose bytes are in the base (or, in a dry run, would be by now), else null."""
        keep, claim = self._keep_for(source.source_id), self._naming.claim_of(source.source_id)
        if self._store.known(source.source_id) == (source.sha256, _reading_with(keep)):
            return self._unchanged(source, dry_run)
        name = self._repeats.with_bytes(source.sha256)
        if name is None or name == source.source_id:
            return None
        if not dry_run:
            self._store.add_alias(source.source_id, document_id(source.sha256), claim)
        note = together(*source.notes, self._repaired(source, dry_run), self._says_otherwise(source))
        return FileReport(
            source.source_id, Outcome.DUPLICATE, document_id=document_id(source.sha256), duplicate_of=name, note=note
        )

    def _unchanged(self, source: SourceFile, dry_run: bool) -> FileReport:
        claim = self._naming.claim_of(source.source_id)
        if claim is not None and not dry_run and not self._store.sources.is_written(claim):
            self._store.keep_claim(claim)
        repaired, (corrected, said) = self._repaired(source, dry_run), self._restated(source, dry_run)
        outcome = Outcome.UPDATED if corrected else Outcome.REPAIRED if repaired else Outcome.UNCHANGED
        note = together(*source.notes, repaired, said)
        return FileReport(source.source_id, outcome, document_id=document_id(source.sha256), note=note)

    def _restated(self, source: SourceFile, dry_run: bool) -> tuple[bool, str | None]:
        """Whether the record of a source with the same bytes was corrected by what is said of it now, and a note."""
        document = self._store.document(document_id(source.sha256))
        if document.source_id != source.source_id:
            return False, self._says_otherwise(source)
        said = restated(document, source, self._now(), self._by)
        if said.document is document:
            return False, said.note
        if not dry_run:
            statistics = figures_anew(document, said.document, self._store.passages_of(document.id), self._embedder)
            try:
                self._store.correct(said.document, statistics, document.revision)
            except ChangedError:  # by somebody else since it was read: both hold
                return self._restated(source, dry_run)
        return True, said.note

    def _says_otherwise(self, source: SourceFile) -> str | None:
        """That a source says something else of its bytes than the document that has them, whose record is kept; else
        null."""
        if (document := self._store.current_with_bytes(source.sha256)) is None:
            return None
        fields = differing(document, source)
        return (
            say("its_metadata_is_not_the_record", fields=", ".join(fields), name=document.source_id) if fields else None
        )

    def _repaired(self, source: SourceFile, dry_run: bool) -> str | None:
        """What is said where the base's original of these bytes was missing or changed, and is put back; else null."""
        if not self._store.has_bytes(source.sha256) or (fault := self._store.fault_of_original(source.sha256)) is None:
            return None
        if not dry_run:
            self._store.put_back_original(source.data)
        return (
            say("its_original_it_would_be_put", fault=fault)
            if dry_run
            else say("its_original_it_was_put_back", fault=fault)
        )

    def _keep_for(self, source_id: str) -> frozenset[str]:
        """The rules that take nothing out of a source: those named now, and those it was read with before.

        Whether pictures were recognised stands among them.
        """
        if KEEP_NONE in self._keep:
            return self._keep - {KEEP_NONE}
        known = self._store.known(source_id)
        return self._keep.union(known[1].split("+")[1:] if known else ())

    def _prepared(self, source: SourceFile, dry_run: bool, made: Answer | None) -> FileReport | _Waiting:
        """A new or changed source, read, cleaned, split and compared; in a dry run that is all."""
        self._on_stage(Stage.READING, source.source_id)
        if isinstance(made, KnowledgeBaseError):
            raise made
        version = self._store.next_version(source.source_id)
        keep = self._keep_for(source.source_id)
        read = prepare(source, keep=keep, read=self._read) if made is None else made.prepared
        prepared = replace(read, document=replace(read.document, version=version))
        prepared = self._with_corrections(prepared, source)
        prepared, stored = self._repeats.marked(prepared)
        outcome = Outcome.ADDED if self._store.known(source.source_id) is None else Outcome.UPDATED
        waiting = _Waiting(source, prepared, stored, outcome, _reading_with(keep), made)
        line = self._line(waiting, prepared.document, 0, ()) if dry_run else waiting
        self._repeats.expect(prepared.document.id, source.source_id)
        return line

    def _with_corrections(self, prepared: Prepared, source: SourceFile) -> Prepared:
        """The document with what was corrected in the earlier reading or version of its source."""
        earlier = self._store.current_of(source.source_id)
        if earlier is None or source.corrections:
            return prepared
        corrected = prepared.document.as_corrected_in(self._store.document(earlier))
        said = restated(corrected, source, self._now(), self._by)
        return replace(prepared, document=said.document, notes=(*prepared.notes, *filter(None, (said.note,))))

    def _finished(self, queue: Sequence[FileReport | _Waiting]) -> Iterator[FileReport]:
        """The lines of a queue, its documents embedded together, where they are not yet, and written one by one."""
        waiting = [one for one in queue if isinstance(one, _Waiting)]
        passages = [passage for one in waiting if one.made is None for passage in one.prepared.passages]
        for stamp in dict.fromkeys(one.made.stamp for one in waiting if one.made is not None and one.made.stamp):
            self._store.claim(stamp)
        made: list[PassageVectors] = []
        if passages:
            self._on_stage(Stage.EMBEDDING, next(one.source.source_id for one in waiting if one.made is None))
            embedder = self._embedder()
            self._store.claim(embedder.stamp)
            made = embed(embedder, passages)
        for one in queue:
            if isinstance(one, FileReport):
                yield one
                continue
            count = len(one.prepared.passages) if one.made is None else 0
            vectors, made = made[:count] if one.made is None else one.made.vectors, made[count:]
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
        self._store.add(found.entry, waiting.source.data, self._naming.claim_of(waiting.source.source_id))
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
            note=together(*waiting.source.notes, *waiting.prepared.doubts, *waiting.prepared.notes, *notes),
            look_at=bool(waiting.prepared.doubts),
        )


def _reading_with(keep: frozenset[str]) -> str:
    return "+".join([READING, *sorted(keep)])
