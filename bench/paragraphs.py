"""How many paragraphs of PDFs begin in the middle of a sentence: what a shattered or misread page looks like.

    python -m bench.paragraphs [--list] PATH ...

Reads every PDF under the paths in the killable child and counts its kept paragraphs, and those that open with a
small letter. ``--list`` names the files with most of them. The target for designed documents is 3 %.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.isolate import IsolatedReader
from ingest.readers.signatures import PDF
from kb.records.document import BlockKind
from kb.records.errors import SourceError

# What is shorter is a label of a figure or a form.
_LEAST_CHARS = 40
# A file of fewer paragraphs is a form or a poster.
_LEAST_PARAGRAPHS = 5


@dataclass(frozen=True, slots=True)
class Counted:
    """A file with its paragraphs and those that begin in the middle of a sentence."""

    name: str
    paragraphs: int
    broken: int


def counted(paths: list[Path]) -> Iterator[Counted]:
    """The counts of every PDF that is read, in the order of their names."""
    files = sorted(file for path in paths for file in ([path] if path.is_file() else path.rglob("*.pdf")))
    with IsolatedReader() as reader:
        for file in files:
            try:
                extract = reader.read(file.read_bytes(), PDF, file.name)
            except SourceError:
                continue
            texts = [
                block.text
                for block in extract.blocks
                if block.kind is BlockKind.PARAGRAPH and block.furniture is None and len(block.text) >= _LEAST_CHARS
            ]
            if len(texts) >= _LEAST_PARAGRAPHS:
                yield Counted(file.name, len(texts), sum(text[0].islower() for text in texts))


def main() -> None:
    """Print the share over all files, and the share of files that are within the target."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--list", action="store_true", help="name the files with most of them")
    words = parser.parse_args()
    files = list(counted(words.paths))
    if words.list:
        for file in sorted(files, key=lambda one: one.broken, reverse=True)[:40]:
            sys.stdout.write(f"{file.broken:6} of {file.paragraphs:6}  {file.name}\n")
    broken, total = sum(file.broken for file in files), sum(file.paragraphs for file in files)
    share = broken / max(1, total)
    sys.stdout.write(
        f"{len(files)} files, {total} paragraphs, {broken} begin in the middle of a sentence: {share:.1%}\n"
    )


if __name__ == "__main__":
    main()
