"""What crosses the wire beside the records themselves: the shapes of responses and request bodies.

Offsets cross, never HTML. The command line's ``--json`` prints the same shapes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from kb.analysis import Analysis
from kb.citation import Citation, DocumentReference
from kb.document import Document, LanguageShare, Passage, Place, RemovedBlock
from kb.language import Language
from kb.search import Hit
from kb.statistic import Statistic
from kb.topics import Topic

MAX_QUERY = 2_000
MAX_TEXT = 200_000


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a facet and how many hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """A page of hits. ``total`` counts the ranked hits that can be paged through; ``next`` is the cursor of the
    next page or null; ``notes`` say what was not done in full (an index being rebuilt, say)."""

    query: str
    language: Language
    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    next: str | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CitedStatistic:
    """A statistic and the citation of its sentence."""

    statistic: Statistic
    citation: Citation


@dataclass(frozen=True, slots=True)
class StatisticsResponse:
    """A page of statistics with their citations."""

    statistics: tuple[CitedStatistic, ...]
    total: int
    facets: dict[str, tuple[FacetCount, ...]]
    next: str | None


@dataclass(frozen=True, slots=True)
class PassageResponse:
    """A passage, its document, where it stands in the original, and whether that version is the newest."""

    passage: Passage
    document: DocumentReference
    places: tuple[Place, ...]
    citation: Citation
    current: bool


@dataclass(frozen=True, slots=True)
class DocumentLine:
    """A document in a list."""

    document: DocumentReference
    media_type: str
    sha256: str
    language_mix: tuple[LanguageShare, ...]
    version: int
    current: bool
    duplicate_of: str | None
    passages: int
    statistics: int
    removed: int
    characters: int
    also_named: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DocumentsResponse:
    """The current documents of the base, by source."""

    documents: tuple[DocumentLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class DocumentResponse:
    """A document with its text, what was removed from it, and its passages."""

    document: Document
    current: bool
    passages: tuple[Passage, ...]
    removed: tuple[RemovedBlock, ...]


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic with its labels and how many passages have it."""

    topic: Topic
    label_es: str
    label_en: str
    passages: int


class Body(BaseModel):
    """A request body: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FilterBody(Body):
    """Filters of a question."""

    topic: list[str] = []
    language: list[str] = []
    year_from: int | None = None
    year_to: int | None = None
    source: list[str] = []
    has_statistic: bool | None = None


class AnswerBody(Body):
    """A question; ``language`` sets the words around the quotes, never the quotes."""

    question: Annotated[str, Field(min_length=1, max_length=MAX_QUERY)]
    language: str | None = None
    filters: FilterBody = FilterBody()


class AnalyzeBody(Body):
    """A text to read for topics and statistics."""

    id: str = ""
    text: Annotated[str, Field(min_length=1, max_length=MAX_TEXT)]
    language: str | None = None


def without_rejected(analysis: Analysis) -> Analysis:
    """The analysis without the numbers that are no figures: they are shown only when asked for."""
    return replace(analysis, rejected=())


def to_wire(record: object) -> Any:
    """The record as what JSON can hold: enums by value, decimals as strings."""
    return TypeAdapter(type(record)).dump_python(record, mode="json")
