"""``kb mcp``: the tools for agents, on stdin and stdout."""

from __future__ import annotations

import typer

from api.cli import options
from api.cli.wiring import Wiring
from api.settings import Settings


def register(app: typer.Typer) -> None:
    """Add the command to the program."""
    app.command("mcp")(mcp)


def mcp(base: options.BaseOption = None) -> None:
    """Speak the Model Context Protocol on stdin and stdout: search, ask, figures, passages, citations, checks.

    Example: kb mcp --base my-base
    """
    from api.agents.agent_tools import create_tools

    knowledge_base = Wiring(Settings(), base).knowledge_base(serving=True)
    knowledge_base.warm_up()
    create_tools(knowledge_base).run("stdio")
