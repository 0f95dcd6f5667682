"""Routes for whoever comes back: saved searches with what is new in them, and webhooks with what they were sent."""

import json
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response

from api.http.auth import needs
from api.routes.arguments import Base, Cursor, Limit, known_parameters
from api.routes.repeating import Repeatable, again, answer, removed_once
from api.service.schemas import to_wire
from api.watching.courier import new_webhook
from api.watching.saved_searches import (
    DeliveriesResponse,
    NewHitsResponse,
    NewWebhook,
    SavedSearchBody,
    SavedSearchLine,
    SeenBody,
    WebhookBody,
    WebhookLine,
    look,
    make_search,
    new_hits,
)
from kb.records.operation import Scope

router = APIRouter(prefix="/v1", dependencies=[Depends(known_parameters)], tags=["watch"])
READ, INGEST, ADMIN = needs(Scope.READ), needs(Scope.INGEST), needs(Scope.ADMIN)
Id = Annotated[str, Path(max_length=200)]


@router.get("/searches", openapi_extra=READ)
def get_searches(base: Base) -> tuple[SavedSearchLine, ...]:
    """The saved searches of the base, oldest first."""
    return tuple(map(SavedSearchLine.of, base.watching.searches.all()))


@router.post("/searches", status_code=201, response_model=SavedSearchLine, openapi_extra=INGEST)
def post_searches(base: Base, body: SavedSearchBody, repeat: Repeatable) -> Response:
    """Save a search under a name of its own."""
    request = f"POST searches {body.model_dump_json()}"
    earlier = repeat.earlier(base.jobs, request)
    if earlier is not None:
        return earlier
    filters = base.filters(body.filters.model_dump())
    seen = base.watching.searches.newest() if body.from_now else 0
    search = make_search(body.name, body.text, filters, seen)
    made = json.dumps(to_wire(SavedSearchLine.of(search)))
    first = base.watching.searches.add(search, repeat.reply(request, 201, made))
    return answer(made, 201) if first is None else again(first, request)


@router.delete("/searches/{search_id}", status_code=204, openapi_extra=INGEST)
def delete_search(base: Base, search_id: Id, repeat: Repeatable) -> Response:
    """Remove a saved search and the webhooks that are told of it."""
    asked = f"DELETE {search_id}"
    return removed_once(base.jobs, repeat, asked, lambda: base.watching.searches.remove(search_id))


@router.get("/searches/{search_id}/new", openapi_extra=READ)
def get_new_hits(base: Base, search_id: Id, limit: Limit = 20, cursor: Cursor = None) -> NewHitsResponse:
    """The hits that came into the base since somebody looked, in that order; looking marks nothing."""
    return new_hits(base, base.watching.searches.get(search_id), limit, cursor)


@router.post("/searches/{search_id}/seen", openapi_extra=INGEST)
def post_seen(base: Base, search_id: Id, body: SeenBody) -> SavedSearchLine:
    """Mark hits as seen, up to the ``until`` of a page of new hits."""
    return SavedSearchLine.of(look(base, base.watching.searches.get(search_id).id, body.until))


@router.get("/webhooks", openapi_extra=ADMIN)
def get_webhooks(base: Base) -> tuple[WebhookLine, ...]:
    """The webhooks of the base, oldest first, without their secrets."""
    return tuple(map(WebhookLine.of, base.watching.webhooks.all()))


@router.post("/webhooks", status_code=201, response_model=NewWebhook, openapi_extra=ADMIN)
def post_webhooks(request: Request, base: Base, body: WebhookBody, repeat: Repeatable) -> Response:
    """Have an address told of every ended job, or of the new hits of a saved search; its secret is shown this once."""
    asked = f"POST webhooks {body.model_dump_json()}"
    earlier = repeat.earlier(base.jobs, asked)
    if earlier is not None:
        return earlier
    webhook, secret = new_webhook(base.watching, request.app.state.sender, body.url, body.search)
    made = json.dumps(to_wire(NewWebhook(WebhookLine.of(webhook), secret)))
    newest = base.watching.searches.newest()
    first = base.watching.webhooks.add(webhook, secret, newest, repeat.reply(asked, 201, made))
    return answer(made, 201) if first is None else again(first, asked)


@router.delete("/webhooks/{webhook_id}", status_code=204, openapi_extra=ADMIN)
def delete_webhook(base: Base, webhook_id: Id, repeat: Repeatable) -> Response:
    """Remove a webhook; what waits for it is not sent any more."""
    asked = f"DELETE {webhook_id}"
    return removed_once(base.jobs, repeat, asked, lambda: base.watching.webhooks.remove(webhook_id))


@router.get("/webhooks/{webhook_id}/deliveries", openapi_extra=ADMIN)
def get_deliveries(base: Base, webhook_id: Id, limit: Limit = 20) -> DeliveriesResponse:
    """What was sent to a webhook, newest first: every try with its status or the reason why there is none."""
    webhook = base.watching.webhooks.get(webhook_id)
    return DeliveriesResponse(WebhookLine.of(webhook), tuple(base.watching.webhooks.deliveries(webhook_id, limit)))
