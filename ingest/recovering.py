"""Documents that are lost and whose originals are kept, read again: under their names where these are written down;
and one of the base read again.

Owns how an original becomes a source again. Refuses to know what is lost, and to open a base.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from ingest.pipeline import Pipeline
from ingest.readers.properties.metadata import FIELDS, SourceMetadata
from ingest.readers.signatures import BY_EXTENSION, JSON_LINES, ZIP, media_type_of
from ingest.sources.places import Origin, folded
from ingest.sources.report import FileReport, Outcome
from ingest.sources.sources import SourceFailure, SourceFile
from kb.records.document import Document, FieldOrigin
from kb.records.errors import KnowledgeBaseError, SourceError
from kb.records.messages import say
from kb.records.operation import OPERATOR, Sender
from kb.records.source import Claim
from kb.store import Store
from kb.store.disk.acknowledged import Change, claim_of, corrections_of

# The folder that the names of documents begin with whose own are written nowhere.
_UNNAMED = "recovered"

MakePipeline = Callable[[frozenset[str]], Pipeline]
"""The cleaning rules that take nothing out, to the steps of ingestion into the base."""


class Recovery:
    """Reads originals of a base again. A pipeline is made for each set of cleaning rules that documents were read
    with."""

    def __init__(self, store: Store, make_pipeline: MakePipeline) -> None:
        self._store = store
        self._make = make_pipeline
        self._pipelines: dict[frozenset[str], Pipeline] = {}

    def named(self, change: Change) -> FileReport:
        """The line of a document that was acknowledged, read again as it was read then."""
        reading = str(change.facts.get("reading", ""))
        claim = claim_of(change)
        sender = OPERATOR if claim is None else Sender(claim.source.owner, is_admin=True)
        return self._ingested(self._source_of(change, claim), frozenset(reading.split("+")[1:]), sender)

    def unnamed(self, sha256: str) -> FileReport:
        """The line of an original of which nothing else is known; its name is made of its hash and its format."""
        return self._ingested(self._nameless(sha256), frozenset())

    def _ingested(
        self, source: SourceFile | SourceFailure, keep: frozenset[str], sender: Sender = OPERATOR
    ) -> FileReport:
        if keep not in self._pipelines:
            self._pipelines[keep] = self._make(keep)
        return self._pipelines[keep].run([source], sender=sender).files[0]

    def _source_of(self, change: Change, claim: Claim | None) -> SourceFile | SourceFailure:
        name, sha256 = str(change.facts["source"]), str(change.facts["sha256"])
        try:
            data = self._store.original(sha256)
            media_type = change.facts.get("media_type") or media_type_of(name, data)
        except KnowledgeBaseError as error:
            return SourceFailure(name, "read", error.reason, error.hint)
        about = change.facts.get("about") or {}
        values: dict[str, Any] = {field: about.get(field) for field in FIELDS if field != "authors"}
        origins = tuple(FieldOrigin(*origin) for origin in about.get("origins") or ())
        metadata = SourceMetadata(authors=tuple(about.get("authors") or ()), origins=origins, **values)
        origin = None if claim is None else Origin.again(claim)
        source = SourceFile.of(name, data, str(media_type), metadata=metadata, origin=origin)
        return replace(source, corrections=corrections_of(change))

    def _nameless(self, sha256: str) -> SourceFile | SourceFailure:
        name = f"{_UNNAMED}/{sha256[:16]}"
        try:
            data = self._store.original(sha256)
            media_type = media_type_of(name, data)
            if media_type in (ZIP, JSON_LINES):
                raise SourceError(name, say("is_no_document"), say("unpack_it_and_ingest_the_folder"))
        except KnowledgeBaseError as error:
            return SourceFailure(name, "read", error.reason, error.hint)
        ending = next(ending for ending, kind in BY_EXTENSION.items() if kind == media_type and ending)
        return SourceFile.of(f"{name}.{ending}", data, media_type)


def read_again(
    store: Store, pipeline: Pipeline, source_id: str, original: bytes, known: Document | None, *, tried: bool
) -> None:
    """Ingest an original under the name it has in the base; SourceError with the reason when it cannot be read.

    With ``tried`` nothing is written. ``known`` is the document as it stood there, for what its sender said of it; null
    where that is lost.
    """
    media_type = media_type_of(source_id, original) if known is None else known.media_type
    metadata = SourceMetadata()
    if known is not None:
        metadata = SourceMetadata(**{name: getattr(known, name) for name in (*FIELDS, "origins")})
    claim = _claim(store, source_id)
    sender = OPERATOR if claim is None else Sender(claim.source.owner, is_admin=True)
    origin = None if claim is None else Origin.again(claim)
    source = SourceFile.of(source_id, original, media_type, metadata=metadata, origin=origin)
    source = replace(source, corrections=() if known is None else known.corrections)
    (line,) = pipeline.run([source], dry_run=tried, sender=sender).files
    if line.outcome in (Outcome.FAILED, Outcome.SKIPPED):
        raise SourceError(source_id, line.reason or say("cannot_be_read_at_all"), line.hint or "")


def _claim(store: Store, source_id: str) -> Claim | None:
    """What the base knows a source by, null for one of an earlier version."""
    source, places = store.sources.named(source_id), store.sources.places_of(source_id)
    if source is None or not places:
        return None
    return Claim(source, places[0].place, places[0].file, folded(source.identity))
