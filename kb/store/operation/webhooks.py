"""The webhooks of a base and the messages to them, kept until each is delivered or given up; and the saved searches
that they tell of.

A secret is kept as it is: it signs. Knows neither HTTP nor what a message says.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from kb.records.errors import InputError, NotFoundError
from kb.records.messages import say
from kb.records.operation import Delivery, SavedSearch, Webhook
from kb.store.disk.acknowledged import Change, Did
from kb.store.operation.replies import KeptRecords, KeptReply, insert_reply
from kb.store.tables import columns, recorded
from kb.store.tables.cells import COUNTED, select
from kb.store.tables.steps import Sql

_WEBHOOK_RECORD, _DELIVERY_RECORD = columns.WEBHOOKS["record"], columns.DELIVERIES["record"]
# Deliveries of a webhook that are remembered; those that wait are never forgotten.
REMEMBERED = 200


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message that is due: the webhook, its secret, the hits its saved search has told of (a place in the base's
    order of addition), and the body, null while it is not written."""

    delivery: Delivery
    webhook: Webhook
    secret: str
    told: int
    body: str | None


class Webhooks(KeptRecords[Webhook]):
    """Adds, lists and removes webhooks; queues, hands out and keeps deliveries."""

    table = "webhooks"

    def add(self, webhook: Webhook, secret: str, told: int, reply: KeptReply | None = None) -> KeptReply | None:
        """Write a new webhook, and the reply to its request; passages up to ``told`` in the order of addition are no
        news to it. When that request was answered before, nothing is written and the earlier reply is given back."""
        with self._connections.write() as connection:
            earlier = insert_reply(connection, reply)
            if earlier is not None:
                return earlier
            recorded.insert(connection, "webhooks", webhook, secret=secret, told=told)
            self._connections.note(Change(f"webhook {webhook.id}", Did.MADE))
        return None

    def _unknown(self, identity: str) -> NotFoundError:
        return NotFoundError(
            say("webhook", webhook=identity), say("is_not_in_this_base"), say("list_them_kb_webhook_list")
        )

    def remove(self, webhook_id: str) -> None:
        """Remove a webhook with its deliveries; NotFoundError when it is not there."""
        self.get(webhook_id)
        with self._connections.write() as connection:
            connection.execute("DELETE FROM webhooks WHERE id = ?", (webhook_id,))
            self._connections.note(Change(f"webhook {webhook_id}", Did.REMOVED))

    # -- deliveries ------------------------------------------------------------------------

    def deliveries(self, webhook_id: str, limit: int) -> list[Delivery]:
        """What was sent to a webhook, newest first; NotFoundError when it is not there."""
        self.get(webhook_id)
        query = "SELECT record FROM deliveries WHERE webhook_id = ? ORDER BY number DESC LIMIT ?"
        found = self._connections.fetch(query, (webhook_id, limit), _DELIVERY_RECORD)
        return [delivery for (delivery,) in found]

    def due(self, now: datetime) -> list[Outgoing]:
        """The oldest waiting message of each webhook, where its time has come."""
        query = (
            "SELECT deliveries.record, webhooks.record, secret, told, body FROM deliveries "
            "JOIN webhooks ON webhooks.id = webhook_id WHERE deliveries.number IN "
            "(SELECT min(number) FROM deliveries WHERE due IS NOT NULL GROUP BY webhook_id) AND due <= ? "
            "ORDER BY deliveries.number"
        )
        rest = (columns.WEBHOOKS["secret"], columns.WEBHOOKS["told"], columns.DELIVERIES["body"])
        found = self._connections.fetch(
            query, (now.isoformat(timespec="microseconds"),), _DELIVERY_RECORD, _WEBHOOK_RECORD, *rest
        )
        return [Outgoing(*row) for row in found]

    def keep(self, delivery: Delivery) -> None:
        """Write what became of a message; nothing happens when its webhook was removed meanwhile."""
        with self._connections.write() as connection:
            recorded.update(connection, "deliveries", delivery)

    def write_body(self, delivery: Delivery, body: str | None, told: int) -> None:
        """Write what a message says (null: nothing) and how far its webhook has been told, in one transaction."""
        with self._connections.write() as connection:
            connection.execute("UPDATE deliveries SET body = ? WHERE id = ?", (body, delivery.id))
            connection.execute("UPDATE webhooks SET told = ? WHERE id = ?", (told, delivery.webhook_id))
            recorded.update(connection, "deliveries", delivery)


def webhooks_in(connection: Sql) -> list[Webhook]:
    """Every webhook, inside a transaction."""
    found = select(connection, "SELECT record FROM webhooks ORDER BY number", (), _WEBHOOK_RECORD)
    return [webhook for (webhook,) in found]


def insert_delivery(connection: Sql, delivery: Delivery, body: str | None) -> None:
    """Queue a message inside a transaction, and forget the oldest that are done."""
    recorded.insert(connection, "deliveries", delivery, body=body)
    connection.execute(
        "DELETE FROM deliveries WHERE webhook_id = ?1 AND due IS NULL AND number NOT IN "
        "(SELECT number FROM deliveries WHERE webhook_id = ?1 ORDER BY number DESC LIMIT ?2)",
        (delivery.webhook_id, REMEMBERED),
    )


class SavedSearches(KeptRecords[SavedSearch]):
    """Adds, lists and removes saved searches, and keeps how far each was looked at."""

    table = "searches"

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
            recorded.insert(connection, "searches", search)
            self._connections.note(Change(f"saved search {search.id}", Did.MADE))
        return None

    # By their names too.
    named = "WHERE id = ?1 OR name = ?1 ORDER BY id <> ?1 LIMIT 1"

    def _unknown(self, identity: str) -> NotFoundError:
        return NotFoundError(
            say("saved_search_of_id", search=identity), say("is_not_in_this_base"), say("list_them_kb_saved_list")
        )

    def look(self, search_id: str, seen: int) -> SavedSearch:
        """Note that its hits were looked at up to this place; an earlier place than the one known changes nothing."""
        with self._connections.write() as connection:
            search = self.get(search_id)
            looked = replace(search, seen=max(search.seen, seen))
            recorded.update(connection, "searches", looked)
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
