"""What the command line prints: prose and tables for people, JSON for programs. Data on stdout, messages on stderr."""

from __future__ import annotations

import csv
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment
from rich.style import Style
from rich.table import Table
from rich.text import Text

from api.service.schemas import to_wire
from ingest.sources.report import FileReport, Outcome, RunReport
from kb.citing import Reference
from kb.records.document import Document, Place
from kb.records.language import Language
from kb.records.search import Citation, DocumentReference
from kb.records.source import RECORD_FIELDS, FieldValue

if TYPE_CHECKING:
    from api.service.schemas import DocumentsResponse, RecordResponse
    from kb.saved.verify import Report

# What moves the cursor or repaints a terminal may stand in a document or in a file that is checked.
_CONTROLS = dict.fromkeys((*range(9), *range(11, 32), *range(127, 160)), "�")


class _Harmless(RenderHook):
    """Shows the control characters of all that is printed as "�"; the console's own colours stay."""

    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        """The same, each without control characters."""
        return [_WithoutControls(one) for one in renderables]


class _WithoutControls:
    def __init__(self, shown: ConsoleRenderable) -> None:
        self._shown = shown

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._shown, options):
            yield segment if segment.control else Segment(segment.text.translate(_CONTROLS), segment.style)


# Where nobody looks, in a file or a pipe, a line ends where it ends and a table is as wide as its rows.
_UNBOUNDED = 100_000


def _console(*, stderr: bool) -> Console:
    """A console that wraps at words on a terminal, and at the width that COLUMNS names anywhere."""
    stream = sys.stderr if stderr else sys.stdout
    bounded = stream.isatty() or "COLUMNS" in os.environ
    console = Console(
        stderr=stderr, soft_wrap=not bounded, highlight=False, width=None if bounded else _UNBOUNDED, height=25
    )
    console.push_render_hook(_Harmless())
    return console


out = _console(stderr=False)
messages = _console(stderr=True)

_STYLES = {
    Outcome.ADDED: "green",
    Outcome.UPDATED: "green",
    Outcome.UNCHANGED: "dim",
    Outcome.REPAIRED: "green",
    Outcome.DUPLICATE: "yellow",
    Outcome.REMOVED: "yellow",
    Outcome.SKIPPED: "dim",
    Outcome.FAILED: "red",
}


def print_json(record: object) -> None:
    """A record as indented JSON on stdout."""
    sys.stdout.write(_writable(json.dumps(to_wire(record), ensure_ascii=False, indent=2)) + "\n")


def print_json_line(record: object) -> None:
    """A record as one line of JSON on stdout."""
    sys.stdout.write(_writable(json.dumps(to_wire(record), ensure_ascii=False)) + "\n")


def _writable(text: str) -> str:
    """The JSON with halves of characters, which no encoding can write, as the escapes that JSON has for them."""
    return text.encode("utf-8", "backslashreplace").decode()


def name_of(document: DocumentReference, wording: Language = Language.EN) -> str:
    """How a document is called in a line: publisher, title, year where known, and always its source."""
    title = wording.facts.quoted(document.title) if document.title else None
    year = document.published[:4] if document.published else None
    known = [part for part in (", ".join(document.authors) or document.publisher, title, year) if part]
    return f"{', '.join(known)} ({document.source_id})" if known else document.source_id


def linked(document: DocumentReference, wording: Language) -> Text:
    """The document as it is called in a line; on a terminal that knows links it opens the document's own address."""
    url = Reference.of(document).url
    return Text.assemble((name_of(document, wording), Style(link=url) if url else ""))


# The fields of a place in the order in which they are told, in English and in Spanish.
_PLACES = {
    "page": ("page", "página"),
    "slide": ("slide", "diapositiva"),
    "cell": ("cell", "celda"),
    "time": ("time", "minuto"),
    "paragraph": ("paragraph", "párrafo"),
    "line": ("line", "línea"),
}


