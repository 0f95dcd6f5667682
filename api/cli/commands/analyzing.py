"""``kb analyze``: topics and statistics of any text, a JSON line in and a JSON line out."""

from __future__ import annotations

import io
import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.output import messages, print_json_line
from api.cli.wiring import Wiring
from api.service.schemas import without_rejected
from api.settings import Settings
from kb.outside.strings import REPLACED, whole, whole_deep
from kb.records.document import parse_language
from kb.records.errors import InputError
from kb.records.messages import say

if TYPE_CHECKING:
    from ingest.analysis import AnalysisRequest

# Lines whose passages are embedded together: enough to fill batches, few enough to stream.
_BATCH = 64


def analyze(
    explain: Annotated[
        bool, typer.Option("--explain", help="Also every number that is not a figure, and why.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The output is JSON lines either way.")] = True,
) -> None:
    """Read lines {"id", "text", "language"?} on stdin, write {"id", "language", "topics", "statistics", "sentences"}.

    Example: echo '{"id": "1", "text": "87 percent of marketers track NPS."}' | kb analyze
    """
    analyser = Wiring(Settings()).analyser
    batch: list[AnalysisRequest] = []
    failures = 0

    if isinstance(sys.stdin, io.TextIOWrapper):
        sys.stdin.reconfigure(encoding="utf-8", errors="surrogateescape")

    def flush() -> None:
        if not batch:
            return
        for analysis in analyser.analyse_many(batch):
            print_json_line(analysis if explain else without_rejected(analysis))
        batch.clear()

    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            batch.append(_parse_request(number, line))
        except InputError as error:
            failures += 1
            messages.print(str(error), style="red", markup=False)
        if len(batch) == _BATCH:
            flush()
    flush()
    if failures:
        messages.print(f"{failures} lines were left out", style="red")
        raise typer.Exit(1)


def _parse_request(number: int, line: str) -> AnalysisRequest:
    """The request in a line of JSON, half a character in it as U+FFFD; InputError, naming the line, for no JSON."""
    from ingest.analysis import AnalysisRequest

    try:
        given = json.loads(whole(line))
        fields = whole_deep(given)
        text = fields["text"]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise InputError(
            say("line_of_stdin", number=number), say("is_no_object_with_text", error=error), say("write_id_text")
        ) from error
    if fields != given or whole(line) != line:
        messages.print(f"line {number} of stdin: {REPLACED}", markup=False)
    if not isinstance(text, str) or not text.strip():
        raise InputError(say("line_of_stdin", number=number), say("has_no_text"), say("write_id_text"))
    language = fields.get("language")
    return AnalysisRequest(
        str(fields.get("id", number)), text, None if language is None else parse_language(str(language))
    )
