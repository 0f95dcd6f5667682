"""The tables of a base, their version, and how an older base is brought up to date.

Knows SQL and nothing of records. The word tables hold text that was analysed elsewhere.
"""

from __future__ import annotations

import sqlite3

from kb.records.errors import BaseError
from kb.records.language import Language
from kb.records.messages import say

# Raised by one with every change of the tables.
_FORMAT = 1

WORD_TABLES = {language: f"words_{language.value}" for language in Language}

_TABLES = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

CREATE TABLE documents (
    id TEXT PRIMARY KEY, source_id TEXT NOT NULL, version INTEGER NOT NULL, current INTEGER NOT NULL,
    sha256 TEXT NOT NULL, reading TEXT NOT NULL, year INTEGER, publisher TEXT, record TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX documents_by_source ON documents (source_id, version);

CREATE TABLE aliases (
    source_id TEXT PRIMARY KEY, document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE
) STRICT;

CREATE TABLE fingerprints (
    document_id TEXT PRIMARY KEY REFERENCES documents (id) ON DELETE CASCADE,
    words_key TEXT NOT NULL, runs BLOB NOT NULL, numbers TEXT NOT NULL
) STRICT;

CREATE TABLE failures (
    source_id TEXT PRIMARY KEY, path TEXT, stage TEXT NOT NULL, reason TEXT NOT NULL, hint TEXT
) STRICT;

CREATE TABLE passages (
    key INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    document_id TEXT NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
    position INTEGER NOT NULL, language TEXT NOT NULL, live INTEGER NOT NULL, record TEXT NOT NULL
) STRICT;
CREATE INDEX passages_by_document ON passages (document_id, position);

CREATE TABLE passage_topics (
    key INTEGER NOT NULL REFERENCES passages (key) ON DELETE CASCADE, topic TEXT NOT NULL, PRIMARY KEY (key, topic)
) STRICT, WITHOUT ROWID;

CREATE TABLE statistics (
    id TEXT PRIMARY KEY, key INTEGER NOT NULL REFERENCES passages (key) ON DELETE CASCADE,
    position INTEGER NOT NULL, kind TEXT NOT NULL, value REAL, year INTEGER, source TEXT, sample_size INTEGER,
    language TEXT NOT NULL, record TEXT NOT NULL
) STRICT;
CREATE INDEX statistics_by_passage ON statistics (key, position);

CREATE TABLE vectors (
    key INTEGER PRIMARY KEY REFERENCES passages (key) ON DELETE CASCADE,
    passage BLOB NOT NULL, sentences BLOB NOT NULL, tokens BLOB NOT NULL
) STRICT;
"""

# Regular (not contentless) tables: deleting from contentless ones needs SQLite 3.43, and 3.40 is what
# Debian 12 and CPython 3.11 carry.
_WORD_TABLE = (
    "CREATE VIRTUAL TABLE {name} USING fts5(plain, stemmed, tokenize=\"unicode61 remove_diacritics 0 tokenchars '&'\")"
)


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of an empty base, in one transaction."""
    word_tables = ";\n".join(_WORD_TABLE.format(name=name) for name in WORD_TABLES.values())
    connection.executescript(f"BEGIN IMMEDIATE;\n{_TABLES}\n{word_tables};\nPRAGMA user_version = {_FORMAT};\nCOMMIT;")


def renew_word_table(connection: sqlite3.Connection, language: Language) -> None:
    """An empty word table of a language in place of the one that is there, whatever its state."""
    name = WORD_TABLES[language]
    connection.execute(f"DROP TABLE IF EXISTS {name}")
    connection.execute(_WORD_TABLE.format(name=name))


def version_of(connection: sqlite3.Connection) -> int:
    """The format version written in the base; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def check_version(connection: sqlite3.Connection, base: str) -> None:
    """Raise BaseError unless this program can read the base's format."""
    found = version_of(connection)
    if found > _FORMAT:
        raise BaseError(
            say("base", folder=base),
            say("is_in_newer_format", found=found, newest=_FORMAT),
            say("update_the_program_git_pull_make"),
        )
    if found < _FORMAT:
        raise BaseError(
            say("base", folder=base),
            say("is_in_format_older_than_format", found=found, newest=_FORMAT),
            say("ingest_the_sources_into_a_new"),
        )