def place_of(places: tuple[Place, ...], wording: Language = Language.EN) -> str:
    """The first place in words: "page 3", "celda Datos!B7" …, or nothing."""
    if not places:
        return ""
    place, spanish = places[0], wording is Language.ES
    mark = (", text by OCR", ", texto por OCR")[spanish] if place.recognised else ""
    for field, names in _PLACES.items():
        value = getattr(place, field) if field != "page" else place.page_label or place.page
        if value is not None:
            return f", {names[spanish]} {value}{mark}"
    return mark


def print_report_line(report: FileReport, console: Console = out) -> None:
    """One file of an ingestion."""
    doubtful = report.look_at and report.outcome in (Outcome.ADDED, Outcome.UPDATED)
    word = "look at" if doubtful else report.outcome.value
    line = Text(f"{word:<10}", style="yellow" if doubtful else _STYLES[report.outcome])
    line.append(f" {report.source_id}", style="default")
    if report.passages:
        line.append(
            f"  {report.passages} passages, {report.statistics} statistics, {report.removed} removed blocks", "dim"
        )
    if report.duplicate_of:
        line.append(f"  repeats {report.duplicate_of}", "dim")
    if report.translation_of:
        line.append(f"  a translation of {report.translation_of}", "dim")
    if report.note:
        line.append(f"  {report.note}", "yellow")
    if report.reason:
        line.append(f"  {report.stage}: {report.reason}. {report.hint or ''}".rstrip())
    console.print(line)


