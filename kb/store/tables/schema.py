"""The word tables, which hold text that was analysed elsewhere, and which format a base has.

Knows SQL and nothing of records; all other tables are made by ``kb.store.tables.steps``.
"""

from __future__ import annotations

from kb.records.language import Language
from kb.store.tables.sql import Sql

WORD_TABLES = {language: f"words_{language.value}" for language in Language}

# Regular (not contentless) tables: deleting from contentless ones needs SQLite 3.43, and 3.40 is what
# Debian 12 and CPython 3.11 carry.
_WORD_TABLE = (
    "CREATE VIRTUAL TABLE {exists}{name} USING fts5(plain, stemmed, "
    "tokenize=\"unicode61 remove_diacritics 0 tokenchars '&'\")"
)


def word_tables() -> str:
    """What makes the word tables that are not there."""
    return "\n".join(f"{_WORD_TABLE.format(exists='IF NOT EXISTS ', name=name)};" for name in WORD_TABLES.values())


def renew_word_table(connection: Sql, language: Language) -> None:
    """An empty word table of a language in place of the one that is there, whatever its state."""
    name = WORD_TABLES[language]
    connection.execute(f"DROP TABLE IF EXISTS {name}")
    connection.execute(_WORD_TABLE.format(exists="", name=name))


def version_of(connection: Sql) -> int:
    """The format version written in the base; 0 for an empty file."""
    return int(connection.execute("PRAGMA user_version").fetchone()[0])
