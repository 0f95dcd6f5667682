"""The saved searches of a base. What they find is not known here."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

from kb.records.errors import InputError, NotFoundError
from kb.records.messages import say
from kb.records.watching import SavedSearch
from kb.store.disk.acknowledged import Change, Did
from kb.store.disk.engine import Engine
from kb.store.operation.replies import KeptReply, insert_reply
from kb.store.tables import columns
from kb.store.tables.cells import COUNTED

_SEARCH, _RECORD = columns.SEARCH, columns.SEARCHES["record"]


class SavedSearches:
    """Adds, lists and removes saved searches, and keeps how far each was looked at."""

    def __init__(self, connections: Engine) -> None:
        self._connections = connections

    def add(self, search: SavedSearch, reply: KeptReply | None = None) -> KeptReply | None:
        """Write a new saved search, and the reply to its request; InputError when its name is taken.

        When that request was answered before, nothing is written and the earlier reply is given back.
        """
        with self._connections.write() as connection:
            earlier = insert_reply(connection, reply)
            if earlier is not None:
                return earlier
            if connection.execute("SELECT 1 FROM searches WHERE name = ?", (search.name,)).fetchone():
                raise InputError(
                    say("saved_search_named", search=search.name), say("is_there_already"), say("choose_another_name")
                )
            connection.execute(
                "INSERT INTO searches (id, name, record) VALUES (?, ?, ?)",
                (search.id, search.name, _SEARCH.dump(search)),
            )
            self._connections.note(Change(f"saved search {search.id}", Did.MADE))
        return None

    def all(self) -> list[SavedSearch]:
        """Every saved search, oldest first."""
        found = self._connections.fetch("SELECT record FROM searches ORDER BY number", (), _RECORD)
        return [search for (search,) in found]

    def get(self, search: str) -> SavedSearch:
        """The saved search with this id or of this name; NotFoundError otherwise."""
        query = "SELECT record FROM searches WHERE id = ?1 OR name = ?1 ORDER BY id <> ?1 LIMIT 1"
        found = self._connections.fetch(query, (search,), _RECORD)
        if not found:
            raise NotFoundError(
                say("saved_search_of_id", search=search), say("is_not_in_this_base"), say("list_them_kb_saved_list")
            )
        return cast(SavedSearch, found[0][0])

    def look(self, search_id: str, seen: int) -> SavedSearch:
        """Note that its hits were looked at up to this place; an earlier place than the one known changes nothing."""
        with self._connections.write() as connection:
            search = self.get(search_id)
            looked = replace(search, seen=max(search.seen, seen))
            connection.execute("UPDATE searches SET record = ? WHERE id = ?", (_SEARCH.dump(looked), search.id))
        return looked

    def remove(self, search_id: str) -> None:
        """Remove a saved search and the webhooks that are told of it; NotFoundError when it is not there."""
        search = self.get(search_id)
        with self._connections.write() as connection:
            connection.execute("DELETE FROM searches WHERE id = ?", (search.id,))
            self._connections.note(Change(f"saved search {search.id}", Did.REMOVED))

    def newest(self) -> int:
        """The place of the newest passage in the base's order of addition, 0 for none; no place is given twice."""
        return int(self._connections.fetch("SELECT coalesce(max(key), 0) FROM passages", (), COUNTED)[0][0])
