"""What PostgreSQL refuses, as errors of ours that name the server, the reason and the next step; never a password."""

from __future__ import annotations

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict

from kb.records.errors import BaseError, NoSpaceError, ReadOnlyError
from kb.records.messages import Message, say

_FULL = (errors.DiskFull, errors.OutOfMemory)
_CLOSED = (errors.ReadOnlySqlTransaction, errors.InsufficientPrivilege)
# What ends a connection: it was lost, or the server was told to stop.
_GONE = ("08", "57P")
_REFUSED = (errors.InvalidPassword, errors.InvalidAuthorizationSpecification)
# How libpq begins where it did not get as far as a server: a port that is none, a value that no option has.
_NO_ADDRESS = "connection is bad: invalid"
_REFUSED_WORDS = ("authentication failed", "no password supplied", 'role "')


def named(address: str) -> Message:
    """The base at an address, as people are told of it: host, port and database, without user and password."""
    try:
        known = conninfo_to_dict(address)
    except psycopg.ProgrammingError:
        return say("base_in_postgresql", place="?")
    host, port, database = (known.get(name) for name in ("host", "port", "dbname"))
    # A password with "/" or "@" that was not escaped is taken for host and database by libpq, up to the last "@".
    place = f"{host or 'localhost'}:{port or 5432}/{database or ''}".rpartition("@")[2]
    return say("base_in_postgresql", place=place)


def unreachable(address: str, error: psycopg.Error) -> BaseError:
    """Why no connection came about."""
    text = _first_line(error)
    if isinstance(error, psycopg.ProgrammingError) or text.startswith(_NO_ADDRESS):
        return BaseError(named(address), say("is_no_postgresql_address"), say("look_at_kb_store"))
    if isinstance(error, _REFUSED) or any(said in text for said in _REFUSED_WORDS):
        return BaseError(named(address), say("its_server_refuses_user_or_password"), say("look_at_kb_store"))
    if "does not exist" in text:
        return BaseError(named(address), say("its_server_has_no_such_database"), say("make_it_createdb"))
    return BaseError(named(address), say("its_server_cannot_be_reached"), say("start_it_or_look_at_kb_store"))


def failed(address: str, error: psycopg.Error, hint: Message) -> BaseError:
    """Why a statement or a transaction did not come about."""
    if isinstance(error, _FULL):
        return NoSpaceError(named(address), say("its_server_is_full"), say("free_some_space_then_try_again"))
    if isinstance(error, _CLOSED):
        return ReadOnlyError(named(address), say("its_server_takes_no_changes"), say("name_the_primary_in_kb_store"))
    if isinstance(error, errors.LockNotAvailable):
        return BaseError(named(address), say("cannot_be_written_another_run"), say("try_again_when_the_other_run"))
    if isinstance(error, errors.QueryCanceled):
        return BaseError(named(address), say("its_server_takes_too_long"), say("look_at_what_its_server_does"))
    if isinstance(error, psycopg.OperationalError) and (error.sqlstate or "08").startswith(_GONE):
        return BaseError(named(address), say("its_server_has_gone"), say("start_it_or_look_at_kb_store"))
    return BaseError(named(address), say("could_not_be_read", error=_first_line(error)), hint)


def _first_line(error: psycopg.Error) -> str:
    """The server's own words; libpq names address and user in them, and never the password."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
