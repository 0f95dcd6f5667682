"""What the rooms hand to each other without importing each other.

``ingest`` needs vectors and analysed words but must not import ``index``; it takes these
as arguments. Array shapes and units are part of the promise.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from kb.records.document import Span
from kb.records.language import Language

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class ModelStamp:
    """Which model made the vectors: its name, a hash of its weights, and the dimension."""

    name: str
    revision: str
    dimension: int


class Embedder(Protocol):
    """Text to unit vectors. ``encode_*`` return float32 arrays of shape (len(texts), dimension)."""

    @property
    def stamp(self) -> ModelStamp:
        """Which model this is."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """One unit vector a text, with the passage prompt."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """One unit vector a text, with the query prompt."""
        ...


@dataclass(frozen=True, slots=True)
class PassageVectors:
    """What a model makes of one passage: its unit vector (dimension,), those of its sentences (sentences,
    dimension), both float32, its tokens as the model packs them (empty where it has none), and the unit vector that its
    topics are read from (dimension,), which no base keeps (null where the model makes none)."""

    passage: FloatArray
    sentences: FloatArray
    tokens: bytes = b""
    topic: FloatArray | None = None


@runtime_checkable
class TokenEmbedder(Protocol):
    """An embedder that also gives what late interaction needs of each passage."""

    def encode_passages_with_tokens(self, texts: Sequence[str]) -> tuple[FloatArray, list[bytes]]:
        """The vectors of ``encode_passages`` and, from the same pass, the packed tokens of each text."""
        ...


def with_tokens(embedder: Embedder, texts: Sequence[str]) -> tuple[FloatArray, list[bytes]]:
    """The vectors of passages and the packed tokens of each, empty from a model that gives none."""
    if isinstance(embedder, TokenEmbedder):
        return embedder.encode_passages_with_tokens(texts)
    return embedder.encode_passages(texts), [b""] * len(texts)


FiguredText = tuple[str, tuple[Span, ...]]
"""A text and where its figures stand in it."""


@dataclass(frozen=True, slots=True)
class FigureWords:
    """Words of a text that say a field of a figure: where they stand, the chance (0 to 1) that they do, and whether
    that is enough in a text by itself."""

    span: Span
    chance: float
    sure: bool


@runtime_checkable
class TopicEmbedder(Protocol):
    """An embedder that reads passages for their topics too."""

    def encode_passages_for_topics(self, texts: Sequence[str]) -> tuple[FloatArray, list[bytes], FloatArray]:
        """What ``encode_passages_with_tokens`` gives and, from the same pass, the unit vectors that topics are read
        from, float32 (len(texts), dimension)."""
        ...


def for_topics(embedder: Embedder, texts: Sequence[str]) -> tuple[FloatArray, list[bytes], FloatArray | None]:
    """The vectors of passages, the packed tokens of each, and the vectors of their topics, null from a model that makes
    none."""
    if isinstance(embedder, TopicEmbedder):
        return embedder.encode_passages_for_topics(texts)
    return *with_tokens(embedder, texts), None


@runtime_checkable
class FigureWordReader(Protocol):
    """An embedder that also reads numbers in their text: which are figures, and which words say whose they are and of
    whom."""

    def figure_words(self, texts: Sequence[FiguredText]) -> list[list[dict[str, FigureWords]] | None]:
        """Of each text, for each of its figures, by the name of the field, the likeliest words that say it, where there
        are any; null for a text that is too long."""
        ...

    def figure_odds(self, text: str, number: Span, weight: float) -> float:
        """How likely a number of a text is a figure, in log-odds, where its signs weigh ``weight``; ``weight`` itself
        for a text that is too long."""
        ...


class WordAnalyser(Protocol):
    """Text to the two forms of the word index: words joined by spaces."""

    def plain(self, text: str) -> str:
        """The folded words: lower case, accents off, ñ kept."""
        ...

    def analyse(self, text: str, language: Language) -> str:
        """The folded words stemmed by the rules of ``language``."""
        ...


class Outage(Enum):
    """Why a language model gave no text."""

    UNREACHABLE = "unreachable"
    SLOW = "slow"
    STATUS = "status"
    REDIRECTED = "redirected"
    NOT_CHAT = "not_chat"
    TOO_LARGE = "too_large"
    CUT_SHORT = "cut_short"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Reply:
    """What a language model answered: its text, or the outage (with the status where there is one) and no text."""

    text: str = ""
    outage: Outage | None = None
    status: int | None = None


class ChatModel(Protocol):
    """A language model that answers a message; it never raises and never takes longer than it was given."""

    @property
    def name(self) -> str:
        """Which model it is."""
        ...

    def reply(self, instructions: str, material: str) -> Reply:
        """Its answer to these instructions about this material."""
        ...


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page of an original as a PNG, and what of the page it shows: the lower left corner and the size in points.

    ``turned`` says that the page is shown rotated, so that no place on it can be pointed at.
    """

    png: bytes
    left: float
    bottom: float
    width: float
    height: float
    turned: bool
    pages: int


class PagePictures(Protocol):
    """Draws pages of PDFs."""

    def draw(self, data: bytes, page: int, name: str) -> PagePicture:
        """The page (counted from 1) of the PDF; raises SourceError when it cannot be drawn or there is none."""
        ...
