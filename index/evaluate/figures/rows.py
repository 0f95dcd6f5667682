"""The rows of judged sets: a JSON object a line, plain or gzip; blank lines are none."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kb.records.errors import SourceError
from kb.records.messages import say

_GZIP = b"\x1f\x8b"


def numbered_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row of a file with the number of its line; SourceError naming a line that is no JSON."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if data.startswith(_GZIP) else data).decode("utf-8")
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                place = say("line_of_file", path=path, number=number)
                raise SourceError(place, say("is_not_json", error=error)) from error


def rows_of_file(path: Path) -> Iterator[dict[str, Any]]:
    """The rows of a file without the numbers of their lines."""
    return (row for _, row in numbered_rows(path))
