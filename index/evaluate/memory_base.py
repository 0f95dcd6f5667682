"""A judged corpus as a base in memory, so that the evaluation runs the product's own Searcher.

Fulfils ``PassageSource`` with arrays and an in-memory FTS5 index of the store's shape. Knows no measures.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from index.evaluate.judged import JudgedText
from index.search.lexical import analyse, plain
from kb.records.document import Passage, Span
from kb.records.language import Language
from kb.records.ports import Embedder, FloatArray, ModelStamp, TokenEmbedder
from kb.records.search import Filters, WordQuery
from kb.store.disk.word_memory import met_words, only

SentenceSplitter = Callable[[str, Language], tuple[Span, ...]]


class MemoryBase:
    """Passages numbered from 1 in the order of the corpus; only the language filter is known here."""

    def __init__(self, texts: Sequence[JudgedText], embedder: Embedder, split: SentenceSplitter) -> None:
        self._stamp = embedder.stamp
        self._passages = [_passage(text, split) for text in texts]
        self._vectors, self._tokens = _encoded(embedder, [text.text for text in texts])
        sentences = [span.cut(passage.text) for passage in self._passages for span in passage.sentences]
        distinct = list(dict.fromkeys(sentences))
        rows = dict(zip(distinct, embedder.encode_passages(distinct), strict=True))
        self._sentences = [
            # float16 and back, as the store keeps them.
            np.array([rows[span.cut(passage.text)] for span in passage.sentences], np.float16)
            for passage in self._passages
        ]
        self._words = _word_index(self._passages)

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
        found = self._words.execute(*met_words(words, language, limit if among is None else None)).fetchall()
        return only(found, among, limit)


def _encoded(embedder: Embedder, texts: Sequence[str]) -> tuple[FloatArray, list[bytes]]:
    if isinstance(embedder, TokenEmbedder):
        return embedder.encode_passages_with_tokens(texts)
    return embedder.encode_passages(texts), [b""] * len(texts)


def _passage(text: JudgedText, split: SentenceSplitter) -> Passage:
    span = Span(0, len(text.text))
    return Passage(text.id, text.id, span, text.text, text.language, sentences=split(text.text, text.language))


def _word_index(passages: Sequence[Passage]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:", check_same_thread=False)
    for language in Language:
        connection.execute(
            f"CREATE VIRTUAL TABLE words_{language.value} USING fts5("
            "plain, stemmed, tokenize=\"unicode61 remove_diacritics 0 tokenchars '&'\")"
        )
    for key, passage in enumerate(passages, start=1):
        connection.execute(
            f"INSERT INTO words_{passage.language.value} (rowid, plain, stemmed) VALUES (?, ?, ?)",  # noqa: S608
            (key, plain(passage.text), analyse(passage.text, passage.language)),
        )
    return connection
