"""What PostgreSQL says of the words of a base (a ``WordSource``): its own index finds them, and weighs nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from kb.records.language import Language
from kb.store.disk.word_memory import FORMS, Floats, Numbers, Phrase
from kb.store.tables.cells import COUNTED, Cell, integer, text
from kb.store.tables.steps import WORD_TABLES

Fetch = Callable[..., list[tuple[Any, ...]]]
_KEY, _LENGTH, _TEXT = Cell("", "", integer(1)), Cell("", "", integer(0)), Cell("", "", text)
# Passages by which the common words of a language are told, and how many of these words are told of.
_SAMPLED, _COMMON = 20_000, 5_000
_WRITTEN = Cell("", "", lambda value: np.fromstring(value or "", np.int64, sep=","))


class IndexedWords:
    """The words of an open base."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch

    def lengths(self, language: Language) -> tuple[Numbers, Floats]:
        """Every passage with how many words it has."""
        query = f"SELECT rowid, length FROM {WORD_TABLES[language]} ORDER BY rowid"  # noqa: S608
        rows = np.array(self._fetch(query, (), _KEY, _LENGTH), np.int64).reshape(-1, 2)
        return rows[:, 0].copy(), rows[:, 1].astype(np.float64)

    def after(self, language: Language, key: int) -> list[tuple[Any, ...]]:
        """The passages beyond a key with their words, plain and stemmed."""
        query = f"SELECT rowid, plain, stemmed FROM {WORD_TABLES[language]} WHERE rowid > ? ORDER BY rowid"  # noqa: S608
        return self._fetch(query, (key,), _KEY, _TEXT, _TEXT)

    def counts(self, language: Language, words: Sequence[str]) -> dict[Phrase, int]:
        """How many passages have each of these words, by form."""
        asked = "unnest(CAST(?1 AS text[]), CAST(?2 AS text[])) AS asked (word, query)"
        query = " UNION ALL ".join(
            f"SELECT '{form}', word, (SELECT count(*) FROM {WORD_TABLES[language]} "  # noqa: S608
            f"WHERE {form}_words @@ CAST(query AS tsquery)) FROM {asked}"
            for form in FORMS
        )
        found = self._fetch(query, (list(words), [_quoted(word) for word in words]), _TEXT, _TEXT, COUNTED)
        return {(form, word): count for form, word, count in found if count}

    def met(self, language: Language, word: str, forms: Sequence[str]) -> Mapping[str, tuple[Numbers, Numbers]]:
        """The passages that have a word, with how often, by form."""
        read = {}
        for form in forms:
            query = (
                "SELECT string_agg(CAST(rowid AS text), ','), "  # noqa: S608
                f"string_agg(coalesce({form}_counts ->> ?, '1'), ',') "
                f"FROM {WORD_TABLES[language]} WHERE {form}_words @@ CAST(? AS tsquery)"
            )
            ((keys, times),) = self._fetch(query, (word, _quoted(word)), _WRITTEN, _WRITTEN)
            order = np.argsort(keys)
            read[form] = keys[order], times[order]
        return read

    def commonest(self, language: Language) -> list[tuple[str, int]]:
        """The words of a language with how many passages have each, both forms together, the commonest first: by those
        of a sample, for every passage would be read to tell."""
        table = WORD_TABLES[language]
        ((count,),) = self._fetch(f"SELECT count(*) FROM {table}", (), COUNTED)  # noqa: S608
        share = min(1.0, _SAMPLED / max(count, 1))
        each = " UNION ALL ".join(
            f"SELECT word, ndoc FROM ts_stat('SELECT {form}_words FROM {table} "  # noqa: S608
            f"TABLESAMPLE SYSTEM ({100 * share}) REPEATABLE (0)')"
            for form in FORMS
        )
        query = f"SELECT word, sum(ndoc) AS met FROM ({each}) AS each GROUP BY word ORDER BY met DESC, word LIMIT ?"  # noqa: S608
        return [(word, round(met / share)) for word, met in self._fetch(query, (_COMMON,), _TEXT, COUNTED)]


def _quoted(word: str) -> str:
    """A tsquery for a word, so that no text is syntax."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
