"""An export as the bytes of a file: lines of JSON, a dossier (Markdown, DOCX, HTML), XLSX or CSV.

Owns which writer makes which file; what a row or a quote looks like is decided elsewhere.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from typing import Any

from pydantic import TypeAdapter

from api.files import export_records as records
from api.files.delimited import Cell, Separators, delimited
from api.files.dossier import markdown
from api.files.dossier_printed import docx, html
from api.files.dossiers import (
    Quoted,
    dossier,
    quotes_of_answer,
    quotes_of_documents,
    quotes_of_figures,
    quotes_of_passages,
)
from api.files.export_records import DocumentRecord, PassageRecord
from api.files.export_requests import AskedExport, ExportFormat, What
from api.files.figure_rows import citation_cells, entry_of, figure_rows
from api.service.knowledge_base import KnowledgeBase
from kb.citing.citation_words import Style
from kb.records.answer import Answer
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.likeness import like, members
from kb.records.messages import said, say


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
            **members(record, "publisher published url series media_type"),
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


# What a dossier is called that no words were asked for.
_TITLES = {
    Language.ES: {
        What.DOCUMENTS: "Documentos de la base",
        What.PASSAGES: "Pasajes de la base",
        What.STATISTICS: "Cifras de la base",
    },
    Language.EN: {
        What.DOCUMENTS: "Documents in the base",
        What.PASSAGES: "Passages in the base",
        What.STATISTICS: "Figures in the base",
    },
}
# What a sheet of XLSX can hold beside the line of names.
MAX_ROWS = 1_048_575


@dataclass(frozen=True, slots=True)
class Export:
    """A file in pieces, how many records are in it, and what is to be said of them."""

    pieces: Iterable[bytes]
    count: int
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _ExportRows:
    """What was found, in the three shapes that files are made of; each is made when it is asked for. ``missing`` are
    the notes that a dossier has on its cover."""

    count: int
    lines: Callable[[], Iterable[object]]
    rows: Callable[[], list[dict[str, Cell]]]
    quotes: Callable[[], Iterable[Quoted]]
    notes: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def export(
    base: KnowledgeBase, asked: AskedExport, form: ExportFormat, separators: Separators = Separators.EN
) -> Export:
    """The file that is asked for; lines of JSON are made while they are read, everything else at once.

    Raises InputError for more rows than a sheet can hold: none is left out.
    """
    found = _FINDERS[asked.what](base, asked)
    if form is ExportFormat.JSONL:
        return Export(_lines(found.lines()), found.count, found.notes)
    write = {ExportFormat.MARKDOWN: markdown, ExportFormat.HTML: html}.get(form)
    if form is ExportFormat.DOCX:
        write = partial(docx, template=base.dossier_template)
    if write is None:
        return Export((_table(found, form, asked, separators),), found.count, found.notes)
    title = asked.text or _TITLES[asked.writing.language][asked.what]
    missing = [said(note, asked.writing.language) for note in found.missing]
    made = dossier(base, title, found.quotes(), asked.writing, missing)
    return Export((write(made.entries, made.cover),), found.count, found.notes)


def _table(found: _ExportRows, form: ExportFormat, asked: AskedExport, separators: Separators) -> bytes:
    rows = found.rows()
    if form is ExportFormat.CSV:
        return delimited(rows, separators).encode("utf-8", "replace")
    if len(rows) > MAX_ROWS:
        raise InputError(
            say("rows", count=len(rows)),
            say("are_more_than_a_sheet_takes", most=MAX_ROWS),
            say("export_them_as_csv_or_jsonl"),
        )
    from api.files.workbook import workbook

    return workbook(rows, asked.what.value)


def _lines(found: Iterable[object]) -> Iterator[bytes]:
    """A line of JSON for each record, in ASCII: no character of a text can break a line."""
    adapters: dict[type, TypeAdapter[Any]] = {}
    for record in found:
        kind = type(record)
        if kind not in adapters:  # an adapter takes longer to make than a line
            adapters[kind] = TypeAdapter(kind)
        fields = adapters[kind].dump_python(record, mode="json")
        if isinstance(record, records.DocumentRecord) and record.original is None:
            del fields["original"]
        yield json.dumps(fields, ensure_ascii=True).encode("ascii") + b"\n"


def _passages(base: KnowledgeBase, asked: AskedExport) -> _ExportRows:
    found = records.find_passages(base, asked)
    return _ExportRows(
        len(found.records),
        lambda: found.records,
        lambda: passage_rows(found.records, base.public_url),
        lambda: quotes_of_passages(found.records),
        found.notes,
        found.missing,
    )


def _documents(base: KnowledgeBase, asked: AskedExport) -> _ExportRows:
    ids = records.find_documents(base, asked)
    return _ExportRows(
        len(ids),
        lambda: records.document_records(base, asked, ids),
        lambda: document_rows(records.document_records(base, asked, ids)),
        lambda: quotes_of_documents(base, records.document_records(base, asked, ids)),
    )


def _statistics(base: KnowledgeBase, asked: AskedExport) -> _ExportRows:
    found, writing = base.every_statistic(asked.figures, asked.order), asked.writing
    return _ExportRows(
        len(found),
        lambda: (
            like(records.StatisticRecord, one, entry=entry_of(one.citation.document, writing.style, writing.language))
            for one in found
        ),
        lambda: figure_rows(found, writing.language, base.public_url, writing.style),
        lambda: quotes_of_figures(base, found, writing.language, by_theme=asked.order is None),
    )


def _answer(base: KnowledgeBase, asked: AskedExport) -> _ExportRows:
    answer = base.answer(asked.text or "", None, asked.filters)
    none = () if answer.citations else (answer.text,)
    return _ExportRows(
        len(answer.citations),
        lambda: (answer,),
        lambda: answer_rows(answer, asked.writing.style, asked.writing.language, base.public_url),
        lambda: quotes_of_answer(base, answer),
        none,
        none,
    )


_FINDERS: dict[What, Callable[[KnowledgeBase, AskedExport], _ExportRows]] = {
    What.DOCUMENTS: _documents,
    What.PASSAGES: _passages,
    What.STATISTICS: _statistics,
    What.ANSWER: _answer,
}
