"""Words looked up in PostgreSQL, scored as FTS5 scores them: BM25 over both forms of each passage, by the same numbers.

Its own ``ts_rank`` knows no rarity of words, so that the same question would be answered otherwise than on SQLite.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from kb.records.language import Language
from kb.records.search import WordQuery
from kb.store.tables.steps import WORD_TABLES

# Of FTS5's bm25(): k1 is 1.2, b is .75, and no word weighs less than this. Summed in the order of the words, as there:
# passages that say the same have the same score, to the last bit.
_STATEMENT = resources.files("kb").joinpath("data", "postgresql_word_search.sql").read_text(encoding="utf-8")


def met_words(
    words: WordQuery, language: Language, limit: int, among: NDArray[np.int64] | None
) -> tuple[str, list[object]]:
    """The statement, with its values, for the keys and BM25 scores of the passages with any of the words, best first,
    equal ones by ascending key; only ``among`` these."""
    values: list[object] = [list(words.plain), _asked(words.plain), list(words.stems), _asked(words.stems), limit]
    kept = ""
    if among is not None:
        kept = " WHERE rowid = ANY(CAST(?6 AS bigint[]))"
        values.append(among.tolist())
    return _STATEMENT.format(table=WORD_TABLES[language], among=kept), values


def _asked(words: Sequence[str]) -> list[str]:
    """A tsquery for each of the words, quoted, so that no text is syntax."""
    return ["'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words]
