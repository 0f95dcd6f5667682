"""Sources that are read, prepared and embedded ahead of the run that writes them, by workers elsewhere.

Owns what a worker is asked and what it gives back. Refuses to know a base, and who the workers are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from ingest.entries import embed
from ingest.sources.sources import SourceFailure, SourceFile
from ingest.text.prepare import Prepared, ReadDocument, prepare
from kb.records.errors import KnowledgeBaseError
from kb.records.ports import Embedder, ModelStamp, PassageVectors

Found = SourceFile | SourceFailure


@dataclass(frozen=True, slots=True)
class WantedSource:
    """A source under its name in the base, the cleaning rules that take nothing out of it, and whether its passages are
    to be embedded."""

    source: SourceFile
    keep: frozenset[str]
    embedded: bool


@dataclass(frozen=True, slots=True)
class Made:
    """A source as it was prepared, and the vectors of its passages in order with the model that made them (none and
    null where none were wanted)."""

    prepared: Prepared
    vectors: tuple[PassageVectors, ...]
    stamp: ModelStamp | None


Answer = Made | KnowledgeBaseError
"""What became of a source; an error is raised where the run comes to it."""


class Ahead(Protocol):
    """Has sources made by workers while the run writes those before them."""

    def over(self, found: Iterable[tuple[Found, WantedSource | None]]) -> Iterator[tuple[Found, Answer | None]]:
        """Every source in its order, with what was made of it; null where nothing was wanted."""
        ...


class Preparer:
    """Does what a worker does. The embedder is asked for at the first text."""

    def __init__(self, embedder: Callable[[], Embedder], read: ReadDocument) -> None:
        self._make_embedder = embedder
        self._embedder: Embedder | None = None
        self._read = read

    def made(self, wanted: Sequence[WantedSource]) -> list[Answer]:
        """What became of each source; the passages of all of them are embedded together."""
        prepared = [self._prepared(one) for one in wanted]
        try:
            return self._with_vectors(wanted, prepared)
        except KnowledgeBaseError as error:  # of the model: whichever of them the run comes to first says it
            return [error for _ in wanted]

    def _prepared(self, wanted: WantedSource) -> Prepared | KnowledgeBaseError:
        try:
            return prepare(wanted.source, keep=wanted.keep, read=self._read)
        except KnowledgeBaseError as error:
            return error

    def _with_vectors(
        self, wanted: Sequence[WantedSource], prepared: Sequence[Prepared | KnowledgeBaseError]
    ) -> list[Answer]:
        ready = [
            one.passages if isinstance(one, Prepared) and asked.embedded else ()
            for asked, one in zip(wanted, prepared, strict=True)
        ]
        passages = [passage for some in ready for passage in some]
        vectors: list[PassageVectors] = []
        stamp: ModelStamp | None = None
        if passages:
            if self._embedder is None:
                self._embedder = self._make_embedder()
            vectors, stamp = embed(self._embedder, passages), self._embedder.stamp
        answers: list[Answer] = []
        for one, some in zip(prepared, ready, strict=True):
            mine, vectors = vectors[: len(some)], vectors[len(some) :]
            answers.append(Made(one, tuple(mine), stamp if some else None) if isinstance(one, Prepared) else one)
        return answers
