"""How fast files become passages, and whether memory stays flat: parsing, cleaning and splitting, no vectors.

    python -m bench.ingest_speed [--documents 10000] [--seconds 20] [--isolated] [PATH ...]

Reads the files under the paths (the bundled samples unless others are named) over and over, each time with
one more line, so that no two are the same, until so many documents were read; prints passages a second
on one core and the memory of the program on the way. The target is 300 passages a second on 2 cores.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import time
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from pathlib import Path

from ingest.readers.dispatch import read_document
from ingest.readers.isolate import IsolatedReader
from ingest.sources.sources import SourceFile, find_sources
from ingest.text.prepare import prepare
from kb.records.errors import SourceError

SAMPLES = Path(__file__).parents[1] / "samples" / "articles"


@dataclass(frozen=True, slots=True)
class Mark:
    """The state after so many documents."""

    documents: int
    passages: int
    seconds: float
    megabytes: float

    @property
    def passages_a_second(self) -> float:
        """The rate since the start."""
        return self.passages / self.seconds


def resident_megabytes() -> float:
    """The memory this process holds now (Linux)."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * 4096 / 2**20


def endless(sources: list[SourceFile]) -> Iterator[SourceFile]:
    """The sources again and again; text files differ each time, so that nothing can be remembered."""
    for turn in itertools.count():
        for source in sources:
            is_text = source.media_type.startswith("text/")
            data = source.data + f"\n\nCopy number {turn}.\n".encode("ascii") if is_text else source.data
            yield SourceFile.of(f"{turn}/{source.source_id}", data, source.media_type)


def measure(paths: list[Path], documents: int, seconds: float, *, isolated: bool) -> Iterator[Mark]:
    """A mark at every tenth of the way, until so many documents or seconds."""
    sources = [source for source in find_sources(paths) if isinstance(source, SourceFile)]
    start, passages = time.perf_counter(), 0
    with IsolatedReader() if isolated else nullcontext() as reader:
        read = read_document if reader is None else reader.read
        for number, source in enumerate(itertools.islice(endless(sources), documents), start=1):
            try:
                passages += len(prepare(source, read=read).passages)
            except SourceError as error:
                sys.stderr.write(f"{error}\n")
            spent = time.perf_counter() - start
            if number % max(1, documents // 10) == 0 or spent > seconds:
                yield Mark(number, passages, spent, resident_megabytes())
            if spent > seconds:
                return


def main() -> None:
    """Print the marks and the headline."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="*", type=Path, default=[SAMPLES])
    parser.add_argument("--documents", type=int, default=2_000)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--isolated", action="store_true", help="read in a process of its own, as kb ingest does")
    words = parser.parse_args()
    marks = []
    for mark in measure(words.paths, words.documents, words.seconds, isolated=words.isolated):
        marks.append(mark)
        rate = f"{mark.passages_a_second:6.0f} passages/s"
        sys.stdout.write(
            f"{mark.documents:7} documents  {mark.passages:8} passages  {rate}  {mark.megabytes:6.0f} MB\n"
        )
        sys.stdout.flush()
    grown = marks[-1].megabytes - marks[0].megabytes
    sys.stdout.write(f"{marks[-1].passages_a_second:.0f} passages/s, memory {grown:+.0f} MB since the first mark\n")


if __name__ == "__main__":
    main()
