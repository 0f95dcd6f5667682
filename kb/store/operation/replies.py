"""What finds the server's own records, each with an id; and what was answered to requests that carried a name of their
own, so that a repeat does nothing twice.

A reply is written in the transaction of what it answers: these functions work inside one, or on a reader.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Generic

from kb.records.errors import NotFoundError
from kb.store.disk.engine import Engine
from kb.store.tables import columns
from kb.store.tables.cells import select
from kb.store.tables.rows import Record
from kb.store.tables.steps import Sql


@dataclass(frozen=True, slots=True)
class KeptReply:
    """What was answered to a request that carried a name of its own (Idempotency-Key).

    ``request`` is a hash of what was asked; ``caller`` keeps the names of two callers apart.
    """

    caller: str
    name: str
    request: str
    status: int
    body: str
    made: datetime


def find_reply(connection: Sql, caller: str, name: str) -> KeptReply | None:
    """What was answered to this caller's request of this name; null when it is new."""
    query = "SELECT request, status, body, made FROM replies WHERE caller = ? AND name = ?"
    kept = columns.REPLIES
    found = select(connection, query, (caller, name), kept["request"], kept["status"], kept["body"], kept["made"])
    return KeptReply(caller, name, *found[0]) if found else None


def insert_reply(connection: Sql, reply: KeptReply | None) -> KeptReply | None:
    """Write a reply; the earlier one comes back, and nothing is to be done, where its request was answered before.

    Null: it was written, or there is none to write. Call it first in the transaction of what it answers.
    """
    if reply is None:
        return None
    earlier = find_reply(connection, reply.caller, reply.name)
    if earlier is None:
        made = reply.made.isoformat(timespec="microseconds")
        values = (reply.caller, reply.name, reply.request, reply.status, reply.body, made)
        insert = "INSERT INTO replies VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        if not connection.execute(insert, values).rowcount:  # another server has written it meanwhile
            return find_reply(connection, reply.caller, reply.name)
    return earlier


class KeptRecords(Generic[Record]):
    """Finds the records of a table; whatever else is done with them is its heirs' business."""

    table: str
    # By what they stand in a list, and by what one is named.
    order, named = "number", "WHERE id = ?"

    def __init__(self, connections: Engine) -> None:
        self._connections = connections

    def all(self) -> list[Record]:
        """Every record, oldest first."""
        return self._found(f"ORDER BY {self.order}")

    def get(self, identity: str) -> Record:
        """The record of this name, its id; NotFoundError otherwise."""
        for record in self._found(self.named, identity):
            return record
        raise self._unknown(identity)

    def _unknown(self, identity: str) -> NotFoundError:
        raise NotImplementedError

    def _found(self, which: str, *values: object) -> list[Record]:
        query = f"SELECT record FROM {self.table} {which}"  # noqa: S608
        found = self._connections.fetch(query, values, columns.TABLES[self.table]["record"])
        return [record for (record,) in found]
