"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from api.cli import completing

BaseOption = Annotated[
    Path | None, typer.Option("--base", help="Folder of the base.", show_default="KB_BASE or ./kb-base")
]
JsonOption = Annotated[bool, typer.Option("--json", help="The same facts as JSON on stdout.")]
LimitOption = Annotated[int, typer.Option(min=1, max=100, help="How many at most.")]
TopicOption = Annotated[
    list[str],
    typer.Option(
        "--topic", help="Only this topic, one of the five or your own (several).", autocompletion=completing.topics
    ),
]
SubtopicOption = Annotated[
    list[str],
    typer.Option(
        "--subtopic",
        help="Only this sub-topic: nps, journey_maps, stage:3, stage:2..4 (several).",
        autocompletion=completing.subtopics,
    ),
]
LanguageOption = Annotated[
    list[str],
    typer.Option("--language", help="Only es, en or other (several times).", autocompletion=completing.languages),
]
SourceOption = Annotated[list[str], typer.Option("--source", help="Only sources or publishers with this in the name.")]
FormatOption = Annotated[
    list[str],
    typer.Option(
        "--format",
        help="Only originals of a format: pdf, html, docx, eml, xlsx … (several).",
        autocompletion=completing.file_formats,
    ),
]
YearFromOption = Annotated[int | None, typer.Option("--year-from", help="Published in this year or later.")]
YearToOption = Annotated[int | None, typer.Option("--year-to", help="Published in this year or earlier.")]
