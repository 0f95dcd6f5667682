"""A document read again from its original, where rows of it were damaged: with the metadata that was known of it.

Owns which of its metadata came from outside the original. Knows no database.
"""

from __future__ import annotations

from ingest.media_types import media_type_of
from ingest.metadata import SourceMetadata
from ingest.pipeline import Pipeline
from ingest.report import Outcome
from ingest.sources import SourceFile
from kb.document import Document
from kb.errors import SourceError


def read_again(pipeline: Pipeline, source_id: str, original: bytes, known: Document | None, *, tried: bool) -> None:
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
    source = SourceFile.of(source_id, original, media_type, metadata=metadata)
    (line,) = pipeline.run([source], dry_run=tried).files
    if line.outcome in (Outcome.FAILED, Outcome.SKIPPED):
        raise SourceError(source_id, line.reason or "cannot be read", line.hint or "")
