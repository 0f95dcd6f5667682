"""``kb serve``: the API and the page on this machine."""

from __future__ import annotations

import ipaddress
from typing import Annotated

import typer

from api.cli import options
from api.cli.output import messages
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on; loopback only. [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="[default: 8000]")] = None,
    base: options.BaseOption = None,
) -> None:
    """Serve the base over HTTP on this machine.

    Example: kb serve --port 8000
    """
    settings = Settings()
    host = host or settings.host
    if not _is_loopback(host):
        raise InputError(
            f"host {host}", "is not a loopback address, and there are no keys to guard another", "Use 127.0.0.1"
        )
    import uvicorn

    from api.app import create_app

    knowledge_base = Wiring(settings, base).knowledge_base()
    knowledge_base.warm_up()
    port = port or settings.port
    messages.print(f"Serving {knowledge_base.store.folder} on http://{host}:{port}/v1", markup=False)
    uvicorn.run(create_app(knowledge_base), host=host, port=port, log_level="warning", access_log=False)


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
