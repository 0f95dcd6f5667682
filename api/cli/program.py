"""The ``kb`` program: its commands, and how an error becomes one line and an exit code.

Exit codes: 0 done; 1 some files failed or some quotes are not in their source; 2 the command's words are wrong;
3 the base is missing, damaged or busy; 4 the model is missing or another one; 5 not found.
"""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from api.cli import (
    agents,
    analyzing,
    asking,
    citing,
    demonstrating,
    doctoring,
    evaluating,
    exporting,
    ingesting,
    keeping,
    keys,
    serving,
    topics,
    watching,
)
from kb.errors import BaseError, InputError, KnowledgeBaseError, ModelError, NotFoundError, SourceError

EXIT_CODES: dict[type[KnowledgeBaseError], int] = {
    SourceError: 1,
    InputError: 2,
    BaseError: 3,
    ModelError: 4,
    NotFoundError: 5,
}

app = typer.Typer(
    name="kb",
    help="A bilingual (Spanish/English) knowledge base of customer-experience research.",
    epilog="Exit codes: 0 done, 1 some files failed, 2 wrong words, 3 base, 4 model, 5 not found.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for _module in (
    demonstrating,
    ingesting,
    asking,
    citing,
    exporting,
    analyzing,
    evaluating,
    topics,
    keys,
    doctoring,
    keeping,
    serving,
    agents,
    watching,
):
    _module.register(app)


def main() -> None:
    """Run the program; errors of ours are one line on stderr and their exit code."""
    try:
        app(prog_name="kb")
    except KnowledgeBaseError as error:
        console = Console(stderr=True, soft_wrap=True, highlight=False)
        console.print(f"kb: {error}", style="red", markup=False)
        sys.exit(EXIT_CODES[type(error)])
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
