"""``kb ingest``, ``kb documents``, ``kb remove``: what goes into a base and what is in it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import options
from api.cli.output import out, print_documents, print_json, print_removed, print_report_end, print_report_line
from api.cli.wiring import Wiring
from api.settings import Settings
from ingest.report import FileReport
from kb.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.command("ingest")(ingest)
    app.command("documents")(documents)
    app.command("remove")(remove)


def ingest(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files, folders, .jsonl, .zip.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report, write nothing.")] = False,
    re_embed: Annotated[
        bool, typer.Option("--re-embed", help="Make every vector anew with the model now set.")
    ] = False,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Read files into the base and say of each: added, updated, unchanged, duplicate or failed.

    Example: kb ingest samples/articles --base my-base
    """
    if not paths and not re_embed:
        raise InputError("ingest", "no path was given", "Name files or folders: kb ingest PATH")
    from ingest.sources import find_sources

    wiring = Wiring(Settings(), base)
    for path in paths or []:
        if not path.exists():
            raise InputError(str(path), "there is no such file or folder", "Check the spelling")
    if re_embed:
        count = wiring.re_embed()
        if not as_json:
            out.print(f"{count} passages embedded anew with {wiring.embedder.stamp.name}")
    if not paths:
        return

    def show(report: FileReport) -> None:
        if not as_json:
            print_report_line(report)

    report = wiring.pipeline(create=not dry_run).run(find_sources(paths), dry_run=dry_run, on_file=show)
    if as_json:
        print_json(report)
    else:
        print_report_end(report)
    if report.failures:
        raise typer.Exit(1)


def documents(
    document: Annotated[str | None, typer.Argument(help="The id of one document: shows its text.")] = None,
    removed: Annotated[bool, typer.Option("--removed", help="With an id: what cleaning took out, and why.")] = False,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """The documents of the base, or one of them.

    Example: kb documents --json
    """
    knowledge_base = Wiring(Settings(), base).knowledge_base()
    if document is None:
        response = knowledge_base.documents()
        if as_json:
            print_json(response)
        else:
            print_documents(response)
        return
    found = knowledge_base.document(document)
    if as_json:
        print_json(found)
    elif removed:
        print_removed(found.removed)
    else:
        out.print(found.document.text, markup=False)


def remove(
    document: Annotated[str, typer.Argument(help="The id of the document.")],
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Remove a document with its passages, statistics and original.

    Example: kb remove d0123456789abcdef
    """
    store = Wiring(Settings(), base).store()
    found = store.document(document)
    store.remove(document)
    if as_json:
        print_json({"removed": found.id, "source_id": found.source_id})
    else:
        out.print(f"removed {found.id} ({found.source_id})", markup=False)
