"""What stands in a dossier, whichever door asks for it: its cover, and an entry for each quote with its theme.

Quotes stand as they are in their sources. Knows none of the formats.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from api.files.dossier import Cover, DossierEntry
from api.files.dossier_words import Writing, words_of
from api.files.export_records import DocumentRecord, PassageRecord
from api.files.figure_rows import entry_of
from api.service.basket import MAX_ITEMS, Basket, Item
from api.service.hits import cite_span
from api.service.knowledge_base import KnowledgeBase
from api.service.references import place_citation, reference_of
from api.service.schemas import CitedStatistic
from api.words.formats import measured_when
from kb.citing import Reference, Style, footnote, format_reference, in_text, of_source
from kb.numbers import format_statistic
from kb.records.answer import Answer
from kb.records.document import Passage
from kb.records.language import Language
from kb.records.search import Citation, public_link
from kb.records.statistic import Statistic


@dataclass(frozen=True, slots=True)
class Quoted:
    """A quote with its passage and what is said before it. ``figures`` are those that are meant, null for all that
    stand in the quote; ``by_theme`` is false where quotes keep the order in which they came."""

    citation: Citation
    passage: Passage
    note: str = ""
    figures: tuple[Statistic, ...] | None = None
    by_theme: bool = True


@dataclass(frozen=True, slots=True)
class Dossier:
    """What stands above the quotes, and the entries in their order."""

    cover: Cover
    entries: tuple[DossierEntry, ...]


def dossier(
    base: KnowledgeBase, title: str, quoted: Iterable[Quoted], writing: Writing, notes: Sequence[str] = ()
) -> Dossier:
    """The dossier of these quotes; its paragraph says how many they are and ``notes``: what was not done in full.
    Without a title it is called a dossier."""
    entries = tuple(entry(base, one, writing) for one in quoted)
    return Dossier(cover(base, title, entries, writing, notes), entries)


def cover(
    base: KnowledgeBase, title: str, entries: Sequence[DossierEntry], writing: Writing, notes: Sequence[str] = ()
) -> Cover:
    """What stands above these entries, with the address that opens all of them where others reach the base: that of a
    basket, which holds a hundred at most. Without an entry ``notes`` say why."""
    t = words_of(writing.language)
    documents = {one.citation.document.id for one in entries}
    told = [t.lead([one.language for one in entries], len(documents))] if entries else []
    places = list(dict.fromkeys(("item", Item(one.citation.passage_id, one.citation.span).key) for one in entries))
    address = public_link(base.public_url, f"/basket?{urlencode(places, safe=':')}")
    counts = base.records.counts()
    return Cover(
        title or t.kind,
        writing.today,
        " ".join([*told, *notes]),
        t.language,
        (address or "") if 0 < len(places) <= MAX_ITEMS else "",
        t.of_base(counts["documents"], counts["passages"]),
    )


def entry(base: KnowledgeBase, quoted: Quoted, writing: Writing) -> DossierEntry:
    """A quote as it is printed; its records for programs are those of a whole basket, and empty here."""
    citation, passage = quoted.citation, quoted.passage
    reference = reference_of(citation, base.public_url, writing.today)
    untitled = f" [{citation.document.source_id}]" if citation.document.title is None else ""
    figures = base.records.statistics_in([passage]) if quoted.figures is None else quoted.figures
    return DossierEntry(
        citation=citation,
        language=passage.language,
        note=quoted.note,
        beside=in_text(reference, writing.style, writing.language),
        reference=footnote(reference, writing.style, writing.language) + untitled,
        ris="",
        bibtex="",
        link=reference.permalink or "",
        source=entry_of(citation.document, writing.style, writing.language),
        figures=tuple(one for one in figures if citation.span.contains(one.span)),
        opens=public_link(base.public_url, f"/documents/{citation.document.id}") or "",
        theme=_theme(passage, writing.language) if quoted.by_theme else None,
    )


def _theme(passage: Passage, language: Language) -> str:
    """What a passage is most surely about, in words; "" where that is none of the topics."""
    if not passage.topics:
        return ""
    label = max(passage.topics, key=lambda one: one.score).topic.label(language)
    return label[0].upper() + label[1:]


def quotes_of_answer(base: KnowledgeBase, answer: Answer) -> Iterator[Quoted]:
    """The quotes of an answer."""
    return (Quoted(one, base.records.passage(one.passage_id)) for one in answer.citations)


def quotes_of_passages(records: Iterable[PassageRecord]) -> Iterator[Quoted]:
    """The cited words of each passage."""
    return (Quoted(record.citation, record.passage) for record in records)


def quotes_of_documents(base: KnowledgeBase, records: Iterable[DocumentRecord]) -> Iterator[Quoted]:
    """Every passage of each document in reading order, its name before the first."""
    for record in records:
        document = base.records.document(record.document_id)
        for position, passage in enumerate(record.passages):
            name = "" if position else record.title or record.id
            yield Quoted(cite_span(document, passage, passage.span), passage, name, by_theme=False)


def quotes_of_figures(
    base: KnowledgeBase, figures: Iterable[CitedStatistic], language: Language, *, by_theme: bool
) -> Iterator[Quoted]:
    """The sentence of each figure, its value and who measured what before it; what is not known is not said."""
    for cited in figures:
        one = cited.statistic
        facts = (format_statistic(one, language), one.subject, one.population, one.source, measured_when(one, language))
        note = " · ".join(" ".join(fact.split()) for fact in facts if fact is not None)
        yield Quoted(cited.citation, base.records.passage(one.passage_id), note, (one,), by_theme)


def basket_entries(base: KnowledgeBase, basket: Basket, writing: Writing) -> list[DossierEntry]:
    """The basket's places as records; NotFoundError for one that is no longer there.

    The records for programs are those of the sources: each has all its quotes in the basket as notes.
    """
    entries = [basket_entry(base, item, writing) for item in basket.items]
    cited: dict[str, list[tuple[Reference, str | None]]] = {}
    for each in entries:
        one = each.citation
        cited.setdefault(one.document.id, []).append((reference_of(one, base.public_url, writing.today), one.quote))
    sources = {document: of_source(places, writing.language) for document, places in cited.items()}
    return [
        replace(
            each,
            ris=format_reference(sources[each.citation.document.id], Style.RIS, writing.language),
            bibtex=format_reference(sources[each.citation.document.id], Style.BIBTEX, writing.language),
        )
        for each in entries
    ]


def basket_entry(base: KnowledgeBase, item: Item, writing: Writing) -> DossierEntry:
    """One place of a basket as it is printed; NotFoundError when it is no longer there."""
    passage = base.records.passage(item.passage_id)
    citation = place_citation(base, passage, str(item.span.start), str(item.span.end))
    return entry(base, Quoted(citation, passage, item.note), writing)
