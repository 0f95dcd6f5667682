"""What a base holds by topic, language and year."""

from __future__ import annotations

from dataclasses import dataclass

from api.service.knowledge_base import KnowledgeBase
from kb.records.language import Language
from kb.records.topics import Topic

LANGUAGES = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """Passages of one topic, language and year (null: documents without a date)."""

    topic: Topic
    language: Language
    year: int | None
    passages: int


def coverage(base: KnowledgeBase) -> tuple[CoverageCell, ...]:
    """A cell for every topic, language and year that any current document has."""
    counted, years = base.store.topic_cells(), base.store.years()
    return tuple(
        CoverageCell(topic, language, year, counted.get((topic, language, year), 0))
        for topic in Topic
        for language in LANGUAGES
        for year in years
    )
