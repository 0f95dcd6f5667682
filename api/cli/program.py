"""The ``kb`` program: its commands, and how an error becomes one line and an exit code.

Exit codes: 0 done; 1 some files failed or some quotes are not in their source; 2 the command's words are wrong;
3 the base is missing, damaged or busy; 4 the model is missing or another one; 5 not found; 130 interrupted.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from api.cli.loading import lazy_group
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
