"""The places of a basket as the entries of a dossier, with the records of their sources for programs."""

from __future__ import annotations

from dataclasses import replace

from api.files.dossier import DossierEntry
from api.files.dossier_words import Writing
from api.files.dossiers import Quoted, entry
from api.service.basket import Basket, Item
from api.service.knowledge_base import KnowledgeBase
from api.service.references import place_citation, reference_of
from kb.citing import Reference, Style, format_reference, of_source


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
