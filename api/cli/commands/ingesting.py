"""``kb ingest``: what goes into a base, and how far it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from api.cli import options
from api.cli.ingest_sources import Named, failed_sources, named_records
from api.cli.output import (
    messages,
    out,
    print_json,
    print_report_end,
    print_report_line,
    write_report,
)
from api.cli.wiring import Wiring
from api.settings import Settings
from ingest.sources.report import FileReport, RunReport, Stage
from kb.records.errors import InputError, nearest
from kb.records.messages import say

if TYPE_CHECKING:
    from ingest.pipeline import Pipeline
    from ingest.sources.sources import SourceFailure, SourceFile


def ingest(
    paths: Annotated[
        list[str] | None, typer.Argument(help="Files, folders, .jsonl, .zip; addresses of pages, sitemaps, feeds.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Read and report, write nothing.")] = False,
    keep: Annotated[
        list[str],
        typer.Option(
            "--keep",
            help="A cleaning rule (kb documents ID --removed names them) that takes nothing out of these files, all, "
            "or none again (several times).",
            autocompletion=options.cleaning_rules,
        ),
    ] = [],
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove what has gone from these folders and came from nowhere else.")
    ] = False,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Try again what failed the last time.")] = False,
    re_embed: Annotated[
        bool, typer.Option("--re-embed", help="Make every vector anew with the model now set.")
    ] = False,
    allow_network: Annotated[
        bool, typer.Option("--allow-network", help="Fetch addresses.", show_default="KB_NETWORK or no")
    ] = False,
    report_csv: Annotated[Path | None, typer.Option("--report", help="Also write the report to this CSV file.")] = None,
    ocr: Annotated[
        bool,
        typer.Option(
            "--ocr",
            help="Also read text off pictures and scanned pages (needs Tesseract); cited as such.",
            show_default="KB_OCR or no",
        ),
    ] = False,
    metadata: Annotated[
        list[Path],
        typer.Option(
            "--metadata",
            metavar="FILE",
            help="What is known of the files: a table (.csv) with their names, .bib, .ris, CSL-JSON, Zotero's .rdf or "
            "zotero.sqlite (several times).",
        ),
    ] = [],
    ray: Annotated[
        str | None,
        typer.Option(
            "--ray",
            metavar="ADDRESS",
            help="Have workers of Ray read and embed: local, or the HOST:PORT of a cluster (needs the extra ray).",
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option("--workers", min=1, help="How many.", show_default="with --ray: one a processor"),
    ] = None,
    base: options.BaseOption = None,
    as_json: options.JsonOption = False,
) -> None:
    """Read files into the base and say of each: added, updated, unchanged, duplicate or failed.

    A source is known again by its whole place on disk, its address, or its id in JSON lines: a/report.md and
    b/report.md are two documents, however they are named on the command line.

    Example: kb ingest samples/articles --base my-base
    """
    _check_rules(keep)
    wiring = Wiring(Settings(), base)
    if re_embed:
        messages.print(f"{wiring.re_embed()} passages embedded anew with {wiring.embedder.stamp.name}", markup=False)
    network = allow_network or wiring.settings.network
    ocr = ocr or wiring.settings.ocr
    named = Named.of(paths or [], network=network)
    if not paths and not retry_failed:
        if re_embed:
            return
        raise InputError(say("ingest"), say("no_path_was_given"), say("name_files_or_folders_kb_ingest"))
    if workers is not None and not ray:
        raise InputError("--workers", say("goes_with_ray_alone"), say("add_ray_local"))
    records = named_records(metadata)
    kept = frozenset([*keep, *_recognition(ocr)])
    with ExitStack() as stack:
        ahead = stack.enter_context(wiring.workers_of_ray(ray, workers, kept)) if ray else None
        pipeline = wiring.pipeline(create=not dry_run, keep=kept, ahead=ahead)
        unpack = wiring.reader.unpack
        again = failed_sources(wiring.store(), unpack, network=network, pictures=ocr) if retry_failed else ()
        told = records.lines() if records else ()
        sources = chain(again, named.sources(unpack, pictures=ocr, records=records), told)
        report = _shown_run(pipeline, sources, named.count(), dry_run=dry_run, as_json=as_json)
    if prune:
        met = len(report.files)
        report = pipeline.prune(report, named.folders, dry_run=dry_run)
        for line in report.files[met:] if not as_json else ():
            print_report_line(line)
    if report_csv is not None:
        write_report(report, report_csv)
    print_json(report) if as_json else print_report_end(report)
    if report.failures:
        raise typer.Exit(1)


def _recognition(ocr: bool) -> tuple[str, ...]:
    """What stands for recognition among what is kept; InputError where it is asked for and not installed."""
    from ingest.readers.recognition.scans import OCR, check_recognition

    if not ocr:
        return ()
    check_recognition()
    return (OCR,)


def _check_rules(keep: Iterable[str]) -> None:
    """Nothing; InputError, naming the nearest, for what is no cleaning rule: it would keep nothing, in silence."""
    from ingest.pipeline import KEEP_NONE
    from ingest.text.clean import KEEP_ALL, RULE_NAMES

    known = (KEEP_ALL, KEEP_NONE, *RULE_NAMES)
    for name in keep:
        if name not in known:
            raise InputError(say("rule", name=name), say("is_not_a_cleaning_rule"), nearest(name, known))


def _shown_run(
    pipeline: Pipeline, sources: Iterable[SourceFile | SourceFailure], total: int, *, dry_run: bool, as_json: bool
) -> RunReport:
    """The report of a run that shows its progress and its lines; an interrupted one says what it leaves."""
    from ingest.pipeline import BULK_TEXTS

    with Progress.shown_on(messages, total) as progress:

        def show(line: FileReport) -> None:
            progress.advance(line)
            if not as_json:
                print_report_line(line, progress.lines_on(out))

        try:
            return pipeline.run(
                sources, dry_run=dry_run, on_file=show, on_stage=progress.stage, texts_together=BULK_TEXTS
            )
        except KeyboardInterrupt:
            raise interrupted(progress.done) from None


# 128 + SIGINT, as shells say it.
INTERRUPTED = 130


class Progress:
    """The bar of one run, and how many files are done."""

    def __init__(self, bar: Bar | None, total: int) -> None:
        self.done = 0
        self._total = total
        self._bar = bar
        self._task = TaskID(0) if bar is None else bar.add_task("starting", total=total, source="")

    @classmethod
    @contextmanager
    def shown_on(cls, console: Console, total: int) -> Iterator[Progress]:
        """A bar on the console while the block runs; no bar where the console is no terminal."""
        if not console.is_terminal:
            yield cls(None, total)
            return
        columns = (
            TextColumn("{task.description:<9}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TimeRemainingColumn(elapsed_when_finished=True),
            TextColumn("{task.fields[source]}", markup=False),
        )
        with Bar(*columns, console=console, transient=True, redirect_stdout=False) as bar:
            yield cls(bar, total)

    def lines_on(self, console: Console) -> Console:
        """Where lines go meanwhile: above the bar if the console is a terminal too, else to the console (a file)."""
        return self._bar.console if self._bar is not None and console.is_terminal else console

    def stage(self, stage: Stage, source: str) -> None:
        """Show what is being done with which source."""
        if self._bar is not None:
            self._bar.update(self._task, description=stage.value, source=source)

    def advance(self, line: FileReport) -> None:
        """Count a file; an archive may hold more files than were counted before."""
        self.done += 1
        if self._bar is not None:
            self._bar.update(self._task, completed=self.done, total=max(self._total, self.done))


def interrupted(done: int) -> typer.Exit:
    """Say what an interrupted run leaves behind and how to go on; the exit to raise."""
    messages.print(
        f"interrupted: {done} files are done and in the base, whole; of the others nothing is. "
        "Go on with the same command: it does only what is missing.",
        style="yellow",
    )
    return typer.Exit(INTERRUPTED)
