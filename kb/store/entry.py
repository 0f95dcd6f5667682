"""What one document brings to the base: everything that is written in its one transaction."""

from dataclasses import dataclass

from kb.records.document import Document, Passage
from kb.records.ports import PassageVectors
from kb.records.search import DocumentReference
from kb.records.statistic import Statistic


@dataclass(frozen=True, slots=True)
class PassageIndexing:
    """What makes one passage findable: what the model made of it, and its words plain and stemmed, as the
    word index wants them."""

    vectors: PassageVectors
    plain_words: str
    stemmed_words: str


@dataclass(frozen=True, slots=True)
class StoredFingerprint:
    """What is kept of a document's text to find what repeats it; what is in it is its maker's business."""

    document_id: str
    sha256: str
    words_key: str
    runs: bytes
    numbers: str


@dataclass(frozen=True, slots=True)
class DocumentFacts:
    """What a list of hits says of a document, read without its text."""

    reference: DocumentReference
    media_type: str

    @property
    def source_id(self) -> str:
        """The name given by whoever sent it."""
        return self.reference.source_id

    @property
    def year(self) -> int | None:
        """The year of publication, or null."""
        return int(self.reference.published[:4]) if self.reference.published else None


@dataclass(frozen=True, slots=True)
class StoredFailure:
    """A source that could not be ingested, and why; gone as soon as it can be."""

    source_id: str
    path: str | None
    stage: str
    reason: str
    hint: str | None


@dataclass(frozen=True, slots=True)
class Entry:
    """A document with its passages, what indexes each of them (in the same order), and its statistics.

    ``reading`` names the version of the steps that made it, so that an improved reader is noticed, and
    ``tagging`` the version of what gave its topics, where known.
    """

    document: Document
    passages: tuple[Passage, ...]
    indexing: tuple[PassageIndexing, ...]
    statistics: tuple[Statistic, ...]
    reading: str
    fingerprint: StoredFingerprint | None = None
    tagging: str | None = None

    def __post_init__(self) -> None:
        if len(self.passages) != len(self.indexing):
            raise ValueError(f"{len(self.passages)} passages but {len(self.indexing)} indexings")
        for passage in self.passages:
            if passage.span.cut(self.document.text) != passage.text:
                raise ValueError(f"passage {passage.id} is not document.text[{passage.span}]")
        for statistic in self.statistics:
            if statistic.span.cut(self.document.text) != statistic.raw:
                raise ValueError(f"statistic {statistic.id} is not document.text[{statistic.span}]")
