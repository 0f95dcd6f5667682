"""The places of a basket as the entries of a dossier: the quote, its citation and its references."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from urllib.parse import urlencode

from api.files.dossier import Cover, DossierEntry
from api.files.dossier_words import words_of
from api.files.figure_rows import entry_of
from api.service.basket import Basket, Item
from api.service.knowledge_base import KnowledgeBase
from api.service.references import place_citation, reference_of
from kb.citing import Reference, Style, footnote, format_reference, in_text, of_source
from kb.records.citation import public_link
from kb.records.document import Passage
from kb.records.errors import InputError
from kb.records.language import Language
from kb.records.messages import say


def basket_entries(
    base: KnowledgeBase, basket: Basket, style: Style, language: Language, today: date
) -> list[DossierEntry]:
    """The basket's places as records; NotFoundError for one that is no longer there.

    The records for programs are those of the sources: each has all its quotes in the basket as notes.
    """
    entries = [basket_entry(base, item, style, language, today) for item in basket.items]
    cited: dict[str, list[tuple[Reference, str | None]]] = {}
    for entry in entries:
        one = entry.citation
        cited.setdefault(one.document.id, []).append((reference_of(one, base.public_url, today), one.quote))
    sources = {document: of_source(places, language) for document, places in cited.items()}
    return [
        replace(
            entry,
            ris=format_reference(sources[entry.citation.document.id], Style.RIS, language),
            bibtex=format_reference(sources[entry.citation.document.id], Style.BIBTEX, language),
        )
        for entry in entries
    ]


def basket_entry(base: KnowledgeBase, item: Item, style: Style, language: Language, today: date) -> DossierEntry:
    """One place as a record, in the wording of a language; InputError for a style that is no prose."""
    if style.is_data:
        raise InputError(
            say("citation_style", style=style.value), say("has_no_form_for_a_footnote"), say("use_apa_mla_or_chicago")
        )
    passage = base.records.passage(item.passage_id)
    citation = place_citation(base, passage, str(item.span.start), str(item.span.end))
    reference = reference_of(citation, base.public_url, today)
    source = of_source([(reference, citation.quote)], language)
    return DossierEntry(
        citation,
        passage.language,
        item.note,
        in_text(reference, style, language),
        footnote(reference, style, language),
        format_reference(source, Style.RIS, language),
        format_reference(source, Style.BIBTEX, language),
        reference.permalink or "",
        entry_of(citation.document, style, language),
        tuple(one for one in base.records.statistics_in([passage]) if citation.span.contains(one.span)),
        public_link(base.public_url, f"/documents/{citation.document.id}") or "",
        _theme(passage, language),
    )


def _theme(passage: Passage, language: Language) -> str:
    """What a passage is most surely about, in words; "" where that is none of the topics."""
    if not passage.topics:
        return ""
    topic = max(passage.topics, key=lambda one: one.score).topic
    label = topic.label_es if language is Language.ES else topic.label_en
    return label[0].upper() + label[1:]


def basket_cover(
    entries: Sequence[DossierEntry], title: str, language: Language, today: date, public_url: str | None
) -> Cover:
    """What stands above the quotes of a basket; without a title of its own it is called a dossier. ``public_url`` is
    where others reach the base, null where they do not."""
    t = words_of(language)
    documents = {entry.citation.document.id for entry in entries}
    lead = t.lead([entry.language for entry in entries], len(documents))
    places = [("item", Item(entry.citation.passage_id, entry.citation.span).key) for entry in entries]
    recheck = public_link(public_url, f"/basket?{urlencode(places, safe=':')}") if places else None
    return Cover(title or t.kind, today, lead, t.language, recheck or "")
