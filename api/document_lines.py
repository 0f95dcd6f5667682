"""The current documents of a base as lines of a list: what each is, and how much is in it."""

from __future__ import annotations

from api.schemas import DocumentLine
from kb.citation import DocumentReference
from kb.document import Document
from kb.store import Store


def document_lines(store: Store) -> tuple[DocumentLine, ...]:
    """A line for each current document, by source, with the other names that its very bytes have."""
    names: dict[str, list[str]] = {}
    for source_id, document_id in store.aliases().items():
        names.setdefault(document_id, []).append(source_id)
    sizes = store.sizes()
    return tuple(
        _line(document, sizes.get(document.id, (0, 0)), tuple(names.get(document.id, ())))
        for document in store.documents()
    )


def _line(document: Document, size: tuple[int, int], also_named: tuple[str, ...]) -> DocumentLine:
    passages, statistics = size
    return DocumentLine(
        DocumentReference.of(document),
        document.media_type,
        document.sha256,
        document.language_mix,
        document.version,
        True,
        document.duplicate_of,
        passages,
        statistics,
        len(document.removed),
        len(document.text),
        also_named,
    )
