"""Words looked up in PostgreSQL, scored as FTS5 scores them: BM25 over both forms of each passage, by the same numbers.

Its own ``ts_rank`` knows no rarity of words, so that the same question would be answered otherwise than on SQLite.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from kb.records.language import Language
from kb.records.search import WordQuery
from kb.store.tables.schema import WORD_TABLES

# Of FTS5's bm25(): k1 is 1.2, b is .75, and no word weighs less than this.
_STATEMENT = """
WITH sizes AS MATERIALIZED (SELECT count(*)::float8 AS passages, avg(length)::float8 AS length FROM {table}),
met AS MATERIALIZED (
    SELECT rowid, length, 'plain' AS form, lexeme, cardinality(positions)::float8 AS times
    FROM {table}, unnest(plain_words) AS word (lexeme, positions, weights)
    WHERE plain_words @@ CAST(?1 AS tsquery) AND lexeme = ANY(CAST(?2 AS text[]))
    UNION ALL
    SELECT rowid, length, 'stem', lexeme, cardinality(positions)::float8
    FROM {table}, unnest(stemmed_words) AS word (lexeme, positions, weights)
    WHERE stemmed_words @@ CAST(?3 AS tsquery) AND lexeme = ANY(CAST(?4 AS text[]))
),
rarity AS (
    SELECT form, lexeme, greatest(ln((passages - count(*) + 0.5) / (count(*) + 0.5)), 1e-6) AS weight
    FROM met CROSS JOIN sizes GROUP BY form, lexeme, passages
)
SELECT rowid, sum(weight * times * 2.2 / (times + 1.2 * (0.25 + 0.75 * met.length / sizes.length))) AS score
FROM met JOIN rarity USING (form, lexeme) CROSS JOIN sizes{among}
GROUP BY rowid ORDER BY score DESC, rowid LIMIT ?5
"""


def met_words(
    words: WordQuery, language: Language, limit: int, among: NDArray[np.int64] | None
) -> tuple[str, list[object]]:
    """The statement, with its values, for the keys and BM25 scores of the passages with any of the words, best first,
    equal ones by ascending key; only ``among`` these."""
    values: list[object] = [_any_of(words.plain), list(words.plain), _any_of(words.stems), list(words.stems), limit]
    kept = ""
    if among is not None:
        kept = " WHERE rowid = ANY(CAST(?6 AS bigint[]))"
        values.append(among.tolist())
    return _STATEMENT.format(table=WORD_TABLES[language], among=kept), values


def _any_of(words: Sequence[str]) -> str:
    """A tsquery for any of the words; each is quoted, so that no text is syntax."""
    return " | ".join("'" + word.replace("\\", "\\\\").replace("'", "''") + "'" for word in words)
