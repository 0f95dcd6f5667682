"""What crosses the wire beside the records themselves: the shapes of responses, and how a record is written.

Offsets cross, never HTML. The command line's ``--json`` prints the same shapes. What is sent is ``api.http.bodies``'s.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from pydantic import TypeAdapter

from kb.records.document import Document, FieldOrigin, LanguageShare, Passage, Place, RemovedBlock
from kb.records.file_format import FileFormat
from kb.records.language import Language
from kb.records.operation import Job
from kb.records.search import Citation, DocumentReference, Hit
from kb.records.source import Correction
from kb.records.statistic import Analysis, Statistic
from kb.records.topics import Topic


@dataclass(frozen=True, slots=True)
class FacetCount:
    """A value of a facet and how many hits have it."""

    value: str
    count: int


@dataclass(frozen=True, slots=True)
class SearchResponse:
    """A page of hits. ``searched`` counts the passages that fulfil the filters, all compared with the question (null
    where the search was degraded), ``total`` the nearest of them, which can be paged through; ``next`` is the cursor of
    the next page or null; ``notes`` say what was not done in full. ``degraded`` is true where the search did with less
    than all it has (without its model, or while its index is made anew); the first note then says why."""

    query: str
    language: Language
    searched: int | None
    total: int
    hits: tuple[Hit, ...]
    facets: dict[str, tuple[FacetCount, ...]]
    next: str | None
    notes: tuple[str, ...] = ()
    degraded: bool = False


@dataclass(frozen=True, slots=True)
class FigurePlace:
    """Another place that states the same figure: its own record's id, its words and the citation of its sentence."""

    statistic_id: str
    raw: str
    language: Language
    citation: Citation


@dataclass(frozen=True, slots=True)
class CopyReady:
    """A statistic as a sentence to copy, its number and words around the quote Spanish or English; the quote is never
    translated, and what is not known is not said."""

    es: str
    en: str


@dataclass(frozen=True, slots=True)
class CitedStatistic:
    """A statistic and the citation of its sentence; ``also_in`` are the other places that state the same figure.

    ``score`` says how near it is to the words asked for (higher is nearer), null where none were; ``attribution`` who
    measured it, of how many and whom, when, and who repeats it, null where the measurer is not known; ``sources`` how
    many documents state it, reprints and translations counted once; ``reported_by`` who repeats the figure of another
    (the document's publisher, else its title), null where the document is the measurer's own or no measurer is known.
    """

    statistic: Statistic
    citation: Citation
    also_in: tuple[FigurePlace, ...] = ()
    sentence: CopyReady | None = None
    score: float | None = None
    attribution: CopyReady | None = None
    sources: int = 1
    reported_by: str | None = None


@dataclass(frozen=True, slots=True)
class StatisticsResponse:
    """A page of statistics with their citations. ``total`` counts figures: one that stands in several places is one."""

    statistics: tuple[CitedStatistic, ...]
    total: int
    facets: dict[str, tuple[FacetCount, ...]]
    next: str | None


@dataclass(frozen=True, slots=True)
class PassageResponse:
    """A passage, its document, where it stands in the original, whether that version is the newest, and when the record
    of the document was last corrected (null if never)."""

    passage: Passage
    document: DocumentReference
    places: tuple[Place, ...]
    citation: Citation
    current: bool
    corrected: datetime | None = None


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
    """The current documents of the base, by source, or a page of them with the cursor of the next."""

    documents: tuple[DocumentLine, ...]
    total: int
    next: str | None = None


@dataclass(frozen=True, slots=True)
class JobsResponse:
    """A page of the jobs, newest first, with the cursor of the next."""

    jobs: tuple[Job, ...]
    total: int
    next: str | None


@dataclass(frozen=True, slots=True)
class InfoResponse:
    """What this server is and holds: enough to know what may be asked of it."""

    version: str
    program: str
    read_only: bool
    model: str | None
    languages: tuple[Language, ...]
    topics: tuple[Topic, ...]
    own_topics: tuple[str, ...]
    formats: tuple[FileFormat, ...]
    counts: dict[str, int]


@dataclass(frozen=True, slots=True)
class DocumentResponse:
    """A document with its text, what was removed from it, and its passages."""

    document: Document
    current: bool
    passages: tuple[Passage, ...]
    removed: tuple[RemovedBlock, ...]


@dataclass(frozen=True, slots=True)
class RecordResponse:
    """The record of a document, how often it was corrected (``revision``), and its history, the oldest first."""

    document: DocumentReference
    series: str | None
    revision: int
    corrections: tuple[Correction, ...]
    origins: tuple[FieldOrigin, ...]


@dataclass(frozen=True, slots=True)
class TopicLine:
    """A topic with its labels and how many passages have it."""

    topic: Topic
    label_es: str
    label_en: str
    passages: int


def without_rejected(analysis: Analysis) -> Analysis:
    """The analysis without the numbers that are no figures: they are shown only when asked for."""
    return replace(analysis, rejected=())


def to_wire(record: object) -> Any:
    """The record as what JSON can hold: enums by value, decimals as strings."""
    kind: Any = type(record)
    return adapter_of(kind).dump_python(record, mode="json")


@lru_cache(maxsize=64)
def adapter_of(record_type: type[Any]) -> TypeAdapter[Any]:
    """The wire format of a record type; making one takes as long as writing a hundred records."""
    return TypeAdapter(record_type)
