"""What search reads of a base: keys that fulfil filters, vectors, tokens and words.

Changes nothing and parses no record.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence, Sized
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from kb.records.language import Language
from kb.records.ports import FloatArray, ModelStamp
from kb.records.search import Filters, StatisticQuery, WordQuery
from kb.store.disk.engine import Engine
from kb.store.disk.word_memory import WordMemory
from kb.store.remembering import Remembered
from kb.store.tables import columns, rows
from kb.store.tables.cells import COUNTED, Cell, blob, refused, text

Condition = tuple[str, list[object]]
# The fields that one condition is made of, to what makes it of their values.
Rows = Mapping[tuple[str, ...], Callable[..., Condition]]

_HAS_STATISTIC = "passages.key IN (SELECT key FROM statistics)"


def like(text: str) -> str:
    """A LIKE pattern (escape character ``\\``) for text that contains ``text``; NUL, at which SQLite would end it and
    which no name of a base holds, is the character that stands for it in names."""
    escaped = text.replace("\0", "\ufffd").replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


def passage_conditions(filters: Filters) -> tuple[list[str], list[object]]:
    """SQL conditions on ``passages`` and ``documents`` with their values; empty when nothing is asked."""
    return _conditions(PASSAGES, filters)


def statistic_conditions(query: StatisticQuery) -> tuple[list[str], list[object]]:
    """SQL conditions on ``statistics`` and ``passages`` with their values; empty when nothing is asked."""
    return _conditions(FIGURES, query)


def _conditions(rows: Rows, record: Filters | StatisticQuery) -> tuple[list[str], list[object]]:
    asked = [(make, [getattr(record, field) for field in fields]) for fields, make in rows.items()]
    made = [make(*values) for make, values in asked if any(value not in (None, frozenset()) for value in values)]
    return [condition for condition, _ in made], [value for _, values in made for value in values]


def _compared(comparison: str, value: object) -> Condition:
    return f"{comparison} ?", [getattr(value, "value", value)]


def _one_of(column: str, chosen: Iterable[Any]) -> Condition:
    values: list[object] = sorted(getattr(one, "value", one) for one in chosen)
    return f"{column} IN ({marks(values)})", values


def _labelled(table: str, column: str, chosen: Iterable[Any]) -> Condition:
    """Passages with one of these labels."""
    condition, values = _one_of(column, chosen)
    return f"passages.key IN (SELECT key FROM {table} WHERE {condition})", values  # noqa: S608


def _topics(topics: Iterable[Any], own: Iterable[str]) -> Condition:
    (five, first), (mine, second) = (
        _labelled("passage_topics", "topic", topics),
        _labelled("passage_own_topics", "name", own),
    )
    return f"({five} OR {mine})", [*first, *second]


def _sources(sources: Iterable[str]) -> Condition:
    names = sorted(sources)
    either = " OR ".join(f"{_named('source_id')} OR {_named('publisher')}" for _ in names)
    patterns: list[object] = [like(name) for name in names for _ in ("source_id", "publisher")]
    # In a subquery of its own: it reads each document once, and not once for each of its passages.
    return f"documents.id IN (SELECT id FROM documents WHERE {either})", patterns  # noqa: S608


def _figures(query: StatisticQuery) -> Condition:
    wanted, values = statistic_conditions(query)
    where = f" WHERE {' AND '.join(wanted)}" if wanted else ""
    return f"passages.key IN (SELECT statistics.key FROM statistics{where})", values  # noqa: S608


def _named(column: str) -> str:
    """Both sides folded by the engine: what is asked as it is written is found, whatever letters an engine knows."""
    return f"folded({column}) LIKE folded(?) ESCAPE '\\'"


def marks(values: Sized) -> str:
    """The marks of so many values in a statement."""
    return ", ".join("?" * len(values))


PASSAGES: Rows = {
    ("topics", "own_topics"): _topics,
    ("subtopics",): partial(_labelled, "passage_subtopics", "subtopic"),
    ("languages",): partial(_one_of, "passages.language"),
    ("year_from",): partial(_compared, "documents.year >="),
    ("year_to",): partial(_compared, "documents.year <="),
    ("sources",): _sources,
    ("formats",): lambda formats: _one_of("documents.media_type", [one.media_type for one in formats]),
    ("added_after",): partial(_compared, "passages.key >"),
    ("has_statistic",): lambda wanted: (_HAS_STATISTIC if wanted else f"NOT {_HAS_STATISTIC}", []),
    ("figures",): _figures,
}
FIGURES: Rows = {
    ("kind",): partial(_compared, "statistics.kind ="),
    ("value_from",): partial(_compared, "statistics.value >="),
    ("value_to",): partial(_compared, "statistics.value <="),
    ("year_from",): partial(_compared, "statistics.year >="),
    ("year_to",): partial(_compared, "statistics.year <="),
    ("language",): partial(_compared, "statistics.language ="),
    ("source",): lambda source: (_named("statistics.source"), [like(source)]),
    ("topic",): lambda topic: _labelled("passage_topics", "topic", [topic]),
    ("own_topic",): lambda name: _labelled("passage_own_topics", "name", [name]),
    ("subtopics",): partial(_labelled, "passage_subtopics", "subtopic"),
    ("has_sample_size",): lambda wanted: (f"statistics.sample_size IS {'NOT ' if wanted else ''}NULL", []),
}


KEY, LANGUAGE, TOKENS = columns.PASSAGES["key"], columns.PASSAGES["language"], columns.VECTORS["tokens"]
# A server asks for it with every search.
_STAMP = Cell("meta", "value", lru_cache(maxsize=4)(columns.MODEL.load))
_VECTOR_BYTES = Cell("vectors", "passage", blob)
# A live passage is of a current document: said of both, and of the passage so ("+") that no index is walked for that
# alone, row after row of the whole base, where another table leads to the few.
_LIVE = (
    "passages JOIN documents ON documents.id = passages.document_id WHERE +passages.live = 1 AND documents.current = 1"
)


# Filters whose keys stay in memory, 8 bytes each, until the base changes: pages and questions under one filter.
_FILTERS_KEPT = 8
_NOTHING = Filters()
# What a number of a base has at most.
_BITS = 63
# A sample has a tenth of what was asked for at least, if there are so many.
_FEW_OF = 10


class SearchReader:
    """The state, the vectors and the words of an open base. Safe to share between threads."""

    def __init__(self, folder: Path, connections: Engine) -> None:
        self.folder = folder
        self._connections = connections
        self._stamp: ModelStamp | None = None
        self._words = WordMemory(connections.words, self._state)
        self._matching: Remembered[Filters, NDArray[np.int64]] = Remembered(self.version, _FILTERS_KEPT)

    # -- the state of the base -------------------------------------------------------------

    def version(self) -> int:
        """How many changes the base has seen."""
        return self._state()[0]

    def rewritten(self) -> int:
        """How many of these changed or removed what was there before: a record that was read holds while this stays."""
        return self._state()[1]

    def _state(self) -> tuple[int, int]:
        """Both of these at once."""
        query = "SELECT key, value FROM meta WHERE key IN ('version', 'added')"
        numbers = dict(self._all(query, (), Cell("meta", "key", text), columns.VERSION))
        version = numbers.get("version", 0)
        # Counted from the other side, so that whoever does not know the difference counts as rewriting.
        return version, version - numbers.get("added", 0)

    def stamp(self) -> ModelStamp | None:
        """The model of the vectors, or null for a base without any."""
        row = self._one("SELECT value FROM meta WHERE key = 'model'", (), _STAMP)
        self._stamp = None if row is None else row[0]
        return self._stamp

    def keys_matching(self, filters: Filters) -> NDArray[np.int64] | None:
        """The keys of the live passages that fulfil the filters, ascending; null when nothing is asked."""
        if filters == _NOTHING:
            return None
        return self._matching.get([filters], lambda asked: {one: self._read_matching(one) for one in asked})[filters]

    def _read_matching(self, filters: Filters) -> NDArray[np.int64]:
        conditions, values = passage_conditions(filters)
        query = f"SELECT passages.key FROM {_LIVE} AND {' AND '.join(conditions)} ORDER BY passages.key"  # noqa: S608
        return np.array([key for (key,) in self._all(query, values, KEY)], dtype=np.int64)

    def vector_keys(self, after: int = 0) -> dict[int, Language]:
        """The key and language of every passage that search may return, only those with keys beyond ``after``: a later
        document has higher keys."""
        query = "SELECT key, language FROM passages WHERE live = 1 AND key > ? ORDER BY key"
        return dict(self._all(query, (after,), KEY, LANGUAGE))

    def spread_keys(self, language: Language, most: int) -> list[int]:
        """At most so many keys of live passages of a language, from all over it, ascending: the first at or after each
        of as many places. They stay the same while the base grows, until it has twice as many keys from the first of
        the language on: what is worked out by them holds until then."""
        ((highest,),) = self._all("SELECT max(key) FROM passages WHERE live = 1", (), KEY.or_null)
        first = None if highest is None else self._live_key(language, 0)
        if highest is None or first is None:
            return []
        span = highest - first + 1
        found = self._at_even_steps(language, first, span if span <= most else 1 << span.bit_length() - 1, most)
        if len(found) >= most // _FEW_OF:
            return found
        return self._at_even_steps(language, first, span, most)  # most of the language came late

    def _at_even_steps(self, language: Language, first: int, span: int, most: int) -> list[int]:
        found: list[int] = []
        for place in np.unique(np.linspace(first, first + span - 1, most).astype(np.int64)).tolist():
            if not found or found[-1] < place:
                key = self._live_key(language, place)
                if key is None:
                    break
                found.append(key)
        return found

    def _live_key(self, language: Language, place: int) -> int | None:
        """The first key of a live passage of a language at or after a place."""
        query = "SELECT key FROM passages WHERE live = 1 AND key >= ? AND language = ? ORDER BY key LIMIT 1"
        row = self._one(query, (place, language.value), KEY)
        return None if row is None else row[0]

    def vectors(self, keys: Sequence[int]) -> FloatArray:
        """The passage vectors, float32 of shape (len(keys), dimension), in the order of ``keys``."""
        query, dimension = "SELECT key, passage FROM vectors WHERE key IN ({marks})", self._dimension()
        blobs = dict(self._by_keys(query, keys, KEY, _VECTOR_BYTES))
        self._require_vectors([key for key in keys if key not in blobs])
        whole = columns.vectors_of([blobs[key] for key in keys] if blobs else (), dimension)
        if whole is not None:
            return whole
        found = dict(self._by_keys(query, keys, KEY, self._vector()))  # which names the one that is damaged
        return np.stack([found[key] for key in keys])

    def _require_vectors(self, lacking: Sequence[int]) -> None:
        """Nothing where the passages of these keys went meanwhile; BaseError where one is there and has no vector."""
        for (key,) in self._by_keys("SELECT key FROM passages WHERE live = 1 AND key IN ({marks})", lacking, KEY):
            raise columns.VECTORS["passage"].damaged(key, "is missing")

    def vectors_of(self, document_id: str) -> tuple[tuple[Language, ...], FloatArray]:
        """The language of each live passage of a document, in order, and the vectors, float32 (passages, dimension)."""
        query = (
            "SELECT language, passage FROM passages JOIN vectors USING (key) "
            "WHERE document_id = ? AND live = 1 ORDER BY position"
        )
        found = self._all(query, (document_id,), LANGUAGE, self._vector())
        if not found:
            return (), np.zeros((0, self._dimension()), dtype=np.float32)
        languages, vectors = zip(*found, strict=True)
        return languages, np.stack(vectors)

    def sentence_vectors(self, key: int) -> FloatArray:
        """The vectors of a passage's sentences, float32 of shape (sentences, dimension)."""
        row = self._one("SELECT sentences FROM vectors WHERE key = ?", (key,), self._sentences())
        return rows.load_sentences_blob(b"", self._dimension()) if row is None else row[0]

    def sentence_vectors_of(self, keys: Sequence[int]) -> dict[int, FloatArray]:
        """The vectors of the sentences of these passages, each as ``sentence_vectors`` gives them; unknown keys are
        left out."""
        query = "SELECT key, sentences FROM vectors WHERE key IN ({marks})"
        return dict(self._by_keys(query, keys, KEY, self._sentences()))

    def token_blobs(self, keys: Sequence[int]) -> dict[int, bytes]:
        """The packed tokens of these passages, as the model made them; empty where it makes none."""
        return dict(self._by_keys("SELECT key, tokens FROM vectors WHERE key IN ({marks})", keys, KEY, TOKENS))

    def word_search(
        self, words: WordQuery, language: Language, limit: int, among: NDArray[np.int64] | None = None
    ) -> list[tuple[int, float]]:
        """Keys and BM25 scores (higher is better) of the live passages of a language with any of the words, best first,
        equal ones by ascending key; only ``among`` these keys, as ``keys_matching`` gives them."""
        if limit.bit_length() > _BITS:
            raise refused(OverflowError(limit))
        return self._words.found(words, language, limit, among)

    def read_ahead(self, language: Language, first: Collection[str], but: Collection[str]) -> None:
        """Have in memory, as far as there is room, where these words of a language stand and then the commonest but
        some: in a large base the first question with one waits for that."""
        self._words.read_ahead(language, first, but)

    def _dimension(self) -> int:
        # Every search looks at the stamp itself: to ask the base for each of its reads again took a tenth of its time.
        stamp = self._stamp or self.stamp()
        return 0 if stamp is None else stamp.dimension

    def _vector(self) -> Cell[FloatArray]:
        return Cell("vectors", "passage", columns.vector(self._dimension()))

    def _sentences(self) -> Cell[FloatArray]:
        return Cell("vectors", "sentences", columns.sentences(self._dimension()))

    # -- SQL: with each query the cells of what it selects -----------------------------------

    def _count(self, query: str) -> int:
        return int(self._all(query, (), COUNTED)[0][0])

    def _one(self, query: str, values: Sequence[object], *cells: Cell[Any]) -> tuple[Any, ...] | None:
        found = self._all(query, values, *cells)
        return found[0] if found else None

    def _all(self, query: str, values: Sequence[object], *cells: Cell[Any]) -> list[tuple[Any, ...]]:
        return self._connections.fetch(query, values, *cells)

    def _by_keys(self, query: str, keys: Sequence[int], *cells: Cell[Any]) -> Iterator[tuple[Any, ...]]:
        return self._in_parts(query, [int(key) for key in keys], *cells)

    def _in_parts(self, query: str, values: Sequence[object], *cells: Cell[Any]) -> Iterator[tuple[Any, ...]]:
        """The rows of a query with the values at its ``{marks}``, some of them at a time."""
        for start in range(0, len(values), 500):
            part = values[start : start + 500]
            yield from self._all(query.format(marks=marks(part)), part, *cells)
