"""The ``kb`` program: its commands, whose modules load when they are run, and how an error becomes one line and an exit
code.

Exit codes: 0 done; 1 some files failed or some quotes are not in their source; 2 the command's words are wrong;
3 the base is missing, damaged or busy; 4 the model is missing or another one; 5 not found; 130 interrupted.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterator, Mapping
from types import ModuleType
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.main import get_group

from kb.outside.strings import whole
from kb.records.errors import (
    BaseError,
    ChangedError,
    InputError,
    KnowledgeBaseError,
    ModelError,
    NoSpaceError,
    NotFoundError,
    ReadOnlyError,
    SourceError,
    TakenError,
)

EXIT_CODES: dict[type[KnowledgeBaseError], int] = {
    SourceError: 1,
    InputError: 2,
    BaseError: 3,
    NoSpaceError: 3,
    ReadOnlyError: 3,
    ModelError: 4,
    NotFoundError: 5,
    ChangedError: 1,
    TakenError: 1,
}

# Every command with the module of ``api.cli.commands`` that has it under this name, in the order of the help.
COMMANDS = {
    "demo": "demonstrating",
    "ingest": "ingesting",
    "documents": "documents",
    "remove": "documents",
    "search": "asking",
    "ask": "asking",
    "stats": "ledger",
    "cite": "citing_command",
    "verify": "citing_command",
    "export": "exporting",
    "analyze": "analyzing",
    "evaluate": "evaluating",
    "topics": "topics",
    "key": "keys",
    "doctor": "doctoring",
    "backup": "keeping",
    "restore": "keeping",
    "move": "keeping",
    "index": "keeping",
    "serve": "serving",
    "mcp": "serving",
    "saved": "watching",
    "webhook": "watching",
}

_QUOTED = re.compile(r"'([^']{1,60})'")


class LazyCommands(Mapping[str, Any]):
    """Commands by name, in the order of ``modules``, which maps each to the module that has it under that name."""

    def __init__(self, modules: Mapping[str, str]) -> None:
        self._modules = modules
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The command; its module is imported the first time."""
        if name not in self._loaded:
            self._loaded[name] = _command(importlib.import_module(self._modules[name]), name)
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._modules)

    def __len__(self) -> int:
        return len(self._modules)


def _command(module: ModuleType, name: str) -> Any:
    scratch, own = typer.Typer(), getattr(module, name)
    if isinstance(own, typer.Typer):
        scratch.add_typer(own, name=name)
    else:
        scratch.command(name)(own)
    command = get_group(scratch).commands[name]
    _without_types_of_flags(command)
    return command


def _without_types_of_flags(command: Any) -> None:
    """Help shows ``--json`` and not ``--json <bool>``, which looks as if a value had to follow."""
    for inner in getattr(command, "commands", {}).values():
        _without_types_of_flags(inner)
    for parameter in command.params:
        if getattr(parameter, "is_flag", False):
            parameter.metavar = ""


def lazy_group(modules: Mapping[str, str]) -> type[TyperGroup]:
    """A class of groups that hold these commands."""

    class LazyGroup(TyperGroup):
        """A group that knows its commands by name before it has loaded them."""

        def __init__(self, **attributes: Any) -> None:
            super().__init__(**attributes)
            self.commands = LazyCommands(modules)  # type: ignore[assignment]

        def invoke(self, ctx: Any) -> Any:
            """Run what was asked for; a value that does not fit is refused in plain words."""
            try:
                return super().invoke(ctx)
            except typer.BadParameter as error:
                error.message = _in_plain_words(error) or error.message
                raise

    return LazyGroup


def _in_plain_words(error: typer.BadParameter) -> str | None:
    """What is wrong with a value, and the nearest right one of a closed list; null where that is said well already."""
    from pydantic import ValidationError

    from api.http.field_faults import wrong_with
    from kb.records.errors import nearest

    cause = error.__cause__
    if not isinstance(cause, ValidationError):
        return None
    first = cause.errors(include_url=False, include_input=False)[0]
    if first["type"] == "value_error" and " is not one of " in first["msg"]:
        given, *known = _QUOTED.findall(first["msg"])
        return f"{given!r} is not known. {nearest(given, known)}"
    return wrong_with(first)


app = typer.Typer(
    name="kb",
    cls=lazy_group({name: f"api.cli.commands.{module}" for name, module in COMMANDS.items()}),
    epilog="Exit codes: 0 done, 1 some files failed, 2 wrong words, 3 base, 4 model, 5 not found, 130 interrupted.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(asked: bool) -> None:
    if asked:
        from api.settings import program_version

        sys.stdout.write(f"kb {program_version()}\n")
        raise typer.Exit


@app.callback()
def kb(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """A bilingual (Spanish/English) knowledge base of customer-experience research."""


def main() -> None:
    """Run the program; errors of ours are one line on stderr and their exit code."""
    try:
        try:
            app(prog_name="kb")
        finally:
            # What is left would be written when nobody can tell of a full disk any more.
            sys.stdout.flush()
    except KnowledgeBaseError as error:
        from rich.console import Console

        console = Console(stderr=True, soft_wrap=True, highlight=False)
        console.print(f"kb: {error}", style="red", markup=False)
        sys.exit(EXIT_CODES[type(error)])
    except UnicodeEncodeError as error:
        if error.object not in sys.argv:
            raise
        sys.stderr.write(f"kb: {whole(error.object)!r}: is not text in valid Unicode. Write it in UTF-8\n")
        sys.exit(EXIT_CODES[InputError])
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except OSError as error:  # a full disk under stdout, say
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # or the interpreter tries to write the rest once more
        sys.stderr.write(f"kb: {error.filename or 'the output'}: {error.strerror or error}\n")
        sys.exit(1)
