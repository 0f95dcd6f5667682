"""``kb saved`` and ``kb webhook``: searches to come back to, and addresses that are told what happened."""

from typing import Annotated

import typer

from api.cli import options
from api.cli.output import messages, new_table, out, print_json, print_table
from api.cli.wiring import Wiring
from api.service.asking.filters import PASSAGES, FilterWords
from api.settings import Settings
from kb.records.operation import Delivery

saved = typer.Typer(help="Saved searches: create, list, delete, and what is new in one.", no_args_is_help=True)
webhook = typer.Typer(help="Webhooks: create, list, delete, and what was sent to one.", no_args_is_help=True)
_SearchArgument = Annotated[str, typer.Argument(help="The id or the name of the saved search.")]
_WebhookArgument = Annotated[str, typer.Argument(help="The id of the webhook.")]


@saved.command("create")
@options.filtered_by(PASSAGES)
def create_saved(
    words: FilterWords,
    name: Annotated[str, typer.Argument(help="What the search is called.")],
    text: Annotated[
        str | None, typer.Argument(help="A question or words; none for all that fulfils the filters.")
    ] = None,
    from_start: Annotated[bool, typer.Option("--from-start", help="What is in the base already is new too.")] = False,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Save a search under a name.

    Example: kb saved create effort "customer effort" --topic metrics
    """
    from api.watching.saved_searches import SavedSearchLine, make_search

    knowledge_base = Wiring(Settings(), base).knowledge_base()
    filters = knowledge_base.filters(words)
    searches = knowledge_base.watching.searches
    search = make_search(name, text, filters, 0 if from_start else searches.newest())
    searches.add(search)
    print_json(SavedSearchLine.of(search)) if as_json else out.print(f"{search.id}  {search.name}", markup=False)


@saved.command("list")
def list_saved(base: options.BaseOption = None, as_json: options.JsonOption = False) -> None:
    """The saved searches of the base.

    Example: kb saved list
    """
    from api.watching.saved_searches import SavedSearchLine

    lines = [SavedSearchLine.of(one) for one in Wiring(Settings(), base).store().saved_searches.all()]
    if as_json:
        print_json(lines)
        return
    table = new_table("id", "name", "words", "filters")
    for line in lines:
        asked = ", ".join(f"{name} {value}" for name, value in line.filters.model_dump(exclude_defaults=True).items())
        table.add_row(line.id, line.name, line.text or "–", asked or "–")
    print_table(table)


@saved.command("delete")
def delete_saved(search: _SearchArgument, base: options.BaseOption = None, as_json: options.JsonOption = False) -> None:
    """Remove a saved search and the webhooks that are told of it.

    Example: kb saved delete effort
    """
    store = Wiring(Settings(), base).store()
    found = store.saved_searches.get(search)
    store.saved_searches.remove(found.id)
    _deleted(found.id, as_json)


@saved.command("new")
def new_saved(
    search: _SearchArgument,
    keep: Annotated[bool, typer.Option("--keep", help="Look only: they stay new.")] = False,
    limit: options.LimitOption = 20,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """The hits that came into the base since the last look, oldest first; they are seen now, unless --keep.

    Example: kb saved new effort --keep
    """
    from api.watching.saved_searches import look, new_hits

    knowledge_base = Wiring(Settings(), base).knowledge_base()
    found = new_hits(knowledge_base, knowledge_base.watching.searches.get(search), limit)
    if not keep:
        look(knowledge_base, found.search.id, found.until)
    if as_json:
        print_json(found)
        return
    for hit in found.hits:
        name = hit.document.title or hit.document.source_id
        out.print(f"{hit.passage.id}  {hit.passage.language.value}  {name}", markup=False)
        out.print(f"   {hit.citation.quote}", markup=False)
    shown = f"{len(found.hits)} of {found.total} new" if found.next else f"{found.total} new"
    messages.print(f"{shown}{', kept as new' if keep else ''}", markup=False)


@webhook.command("create")
def create_webhook(
    url: Annotated[str, typer.Argument(help="The address to tell, https://…")],
    search: Annotated[
        str | None, typer.Option(help="Tell of the new hits of this saved search, not of every ended job.")
    ] = None,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Have an address told of every job that ends, and show the secret that signs it, once.

    Example: kb webhook create https://hooks.example.org/kb
    """
    from api.service.parts import Watching
    from api.watching.courier import MessageSender
    from api.watching.courier import register as add
    from api.watching.saved_searches import NewWebhook, WebhookLine

    settings = Settings()
    webhook, secret = add(
        Watching.of(Wiring(settings, base).store()), MessageSender(settings.webhook_private), url, search
    )
    if as_json:
        print_json(NewWebhook(WebhookLine.of(webhook), secret))
        return
    out.print(secret, markup=False)
    messages.print(f"{webhook.id}: keep this secret now, it is not shown again", markup=False)


@webhook.command("list")
def list_webhooks(base: options.BaseOption = None, as_json: options.JsonOption = False) -> None:
    """The webhooks of the base, without their secrets.

    Example: kb webhook list
    """
    from api.watching.saved_searches import WebhookLine

    lines = [WebhookLine.of(one) for one in Wiring(Settings(), base).store().webhooks.all()]
    if as_json:
        print_json(lines)
        return
    table = new_table("id", "event", "search", "address")
    for line in lines:
        table.add_row(line.id, line.event.value, line.search_id or "–", line.url)
    print_table(table)


@webhook.command("delete")
def delete_webhook(
    webhook: _WebhookArgument, base: options.BaseOption = None, as_json: options.JsonOption = False
) -> None:
    """Remove a webhook; what waits for it is not sent any more.

    Example: kb webhook delete w0123456789
    """
    Wiring(Settings(), base).store().webhooks.remove(webhook)
    _deleted(webhook, as_json)


@webhook.command("deliveries")
def list_deliveries(
    webhook: _WebhookArgument,
    limit: options.LimitOption = 20,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """What was sent to a webhook, newest first, with what came back.

    Example: kb webhook deliveries w0123456789
    """
    from api.watching.saved_searches import DeliveriesResponse, WebhookLine

    store = Wiring(Settings(), base).store()
    found = store.webhooks.get(webhook)
    deliveries = store.webhooks.deliveries(webhook, limit)
    if as_json:
        print_json(DeliveriesResponse(WebhookLine.of(found), tuple(deliveries)))
        return
    table = new_table("id", "event", "job", "state", "tries", "last")
    for one in deliveries:
        table.add_row(one.id, one.event.value, one.job_id, one.state.value, str(len(one.attempts)), _last(one))
    print_table(table)


def _last(delivery: Delivery) -> str:
    """What came of the last try, and when the next one comes."""
    if not delivery.attempts:
        return "–"
    last = delivery.attempts[-1]
    said = last.reason or str(last.status)
    return f"{said}; again {delivery.due:%Y-%m-%d %H:%M} UTC" if delivery.due else said


def _deleted(what: str, as_json: bool) -> None:
    print_json({"deleted": what}) if as_json else out.print(f"deleted {what}", markup=False)
