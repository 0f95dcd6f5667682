"""What travels with a passage into another framework, so that every quote can be traced back. Knows no framework."""

from __future__ import annotations

from cx_kb_client import models


def fields_of(hit: models.Hit) -> dict[str, str | float | int]:
    """What is known of a hit, flat and without nulls: ids, source, language, the sentence that matched."""
    document = hit.document
    known: dict[str, str | float | int | None] = {
        "passage_id": hit.passage.id,
        "document_id": document.id,
        "source_id": document.source_id,
        "title": document.title,
        "authors": "; ".join(document.authors) or None,
        "publisher": document.publisher,
        "published": document.published,
        "url": document.url,
        "language": hit.passage.language,
        "rank": hit.rank,
        "score": hit.score,
        "quote": hit.citation.quote,
        "permalink": hit.citation.permalink,
    }
    return {name: value for name, value in known.items() if value is not None}
