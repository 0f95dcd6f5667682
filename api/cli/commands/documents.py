"""``kb documents``, ``kb remove``: what is in a base, its records, and their correction."""

from __future__ import annotations

from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.cli import completing, options
from api.cli.output import out, print_documents, print_json, print_record, print_removed
from api.cli.wiring import Wiring
from api.settings import Settings
from kb.records.access import OPERATOR
from kb.records.errors import InputError
from kb.records.messages import say

_BY = str(OPERATOR.owner)


class _ShownFirst(TyperGroup):
    """A group whose command for words that name none of its commands is "show": ``kb documents d0…``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["show", *args]
        return super().parse_args(ctx, args)


documents = typer.Typer(help="The documents of the base, or one of them; their records, and how to correct them.")


def register(app: typer.Typer) -> None:
    """Add the commands to the program."""
    app.add_typer(documents, name="documents", cls=_ShownFirst)
    app.command("remove")(remove)


@documents.command("show")
def show(
    document: Annotated[str | None, typer.Argument(help="The id of one document: shows its text.")] = None,
    removed: Annotated[bool, typer.Option("--removed", help="With an id: what cleaning took out, and why.")] = False,
    record: Annotated[
        bool, typer.Option("--record", help="With an id: what is known of it, from where, and its corrections.")
    ] = False,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """The documents of the base, or one of them; "show" need not be written.

    Example: kb documents show --json
    """
    for asked, name in ((removed, "--removed"), (record, "--record")):
        if asked and document is None:
            raise InputError(name, say("needs_a_document"), say("give_its_id_kb_documents_id"))
    knowledge_base = Wiring(Settings(), base).knowledge_base()
    if document is None:
        response = knowledge_base.documents()
        print_json(response) if as_json else print_documents(response)
    elif record:
        known = knowledge_base.record(document)
        print_json(known) if as_json else print_record(known)
    else:
        found = knowledge_base.document(document)
        if as_json:
            print_json(found)
        elif removed:
            print_removed(found.document)
        else:
            out.print(found.document.text, markup=False)


@documents.command("edit")
def edit(
    document: Annotated[str, typer.Argument(help="The id of the document.")],
    title: Annotated[str | None, typer.Option(help="As it is printed on the source.")] = None,
    author: Annotated[
        list[str], typer.Option("--author", help="A name (several times, in their order), in place of all there are.")
    ] = [],
    publisher: Annotated[str | None, typer.Option(help="Who published it.")] = None,
    date: Annotated[str | None, typer.Option(help="2022, 2022-09 or 2022-09-30.")] = None,
    url: Annotated[str | None, typer.Option(help="Where others find the source.")] = None,
    series: Annotated[str | None, typer.Option(help="The part of a series that it is.")] = None,
    clear: Annotated[
        list[str],
        typer.Option(
            "--clear", help="A field that is not known (several times).", autocompletion=completing.record_fields
        ),
    ] = [],
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Correct the record of a document. What it was stays in its history; nothing is read or embedded again.

    Example: kb documents edit d0123456789abcdef --title "The right title" --author "Ana Pérez" --date 2022-09-30
    """
    texts = {"title": title, "publisher": publisher, "published": date, "url": url, "series": series}
    fields: dict[str, object] = {name: value for name, value in texts.items() if value is not None}
    if author:
        fields["authors"] = author
    for name in clear:
        known = {"author": "authors", "date": "published"}.get(name, name)
        if known in fields:
            raise InputError("--clear", say("is_given_a_value_too", field=name), say("leave_one_of_them_out"))
        fields[known] = None
    knowledge_base = Wiring(Settings(), base).knowledge_base()
    before = knowledge_base.record(document)
    record = knowledge_base.correct(document, fields, _BY)
    if as_json:
        print_json(record)
    else:
        print_record(record, since=before.revision)


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
