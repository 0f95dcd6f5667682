"""A document read again from its original, where rows of it were damaged: under its name, with what was known of it.

Owns how what the base knows of a source makes its original a source again. Knows no database.
"""

from __future__ import annotations

from dataclasses import replace

from ingest.pipeline import Pipeline
from ingest.readers.media_types import media_type_of
from ingest.readers.properties.metadata import SourceMetadata
from ingest.sources.places import Origin, folded
from ingest.sources.report import Outcome
from ingest.sources.sources import SourceFile
from kb.records.access import OPERATOR, Sender
from kb.records.document import Document
from kb.records.errors import SourceError
from kb.records.messages import say
from kb.records.source import Claim
from kb.store import Store


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
        metadata = SourceMetadata(
            known.title, known.authors, known.publisher, known.published, known.url, known.series, known.origins
        )
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
