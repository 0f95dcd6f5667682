"""Scored passages to hits: reprints joined over the whole pool, reasons and citations made for the shown page alone.

Owns what is one hit. Knows no HTTP and no ranking.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from api.service.schemas import DocumentLine
from index.search.searcher import Scored, Searcher
from kb.records.document import Document, Passage, Span
from kb.records.likeness import like
from kb.records.search import Citation, DocumentReference, Hit, permalink
from kb.store import Store
from kb.store.entry import DocumentFacts


@dataclass(frozen=True, slots=True)
class PooledHit:
    """A hit before it is shown: where it ranks (from 1), its passage, its document and the others with its text."""

    rank: int
    scored: Scored
    passage: Passage
    document: DocumentFacts
    also_in: tuple[DocumentReference, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceInList:
    """Where a passage stands among the hits of a search, with the hits on both sides (null at the ends)."""

    rank: int
    total: int
    previous: Hit | None
    next: Hit | None


def pooled(store: Store, scored: Sequence[Scored]) -> list[PooledHit]:
    """The hits, best first; a text that stands in several documents is one hit that names the others."""
    passages = store.passages([one.key for one in scored])
    documents = store.facts_of([passage.document_id for passage in passages.values()])
    hits: dict[bytes, PooledHit] = {}
    for one in scored:
        passage = passages.get(one.key)
        document = documents.get(passage.document_id) if passage else None
        if passage is None or document is None:  # removed between the search and this read
            continue
        same = _same_words(passage.text)
        known = hits.get(same)
        hits[same] = (
            _with_reprint(known, document.reference) if known else PooledHit(len(hits) + 1, one, passage, document)
        )
    return list(hits.values())


# A pool is a hundred passages of which most were in the last one too.
@lru_cache(maxsize=8192)
def _same_words(text: str) -> bytes:
    """Equal for texts that differ in nothing but case and white space."""
    return hashlib.sha256(" ".join(text.split()).casefold().encode()).digest()


def shown(store: Store, searcher: Searcher, text: str, page: Sequence[PooledHit]) -> tuple[Hit, ...]:
    """The hits of a page of a search for ``text``, each with why it was found and with its citation."""
    reasons = {one.key: one.why for one in searcher.explained(text, [hit.scored for hit in page])}
    documents = store.documents_with({hit.passage.document_id for hit in page})
    return tuple(
        Hit(
            hit.rank,
            hit.scored.score,
            why,
            hit.passage,
            hit.document.reference,
            cite_span(documents[hit.passage.document_id], hit.passage, why.sentence_span),
            hit.also_in,
        )
        for hit in page
        for why in [reasons.get(hit.scored.key, hit.scored.why)]
        if hit.passage.document_id in documents  # else removed between the search and this read
    )


def _with_reprint(hit: PooledHit, reference: DocumentReference) -> PooledHit:
    """The hit, naming one more document in which its text stands."""
    if reference.id == hit.document.reference.id or reference in hit.also_in:
        return hit
    return replace(hit, also_in=(*hit.also_in, reference))


def cite_span(document: Document, passage: Passage, span: Span) -> Citation:
    """The citation of some characters of a passage (or of the heading that it stands under), quoted from the document's
    text."""
    quote = span.cut(document.text)
    return Citation(
        number=1,
        document=DocumentReference.of(document),
        passage_id=passage.id,
        quote=quote,
        span=span,
        sha256=document.sha256,
        permalink=permalink(passage.id, span),
        places=document.place_of(span),
        headings=tuple(one for one in passage.heading_path if one not in (document.title, quote)),
    )


def document_lines(store: Store, limit: int | None = None, offset: int = 0) -> tuple[DocumentLine, ...]:
    """A line for each current document, by source, with the other names that its very bytes have; at most ``limit`` of
    them, those before ``offset`` left out."""
    return lines_of(store, store.documents(limit=limit, offset=offset))


def lines_of(store: Store, documents: Sequence[Document]) -> tuple[DocumentLine, ...]:
    """A line for each of these documents, which are current."""
    ids = [document.id for document in documents]
    names, sizes = store.names_of(ids), store.sizes(ids)
    return tuple(
        like(
            DocumentLine,
            one,
            document=DocumentReference.of(one),
            current=True,
            passages=sizes.get(one.id, (0, 0))[0],
            statistics=sizes.get(one.id, (0, 0))[1],
            removed=len(one.removed),
            characters=len(one.text),
            also_named=tuple(names.get(one.id, ())),
        )
        for one in documents
    )
