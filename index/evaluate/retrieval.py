"""A judged set to figures: ours through the product's own Searcher, plain cosine beside it.

Owns the run; the measures and the reading of files have modules of their own. Keeps nothing on disk.
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.evaluate.judged import JudgedSet, JudgedText, read_judged
from index.evaluate.measures import Figures, Ranked, figures
from index.evaluate.memory_base import MemoryBase, SentenceSplitter
from index.model.parity import prior_means
from index.model.token_space import EncodedQuestion, load_token_space
from index.search.candidates import FusionWeights
from index.search.glossary import Glossary
from index.search.query_vectors import QuestionEncoder
from index.search.searcher import Searcher
from index.vectors.sync import IndexKeeper
from kb.records.ports import Embedder, FloatArray, ModelStamp
from kb.records.search import Query

# Deep enough that every language has its first ten in it, whatever the mix.
_DEPTH = 100


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """What was measured on one set: sizes, our figures, and those of plain cosine over the same vectors."""

    name: str
    passages: int
    questions: int
    ours: Figures
    plain_cosine: Figures
    notes: tuple[str, ...]


def evaluate_retrieval(
    folder: Path, embedder: Embedder, split: SentenceSplitter, weights: FusionWeights | None = None
) -> RetrievalReport:
    """The report of the judged set in ``folder``; raises SourceError if its files are not of the format."""
    judged = read_judged(folder)
    asked = judged.answerable()
    if not asked:
        return RetrievalReport(judged.name, len(judged.passages), 0, *_nothing(), ("no question has an answer",))
    base = MemoryBase(judged.passages, embedder, split)
    known = KnownQueries(embedder, [question.text for question in asked])
    with tempfile.TemporaryDirectory() as scratch:
        searcher = Searcher(
            base,
            IndexKeeper(base, Path(scratch)),
            known,
            prior_means(embedder),
            Glossary.shipped(),
            weights,
            base,
            load_token_space(embedder.stamp),
        )
        ours = [_ranked(judged, question, _search(judged, searcher, question)) for question in asked]
        notes = tuple(searcher.notes())
    plain = _plain_rankings(judged, asked, known, base)
    languages = {passage.id: passage.language for passage in judged.passages}
    return RetrievalReport(
        judged.name, len(judged.passages), len(asked), figures(ours, languages), figures(plain, languages), notes
    )


class KnownQueries:
    """An Embedder that encodes a list of questions at once and then knows them by heart."""

    def __init__(self, embedder: Embedder, texts: Sequence[str]) -> None:
        self._embedder = embedder
        distinct = list(dict.fromkeys(text.strip() for text in texts))
        if isinstance(embedder, QuestionEncoder):
            encoded = embedder.encode_questions(distinct)
        else:
            encoded = [EncodedQuestion(vector, None) for vector in embedder.encode_queries(distinct)]
        self._encoded: Mapping[str, EncodedQuestion] = dict(zip(distinct, encoded, strict=True))

    @property
    def stamp(self) -> ModelStamp:
        """The model's stamp."""
        return self._embedder.stamp

    def encode_passages(self, texts: Sequence[str]) -> FloatArray:
        """As the model does."""
        return self._embedder.encode_passages(texts)

    def encode_queries(self, texts: Sequence[str]) -> FloatArray:
        """The vectors made before, float32 (len(texts), dimension)."""
        return np.stack([self._encoded[text.strip()].vector for text in texts])

    def encode_questions(self, texts: Sequence[str]) -> list[EncodedQuestion]:
        """What was encoded before."""
        return [self._encoded[text.strip()] for text in texts]


def _search(judged: JudgedSet, searcher: Searcher, question: JudgedText) -> tuple[str, ...]:
    found = searcher.search(Query(question.text, limit=_DEPTH))
    return tuple(judged.passages[scored.key - 1].id for scored in found)


def _plain_rankings(
    judged: JudgedSet, asked: Sequence[JudgedText], known: KnownQueries, base: MemoryBase
) -> list[Ranked]:
    vectors = base.vectors(range(1, len(judged.passages) + 1))
    scores = known.encode_queries([question.text for question in asked]) @ vectors.T
    # The whole pool: plain cosine may keep a language out of the first hundred altogether.
    orders = np.argsort(-scores, axis=1, kind="stable")
    return [
        _ranked(judged, question, tuple(judged.passages[row].id for row in order))
        for question, order in zip(asked, orders, strict=True)
    ]


def _ranked(judged: JudgedSet, question: JudgedText, found: tuple[str, ...]) -> Ranked:
    return Ranked(question.id, question.language, judged.gold[question.id], found)


def _nothing() -> tuple[Figures, Figures]:
    empty = Figures({}, {}, None, None)
    return empty, empty
