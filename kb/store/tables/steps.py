"""The way from each format of a base to the next: what a base of format N-1 is given to be one of format N.

Each step runs inside its caller's transaction, after a copy was made, and stays as it was released, like the scripts in
``kb/data`` that it runs: bases of that format exist. Knows SQL, and of a record the members that it reads. A new base
goes the whole way from an empty file. Of a key only the SHA-256 of its secret is kept; a webhook's is, for it signs.
"""

from __future__ import annotations

import re
import sqlite3
import struct
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from importlib import resources
from typing import Any, Protocol

from kb.records.language import Language

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


class Rows(Protocol):
    """What a statement gives."""

    @property
    def rowcount(self) -> int:
        """How many rows it changed."""
        ...

    def fetchone(self) -> Any:
        """The next row, null after the last."""
        ...

    def fetchmany(self, size: int = ..., /) -> list[Any]:
        """The next rows, at most so many."""
        ...

    def fetchall(self) -> list[Any]:
        """The rows that are left."""
        ...

    def __iter__(self) -> Iterator[Any]: ...


class Sql(Protocol):
    """An open connection."""

    text_factory: Any

    def execute(self, query: str, values: Any = ..., /) -> Rows:
        """Run a statement; the engine's own error where it cannot be."""
        ...

    def executemany(self, query: str, values: Iterable[Any], /) -> object:
        """Run a statement once for each of these values."""
        ...


_NUMBER = re.compile(r"\d{1,30}(?:[.,]\d{1,30}){0,10}")

# The smallest hashes of a text's runs by which others like it are looked up.
SAMPLE = 32


def _first(connection: Sql) -> None:
    """The tables of documents, and the words of each language."""
    _run(connection, _script("format_1") + word_tables())


def _second(connection: Sql) -> None:
    """Every table and column that came while bases were still called format 1, whichever a base lacks; and columns and
    indexes for what was looked for in the records of all documents."""
    _run(connection, _script("format_1") + _script("format_2_tables"))
    # A passage without tokens is found by its words and vectors; kb doctor --fix makes them.
    _add(connection, "vectors", "tokens BLOB NOT NULL DEFAULT x''")
    if _add(connection, "fingerprints", "numbers TEXT NOT NULL DEFAULT ''"):
        _number_fingerprints(connection)
    _run(connection, _script("format_2"))


def _number_fingerprints(connection: Sql) -> None:
    # As bytes: a damaged record may hold a text that is none, or not in UTF-8.
    text = "CASE WHEN json_valid(record) THEN CAST(json_extract(record, '$.text') AS BLOB) END"
    query = f"SELECT document_id, {text} FROM fingerprints JOIN documents ON id = document_id"  # noqa: S608
    for document_id, text in connection.execute(query).fetchall():
        numbers = " ".join(sorted(set(_NUMBER.findall((text or b"").decode("utf-8", "replace")))))
        connection.execute("UPDATE fingerprints SET numbers = ? WHERE document_id = ?", (numbers, document_id))


def _third(connection: Sql) -> None:
    """What is looked up of a document before it is added, and counted of all, by indexes: no record of a base is read
    for that; and who runs a job, until when."""
    _run(connection, _script("format_3"))
    after = ""
    while some := connection.execute(
        "SELECT document_id, runs FROM fingerprints JOIN documents ON id = document_id "
        "WHERE document_id > ? ORDER BY document_id LIMIT 500",
        (after,),
    ).fetchall():
        for document_id, runs in some:
            insert_sample(connection, document_id, bytes(runs))
        after = some[-1][0]


def insert_sample(connection: Sql, document_id: str, runs: bytes) -> None:
    """Write the sample of a fingerprint's runs (32-bit hashes, little-endian, ascending)."""
    count = min(SAMPLE, len(runs) // 4)
    hashes = struct.unpack(f"<{count}I", runs[: 4 * count])
    insert = "INSERT INTO fingerprint_samples VALUES (?, ?) ON CONFLICT DO NOTHING"
    connection.executemany(insert, [(value, document_id) for value in hashes])


STEPS: Mapping[int, Callable[[Sql], None]] = {1: _first, 2: _second, 3: _third}
FORMAT = max(STEPS)


def advance(connection: Sql) -> None:
    """Bring a base of an older format, or an empty file, to the newest one, inside the caller's transaction."""
    for number in range(version_of(connection) + 1, FORMAT + 1):
        STEPS[number](connection)
        connection.execute(f"PRAGMA user_version = {number}")


def lacking(connection: Sql) -> list[str]:
    """The tables, columns ("documents.year") and indexes of the newest format that a base of it lacks, by name."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as whole:
        advance(whole)
        return sorted(_parts(whole) - _parts(connection))


def _parts(connection: Sql) -> set[str]:
    query = (
        "SELECT made.name, columns.name FROM sqlite_master AS made LEFT JOIN pragma_table_info(made.name) AS columns "
        "ON made.type = 'table' WHERE made.name NOT LIKE 'sqlite_%'"
    )
    return {name if column is None else f"{name}.{column}" for name, column in connection.execute(query)}


def _script(name: str) -> str:
    return resources.files("kb").joinpath("data", f"{name}.sql").read_text(encoding="utf-8")


def _run(connection: Sql, script: str) -> None:
    """Each statement of a script; ``executescript`` would end the transaction."""
    for statement in script.split(";"):
        if statement.strip():
            connection.execute(statement)


def _add(connection: Sql, table: str, column: str) -> bool:
    """Add a column unless the table has it; whether it was added."""
    query = "SELECT 1 FROM pragma_table_info(?) WHERE name = ?"
    if connection.execute(query, (table, column.split()[0])).fetchone() is not None:
        return False
    connection.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    return True
