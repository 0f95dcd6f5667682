"""What crosses the wire about saved searches and webhooks: request bodies and the shapes of responses."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from pydantic import Field

from api.http.auth import utc_now
from api.http.bodies import MAX_QUERY, Body, FilterBody
from api.service.parts import Watching
from api.watching.courier import MessageSender, new_secret
from kb.records.errors import InputError
from kb.records.likeness import like
from kb.records.messages import say
from kb.records.operation import MAX_NAME, Delivery, Event, Webhook


class SavedSearchBody(Body):
    """A search to come back to. Without ``text``: everything that fulfils the filters. ``from_now``: what is in the
    base already is not new."""

    name: Annotated[str, Field(min_length=1, max_length=MAX_NAME)]
    text: Annotated[str | None, Field(max_length=MAX_QUERY)] = None
    filters: FilterBody = FilterBody()
    from_now: bool = True


class SeenBody(Body):
    """How far was looked: the ``until`` of a page of new hits."""

    until: Annotated[str, Field(min_length=1, max_length=200)]


class WebhookBody(Body):
    """An address to be told; with the id or name of a saved search of its new hits, otherwise of every ended job."""

    url: Annotated[str, Field(min_length=1, max_length=2_000)]
    search: Annotated[str | None, Field(max_length=MAX_NAME)] = None


@dataclass(frozen=True, slots=True)
class WebhookLine:
    """A webhook as it is shown: never with its secret."""

    id: str
    url: str
    created: datetime
    event: Event
    search_id: str | None

    @classmethod
    def of(cls, webhook: Webhook) -> WebhookLine:
        """The line of a webhook."""
        return like(cls, webhook)


@dataclass(frozen=True, slots=True)
class NewWebhook:
    """A webhook and the secret that signs what is sent to it, shown this once."""

    webhook: WebhookLine
    secret: str


@dataclass(frozen=True, slots=True)
class DeliveriesResponse:
    """What was sent to a webhook, newest first, with every try."""

    webhook: WebhookLine
    deliveries: tuple[Delivery, ...]


# Every ended job is told to each of them.
MAX_WEBHOOKS = 50


def register(watching: Watching, sender: MessageSender, url: str, search: str | None) -> tuple[Webhook, str]:
    """The webhook as it is in the base now, and its secret, which nothing shows again. Errors as ``new_webhook``."""
    webhook, secret = new_webhook(watching, sender, url, search)
    watching.webhooks.add(webhook, secret, watching.searches.newest())
    return webhook, secret


def new_webhook(watching: Watching, sender: MessageSender, url: str, search: str | None) -> tuple[Webhook, str]:
    """A webhook that is not yet in the base, and its secret.

    ``search`` is the id or name of a saved search (NotFoundError when there is none); null for ended jobs. InputError
    for an address that may not be reached, or for one webhook too many.
    """
    sender.check(url)
    search_id = None if search is None else watching.searches.get(search).id
    if len(watching.webhooks.all()) >= MAX_WEBHOOKS:
        raise InputError(
            say("webhooks"), say("are_as_many_already", most=MAX_WEBHOOKS), say("remove_one_kb_webhook_delete_id")
        )
    return Webhook(f"w{secrets.token_hex(5)}", url, utc_now(), search_id), new_secret()
