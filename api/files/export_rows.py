"""A row for each exported passage, document and citation of an answer, with its finished citation in every row."""

from __future__ import annotations

from collections.abc import Iterable

from api.files.delimited import Cell
from api.files.export_records import DocumentRecord, PassageRecord
from api.files.figure_rows import citation_cells, entry_of
from kb.citing.citation_words import Style
from kb.records.answer import Answer
from kb.records.language import Language


def passage_rows(records: Iterable[PassageRecord], home: str | None) -> list[dict[str, Cell]]:
    """What the passage is about, its text, and the cited words; rank and score are empty where nothing was searched."""
    return [
        {
            "rank": record.rank,
            "score": record.score,
            "language": record.passage.language.value,
            "topics": " ".join(assigned.topic.value for assigned in record.passage.topics),
            "own_topics": " ".join(own.name for own in record.passage.own_topics),
            "heading": " > ".join(record.passage.heading_path),
            "text": record.passage.text,
            **citation_cells(record.citation, home),
            "citation": record.entry,
            "also_in": "; ".join(document.source_id for document in record.also_in),
        }
        for record in records
    ]


def document_rows(records: Iterable[DocumentRecord]) -> list[dict[str, Cell]]:
    """What is known of the document and how much is in it. Its text is in the lines of JSON, too long for a cell."""
    return [
        {
            "document_id": record.document_id,
            "source_id": record.id,
            "title": record.title,
            "authors": "; ".join(record.authors),
            "publisher": record.publisher,
            "published": record.published,
            "url": record.url,
            "series": record.series,
            "media_type": record.media_type,
            "languages": " ".join(f"{one.language.value}:{one.share}" for one in record.language_mix),
            "characters": len(record.text),
            "passages": len(record.passages),
            "statistics": len(record.statistics),
            "sha256": record.sha256,
            "citation": record.entry,
        }
        for record in records
    ]


def answer_rows(answer: Answer, style: Style, wording: Language, home: str | None) -> list[dict[str, Cell]]:
    """A row for each citation of an answer, with the statement that it stands under."""
    statements = {number: place for place, one in enumerate(answer.statements, start=1) for number in one.citations}
    return [
        {
            "question": answer.question,
            "status": answer.status.value,
            "statement": statements.get(citation.number),
            "number": citation.number,
            **citation_cells(citation, home),
            "citation": entry_of(citation.document, style, wording),
        }
        for citation in answer.citations
    ]
