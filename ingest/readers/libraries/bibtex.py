"""BibTeX and biblatex: entries to records; the one module that imports bibtexparser and pylatexenc."""

import logging
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import NormalizeFieldKeys
from bibtexparser.middlewares.names import split_multiple_persons_names
from pylatexenc.latex2text import LatexNodes2Text  # type: ignore[import-untyped]

from ingest.readers.libraries.library import LibraryRecord, inverted, record

_ORIGIN = "BibTeX"
_PUBLISHERS = ("publisher", "institution", "organization", "school", "journaltitle", "journal")
# The parts of a list of files, and of a file ("Title:path:type"), each with a backslash before what would part it.
_FILE, _PART, _ESCAPED = re.compile(r"(?<!\\);"), re.compile(r"(?<!\\):"), re.compile(r"\\(.)")
# Commands that the decoder leaves out or takes for another mark.
_MARKS = {r"\textbraceleft{}": r"\{", r"\textbraceright{}": r"\}", r"\textasciicircum{}": "^", r"\textquotedbl{}": '"'}
# To TeX what stands after it is a comment, which no title has.
_PERCENT = re.compile(r"(?<!\\)%")
# It says of each entry that it cannot read what our own line says.
logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)


def read_bibtex(text: str) -> tuple[list[LibraryRecord], int]:
    """The records in order, and how many entries cannot be read."""
    library = parse_string(text, append_middleware=[NormalizeFieldKeys()])
    fields = [(entry.key, {one.key: str(one.value) for one in entry.fields}) for entry in library.entries]
    return [_record(key, found) for key, found in fields], len(library.failed_blocks)


def _record(key: str, fields: dict[str, str]) -> LibraryRecord:
    """The record of an entry; addresses and files stand in it as they are."""
    published = fields.get("date") or " ".join(
        part for part in (fields.get("day"), fields.get("month"), fields.get("year")) if part
    )
    return record(
        _ORIGIN,
        title=_plain(fields.get("title", "")),
        authors=_names(fields.get("author", "")),
        publisher=_plain(next((fields[name] for name in _PUBLISHERS if fields.get(name)), "")),
        published=_plain(published),
        url=fields.get("url", "").strip(),
        series=_plain(fields.get("series", "")),
        files=_files(fields.get("file", "")),
        key=key,
    )


def _names(authors: str) -> Iterator[str]:
    """Each name as it is spoken; one in braces is a body's, whole."""
    for name in split_multiple_persons_names(authors):
        yield _plain(name) if name.startswith("{") and name.endswith("}") else inverted(_plain(name))


def _plain(text: str) -> str:
    """The text without its TeX."""
    if not any(mark in text for mark in "\\{}$~"):
        return text
    for command, mark in _MARKS.items():
        text = text.replace(command, mark)
    text = _PERCENT.sub(r"\\%", text)
    return " ".join(str(_decoder().latex_to_text(text)).split())


@cache
def _decoder() -> Any:
    return LatexNodes2Text(math_mode="verbatim")


def _files(listed: str) -> Iterator[str]:
    for file in _FILE.split(listed):
        parts = _PART.split(file)
        yield _ESCAPED.sub(r"\1", ":".join(parts[1:-1]) if len(parts) > 2 else parts[0])
