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
