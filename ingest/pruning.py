"""What has gone from the folders of a run: bounded by the folders, and by what else brought the same source."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from ingest.entries import with_topics
from ingest.figures import read_figures
from ingest.readers.properties.metadata import FIELDS
from ingest.sources.places import Origin, is_gone, place_of
from ingest.sources.report import FileReport, Outcome
from ingest.sources.sources import SourceFailure, SourceFile
from kb.records.document import Document, Passage
from kb.records.messages import say, together
from kb.records.ports import Embedder
from kb.records.source import KnownPlace
from kb.records.statistic import Statistic
from kb.store import Store

_UNKNOWN_PLACE = say("was_brought_by_an_earlier_version")


@dataclass(slots=True)
class Met:
    """What a run met: places, the files that held them, and the files of which something failed."""

    places: set[str] = field(default_factory=set)
    files: set[str] = field(default_factory=set)
    failed_files: set[str] = field(default_factory=set)

    def add(self, source: SourceFile | SourceFailure) -> None:
        """Note a source that was found, or a failure to find one."""
        if source.origin is not None:
            self.places.add(source.origin.place)
            self.files.add(source.origin.file)

    def failed(self, origin: Origin) -> None:
        """Note that something of a file failed: what it held before is not known to have gone."""
        self.failed_files.add(origin.file)

    def has_lost(self, place: KnownPlace) -> bool:
        """Whether a place was not met because what stood there has gone."""
        if place.place in self.places or place.file in self.failed_files:
            return False
        return place.file in self.files or is_gone(place.file)


def pruned(store: Store, met: Met, folders: Sequence[Path], *, dry_run: bool) -> Iterator[FileReport]:
    """A line for each source below the folders that has gone, forgotten unless ``dry_run``, and for each of which an
    earlier version kept no place."""
    for folder in dict.fromkeys(map(place_of, folders)):
        for place in store.sources.places_below(folder):
            if met.has_lost(place) and (line := _forgotten(store, place, dry_run)) is not None:
                yield line
        for name, document_id in store.sources.of_unknown_place(Path(folder).name):
            hint = say("remove_it_if_it_has_kb", document_id=document_id)
            yield FileReport(
                name, Outcome.SKIPPED, document_id=document_id, stage="prune", reason=_UNKNOWN_PLACE, hint=hint
            )


def _forgotten(store: Store, place: KnownPlace, dry_run: bool) -> FileReport | None:
    """The line of a source that had this place and no other; null where it is still brought from elsewhere."""
    current = store.current_of(place.source_id)
    others = len(store.sources.places_of(place.source_id)) > 1
    if not dry_run:
        store.forget_place(place)
    if others or current is None:
        return None
    return FileReport(place.source_id, Outcome.REMOVED, document_id=current)


# Fields that say who measured a figure, and when, where its sentence does not.
_ATTRIBUTING = frozenset({"title", "publisher", "published", "url"})
# Where a page was fetched from is no claim about it.
_FETCHED = "fetched from"


@dataclass(frozen=True, slots=True)
class Restated:
    """The document with what was said of it, and a note on what was changed in it and what was not taken."""

    document: Document
    note: str | None


def restated(document: Document, source: SourceFile, at: datetime, by: str) -> Restated:
    """The document with what its source says of it now; the same document where that is nothing new.

    What the record was before somebody else corrected it is not taken again, and a note says so.
    """
    if len(source.corrections) > document.revision:
        given = {name: getattr(source.metadata, name) for name in (*FIELDS, "origins")}
        acknowledged = replace(document, **given, corrections=source.corrections)
        return Restated(acknowledged, say("its_corrections_were_put_back"))
    origins = {one.field: one.origin for one in source.metadata.origins}
    given = {name: value for name in FIELDS if (value := getattr(source.metadata, name)) and name in origins}
    old_news = [name for name, value in given.items() if document.is_superseded(name, value, origins[name])]
    made = document
    for origin in dict.fromkeys(origins[name] for name in given):
        values = {name: value for name, value in given.items() if origins[name] == origin and name not in old_news}
        made = made.corrected(values, at, by, origin)
    changed = [name for one in made.corrections[document.revision :] for name in one.fields]
    told = [name for name in old_news if origins[name] != _FETCHED]
    return Restated(
        made,
        together(
            say("its_record_was_corrected", fields=", ".join(changed)) if changed else None,
            say("what_was_corrected_since_was_kept", fields=", ".join(told)) if told else None,
        ),
    )


def differing(document: Document, source: SourceFile) -> tuple[str, ...]:
    """The fields of which a source says something else than the record of the document with its bytes."""
    return tuple(
        name for name in FIELDS if (value := getattr(source.metadata, name)) and value != getattr(document, name)
    )


def figures_anew(
    before: Document, after: Document, passages: Sequence[Passage], embedder: Callable[[], Embedder]
) -> tuple[Statistic, ...] | None:
    """The statistics of a document under its new record; null where they cannot be others than before."""
    if all(getattr(before, name) == getattr(after, name) for name in _ATTRIBUTING):
        return None
    return with_topics(read_figures(after, passages, embedder), passages)
