"""``kb documents``, ``kb remove``: what is in a base, its records, and their correction."""

from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from api.cli import options
from api.cli.ingest_sources import named_records
from api.cli.output import (
    messages,
    out,
    print_documents,
    print_json,
    print_record,
    print_removed,
    print_report_line,
)
from api.cli.wiring import Wiring
from api.service.knowledge_base import KnowledgeBase
from api.settings import Settings
from ingest.readers.properties.metadata import SourceMetadata
from ingest.sources.report import FileReport, Outcome
from kb.records.errors import InputError
from kb.records.messages import say, together
from kb.records.operation import OPERATOR
from kb.records.search import DocumentReference
from kb.records.source import BY_HAND

_BY = str(OPERATOR.owner)


class _ShownFirst(TyperGroup):
    """A group whose command for words that name none of its commands is "show": ``kb documents d0…``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if not args or (args[0] not in self.commands and args[0] not in ctx.help_option_names):
            args = ["show", *args]
        return super().parse_args(ctx, args)


documents = typer.Typer(
    cls=_ShownFirst, help="The documents of the base, or one of them; their records, and how to correct them."
)


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
    document: Annotated[str | None, typer.Argument(help="The id of the document.")] = None,
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
            "--clear", help="A field that is not known (several times).", autocompletion=options.record_fields
        ),
    ] = [],
    metadata: Annotated[
        list[Path],
        typer.Option(
            "--metadata",
            metavar="FILE",
            help="In place of an id: the records of many, as kb ingest --metadata takes them (several times).",
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
    if (document is None) is not bool(metadata) or (metadata and fields):
        raise InputError(say("the_correction"), say("is_of_one_document_or_of_many"), say("name_an_id_or_a_list"))
    knowledge_base = Wiring(Settings(), base).knowledge_base()
    if document is None:
        _edit_many(knowledge_base, metadata, as_json)
        return
    before = knowledge_base.record(document)
    record = knowledge_base.correct(document, fields, _BY)
    print_json(record) if as_json else print_record(record, since=before.revision)


def _edit_many(knowledge_base: KnowledgeBase, lists: list[Path], as_json: bool) -> None:
    """Correct every document that a record of the lists is of; a line each, and one for each list."""
    records = named_records(lists)
    lines = []
    for line in knowledge_base.documents().documents if records else ():
        known = line.document
        places = [place.place for place in knowledge_base.sources.places_of(known.source_id)]
        names = [("", known.id), *((place, known.source_id) for place in (*places, ""))]
        said = next((found for place, name in names if records and (found := records.of(place, name, known.url))), None)
        if said is not None:
            lines.append(_edited(knowledge_base, known, said))
    if as_json:
        print_json(tuple(lines))
    for one in lines if not as_json else ():
        print_report_line(one)
    for told in records.lines() if records else ():
        messages.print(f"{told.source_id}: {told.reason}", markup=False)
    if any(one.outcome is Outcome.FAILED for one in lines):
        raise typer.Exit(1)


def _edited(knowledge_base: KnowledgeBase, known: DocumentReference, said: SourceMetadata) -> FileReport:
    fields: dict[str, object] = {one.field: getattr(said, one.field) for one in said.origins}
    before = knowledge_base.record(known.id)
    note = together(*said.notes)
    try:
        after = knowledge_base.correct(
            known.id, fields, _BY, origin=said.origins[0].origin if said.origins else BY_HAND
        )
    except InputError as error:
        reason = say("thing_and_reason", first=error.thing, then=error.reason)
        return FileReport(known.source_id, Outcome.FAILED, known.id, stage="record", reason=reason, hint=error.hint)
    changed = [change.field for one in after.corrections[before.revision :] for change in one.changes]
    if not changed:
        return FileReport(known.source_id, Outcome.UNCHANGED, known.id, note=note)
    note = together(say("its_record_was_corrected", fields=", ".join(changed)), note)
    return FileReport(known.source_id, Outcome.UPDATED, known.id, note=note)


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
