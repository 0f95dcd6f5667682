"""What a base holds by topic, language and year."""

from dataclasses import dataclass
from itertools import product

from api.service.knowledge_base import KnowledgeBase
from kb.records.language import Language
from kb.records.topics import Topic, TopicCount

LANGUAGES = (Language.ES, Language.EN)


@dataclass(frozen=True, slots=True)
class CoverageCell:
    """Passages of one topic, language and year (null: documents without a date).

    ``unsure`` of them have the topic with a probability under .65; all stand in so many ``documents``.
    """

    topic: Topic
    language: Language
    year: int | None
    passages: int
    unsure: int
    documents: int


def coverage(base: KnowledgeBase) -> tuple[CoverageCell, ...]:
    """A cell for every topic, language and year that any current document has."""
    counted, years = base.store.topic_cells(), base.store.years()
    found: list[CoverageCell] = []
    for topic, language, year in product(Topic, LANGUAGES, years):
        count = counted.get((topic, language, year), TopicCount(0, 0, 0))
        found.append(CoverageCell(topic, language, year, count.passages, count.unsure, count.documents))
    return tuple(found)
