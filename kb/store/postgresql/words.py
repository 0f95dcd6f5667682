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

# Of FTS5's bm25(): k1 is 1.2, b is .75, and no word weighs less than this. Summed in the order of the words, as there:
# passages that say the same have the same score, to the last bit.
_STATEMENT = """
WITH sizes AS MATERIALIZED (
    SELECT CAST(count(*) AS float8) AS passages, CAST(sum(length) AS float8) / count(*) AS length FROM {table}
),
met AS MATERIALIZED (
    SELECT rowid, length, 1 AS form, nth, word, coalesce(CAST(plain_counts ->> word AS float8), 1) AS times
    FROM unnest(CAST(?1 AS text[]), CAST(?2 AS text[])) WITH ORDINALITY AS asked (word, query, nth)
    JOIN {table} ON plain_words @@ CAST(query AS tsquery)
    UNION ALL
    SELECT rowid, length, 2, nth, word, coalesce(CAST(stemmed_counts ->> word AS float8), 1)
    FROM unnest(CAST(?3 AS text[]), CAST(?4 AS text[])) WITH ORDINALITY AS asked (word, query, nth)
    JOIN {table} ON stemmed_words @@ CAST(query AS tsquery)
),
rarity AS (
    SELECT form, word, greatest(ln((passages - count(*) + 0.5) / (count(*) + 0.5)), 1e-6) AS weight
    FROM met CROSS JOIN sizes GROUP BY form, word, passages
)
SELECT rowid, sum(
    weight * (times * 2.2 / (times + 1.2 * (0.25 + 0.75 * met.length / sizes.length))) ORDER BY form, nth
) AS score
FROM met JOIN rarity USING (form, word) CROSS JOIN sizes{among}
GROUP BY rowid ORDER BY score DESC, rowid LIMIT ?5
"""


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
