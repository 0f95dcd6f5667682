"""What has gone from the folders of a run: bounded by the folders, and by what else brought the same source."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from ingest.sources.places import Origin, is_gone, place_of
from ingest.sources.report import FileReport, Outcome
from ingest.sources.sources import SourceFailure, SourceFile
from kb.records.messages import say
from kb.records.source import KnownPlace
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
