"""What a citation is. Formatting it in a style is ``kb.citing``'s; the store is unknown here."""

from __future__ import annotations

from dataclasses import dataclass

from kb.records.document import Document, Place, Span


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """What a reader needs to recognise a document; unknown fields are null, ``inferred`` names those nothing states."""

    id: str
    source_id: str
    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    url: str | None
    inferred: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: Document) -> DocumentReference:
        """The reference of a document."""
        return cls(
            document.id,
            document.source_id,
            document.title,
            document.authors,
            document.publisher,
            document.published,
            document.url,
            document.inferred,
        )


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: ``document.text[span] == quote``, in the source with this SHA-256.

    ``number`` is the mark in an answer, counted from 1. ``permalink`` is a path on the server. ``headings`` are those
    that it stands under, the highest first, without the title of the document: they may name whom it is about.
    """

    number: int
    document: DocumentReference
    passage_id: str
    quote: str
    span: Span
    sha256: str
    permalink: str
    places: tuple[Place, ...] = ()
    headings: tuple[str, ...] = ()


def permalink(passage_id: str, span: Span) -> str:
    """The path that opens exactly these characters."""
    return f"/passages/{passage_id}?start={span.start}&end={span.end}"


def public_link(home: str | None, path: str) -> str | None:
    """The address that opens a path for others, at the ``home`` where they reach the server; null where they cannot."""
    return None if home is None else home + path
