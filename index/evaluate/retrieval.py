"""A judged set to figures: ours through the product's own Searcher, plain cosine beside it.

Owns the run; the measures and the reading of files have modules of their own. Keeps nothing on disk.
"""

import sqlite3
import tempfile
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from index.evaluate.judged import JudgedSet, JudgedText, read_judged
from index.evaluate.measures import Figures, Ranked, figures
from index.model.parity import prior_means
from index.model.token_space import EncodedQuestion, load_token_space
from index.search.candidates import FusionWeights
from index.search.glossary import Glossary
from index.search.lexical import analyse, plain
from index.search.query_vectors import QuestionEncoder
from index.search.searcher import Searcher
from index.vectors.sync import IndexKeeper
from kb.records.document import Passage, Span
from kb.records.language import Language
from kb.records.ports import Embedder, FloatArray, ModelStamp, with_tokens
from kb.records.search import Filters, Query, WordQuery
from kb.store.disk.fts5_words import Fts5Words, tables_of_words
from kb.store.disk.word_memory import WordMemory
from kb.store.tables.cells import select
from kb.store.tables.steps import word_tables

SentenceSplitter = Callable[[str], tuple[Span, ...]]


class MemoryBase:
    """Passages numbered from 1 in the order of the corpus; only the language filter is known here."""

    def __init__(self, texts: Sequence[JudgedText], embedder: Embedder, split: SentenceSplitter) -> None:
        self._stamp = embedder.stamp
        self._passages = [_passage(text, split) for text in texts]
        self._vectors, self._tokens = with_tokens(embedder, [text.text for text in texts])
        sentences = [span.cut(passage.text) for passage in self._passages for span in passage.sentences]
        distinct = list(dict.fromkeys(sentences))
        rows = dict(zip(distinct, embedder.encode_passages(distinct), strict=True))
        self._sentences = [
            # float16 and back, as the store keeps them.
            np.array([rows[span.cut(passage.text)] for span in passage.sentences], np.float16)
            for passage in self._passages
        ]
        self._words = WordMemory(Fts5Words(partial(select, _word_index(self._passages))), lambda: (1, 1))

    def version(self) -> int:
        """Always the same: nothing changes."""
        return 1

    def rewritten(self) -> int:
        """Always the same too."""
        return 1

    def stamp(self) -> ModelStamp | None:
        """The model of the vectors."""
        return self._stamp

    def vector_keys(self, after: int = 0) -> dict[int, Language]:
        """Every passage beyond the key ``after``."""
        return {key: passage.language for key, passage in enumerate(self._passages, start=1) if key > after}

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """Passage vectors, float32 (len(keys), dimension)."""
        return np.asarray(self._vectors[np.array(keys, np.int64) - 1], np.float32)

    def sentence_vectors(self, key: int) -> FloatArray:
        """Sentence vectors of a passage, float32 (sentences, dimension)."""
        return self._sentences[key - 1].reshape(-1, self._stamp.dimension).astype(np.float32)

    def sentence_vectors_of(self, keys: Sequence[int]) -> dict[int, FloatArray]:
        """The sentence vectors of several passages."""
        return {key: self.sentence_vectors(key) for key in keys}

    def token_blobs(self, keys: Sequence[int]) -> dict[int, bytes]:
        """The packed tokens of passages; empty where the model has none."""
        return {key: self._tokens[key - 1] for key in keys}

    def passages(self, keys: Sequence[int]) -> dict[int, Passage]:
        """The passages with these keys."""
        return {key: self._passages[key - 1] for key in keys}

    def keys_matching(self, filters: Filters) -> NDArray[np.int64] | None:
        """The keys of the languages asked for; null when none is asked."""
        if not filters.languages:
            return None
        found = [key for key, language in self.vector_keys().items() if language in filters.languages]
        return np.array(found, np.int64)

    def word_search(
        self, words: WordQuery, language: Language, limit: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """Keys and BM25 scores, best first."""
        return self._words.found(words, language, limit, among)

    def read_ahead(self, language: Language, first: Collection[str], but: Collection[str]) -> None:
        """Nothing is read before it is asked for."""


def _passage(text: JudgedText, split: SentenceSplitter) -> Passage:
    span = Span(0, len(text.text))
    return Passage(text.id, text.id, span, text.text, text.language, sentences=split(text.text))


def _word_index(passages: Sequence[Passage]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    connection.executescript(word_tables())
    for made in tables_of_words():
        connection.execute(made)
    for key, passage in enumerate(passages, start=1):
        connection.execute(
            f"INSERT INTO words_{passage.language.value} (rowid, plain, stemmed) VALUES (?, ?, ?)",  # noqa: S608
            (key, plain(passage.text), analyse(passage.text, passage.language)),
        )
    return connection


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
