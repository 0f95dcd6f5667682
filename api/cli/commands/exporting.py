"""``kb export``: documents, passages, statistics or an answer as a file, and the evidence pack of an answer."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli import options
from api.cli.output import messages, out, print_json
from api.cli.wiring import Wiring
from api.files.export_requests import FILTERS, ExportFormat, ExportWords, parse_format, read_export
from api.service.asking.filters import FilterWords
from api.settings import Settings
from kb.citing.citation_words import PROSE
from kb.records.errors import InputError
from kb.records.messages import say

if TYPE_CHECKING:
    from api.files.export_files import Export


@options.filtered_by(FILTERS)
def export(
    words: FilterWords,
    query: Annotated[
        str | None, typer.Argument(help="Words or a question, in Spanish or English; all of the base without.")
    ] = None,
    what: Annotated[
        str | None,
        typer.Option(
            help="documents, passages, statistics or answer. [default: passages with words, else documents]",
            autocompletion=options.exports,
        ),
    ] = None,
    format: Annotated[
        str | None,
        typer.Option(
            help="jsonl, md, docx, html, xlsx or csv. [default: the ending of --out, else jsonl]",
            autocompletion=options.export_formats,
        ),
    ] = None,
    to: Annotated[str | None, typer.Option("--out", metavar="FILE", help="The file; - is stdout. [default: -]")] = None,
    order: Annotated[
        str | None, typer.Option(help="Statistics: value, year …; -value puts the greatest first.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, max=100, help="Passages with words: how many at most. [default: 100]")
    ] = None,
    style: Annotated[str, typer.Option(help=f"Of the citations: {', '.join(one.value for one in PROSE)}.")] = "apa",
    wording: Annotated[str, typer.Option(help="es or en: the words around the quotes, never the quotes.")] = "en",
    separators: Annotated[str, typer.Option(help="Of a CSV: en is , and 0.5; es is ; and 0,5.")] = "en",
    bom: Annotated[bool, typer.Option(help="Begin a CSV with the UTF-8 mark that spreadsheets look for.")] = False,
    originals: Annotated[
        bool, typer.Option("--originals", help="Documents as jsonl: with their bytes, so that a copy has the same ids.")
    ] = False,
    pack: Annotated[
        Path | None, typer.Option("--pack", metavar="FILE", help="The evidence pack (zip) of the answer, instead.")
    ] = None,
    excerpts_only: Annotated[bool, typer.Option(help="Pack: excerpts around the quotes, no whole texts.")] = False,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Write documents, passages, statistics or an answer to a file, each row with its citation.

    Example: kb export "customer effort" --out effort.docx

    Example: kb export --what statistics --kind percent --out figures.xlsx
    """
    if pack is not None:
        _pack(query, pack, excerpts_only, base, as_json)
        return
    from api.files.delimited import UTF8_MARK, parse_separators
    from api.files.export_files import export as made_of
    from api.service.asking.names import read_wording

    asked_for = ExportWords(query, what, words, order, limit, style, originals)
    target = None if to in (None, "-") else Path(str(to))
    form = parse_format(format or _ending(target))
    _check_target(target, form, excerpts_only, as_json)
    knowledge_base = Wiring(Settings(), base).knowledge_base()
    own = knowledge_base.own_topics() if words.get("topic") else frozenset()
    asked = read_export(asked_for, read_wording(wording), form, date.today(), own)
    made = made_of(knowledge_base, asked, form, parse_separators(separators))
    mark = UTF8_MARK.encode() if bom and form.value == "csv" else b""
    _write(target, mark, made.pieces)
    _tell(made, asked.what.value, form, target, as_json)


def _ending(target: Path | None) -> str:
    if target is None:
        return "jsonl"
    if not target.suffix:
        raise InputError(say("file", target=target), say("has_no_ending_that_says"), say("add_format"))
    return target.suffix


def _check_target(target: Path | None, form: ExportFormat, excerpts_only: bool, as_json: bool) -> None:
    """InputError for words that would be passed over, and for a file of bytes on a terminal."""
    if excerpts_only:
        raise InputError("--excerpts-only", say("belongs_to_a_pack"), say("add_pack_file"))
    if target is None and as_json:
        raise InputError("--json", say("and_the_export_cannot_both_go"), say("add_out_file"))
    if target is None and not form.is_text and sys.stdout.isatty():
        raise InputError(
            say("format", form=form.value),
            say("is_no_text_for_a_terminal"),
            say("add_out_file_ending", form=form.value),
        )


def _write(target: Path | None, mark: bytes, pieces: Iterable[bytes]) -> None:
    """Write the file whole or not at all: what was there before stays until the last byte is written."""
    if target is None:
        for piece in (mark, *pieces):
            sys.stdout.buffer.write(piece)
        sys.stdout.buffer.flush()
        return
    partial = target.with_name(target.name + ".partial")
    try:
        with partial.open("wb") as file:
            file.write(mark)
            for piece in pieces:
                file.write(piece)
        partial.replace(target)
    except OSError as error:
        raise InputError(
            say("file", target=target), say("cannot_be_written", error=error.strerror), say("choose_another")
        ) from error
    finally:
        partial.unlink(missing_ok=True)


def _tell(made: Export, what: str, form: ExportFormat, target: Path | None, as_json: bool) -> None:
    if as_json:
        print_json(
            {"file": str(target), "what": what, "format": form.value, "count": made.count, "notes": list(made.notes)}
        )
        return
    for note in made.notes:
        messages.print(note, markup=False)
    if target is not None:
        noun = "citations" if what == "answer" else what
        messages.print(f"{made.count} {noun} in {target}", markup=False)


def _pack(question: str | None, pack: Path, excerpts_only: bool, base: Path | None, as_json: bool) -> None:
    from kb.records.search import Filters
    from kb.saved.pack_writing import write_pack

    if question is None:
        raise InputError(say("pack"), say("holds_the_answer_to_a_question"), say("ask_one_kb_export_pack_file"))
    knowledge_base = Wiring(Settings(), base).knowledge_base()
    answer = knowledge_base.answer(question, None, Filters())
    documents = {c.document.id: knowledge_base.records.document(c.document.id) for c in answer.citations}
    originals = (
        {}
        if excerpts_only
        else {document.sha256: knowledge_base.records.original(document.sha256) for document in documents.values()}
    )
    write_pack(answer, documents, originals, pack, accessed=date.today(), excerpts_only=excerpts_only)
    if as_json:
        print_json({"pack": str(pack), "citations": len(answer.citations), "sources": len(documents)})
    else:
        out.print(f"{pack}: {len(answer.citations)} citations of {len(documents)} sources", markup=False)
