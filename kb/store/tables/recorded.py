"""Rows that are a record and the columns that repeat it, written in one way, whichever table they are of.

Every function runs inside a transaction that its caller opened.
"""

from typing import Any

from kb.store.tables import columns
from kb.store.tables.steps import Rows, Sql


def insert(connection: Sql, table: str, record: Any, returning: str = "", **beside: object) -> Rows:
    """Write a record into a table that does not have it, with what else its row holds."""
    row = columns.row_of(table, record) | beside
    marks = ", ".join("?" * len(row))
    query = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks}){returning}"  # noqa: S608
    return connection.execute(query, list(row.values()))


def update(connection: Sql, table: str, record: Any) -> None:
    """Write a record in place of the one with its id; nothing happens where there is none."""
    row = columns.row_of(table, record)
    identity = row.pop("id")
    assigned = ", ".join(f"{column} = ?" for column in row)
    connection.execute(f"UPDATE {table} SET {assigned} WHERE id = ?", [*row.values(), identity])  # noqa: S608