def write_report(report: RunReport, path: Path) -> None:
    """The report as CSV (UTF-8): a row a file."""
    names = [field.name for field in fields(FileReport)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        for line in report.files:
            values = [getattr(line, name) for name in names]
            writer.writerow([value.value if isinstance(value, Outcome) else _safe_cell(value) for value in values])


def _safe_cell(value: object) -> object:
    """The cell with a text that a spreadsheet would take for a formula made plain; numbers stay numbers."""
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def print_report_end(report: RunReport) -> None:
    """The counts of an ingestion, and the files that a person should look at."""
    counts = ", ".join(f"{count} {outcome.value}" for outcome, count in report.counts.items() if count)
    out.print(("Would be: " if report.dry_run else "") + (counts or "no files found"))
    if report.to_look_at:
        out.print(f"{len(report.to_look_at)} to look at, for their text may not be that of the original:")
    for file in report.to_look_at:
        out.print(f"  {file.source_id}  {file.note}", markup=False)


# A space at which no line ends: what belongs to the word before it. Printed as a space.
BOUND = "\ufdd0"
_NO_BREAK = "\ufdd1"


@dataclass(frozen=True, slots=True)
class Hanging:
    """Text whose lines, also those that the width of a terminal makes, begin below its own beginning after ``mark``.

    No line ends at ``BOUND`` or at a no-break space, for which the wrapping of rich has no eye.
    """

    text: Text | str
    mark: str = "   "

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        text = Text(self.text) if isinstance(self.text, str) else self.text.copy()
        text.plain = text.plain.replace("\u00a0", _NO_BREAK)
        before = self.mark
        for line in text.wrap(console, max(options.max_width - len(self.mark), 20), no_wrap=options.no_wrap):
            line.rstrip()
            line.plain = line.plain.replace(BOUND, " ").replace(_NO_BREAK, "\u00a0")
            yield Text(before).append_text(line)
            before = " " * len(self.mark)


def print_table(table: Table) -> None:
    """A table in which no word, number or id is cut: what has no spaces keeps its width, the rest wraps at words."""
    for column in table.columns:
        cells = [Text.from_markup(str(cell)).plain for cell in (column.header, *column.cells)]
        column.no_wrap = not any(" " in cell for cell in cells)
        column.min_width = max(len(word) for cell in cells for word in (*cell.split(), ""))
    out.print(table)


def new_table(*names: str, numbers_from: int | None = None) -> Table:
    """A table without lines; the columns from ``numbers_from`` on hold numbers."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for place, name in enumerate(names):
        is_number = numbers_from is not None and place >= numbers_from
        table.add_column(name, justify="right" if is_number else "left", overflow="fold")
    return table


def print_sources(citations: Sequence[Citation], wording: Language) -> None:
    """A line a document, with the numbers of its citations; the places of several below it, a line each."""
    by_document: dict[str, list[Citation]] = {}
    for citation in citations:
        by_document.setdefault(citation.document.id, []).append(citation)
    for cited in by_document.values():
        marks, name = "".join(f"[{one.number}]" for one in cited), linked(cited[0].document, wording)
        passage = "pasaje" if wording is Language.ES else "passage"
        ids = [f"{passage}{BOUND}{one.passage_id}" for one in cited]
        places = [
            f"{place_of(one.places, wording)}, {id_}".removeprefix(", ") for one, id_ in zip(cited, ids, strict=True)
        ]
        if len(cited) == 1:
            out.print(Hanging(name.append(f", {places[0]}"), f"{marks} "), style="dim")
            continue
        out.print(Hanging(name, f"{marks} "), style="dim")
        for one, place in zip(cited, places, strict=True):
            out.print(Hanging(place, f"   [{one.number}] "), style="dim")


def print_documents(response: DocumentsResponse) -> None:
    """The documents of a base: a line each, and below it what is in it."""
    for line in response.documents:
        mix = ", ".join(f"{share.language.value} {share.share:.0%}" for share in line.language_mix)
        facts = f"{line.passages} passages, {line.statistics} statistics, {line.removed} removed blocks"
        out.print(Hanging(name_of(line.document), f"{line.document.id}  "))
        out.print(Hanging("; ".join(part for part in (mix, facts) if part)), style="dim")
    out.print(f"{response.total} documents")


def print_record(record: RecordResponse, since: int | None = None) -> None:
    """What is known of a document and from where, with its corrections; or only those ``since`` a revision."""
    if since is None:
        origins = {one.field: one.origin for one in record.origins}
        for name in RECORD_FIELDS:
            value = record.series if name == "series" else getattr(record.document, name)
            line = (f"{name}: ", "bold"), _field(value), (f"  {origins[name]}" if name in origins else "", "dim")
            out.print(Text.assemble(*line))
    for correction in record.corrections[since or 0 :]:
        out.print(
            f"corrected {correction.at:%Y-%m-%d %H:%M} UTC, {correction.origin}, by {correction.by}", markup=False
        )
        for change in correction.changes:
            out.print(f"  {change.field}: {_field(change.before)} → {_field(change.after)}", markup=False)
    if since == record.revision:
        out.print("nothing to correct: the record says so already")


def _field(value: FieldValue) -> str:
    return (value if isinstance(value, str) else "; ".join(value or ())) or "(not known)"


def print_removed(document: Document) -> None:
    """The ledger of what cleaning took out of a document: rule, share of the prose, place, text; then each rule."""
    shares: dict[str, float] = {}
    for block, share in zip(document.removed, document.removed_shares, strict=True):
        shares[block.rule] = shares.get(block.rule, 0.0) + share
        taken = f" {share:.1%}" if share else ""
        line = (block.rule, "yellow"), (taken, "yellow"), (place_of((block.place,)), "dim"), f"  {block.text}"
        out.print(Text.assemble(*line))
    for rule, share in sorted(shares.items(), key=lambda one: -one[1]):
        out.print(f"{rule}: {share:.1%} of the prose", markup=False)
    out.print(f"{len(document.removed)} removed blocks, {document.removed_prose_share:.1%} of the prose")


def print_verification(report: Report, problems: tuple[str, ...]) -> None:
    """The judgement of every quote, and what is wrong with the answer as a whole."""
    for quote in report.quotes:
        style = "green" if quote.sound else "red"
        verdict = quote.judgement.verdict.value
        out.print(Text.assemble((f"{verdict:<16}", style), f"[{quote.number}] {quote.judgement.reason}"))
    for problem in (*problems, *report.problems):
        out.print(Text(problem, "red"))
    out.print(Text("every quote is in its source", "green") if report.ok and not problems else Text("not sound", "red"))
