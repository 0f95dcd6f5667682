"""What a sender says anew of a source that is in the base: the record with it, and the figures that follow from it.

The text is the same, so nothing is read, split or embedded again; the figures of a short text are read again by the
model that reads them. Refuses to write.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from ingest.entries import with_topics
from ingest.figures import read_figures
from ingest.readers.properties.metadata import FIELDS
from ingest.sources.sources import SourceFile
from kb.records.document import Document, Passage
from kb.records.messages import say, together
from kb.records.ports import Embedder
from kb.records.statistic import Statistic

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
        return Restated(_as_acknowledged(document, source), say("its_corrections_were_put_back"))
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


def _as_acknowledged(document: Document, source: SourceFile) -> Document:
    """The document with the record that was acknowledged and lost, and its history."""
    known = source.metadata
    return replace(
        document,
        title=known.title,
        authors=known.authors,
        publisher=known.publisher,
        published=known.published,
        url=known.url,
        series=known.series,
        origins=known.origins,
        corrections=source.corrections,
    )
