CREATE TABLE IF NOT EXISTS fingerprint_samples (
    hash INTEGER NOT NULL, document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    PRIMARY KEY (hash, document_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS fingerprint_samples_by_document ON fingerprint_samples (document_id);
CREATE INDEX IF NOT EXISTS fingerprints_by_words ON fingerprints (words_key);
CREATE INDEX IF NOT EXISTS documents_that_repeat_nothing ON documents (id) WHERE current = 1 AND duplicate_of IS NULL;
CREATE INDEX IF NOT EXISTS documents_current ON documents (source_id, version) WHERE current = 1;
CREATE INDEX IF NOT EXISTS documents_by_year ON documents (year) WHERE current = 1;
CREATE INDEX IF NOT EXISTS passages_live ON passages (key, language) WHERE live = 1;

ALTER TABLE jobs ADD COLUMN holder TEXT;
ALTER TABLE jobs ADD COLUMN held_until INTEGER;
