"""Figures that people found and judged by reading, numbers that they found to be none, and the texts they stand in.

Owns the format on disk, which is that of the README of the evaluation data. Scores nothing.
"""

import gzip
import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from kb.records.document import parse_language
from kb.records.errors import InputError, SourceError
from kb.records.language import Language
from kb.records.messages import say
from kb.records.statistic import Comparator, Kind

_GZIP = b"\x1f\x8b"


def lines_of_file(path: Path) -> list[str]:
    """The lines of a file, plain or gzip."""
    data = path.read_bytes()
    return (gzip.decompress(data) if data.startswith(_GZIP) else data).decode("utf-8").split("\n")


def numbered_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each row of a file with the number of its line; SourceError naming a line that is no JSON."""
    for number, line in enumerate(lines_of_file(path), 1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError as error:
                place = say("line_of_file", path=path, number=number)
                raise SourceError(place, say("is_not_json", error=error)) from error


def rows_of_file(path: Path, *needed: str) -> Iterator[dict[str, Any]]:
    """The rows of a file without the numbers of their lines; SourceError naming a line that lacks a field it needs."""
    for number, row in numbered_rows(path):
        lacks = [one for one in needed if one not in row]
        if lacks:
            place = say("line_of_file", path=path, number=number)
            raise SourceError(place, say("is_not_a_row", error=", ".join(lacks)), say("docs_evaluate_has_the_formats"))
        yield row


_TIME_UNITS = frozenset({"seconds", "minutes", "hours", "days", "weeks", "months", "years", "decades"})


@dataclass(frozen=True, slots=True)
class GoldFigure:
    """A figure found by reading; ``values`` are one or (a range) two numbers, none when the text's own is doubtful."""

    document: str
    language: Language
    sentence: str
    start: int
    raw: str
    values: tuple[Decimal, ...]
    kind: Kind
    comparator: Comparator
    source: str | None
    year: int | None
    optional: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class NoFigure:
    """A number found by reading that is no figure, and why; ``ignored`` ones count neither way."""

    document: str
    language: Language
    sentence: str
    start: int
    raw: str
    reason: str
    ignored: bool


@dataclass(frozen=True, slots=True)
class JudgedFigures:
    """The gold of several documents with the documents' texts by name."""

    gold: tuple[GoldFigure, ...]
    negatives: tuple[NoFigure, ...]
    texts: dict[str, str]

    @property
    def complete(self) -> frozenset[str]:
        """The documents in which every number is judged."""
        return frozenset(one.document for one in self.gold if one.complete) | {one.document for one in self.negatives}


def read_judged_figures(folder: Path) -> JudgedFigures:
    """The figures judged in a folder: ``stats_gold.jsonl``, ``stats_negatives.jsonl`` and the texts they name.

    Texts are ``cx/NAME.txt`` in the folder, or a path beside it ("seeds/000_….txt"). Raises
    SourceError for a broken line or a missing text, InputError when the folder has no gold.
    """
    path = folder / "stats_gold.jsonl"
    if not path.exists():
        raise InputError(str(folder), say("holds_no_stats_gold_jsonl"), say("name_a_folder_in_the_format"))
    gold = tuple(_gold(row) for row in rows_of_file(path))
    beside = folder / "stats_negatives.jsonl"
    negatives = tuple(_negative(row) for row in rows_of_file(beside)) if beside.exists() else ()
    names = sorted({one.document for one in gold} | {one.document for one in negatives})
    return JudgedFigures(gold, negatives, {name: _text(folder, name) for name in names})


def _gold(row: dict[str, Any]) -> GoldFigure:
    value = row["value"]
    values = value if isinstance(value, list) else [] if value is None else [value]
    return GoldFigure(
        row["doc"], parse_language(row["lang"]), row["sentence"], row["start"], row["raw"],
        tuple(Decimal(str(one)) for one in values), _kind(row), Comparator(row["modifier"]),
        row["source"], int(row["year"]) if row["year"] else None, bool(row["optional"]), bool(row["doc_complete"]),
    )  # fmt: skip


def _kind(row: dict[str, Any]) -> Kind:
    # The gold writes a duration as a count with a unit of time.
    if row["kind"] == Kind.COUNT.value and row.get("unit") in _TIME_UNITS:
        return Kind.DURATION
    return Kind(row["kind"])


def _negative(row: dict[str, Any]) -> NoFigure:
    return NoFigure(
        row["doc"], parse_language(row["lang"]), row["sentence"], row["start"], row["raw"], row["reason"],
        bool(row["ignore"]),
    )  # fmt: skip


def _text(folder: Path, name: str) -> str:
    candidates = (folder / "cx" / f"{name}.txt", folder.parent / name, folder / name)
    for path in candidates:
        if path.is_file():
            return path.read_text("utf-8")
    raise SourceError(name, say("its_text_is_neither", one=candidates[0], other=candidates[1]))
