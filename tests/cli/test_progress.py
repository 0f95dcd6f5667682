"""What a run shows of itself: a bar with stage, count and time on a terminal, nothing in a pipe."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from api.cli.commands.ingesting import INTERRUPTED, Progress, interrupted
from ingest.sources.report import FileReport, Outcome, Stage


def shown(*, terminal: bool) -> str:
    stream = io.StringIO()
    console = Console(file=stream, force_terminal=terminal, width=120)
    with Progress.shown_on(console, 2) as progress:
        progress.stage(Stage.READING, "archive/[a].txt")
        for name in ("a", "b", "c"):
            progress.advance(FileReport(name, Outcome.ADDED))
        progress.stage(Stage.WRITING, "archive/b.txt")
    assert progress.done == 3
    return stream.getvalue()


def test_a_terminal_shows_stage_count_and_file() -> None:
    """More files than were counted raise the total."""
    text = shown(terminal=True)

    assert "writing" in text
    assert "3/3" in text
    assert "archive/b.txt" in text


def test_a_pipe_shows_nothing() -> None:
    """No bar, no control characters."""
    assert shown(terminal=False) == ""


def test_an_interruption_says_what_is_there_and_how_to_go_on(capsys: pytest.CaptureFixture[str]) -> None:
    """On stderr, with the exit code of shells."""
    exit_of = interrupted(7)

    assert exit_of.exit_code == INTERRUPTED == 130
    assert "7 files are done and in the base, whole" in capsys.readouterr().err
