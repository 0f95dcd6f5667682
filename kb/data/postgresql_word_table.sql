CREATE TABLE {name} (
    rowid bigint PRIMARY KEY, plain text NOT NULL, stemmed text NOT NULL,
    plain_words tsvector GENERATED ALWAYS AS (kb.words_of(plain)) STORED,
    stemmed_words tsvector GENERATED ALWAYS AS (kb.words_of(stemmed)) STORED,
    plain_counts jsonb GENERATED ALWAYS AS (kb.counts_of(plain)) STORED,
    stemmed_counts jsonb GENERATED ALWAYS AS (kb.counts_of(stemmed)) STORED,
    length bigint GENERATED ALWAYS AS (
        coalesce(array_length(string_to_array(plain, ' '), 1), 0)
        + coalesce(array_length(string_to_array(stemmed, ' '), 1), 0)) STORED
);
CREATE INDEX {name}_plain ON {name} USING gin (plain_words);
CREATE INDEX {name}_stemmed ON {name} USING gin (stemmed_words)
