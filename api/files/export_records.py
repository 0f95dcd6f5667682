"""The records of an export, gathered from an open base: what each line of JSON holds.

Owns which records there are and in which order. Knows no file format and no HTTP.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass

from api.files.export_requests import AskedExport
from api.files.figure_rows import entry_of
from api.service.hits import cite_span
from api.service.knowledge_base import MAX_LIMIT, KnowledgeBase
from api.service.schemas import CopyReady, FigurePlace
from kb.records.document import LanguageShare, Passage
from kb.records.errors import NotFoundError
from kb.records.likeness import like
from kb.records.messages import say
from kb.records.search import Citation, DocumentReference, Query
from kb.records.statistic import Statistic


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A document in the shape that ingestion takes, with its passages and statistics.

    ``entry`` is its citation in words. ``original`` holds its bytes in base64 where they were asked for: with
    them, ingestion makes the same document with the same ids.
    """

    id: str
    text: str
    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    url: str | None
    series: str | None
    document_id: str
    sha256: str
    media_type: str
    language_mix: tuple[LanguageShare, ...]
    entry: str
    passages: tuple[Passage, ...]
    statistics: tuple[Statistic, ...]
    original: str | None = None


@dataclass(frozen=True, slots=True)
class PassageRecord:
    """A passage with its citation, as a record and in words; rank and score are null where nothing was searched for.

    Of a search the citation is that of the sentence that matched, else that of the whole passage.
    """

    rank: int | None
    score: float | None
    passage: Passage
    document: DocumentReference
    citation: Citation
    entry: str
    also_in: tuple[DocumentReference, ...] = ()


@dataclass(frozen=True, slots=True)
class StatisticRecord:
    """A statistic with its citation, as a record and in words, its other places and its sentence to copy."""

    statistic: Statistic
    citation: Citation
    entry: str
    also_in: tuple[FigurePlace, ...]
    sentence: CopyReady | None
    score: float | None


@dataclass(frozen=True, slots=True)
class FoundPassages:
    """Passages for an export, and what is to be said of them; ``missing`` is what of that makes them fewer than there
    are (a ranking that ends, an index being rebuilt)."""

    records: tuple[PassageRecord, ...]
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def find_passages(base: KnowledgeBase, asked: AskedExport) -> FoundPassages:
    """The hits of the search that is asked for, or without words every live passage by source and place."""
    if asked.text is None:
        return FoundPassages(tuple(_every_passage(base, asked)))
    found = base.search(Query(asked.text, asked.filters, asked.limit))
    missing = found.notes[: int(found.degraded)]
    if asked.limit < found.total:
        missing += (say("first_passages_by_the_limit", limit=asked.limit, total=found.total),)
    elif found.total >= MAX_LIMIT:
        missing += (say("a_search_ranks_at_most_passages", most=MAX_LIMIT),)
    records = tuple(
        like(PassageRecord, hit, score=round(hit.score, 6), entry=_entry(hit.document, asked)) for hit in found.hits
    )
    return FoundPassages(records, tuple(dict.fromkeys((*found.notes, *missing))), missing)


def find_documents(base: KnowledgeBase, asked: AskedExport) -> list[str]:
    """The ids of the current documents with at least one passage that is asked for; by best hit where words are,
    else by source."""
    if asked.text is not None:
        return list(dict.fromkeys(record.document.id for record in find_passages(base, asked).records))
    ids = base.records.document_ids()
    matching = base.records.matching(asked.filters)
    wanted = ids if matching is None else {passage.document_id for passage in matching.values()}
    return [one for one in ids if one in wanted]


def document_records(base: KnowledgeBase, asked: AskedExport, ids: list[str]) -> Iterator[DocumentRecord]:
    """The documents with these ids; one that was removed since they were found is left out."""
    for document_id in ids:
        try:
            found = base.document(document_id)
            document = found.document
            data = base.records.original(document.sha256) if asked.originals else None
        except NotFoundError:
            continue
        yield like(
            DocumentRecord,
            document,
            id=document.source_id,
            document_id=document.id,
            entry=_entry(DocumentReference.of(document), asked),
            passages=found.passages,
            statistics=tuple(base.records.statistics_in(found.passages)),
            original=None if data is None else base64.b64encode(data).decode("ascii"),
        )


def _every_passage(base: KnowledgeBase, asked: AskedExport) -> Iterator[PassageRecord]:
    matching = base.records.matching(asked.filters)
    allowed = None if matching is None else {passage.id for passage in matching.values()}
    for document in base.records.each_document():
        reference = DocumentReference.of(document)
        entry = _entry(reference, asked)
        for passage in base.records.passages_of(document.id):
            if allowed is None or passage.id in allowed:
                citation = cite_span(document, passage, passage.span)
                yield PassageRecord(None, None, passage, reference, citation, entry)


def _entry(document: DocumentReference, asked: AskedExport) -> str:
    return entry_of(document, asked.writing.style, asked.writing.language)
