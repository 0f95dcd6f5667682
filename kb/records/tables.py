"""Tables that are shipped beside the code: a row a line, cells between tabs, their names in the first line."""

from collections.abc import Iterator
from importlib import resources


def rows_of(package: str, name: str, *columns: str) -> Iterator[tuple[str, ...]]:
    """The rows of ``data/NAME`` of a package; ValueError for other columns, or a row with more or fewer cells."""
    text = resources.files(package).joinpath("data", name).read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        cells = tuple(line.split("\t"))
        if len(cells) != len(columns) or (number == 1 and cells != columns):
            raise ValueError(f"{name}, line {number}: its cells are not {', '.join(columns)}")
        if number > 1:
            yield cells


def patterns_of(package: str, name: str, *columns: str) -> Iterator[tuple[str, ...]]:
    """The rows of a table whose last column is a pattern, each part of one written out: a row that begins with a name
    in angle brackets says what stands for it in the patterns after it."""
    parts: dict[str, str] = {}
    for *cells, pattern in rows_of(package, name, *columns):
        for part, meant in parts.items():
            pattern = pattern.replace(part, meant)
        if cells[0].startswith("<"):
            parts[cells[0]] = pattern
        else:
            yield (*cells, pattern)
