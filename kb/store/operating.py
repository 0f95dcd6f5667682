"""The tables of the server's own records: keys, jobs, and replies kept for a repeated request.

Knows SQL and nothing of HTTP. A key's secret is never here, only its SHA-256.
"""

from __future__ import annotations

import sqlite3

TABLES = """
CREATE TABLE IF NOT EXISTS keys (
    id TEXT PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, created TEXT NOT NULL, record TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS jobs (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, caller TEXT NOT NULL, state TEXT NOT NULL,
    record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS jobs_by_state ON jobs (state, number);

CREATE TABLE IF NOT EXISTS replies (
    caller TEXT NOT NULL, name TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, body TEXT NOT NULL,
    made TEXT NOT NULL, PRIMARY KEY (caller, name)
) STRICT, WITHOUT ROWID;
"""


def complete(connection: sqlite3.Connection) -> None:
    """Add the tables where a base of this format was made before they existed."""
    found = connection.execute("SELECT count(*) FROM sqlite_master WHERE name IN ('keys', 'jobs', 'replies')")
    if found.fetchone()[0] < 3:
        connection.executescript(f"BEGIN IMMEDIATE;\n{TABLES}\nCOMMIT;")
