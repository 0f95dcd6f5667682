"""The tables of the server's own records: keys, jobs, replies to repeated requests, saved searches, webhooks.

Knows SQL and nothing of HTTP. A key's secret is never here, only its SHA-256; a webhook's is, for it signs.
"""

from __future__ import annotations

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

CREATE TABLE IF NOT EXISTS searches (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, name TEXT NOT NULL UNIQUE, record TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS webhooks (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    search_id TEXT REFERENCES searches (id) ON DELETE CASCADE,
    secret TEXT NOT NULL, told INTEGER NOT NULL, record TEXT NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS deliveries (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE,
    webhook_id TEXT NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE, due TEXT, body TEXT, record TEXT NOT NULL
) STRICT;
CREATE INDEX IF NOT EXISTS deliveries_by_due ON deliveries (due);
"""
