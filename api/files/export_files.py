"""An export as the bytes of a file: lines of JSON, Markdown, DOCX with footnotes, XLSX or CSV.

Owns which writer makes which file; what a row or a quote looks like is decided elsewhere.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter

from api.files import export_records as records
from api.files.delimited import Cell, Separators, delimited
from api.files.dossier import markdown
from api.files.dossier_docx import docx
from api.files.dossiers import Dossier, answer_dossier, document_entries, dossier, passage_entries, statistic_entries
from api.files.export_requests import AskedExport, ExportFormat, What
from api.files.export_rows import answer_rows, document_rows, passage_rows
from api.files.figure_rows import entry_of, figure_rows
from api.service.knowledge_base import KnowledgeBase
from kb.records.errors import InputError
from kb.records.messages import say

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
    """What was found, in the three shapes that files are made of; each is made when it is asked for."""

    count: int
    lines: Callable[[], Iterable[object]]
    rows: Callable[[], list[dict[str, Cell]]]
    quotes: Callable[[], Dossier]
    notes: tuple[str, ...] = ()


def export(
    base: KnowledgeBase, asked: AskedExport, form: ExportFormat, separators: Separators = Separators.EN
) -> Export:
    """The file that is asked for; lines of JSON are made while they are read, everything else at once.

    Raises InputError for more rows than a sheet can hold: none is left out.
    """
    found = _FINDERS[asked.what](base, asked)
    if form is ExportFormat.JSONL:
        return Export(_lines(found.lines()), found.count, found.notes)
    if form is ExportFormat.DOCX:
        quotes = found.quotes()
        file = docx(quotes.entries, quotes.cover, base.dossier_template)
        return Export((file,), found.count, found.notes)
    return Export((_file(found, form, asked, separators),), found.count, found.notes)


def _file(found: _ExportRows, form: ExportFormat, asked: AskedExport, separators: Separators) -> bytes:
    if form is ExportFormat.MARKDOWN:
        quotes = found.quotes()
        return markdown(quotes.entries, quotes.cover)
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
        lambda: dossier(asked, passage_entries(base, asked, found.records), len(found.records), found.notes),
        found.notes,
    )


def _documents(base: KnowledgeBase, asked: AskedExport) -> _ExportRows:
    ids = records.find_documents(base, asked)
    return _ExportRows(
        len(ids),
        lambda: records.document_records(base, asked, ids),
        lambda: document_rows(records.document_records(base, asked, ids)),
        lambda: dossier(asked, document_entries(base, asked, records.document_records(base, asked, ids)), len(ids)),
    )


def _statistics(base: KnowledgeBase, asked: AskedExport) -> _ExportRows:
    found = records.statistic_records(base, asked)
    return _ExportRows(
        len(found),
        lambda: (
            records.StatisticRecord.of(one, entry_of(one.citation.document, asked.style, asked.wording))
            for one in found
        ),
        lambda: figure_rows(found, asked.wording, base.public_url, asked.style),
        lambda: dossier(asked, statistic_entries(base, asked, found), len(found)),
    )


def _answer(base: KnowledgeBase, asked: AskedExport) -> _ExportRows:
    answer = base.answer(asked.text or "", None, asked.filters)
    languages = base.records.languages_of(answer.citations)
    return _ExportRows(
        len(answer.citations),
        lambda: (answer,),
        lambda: answer_rows(answer, asked.style, asked.wording, base.public_url),
        lambda: answer_dossier(base, asked, answer, languages),
        () if answer.citations else (answer.text,),
    )


_FINDERS: dict[What, Callable[[KnowledgeBase, AskedExport], _ExportRows]] = {
    What.DOCUMENTS: _documents,
    What.PASSAGES: _passages,
    What.STATISTICS: _statistics,
    What.ANSWER: _answer,
}
