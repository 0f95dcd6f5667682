"""The citation of some characters of a passage: what every hit, answer and figure carries."""

from __future__ import annotations

from kb.citation import Citation, DocumentReference, permalink
from kb.document import Document, Passage, Span


def cite_span(document: Document, passage: Passage, span: Span) -> Citation:
    """The citation of some characters of a passage, quoted from the document's text."""
    return Citation(
        number=1,
        document=DocumentReference.of(document),
        passage_id=passage.id,
        quote=span.cut(document.text),
        span=span,
        sha256=document.sha256,
        permalink=permalink(passage.id, span),
        places=document.place_of(span),
    )
