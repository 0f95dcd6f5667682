"""The records of a table of the server's own, each with an id: what finds and lists them."""

from typing import Generic

from kb.records.errors import NotFoundError
from kb.store.disk.engine import Engine
from kb.store.tables import columns
from kb.store.tables.rows import Record


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
