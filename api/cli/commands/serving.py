"""``kb serve``: the API and the page on this machine, or on a network once there is a key; ``kb mcp``: for agents."""

from __future__ import annotations

import errno
import gc
import socket
from typing import TYPE_CHECKING, Annotated, Any

import typer

from api.cli import options
from api.cli.ahead import begin_with, serving_engine
from api.cli.output import messages
from api.cli.wiring import Wiring
from api.settings import BUNDLED_MODEL, Settings
from kb.outside.addresses import is_loopback_host
from kb.records.errors import InputError
from kb.records.messages import say

if TYPE_CHECKING:
    from fastapi import FastAPI

    from api.http.auth import Access
    from api.service.knowledge_base import KnowledgeBase

_LOOPBACK_NAMES = frozenset({"localhost", "127.0.0.1", "[::1]"})


def serve(
    host: Annotated[
        str | None,
        typer.Option(
            help="Address to listen on; other than loopback needs a key.", show_default="KB_HOST or 127.0.0.1"
        ),
    ] = None,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="Port to listen on.", show_default="KB_PORT or 8000")
    ] = None,
    require_key: Annotated[
        bool, typer.Option("--require-key", help="Ask for a key on loopback too, as behind a proxy.")
    ] = False,
    base: options.BaseOption = None,
) -> None:
    """Serve the base over HTTP: the API under /v1, the web page, and jobs for what is uploaded.

    Example: kb serve --port 8000
    """
    settings = Settings()
    host, port = host or settings.host, port or settings.port
    if settings.ocr:
        from ingest.readers.recognition.scans import check_recognition

        check_recognition("KB_OCR")
    if settings.model == BUNDLED_MODEL:
        begin_with(serving_engine)
    wiring = Wiring(settings, base)
    knowledge_base = wiring.knowledge_base(serving=True)
    access = _access(knowledge_base, host, require_key or settings.require_key)
    _check_free(host, port)
    from api.http.metrics import write_to_stderr
    from api.page import mount

    application = _application(wiring, knowledge_base, access)
    # Last of what takes long: the model loads in a thread of its own meanwhile.
    knowledge_base.warm_up()
    mount(application, pictures=wiring.pictures)
    write_to_stderr()
    # What is loaded by now stays: the collector need not walk it again and again (a tenth of a second each time).
    gc.freeze()
    shown = f"[{host}]" if ":" in host else host
    closed = " (read-only: changes are refused)" if knowledge_base.read_only else ""
    messages.print(f"Serving {knowledge_base.name}{closed} on http://{shown}:{port}/v1", markup=False)
    _run(application, host, port)


def mcp(base: options.BaseOption = None) -> None:
    """Speak the Model Context Protocol on stdin and stdout: search, ask, figures, passages, citations, checks.

    Example: kb mcp --base my-base
    """
    from api.agents.agent_tools import create_tools, serve_lines

    knowledge_base = Wiring(Settings(), base).knowledge_base(serving=True)
    knowledge_base.warm_up()
    serve_lines(create_tools(knowledge_base))


def _application(wiring: Wiring, knowledge_base: KnowledgeBase, access: Access) -> FastAPI:
    from api.app import create_app
    from api.http.limits import RequestLimits
    from api.http.proxies import Proxies
    from api.jobs.apart import JobsApart
    from api.watching.courier import Courier, MessageSender

    return create_app(
        knowledge_base,
        access=access,
        limits=RequestLimits(rate_per_minute=wiring.settings.rate_per_minute),
        intake=JobsApart(knowledge_base.store),
        courier=None
        if knowledge_base.read_only
        else Courier(knowledge_base, MessageSender(wiring.settings.webhook_private)),
        proxies=Proxies.named(wiring.settings.trusted_proxies),
        cors_origins=wiring.settings.cors_origins,
        network=wiring.settings.network,
    )


def _access(base: KnowledgeBase, host: str, require_key: bool) -> Access:
    """What is open without a key at this address; InputError where a key is needed and there is none."""
    from api.http.auth import Access, utc_now

    loopback = is_loopback_host(host)
    if loopback and not require_key:
        return Access(hosts=_LOOPBACK_NAMES)
    if not any(key.is_live(utc_now()) for key in base.keys.all()):
        raise InputError(
            say("host", host=host),
            say("needs_a_key_and_this_base"),
            say("make_one_kb_key_create_name", option=base.store.option),
        )
    return Access(without_key=frozenset(), hosts=_LOOPBACK_NAMES if loopback else None)


def _run(application: FastAPI, host: str, port: int) -> None:
    from api.wire.protocol import server_of

    server_of(application, host, port).run()


def _check_free(host: str, port: int) -> None:
    """Nothing; InputError, before anything says that it serves, where nobody can listen at this address."""
    try:
        places = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise _no_place(host, port, error) from None
    faults = [fault for place in places if (fault := _fault_at(place))]
    # A name may stand for an address of a protocol that this machine does not speak, beside one that it does.
    taken = [fault for fault in faults if fault.errno == errno.EADDRINUSE]
    if taken or len(faults) == len(places):
        raise _no_place(host, port, (taken or faults)[0])


def _fault_at(place: tuple[Any, ...]) -> OSError | None:
    family, kind, protocol, _, address = place
    try:
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        return error
    return None


def _no_place(host: str, port: int, error: OSError) -> InputError:
    if error.errno == errno.EADDRINUSE:
        return InputError(
            say("port", port=port), say("is_in_use"), say("choose_another_kb_serve_port", port=port % 65535 + 1)
        )
    if error.errno == errno.EACCES:
        return InputError(say("port", port=port), say("is_not_for_everybody"), say("choose_one_from_1024"))
    reason = say("cannot_be_listened", error=error.strerror)
    return InputError(say("host", host=host), reason, say("use_an_address_of_this_machine"))
