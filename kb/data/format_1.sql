CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS documents (
    id TEXT PRIMARY KEY, source_id TEXT NOT NULL, version INTEGER NOT NULL, current INTEGER NOT NULL,
    sha256 TEXT NOT NULL, reading TEXT NOT NULL, year INTEGER, publisher TEXT, record TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS documents_by_source ON documents (source_id, version);

CREATE TABLE IF NOT EXISTS aliases (
    source_id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE IF NOT EXISTS fingerprints (
    document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    words_key TEXT NOT NULL, runs BLOB NOT NULL, numbers TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS failures (
    source_id TEXT PRIMARY KEY, path TEXT, stage TEXT NOT NULL, reason TEXT NOT NULL, hint TEXT
) STRICT;

CREATE TABLE IF NOT EXISTS passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, language TEXT NOT NULL, live INTEGER NOT NULL, record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS passages_by_document ON passages (document_id, position);

CREATE TABLE IF NOT EXISTS passage_topics (
    key INTEGER NOT NULL REFERENCES passages (key) ON DELETE CASCADE, topic TEXT NOT NULL, PRIMARY KEY (key, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE IF NOT EXISTS statistics (
    id TEXT PRIMARY KEY, key INTEGER NOT NULL REFERENCES passages (key) ON DELETE CASCADE,
    position INTEGER NOT NULL, kind TEXT NOT NULL, value REAL, year INTEGER, source TEXT, sample_size INTEGER,
    language TEXT NOT NULL, record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS statistics_by_passage ON statistics (key, position);

CREATE TABLE IF NOT EXISTS vectors (
    key INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    passage BLOB NOT NULL, sentences BLOB NOT NULL, tokens BLOB NOT NULL
) STRICT;
