"""What the rooms hand to each other without importing each other.

``ingest`` needs vectors and analysed words but must not import ``index``; it takes these
as arguments. Array shapes and units are part of the promise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from kb.language import Language

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


class WordAnalyser(Protocol):
    """Text to the two forms of the word index: words joined by spaces."""

    def plain(self, text: str) -> str:
        """The folded words: lower case, accents off, ñ kept."""
        ...

    def analyse(self, text: str, language: Language) -> str:
        """The folded words stemmed by the rules of ``language``."""
        ...
