"""The part of the client that comes back: saved searches with what is new in them, and webhooks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from api.client.sending import RequestSender, read_as
from api.watching.watch_schemas import DeliveriesResponse, NewHitsResponse, NewWebhook, SavedSearchLine, WebhookLine
from kb.records.search import Hit


class WatchingMethods:
    """Methods of ``Client``; what sends is handed in."""

    _sender: RequestSender

    def saved_searches(self) -> tuple[SavedSearchLine, ...]:
        """The saved searches of the base."""
        return read_as(tuple[SavedSearchLine, ...], self._sender.send("GET", "/v1/searches"))

    def save_search(
        self, name: str, text: str | None = None, *, from_now: bool = True, **filters: Any
    ) -> SavedSearchLine:
        """A search under a name; filters are those of ``GET /v1/search``, each a list."""
        body = {"name": name, "text": text, "from_now": from_now, "filters": filters}
        return read_as(SavedSearchLine, self._sender.send("POST", "/v1/searches", json=body))

    def new_hits(self, search_id: str) -> Iterator[Hit]:
        """Every new hit, in the order in which they were added; once the last was taken they are seen."""
        page: NewHitsResponse | None = None
        while page is None or page.next:
            cursor = {"cursor": page.next} if page and page.next else {}
            path = f"/v1/searches/{_id(search_id)}/new"
            page = read_as(NewHitsResponse, self._sender.send("GET", path, params=cursor))
            yield from page.hits
        self._sender.send("POST", f"/v1/searches/{_id(search_id)}/seen", json={"until": page.until})

    def forget_search(self, search_id: str) -> None:
        """Remove a saved search."""
        self._sender.send("DELETE", f"/v1/searches/{_id(search_id)}")

    def webhooks(self) -> tuple[WebhookLine, ...]:
        """The webhooks of the base."""
        return read_as(tuple[WebhookLine, ...], self._sender.send("GET", "/v1/webhooks"))

    def add_webhook(self, url: str, search: str | None = None) -> NewWebhook:
        """A webhook and its secret, which nothing shows again."""
        return read_as(NewWebhook, self._sender.send("POST", "/v1/webhooks", json={"url": url, "search": search}))

    def deliveries(self, webhook_id: str, limit: int = 20) -> DeliveriesResponse:
        """What was sent to a webhook, newest first."""
        path = f"/v1/webhooks/{_id(webhook_id)}/deliveries"
        return read_as(DeliveriesResponse, self._sender.send("GET", path, params={"limit": limit}))

    def remove_webhook(self, webhook_id: str) -> None:
        """Remove a webhook."""
        self._sender.send("DELETE", f"/v1/webhooks/{_id(webhook_id)}")


def _id(name: str) -> str:
    if not name.isalnum():
        raise ValueError(f"{name!r} is not an id")
    return name
