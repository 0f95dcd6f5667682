"""Every damage that a value of a base can have, by table, column and type: cases, and how one is done to a base.

A base refuses most of them in SQL, so its tables are loosened while the value is written, as a broken disk would.
"""

from __future__ import annotations

import json
import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

TABLES = (
    "meta", "documents", "aliases", "sources", "places", "fingerprints", "failures", "passages",
    "passage_topics", "passage_subtopics", "passage_own_topics", "own_topics", "taggings", "statistics", "vectors",
    "keys", "jobs", "replies", "searches",
    "webhooks", "deliveries", "words_es", "words_en",
)  # fmt: skip
# Written as SQL: what a column of each type can hold that none of its kind is.
ANYTHING = {"null": "NULL", "text": "'abc'", "a number": "7", "huge": str(2**62), "blob": "x'00ff'"}
BY_TYPE = {
    "TEXT": {
        **ANYTHING,
        "empty": "''",
        "no number": "'12abc'",
        "digits": f"'{'9' * 40}'",
        "bad UTF-8": "CAST(x'61ff62' AS TEXT)",
        "half a character": "CAST(x'61eda08062' AS TEXT)",
    },
    "INTEGER": {**ANYTHING, "negative": "-1", "fraction": "1.5", "dangling": "999999"},
    "REAL": {**ANYTHING, "infinite": "9e999"},
    "BLOB": {
        **ANYTHING,
        "empty": "x''",
        "a byte": "x'01'",
        "cut": "substr({column}, 1, length({column}) - 1)",
        "longer": "CAST({column} || x'00' AS BLOB)",
        "no numbers": "CAST(x'ffffffffffffffff' || substr({column}, 9) AS BLOB)",
    },
}
RECORD = {
    "truncated": "substr(record, 1, length(record) / 2)",
    "no object": "'[]'",
    "no members": "'{{}}'",
    "null of JSON": "'null'",
    "half a character escaped": "replace(record, ':\"', ':\"\\ud800')",
}
FIELD: dict[str, Any] = {"null": None, "huge": 10**40, "negative": -1, "text": "zz", "list": []}
DANGLING = {"document_id": "dffffffffffffffff", "passage_id": "pffffffffffffffff", "duplicate_of": "dffffffffffffffff",
            "translation_of": "dffffffffffffffff", "webhook_id": "hffff", "search_id": "qffff"}  # fmt: skip


# Columns in which any text, or any number, is one that could have been written.
FREE = {
    ("failures", "path"), ("failures", "stage"), ("failures", "reason"), ("failures", "hint"), ("jobs", "caller"),
    ("replies", "caller"), ("replies", "name"), ("replies", "request"), ("replies", "body"), ("webhooks", "secret"),
    ("deliveries", "body"), ("taggings", "version"), ("fingerprints", "numbers"), ("aliases", "source_id"),
    ("failures", "source_id"), ("documents", "reading"), ("meta", "key"),
    ("sources", "identity"), ("sources", "source_id"), ("sources", "owner"), ("sources", "folded"),
    ("places", "place"), ("places", "file"), ("places", "source_id"),
}  # fmt: skip
COUNTED = {
    ("jobs", "number"), ("searches", "number"), ("webhooks", "number"), ("webhooks", "told"), ("deliveries", "number"),
    ("own_topics", "position"), ("replies", "status"), ("statistics", "position"),
}  # fmt: skip
MAY_LACK = {("sources", "owner"), ("failures", "path"), ("failures", "hint"), ("deliveries", "body")}


def _could_be(table: str, column: str, kind: str) -> bool:
    """Whether the value is one of its kind: no damage, though another value."""
    if (table, column) in FREE:
        return kind in ("text", "a number", "huge", "empty", "no number", "digits") or (
            kind == "null" and (table, column) in MAY_LACK
        )
    return (table, column) in COUNTED and kind in ("a number", "dangling")


@dataclass(frozen=True, slots=True)
class Damage:
    """A value of one row (the ``place``-th of its table) and the SQL that stands in its place; ``field`` of a record
    where only that is damaged."""

    table: str
    column: str
    kind: str
    expression: str
    place: int = 0
    field: str | None = None
    value: str | None = None

    def __str__(self) -> str:
        field = f".{self.field}" if self.field else ""
        return f"{self.table}.{self.column}{field} {self.kind} ({self.place})"


