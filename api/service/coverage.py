"""What a base holds by topic, language and year."""

from __future__ import annotations

from dataclasses import dataclass

from api.service.knowledge_base import KnowledgeBase
from kb.records.language import Language
from kb.records.search import Filters
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
    found = {document.year for document in base.store.documents()}
    years = [*sorted(year for year in found if year is not None), *([None] if None in found else [])]
    return tuple(
        CoverageCell(topic, language, year, _count(base, topic, language, year))
        for topic in Topic
        for language in LANGUAGES
        for year in years
    )


def _count(base: KnowledgeBase, topic: Topic, language: Language, year: int | None) -> int:
    """The passages of a cell; of the undated ones all that no year holds."""
    both = Filters(topics=frozenset({topic}), languages=frozenset({language}))
    if year is not None:
        return _matching(base, Filters(topics=both.topics, languages=both.languages, year_from=year, year_to=year))
    dated = Filters(topics=both.topics, languages=both.languages, year_from=1)
    return _matching(base, both) - _matching(base, dated)


def _matching(base: KnowledgeBase, filters: Filters) -> int:
    keys = base.store.keys_matching(filters)
    return 0 if keys is None else len(keys)
