"""What a search is: Query, Filters, Hit, and the citation of what was found. Knows no vectors, no ranking, no HTTP."""

from __future__ import annotations

from dataclasses import dataclass, field

from kb.records.document import Document, Passage, Place, Span
from kb.records.file_format import FileFormat
from kb.records.language import Language
from kb.records.likeness import like
from kb.records.statistic import Kind
from kb.records.topics import SubTopic, Topic


@dataclass(frozen=True, slots=True)
class DocumentReference:
    """What a reader needs to recognise a document; unknown fields are null, ``inferred`` names those nothing states."""

    id: str
    source_id: str
    title: str | None
    authors: tuple[str, ...]
    publisher: str | None
    published: str | None
    url: str | None
    inferred: tuple[str, ...] = ()

    @classmethod
    def of(cls, document: Document) -> DocumentReference:
        """The reference of a document."""
        return like(cls, document)


@dataclass(frozen=True, slots=True)
class Citation:
    """A quote and where it stands: ``document.text[span] == quote``, in the source with this SHA-256.

    ``number`` is the mark in an answer, counted from 1. ``permalink`` is a path on the server. ``headings`` are those
    that it stands under, the highest first, without the title of the document: they may name whom it is about.
    """

    number: int
    document: DocumentReference
    passage_id: str
    quote: str
    span: Span
    sha256: str
    permalink: str
    places: tuple[Place, ...] = ()
    headings: tuple[str, ...] = ()


def permalink(passage_id: str, span: Span) -> str:
    """The path that opens exactly these characters."""
    return f"/passages/{passage_id}?start={span.start}&end={span.end}"


def public_link(home: str | None, path: str) -> str | None:
    """The address that opens a path for others, at the ``home`` where they reach the server; null where they cannot."""
    return None if home is None else home + path


@dataclass(frozen=True, slots=True)
class StatisticQuery:
    """Which statistics are asked for; null asks for nothing. ``text`` is matched by meaning.

    ``value_from`` and ``value_to`` are in the unit of the record: percentages as fractions (0.5 is 50 %).
    """

    text: str | None = None
    kind: Kind | None = None
    topic: Topic | None = None
    language: Language | None = None
    value_from: float | None = None
    value_to: float | None = None
    year_from: int | None = None
    year_to: int | None = None
    source: str | None = None
    has_sample_size: bool | None = None
    limit: int = 50
    # A user's topic by name, in place of ``topic``; and sub-topics, of which its passage has one.
    own_topic: str | None = None
    subtopics: frozenset[SubTopic] = frozenset()


@dataclass(frozen=True, slots=True)
class Filters:
    """What a hit must fulfil; an empty set or null asks for nothing. Years are inclusive.

    ``figures`` asks for passages with at least one statistic that fulfils it (its text and limit are not looked at).
    """

    topics: frozenset[Topic] = frozenset()
    languages: frozenset[Language] = frozenset()
    year_from: int | None = None
    year_to: int | None = None
    sources: frozenset[str] = frozenset()
    has_statistic: bool | None = None
    figures: StatisticQuery | None = None
    subtopics: frozenset[SubTopic] = frozenset()
    # Users' topics by name; a hit has one of ``topics`` or of these.
    own_topics: frozenset[str] = frozenset()
    # Of the originals.
    formats: frozenset[FileFormat] = frozenset()
    # Passages added to the base after this place in its order of addition.
    added_after: int | None = None


@dataclass(frozen=True, slots=True)
class WordQuery:
    """What is looked for in the words of a language: passages that have any of the words as they are written (folded),
    or any of the stems."""

    plain: tuple[str, ...]
    stems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Query:
    """A question or words in either language (or both), with filters and the number of hits wanted."""

    text: str
    filters: Filters = field(default_factory=Filters)
    limit: int = 10


@dataclass(frozen=True, slots=True)
class Why:
    """Why a passage was found: the parts of its score, the words met, and the sentence that matched.

    ``words`` are written as they stand in the passage; across languages as "esfuerzo ≈ effort". ``meanings`` are pairs
    of that form that no word list knows: words that the model reads alike, the surest first.
    """

    vector: float
    sentence: float
    words: tuple[str, ...]
    word_score: float
    sentence_span: Span
    meanings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage found, ranked from 1, with its score (higher is better) and its citation."""

    rank: int
    score: float
    why: Why
    passage: Passage
    document: DocumentReference
    citation: Citation
    also_in: tuple[DocumentReference, ...] = ()
