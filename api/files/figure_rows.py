"""A row for each statistic: what it says in typed cells, its finished citation, and the places that repeat it."""

from collections.abc import Iterable
from functools import lru_cache

from api.files.delimited import Cell
from api.service.schemas import CitedStatistic
from kb.citing import Reference, Style, format_reference
from kb.numbers import format_statistic
from kb.records.language import Language
from kb.records.likeness import members
from kb.records.search import Citation, DocumentReference, public_link


def figure_rows(
    statistics: Iterable[CitedStatistic], language: Language, home: str | None, style: Style = Style.APA
) -> list[dict[str, Cell]]:
    """The rows, with number, citation and sentence in this language and links for others at ``home``; what is not known
    is an empty cell."""
    return [_row(cited, language, home, style) for cited in statistics]


def _row(cited: CitedStatistic, language: Language, home: str | None, style: Style) -> dict[str, Cell]:
    one, sentence = cited.statistic, cited.sentence
    return {
        **members(one, "id value high"),
        "kind": one.kind.value,
        "unit": one.unit,
        "comparator": one.comparator.value,
        "direction": None if one.direction is None else one.direction.value,
        **members(one, "raw subject population sample_size"),
        "measured_by": one.source,
        **members(one, "study year"),
        "period_start": None if one.period is None else one.period.start,
        "period_end": None if one.period is None else one.period.end,
        "forecast": None if one.period is None else one.period.target,
        "reported_by": cited.reported_by,
        "language": one.language.value,
        "topics": " ".join(topic.value for topic in one.topics),
        **citation_cells(cited.citation, home),
        "shown": format_statistic(one, language),
        "citation": entry_of(cited.citation.document, style, language),
        "sentence": None if sentence is None else (sentence.es if language is Language.ES else sentence.en),
        "also_in": "; ".join(place.citation.document.source_id for place in cited.also_in),
        "note": one.note,
    }


def citation_cells(citation: Citation, home: str | None) -> dict[str, Cell]:
    """The quote, the document it stands in and where, with the address that opens it at ``home``, or its path there."""
    document = citation.document
    return {
        "quote": citation.quote,
        "source_id": document.source_id,
        "title": document.title,
        "authors": "; ".join(document.authors),
        **members(document, "publisher published url"),
        "page": Reference.of(document, citation.places).page,
        "document_id": document.id,
        "passage_id": citation.passage_id,
        "start": citation.span.start,
        "end": citation.span.end,
        "sha256": citation.sha256,
        "permalink": public_link(home, citation.permalink) or citation.permalink,
    }


def entry_of(document: DocumentReference, style: Style, language: Language) -> str:
    """The document as it stands in a list of works."""
    return _entry(Reference.of(document), style, language)


@lru_cache(maxsize=1024)
def _entry(reference: Reference, style: Style, language: Language) -> str:
    return format_reference(reference, style, language)
