"""How a run of ingestion ends: a document that went in with a doubt is never a plain "added"."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from api.cli import output
from ingest.sources.report import FileReport, Outcome, RunReport

_SOUND = FileReport("a/sound.html", Outcome.ADDED, "d1", passages=3, statistics=1, removed=2)
_DOUBTFUL = FileReport(
    "a/doubtful.html", Outcome.ADDED, "d2", passages=1, note="71% of its prose was left out", look_at=True
)
_REPEATED = FileReport("a/repeated.html", Outcome.DUPLICATE, "d3", duplicate_of="a/sound.html", note="x", look_at=True)


def _line(report: FileReport) -> str:
    console = Console(file=io.StringIO(), width=200)
    output.print_report_line(report, console)
    assert isinstance(console.file, io.StringIO)
    return console.file.getvalue().rstrip("\n")


def test_a_line_with_a_doubt_begins_with_it() -> None:
    """The first word is what a reader of a thousand lines sees."""
    assert _line(_SOUND) == "added      a/sound.html  3 passages, 1 statistics, 2 removed blocks"
    assert _line(_DOUBTFUL) == (
        "look at    a/doubtful.html  1 passages, 0 statistics, 0 removed blocks  71% of its prose was left out"
    )
    assert _line(_REPEATED) == "duplicate  a/repeated.html  repeats a/sound.html  x"


def test_a_run_ends_with_what_to_look_at(capsys: pytest.CaptureFixture[str]) -> None:
    """The counts, then each doubtful file with its reason."""
    output.print_report_end(RunReport((_SOUND, _DOUBTFUL)))

    assert capsys.readouterr().out.split("\n") == [
        "2 added",
        "1 to look at, for their text may not be that of the original:",
        "  a/doubtful.html  71% of its prose was left out",
        "",
    ]
