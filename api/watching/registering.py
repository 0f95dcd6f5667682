"""A new webhook: its address judged, its secret made. What it is told of begins with what comes next."""

from __future__ import annotations

import secrets

from api.http.auth import utc_now
from api.service.parts import Watching
from api.watching.delivery import MessageSender, new_secret
from kb.records.errors import InputError
from kb.records.messages import say
from kb.records.watching import Webhook

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