def damages(base: Path) -> Iterator[Damage]:
    """Every damage of this base, in order: for each table its first row and its last."""
    with closing(sqlite3.connect(base / "kb.sqlite")) as connection:
        for table in TABLES:
            count = connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            assert count or table == "passage_own_topics", f"the base has no {table}"
            for place in sorted({0, count - 1}) if count else ():
                yield from _of_row(connection, table, place)


def _of_row(connection: sqlite3.Connection, table: str, place: int) -> Iterator[Damage]:
    for _, column, kind, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
        for name, expression in BY_TYPE[kind or "TEXT"].items():
            if not _could_be(table, column, name):
                yield Damage(table, column, name, expression.format(column=column), place)
        if column in DANGLING:
            yield Damage(table, column, "dangling", f"'{DANGLING[column]}'", place)
        if column == "record":
            for name, expression in RECORD.items():
                yield Damage(table, column, name, expression.format(), place)
            yield from _of_record(connection, table, place)


def _of_record(connection: sqlite3.Connection, table: str, place: int) -> Iterator[Damage]:
    query = f"SELECT record FROM {table} ORDER BY rowid LIMIT 1 OFFSET ?"  # noqa: S608
    record = json.loads(connection.execute(query, (place,)).fetchone()[0])
    for field in record:
        for name, value in FIELD.items():
            if value != record[field]:
                yield Damage(table, "record", name, "?", place, field, json.dumps({**record, field: value}))
        less = {key: value for key, value in record.items() if key != field}
        yield Damage(table, "record", "missing", "?", place, field, json.dumps(less))
        if field in DANGLING:
            changed = json.dumps({**record, field: DANGLING[field]})
            yield Damage(table, "record", "dangling", "?", place, field, changed)
        if isinstance(record[field], dict) and "start" in record[field]:
            for span in ({"start": 0, "end": 10**9}, {"start": 9, "end": 2}):
                changed = json.dumps({**record, field: span})
                yield Damage(table, "record", f"span {span['end']}", "?", place, field, changed)


def sample(base: Path, count: int, seed: int) -> list[Damage]:
    """So many of them, no table and column left out before each had one."""
    found = list(damages(base))
    random.Random(seed).shuffle(found)  # noqa: S311
    met: dict[tuple[str, str], int] = {}
    turns = []
    for one in found:
        turn = met[one.table, one.column] = met.get((one.table, one.column), -1) + 1
        turns.append((turn, one))
    return [one for _, one in sorted(turns, key=lambda pair: pair[0])[:count]]


def do(damage: Damage, base: Path) -> bool:
    """Write the damage into a base that nobody has open; whether the file holds it now (a unique column may refuse)."""
    with closing(sqlite3.connect(base / "kb.sqlite", isolation_level=None)) as connection:
        connection.execute("PRAGMA writable_schema = ON")
        kept = connection.execute("SELECT sql FROM sqlite_master WHERE name = ?", (damage.table,)).fetchone()[0]
        loose = kept.replace(" NOT NULL", "").replace("STRICT, WITHOUT ROWID", "WITHOUT ROWID").replace(") STRICT", ")")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (loose, damage.table))
    with closing(sqlite3.connect(base / "kb.sqlite", isolation_level=None)) as connection:
        done = _write(connection, damage)
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("UPDATE sqlite_master SET sql = ? WHERE name = ?", (kept, damage.table))
    return done


def _write(connection: sqlite3.Connection, damage: Damage) -> bool:
    table, column = damage.table, damage.column
    keys = [row[1] for row in connection.execute(f"PRAGMA table_info({table})") if row[5]]
    row_id = ", ".join(keys) if table in WITHOUT_ROWID else "rowid"
    where = f"({row_id}) = (SELECT {row_id} FROM {table} ORDER BY {row_id} LIMIT 1 OFFSET {damage.place})"  # noqa: S608
    values = () if damage.value is None else (damage.value,)
    before = connection.execute(f"SELECT {column} IS {damage.expression} FROM {table} WHERE {where}", values)  # noqa: S608
    if before.fetchone()[0]:
        return False
    try:
        connection.execute(f"UPDATE {table} SET {column} = {damage.expression} WHERE {where}", values)  # noqa: S608
    except (sqlite3.IntegrityError, sqlite3.OperationalError):
        return False
    return True


WITHOUT_ROWID = ("passage_topics", "passage_subtopics", "passage_own_topics", "replies")
