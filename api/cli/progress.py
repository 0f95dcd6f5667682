"""How far an ingestion is, on a terminal: stage, count and time left on stderr; nothing where stderr is a pipe.

Also what is said when a run is interrupted.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from api.cli.output import messages
from ingest.sources.report import FileReport, Stage

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
