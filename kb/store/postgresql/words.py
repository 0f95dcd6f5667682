"""What PostgreSQL says of the words of a base (a ``WordSource``): its own index finds them, and weighs nothing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from kb.records.language import Language
from kb.store.disk.word_memory import FORMS, MANY, Floats, Numbers, Phrase
from kb.store.tables.cells import COUNTED, Cell, integer, text
from kb.store.tables.steps import WORD_TABLES

Fetch = Callable[..., list[tuple[Any, ...]]]
Places = tuple[Numbers, Numbers]
_NOWHERE: Places = (np.zeros(0, np.int64), np.zeros(0, np.int64))
_KEY, _LENGTH, _TEXT = Cell("", "", integer(1)), Cell("", "", integer(0)), Cell("", "", text)
# Passages by which the common words of a language are told.
_SAMPLED = 20_000
_WRITTEN = Cell("", "", lambda value: np.fromstring(value or "", np.int64, sep=","))


class IndexedWords:
    """The words of an open base."""

    def __init__(self, fetch: Fetch) -> None:
        self._fetch = fetch
        # What was read with the last numbers that were asked for.
        self._read: dict[Language, dict[Phrase, Places]] = {language: {} for language in Language}
        # Words of so many passages that to read them for a number would take long.
        self._many: dict[Language, set[str]] = {language: set() for language in Language}

    def lengths(self, language: Language) -> tuple[Numbers, Floats]:
        """Every passage with how many words it has."""
        query = f"SELECT rowid, length FROM {WORD_TABLES[language]} ORDER BY rowid"  # noqa: S608
        rows = np.array(self._fetch(query, (), _KEY, _LENGTH), np.int64).reshape(-1, 2)
        return rows[:, 0].copy(), rows[:, 1].astype(np.float64)

    def after(self, language: Language, key: int, most: int) -> list[tuple[Any, ...]]:
        """The first passages beyond a key, at most so many, with their words, plain and stemmed."""
        table = WORD_TABLES[language]
        query = f"SELECT rowid, plain, stemmed FROM {table} WHERE rowid > ? ORDER BY rowid LIMIT ?"  # noqa: S608
        return self._fetch(query, (key, most), _KEY, _TEXT, _TEXT)

    def counts(self, language: Language, words: Sequence[str]) -> dict[Phrase, int]:
        """How many passages have each of these words, by form; which ones is read with that, and kept for ``met``, but
        for the words of very many."""
        many = [word for word in words if word in self._many[language]]
        self._read[language] = read = self._places(language, [word for word in words if word not in many])
        counted = self._each(language, many, "count(*)", "0", COUNTED, COUNTED)
        return {
            **{phrase: len(keys) for phrase, (keys, _) in read.items()},
            **{(form, word): count for form, word, count, _ in counted if count},
        }

    def met(self, language: Language, word: str, forms: Sequence[str]) -> Mapping[str, tuple[Numbers, Numbers]]:
        """The passages that have a word, with how often, by form."""
        read = self._read[language]
        if any((form, word) not in read for form in forms):
            read = self._places(language, [word])
        return {form: read.pop((form, word), _NOWHERE) for form in forms}

    def _places(self, language: Language, words: Sequence[str]) -> dict[Phrase, Places]:
        times = "string_agg(coalesce({form}_counts ->> word, '1'), ',')"
        found = self._each(language, words, "string_agg(CAST(rowid AS text), ',')", times, _WRITTEN, _WRITTEN)
        orders = [np.argsort(keys) for _, _, keys, _ in found]
        return {
            (form, word): (keys[order], times[order])
            for (form, word, keys, times), order in zip(found, orders, strict=True)
            if len(keys)
        }

    def _each(
        self, language: Language, words: Sequence[str], one: str, two: str, *cells: Cell[Any]
    ) -> list[tuple[Any, ...]]:
        """Each form and word with two values of the passages that have it."""
        if not words:
            return []
        asked = "unnest(CAST(?1 AS text[]), CAST(?2 AS text[])) AS asked (word, query)"
        query = " UNION ALL ".join(
            f"SELECT '{form}', word, one, two FROM {asked}, "  # noqa: S608
            f"LATERAL (SELECT {one} AS one, {two.format(form=form)} AS two FROM {WORD_TABLES[language]} "
            f"WHERE {form}_words @@ CAST(query AS tsquery)) AS met"
            for form in FORMS
        )
        return self._fetch(query, (list(words), [_quoted(word) for word in words]), _TEXT, _TEXT, *cells)

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
        query = f"SELECT word, sum(ndoc) AS met FROM ({each}) AS each GROUP BY word ORDER BY met DESC, word"  # noqa: S608
        found = [(word, round(met / share)) for word, met in self._fetch(query, (), _TEXT, COUNTED)]
        self._many[language] = {word for word, met in found if met >= MANY}
        return found


def _quoted(word: str) -> str:
    """A tsquery for a word, so that no text is syntax."""
    return "'" + word.replace("\\", "\\\\").replace("'", "''") + "'"
