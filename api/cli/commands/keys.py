"""``kb key``: who may call the server. A secret is shown once, when it is made."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from api.cli import options
from api.cli.output import messages, new_table, out, print_json, print_table
from api.cli.wiring import Wiring
from api.http.auth import create_key, rotate_key, utc_now
from api.settings import Settings
from kb.records.errors import InputError
from kb.records.messages import say
from kb.records.operation import Key, parse_scope
from kb.store import Store

_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_LIFETIME = re.compile(r"(\d{1,4})([hdw])")

key = typer.Typer(help="Keys for the HTTP API: create, list, revoke, rotate.", no_args_is_help=True)


@key.command("create")
def create(
    name: Annotated[str, typer.Argument(help="What the key is for.")],
    scope: Annotated[
        list[str],
        typer.Option("--scope", help="read, ingest, export or admin (several times).", autocompletion=options.scopes),
    ] = ["read"],
    expires: Annotated[str, typer.Option(help="12h, 90d, 52w, or never.")] = "90d",
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Make a key and show its secret, once.

    Example: kb key create newsroom --scope read --scope export --expires 90d
    """
    scopes = frozenset(map(parse_scope, scope))
    key, secret = create_key(_store(base).keys, name, scopes, _lifetime(expires))
    _show_secret(key, secret, as_json)


@key.command("list")
def list_keys(base: options.BaseOption = None, as_json: options.JsonOption = False) -> None:
    """The keys of the base, without their secrets, which nobody can show again.

    Example: kb key list
    """
    found = _store(base).keys.all()
    if as_json:
        print_json([_facts(key) for key in found])
        return
    table = new_table("id", "name", "scopes", "state", "created", "expires")
    for key in found:
        facts = _facts(key)
        table.add_row(
            key.id, key.name, *(str(facts[name] or "–") for name in ("scopes", "state", "created", "expires"))
        )
    print_table(table)


@key.command("revoke")
def revoke(
    key: Annotated[str, typer.Argument(help="The id of the key.")],
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """End a key: from the next request on it opens nothing.

    Example: kb key revoke k0123456789
    """
    revoked = _store(base).keys.revoke(key, utc_now())
    print_json(_facts(revoked)) if as_json else out.print(f"revoked {revoked.id} ({revoked.name})", markup=False)


@key.command("rotate")
def rotate(
    key: Annotated[str, typer.Argument(help="The id of the key.")],
    grace: Annotated[str, typer.Option(help="How long the old key goes on: 12h, 2d.")] = "24h",
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Make a key with the same name and scopes; the old one goes on for a while, so that callers can change over.

    Example: kb key rotate k0123456789 --grace 24h
    """
    lasting = _lifetime(grace)
    if lasting is None:
        raise InputError(say("grace", grace=grace), say("is_not_a_time"), say("write_it_as_12h_or_2d"))
    ending, successor, secret = rotate_key(_store(base).keys, key, lasting)
    _show_secret(successor, secret, as_json)
    messages.print(f"{ending.id} goes on until {ending.expires:%Y-%m-%d %H:%M} UTC", markup=False)


def _store(base: Path | None) -> Store:
    return Wiring(Settings(), base).store()


def _show_secret(key: Key, secret: str, as_json: bool) -> None:
    if as_json:
        print_json({**_facts(key), "secret": secret})
        return
    out.print(secret, markup=False)
    messages.print(f"{key.id} ({key.name}): keep this secret now, it is not shown again", markup=False)


def _facts(key: Key) -> dict[str, str | None]:
    state = "revoked" if key.revoked else "live" if key.is_live(utc_now()) else "expired"
    return {
        "id": key.id,
        "name": key.name,
        "scopes": " ".join(sorted(scope.value for scope in key.scopes)),
        "state": state,
        "created": key.created.isoformat(timespec="seconds"),
        "expires": key.expires.isoformat(timespec="seconds") if key.expires else None,
    }


def _lifetime(words: str) -> timedelta | None:
    if words == "never":
        return None
    match = _LIFETIME.fullmatch(words.strip().lower())
    if match is None or int(match[1]) == 0:
        raise InputError(say("lifetime", words=words), say("is_not_a_time"), say("write_it_as_12h_or_never"))
    return int(match[1]) * _UNITS[match[2]]
