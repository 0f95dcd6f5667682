"""What FTS5 says of the words of a base in SQLite (a ``WordSource``).

Knows its tables: ``docsize``, ``content`` and those of fts5vocab. Scores nothing.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from kb.records.errors import BaseError
from kb.records.language import Language
from kb.records.messages import say
from kb.store.disk.word_memory import FORMS, Floats, Numbers, Phrase
from kb.store.tables.cells import COUNTED, Cell, blob, integer, text
from kb.store.tables.steps import WORD_TABLES

Fetch = Callable[..., list[tuple[Any, ...]]]
_KEY, _BLOB, _TEXT = Cell("", "", integer(1)), Cell("", "", blob), Cell("", "", text)
_WRITTEN = Cell("", "", lambda value: value or "")


def tables_of_words() -> Iterator[str]:
    """What makes, in a connection, the tables that say where each word of a language stands."""
    for table in WORD_TABLES.values():
        yield f"CREATE VIRTUAL TABLE temp.{table}_places USING fts5vocab(main, {table}, instance)"
        yield f"CREATE VIRTUAL TABLE temp.{table}_counts USING fts5vocab(main, {table}, col)"


class Fts5Words:
    """The words of an open base; its reader has the ``tables_of_words``."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    def lengths(self, language: Language) -> tuple[Numbers, Floats]:
        """Every passage with how many words it has."""
        rows = self._fetch(f"SELECT id, sz FROM {WORD_TABLES[language]}_docsize", (), _KEY, _BLOB)  # noqa: S608
        lengths = _lengths([size for _, size in rows])
        if len(lengths) != len(rows):
            reason = say("could_not_be_read", error="docsize")
            raise BaseError(say("word_index", language=language.value), reason, say("check_it_kb_doctor"))
        return np.fromiter((key for key, _ in rows), np.int64, len(rows)), lengths

    def after(self, language: Language, key: int, most: int) -> list[tuple[Any, ...]]:
        """The first passages beyond a key, at most so many, with their words, plain and stemmed."""
        query = f"SELECT id, c0, c1 FROM {WORD_TABLES[language]}_content WHERE id > ? ORDER BY id LIMIT ?"  # noqa: S608
        return self._fetch(query, (key, most), _KEY, _TEXT, _TEXT)

    def counts(self, language: Language, words: Sequence[str]) -> dict[Phrase, int]:
        """How many passages have each of these words, by form."""
        marks = ", ".join("?" * len(words))
        query = f"SELECT col, term, doc FROM {WORD_TABLES[language]}_counts WHERE term IN ({marks})"  # noqa: S608
        return {(form, word): count for form, word, count in self._fetch(query, words, _TEXT, _TEXT, COUNTED)}

    def met(self, language: Language, word: str, forms: Sequence[str]) -> Mapping[str, tuple[Numbers, Numbers]]:
        """The passages that have a word, with how often, by form: by one walk over all its places."""
        # To ask each place for its form is half of the reading: most words stand in one of the two alone.
        number = "doc" if len(forms) == 1 else f"2 * doc + (col = '{FORMS[1]}')"
        query = f"SELECT group_concat({number}) FROM {WORD_TABLES[language]}_places WHERE term = ?"  # noqa: S608
        ((written,),) = self._fetch(query, (word,), _WRITTEN)
        every = np.fromstring(written, np.int64, sep=",") if written else np.zeros(0, np.int64)
        if len(forms) == 1:
            return {forms[0]: _counted(every)}
        return {form: _counted(every[every % 2 == nth] // 2) for nth, form in enumerate(FORMS)}

    def commonest(self, language: Language) -> list[tuple[Any, ...]]:
        """The words of a language with how many passages have each, both forms together, the commonest first."""
        query = f"SELECT term, sum(doc) AS met FROM {WORD_TABLES[language]}_counts GROUP BY term ORDER BY met DESC"  # noqa: S608
        return self._fetch(query, (), _TEXT, COUNTED)


def _counted(every: Numbers) -> tuple[Numbers, Numbers]:
    """These ascending keys once, and how often each was there."""
    starts = np.flatnonzero(np.diff(every, prepend=-1))
    return every[starts], np.diff(starts, append=len(every))


def _lengths(sizes: Sequence[bytes]) -> Floats:
    """How many words each passage has: FTS5 writes a number for each of the two forms, seven bits a byte, the last byte
    of a number below 128."""
    every = np.frombuffer(b"".join(sizes), np.uint8).astype(np.int64)
    lasts = np.flatnonzero(every < 128)
    starts = np.concatenate([[-1], lasts])[: len(lasts)]
    numbers = every[lasts]
    for back in (1, 2):
        there = lasts - back > starts
        numbers[there] += (every[lasts[there] - back] & 127) << (7 * back)
    return np.asarray(numbers[: len(numbers) // 2 * 2].reshape(-1, 2).sum(axis=1), np.float64)
