"""What is exported as quotes with footnotes: the entries of a dossier, for Markdown and DOCX.

Quotes stand as they are in their sources. Knows neither of the two formats.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from api.files.dossier import Cover, DossierEntry
from api.files.dossier_words import words_of
from api.files.export_records import DocumentRecord, PassageRecord
from api.files.export_requests import AskedExport, What
from api.files.figure_rows import entry_of
from api.service.hits import cite_span
from api.service.knowledge_base import KnowledgeBase
from api.service.references import reference_of
from api.service.schemas import CitedStatistic
from kb.citing import footnote
from kb.numbers import format_statistic
from kb.records.answer import Answer
from kb.records.citation import Citation, public_link
from kb.records.language import Language
from kb.records.statistic import Statistic

_NAMES = {
    Language.ES: {
        What.DOCUMENTS: ("Documentos de la base", "documentos"),
        What.PASSAGES: ("Pasajes de la base", "pasajes"),
        What.STATISTICS: ("Cifras de la base", "cifras"),
        What.ANSWER: ("Respuesta", "citas"),
    },
    Language.EN: {
        What.DOCUMENTS: ("Documents in the base", "documents"),
        What.PASSAGES: ("Passages in the base", "passages"),
        What.STATISTICS: ("Figures in the base", "figures"),
        What.ANSWER: ("Answer", "quotes"),
    },
}


@dataclass(frozen=True, slots=True)
class Dossier:
    """What stands above the quotes, and the entries in their order."""

    cover: Cover
    entries: tuple[DossierEntry, ...]


def dossier(asked: AskedExport, entries: Iterable[DossierEntry], count: int, notes: Iterable[str] = ()) -> Dossier:
    """The dossier of ``count`` records; its paragraph says how many they are and what was not done in full."""
    title, noun = _NAMES[asked.wording][asked.what]
    lead = " ".join([f"{count} {noun}.", words_of(asked.wording).how, *notes])
    return Dossier(Cover(asked.text or title, None, lead, asked.wording), tuple(entries))


def answer_dossier(base: KnowledgeBase, asked: AskedExport, answer: Answer, languages: dict[str, Language]) -> Dossier:
    """The quotes of an answer, or the sentence that says that there is no evidence. ``languages`` by passage id."""
    if not answer.citations:
        return Dossier(Cover(answer.question, None, answer.text, asked.wording), ())
    figures = [one for statement in answer.statements if statement.finding for one in statement.finding.statistics]
    entries = (
        _entry(base, asked, citation, languages[citation.passage_id], "", figures) for citation in answer.citations
    )
    return dossier(asked, entries, len(answer.citations))


def passage_entries(
    base: KnowledgeBase, asked: AskedExport, records: Iterable[PassageRecord]
) -> Iterator[DossierEntry]:
    """The cited words of each passage."""
    return (_entry(base, asked, record.citation, record.passage.language, "") for record in records)


def document_entries(
    base: KnowledgeBase, asked: AskedExport, records: Iterable[DocumentRecord]
) -> Iterator[DossierEntry]:
    """Every passage of each document, its name before the first."""
    for record in records:
        document = base.records.document(record.document_id)
        for position, passage in enumerate(record.passages):
            name = "" if position else record.title or record.id
            yield _entry(base, asked, cite_span(document, passage, passage.span), passage.language, name)


def statistic_entries(
    base: KnowledgeBase, asked: AskedExport, figures: Iterable[CitedStatistic]
) -> Iterator[DossierEntry]:
    """The sentence of each figure, its value and who measured what before it; what is not known is not said."""
    for cited in figures:
        one = cited.statistic
        facts = (format_statistic(one, asked.wording), one.subject, one.population, one.source, one.year)
        note = " · ".join(" ".join(str(fact).split()) for fact in facts if fact is not None)
        yield _entry(base, asked, cited.citation, one.language, note, [one])


def _entry(
    base: KnowledgeBase,
    asked: AskedExport,
    citation: Citation,
    language: Language,
    note: str,
    figures: Iterable[Statistic] = (),
) -> DossierEntry:
    reference = reference_of(citation, base.public_url)
    written = footnote(reference, asked.style, asked.wording)
    if citation.document.title is None:
        written += f" [{citation.document.source_id}]"
    return DossierEntry(
        citation=citation,
        language=language,
        note=note,
        beside="",
        reference=written,
        ris="",
        bibtex="",
        link=reference.permalink or "",
        source=entry_of(citation.document, asked.style, asked.wording),
        figures=tuple(
            one for one in figures if one.passage_id == citation.passage_id and citation.span.contains(one.span)
        ),
        opens=public_link(base.public_url, f"/documents/{citation.document.id}") or "",
    )
