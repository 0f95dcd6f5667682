"""Words looked up in SQLite: the FTS5 statement that a word query becomes. Knows no connection."""

from __future__ import annotations

from collections.abc import Sequence

from kb.records.language import Language
from kb.records.search import WordQuery
from kb.store.tables.schema import WORD_TABLES


def met_words(
    words: WordQuery, language: Language, limit: int, among: tuple[str, Sequence[object]] | None = None
) -> tuple[str, list[object]]:
    """The statement, with its values, for the keys and BM25 scores of the passages with any of the words, best first,
    equal ones by ascending key; only those ``among`` the keys of a query."""
    table = WORD_TABLES[language]
    kept, values = (f" AND rowid IN ({among[0]})", among[1]) if among else ("", ())
    query = f"SELECT rowid, -bm25({table}) FROM {table} WHERE {table} MATCH ?{kept} ORDER BY 2 DESC, 1 LIMIT ?"  # noqa: S608
    return query, [_expression(words), *values, limit]


def _expression(words: WordQuery) -> str:
    """An FTS5 expression for any of the words; each is quoted, so that no text is syntax."""
    return f"{{plain}} : ({_any_of(words.plain)}) OR {{stemmed}} : ({_any_of(words.stems)})"


def _any_of(words: Sequence[str]) -> str:
    return " OR ".join('"' + word.replace('"', '""') + '"' for word in words)
