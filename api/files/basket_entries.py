"""TODO."""

from __future__ import annotations

from typing import Annotated

from fastapi import Query, Request

from api.files.dossier import Entry
from api.page.visitor import visitor_of
from api.service.basket import Basket, Item
from api.service.knowledge_base import KnowledgeBase
from api.service.references import Today, place_citation, reference_of
from kb.citing import Style, format_reference, in_text
from kb.records.errors import InputError

Keys = Annotated[tuple[str, ...], Query(alias="item")]


Notes = Annotated[tuple[str, ...], Query(alias="note")]


def basket_entries(request: Request, base: KnowledgeBase, today: Today, basket: Basket, style: Style) -> list[Entry]:
    """The basket's places as records; NotFoundError for one that is no longer there."""
    return [_entry(request, base, today, item, style) for item in basket.items]


def _entry(request: Request, base: KnowledgeBase, today: Today, item: Item, style: Style) -> Entry:
    if style.is_data:
        raise InputError(f"citation style {style.value!r}", "has no form for a footnote", "Use apa, mla or chicago")
    passage = base.store.passage(item.passage_id)
    citation = place_citation(base, passage, str(item.span.start), str(item.span.end))
    reference = reference_of(citation, request, today())
    language = visitor_of(request).language
    return Entry(
        citation,
        passage.language,
        item.note,
        in_text(reference, style, language),
        format_reference(reference, style, language),
        format_reference(reference, Style.RIS, language),
        format_reference(reference, Style.BIBTEX, language),
        reference.permalink or citation.permalink,
    )
