"""How many passages a second the figure reader reads on one core: python bench/figures_speed.py [FOLDER …]."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from ingest.figures import read_passages
from ingest.sources.sources import SourceFile, find_sources
from ingest.text.prepare import Prepared, prepare
from kb.records.errors import SourceError

SAMPLES = Path(__file__).parents[1] / "samples" / "articles"
ROUNDS = 10


def main(folders: list[Path]) -> None:
    """Write the best of the rounds, in process time."""
    prepared: list[Prepared] = []
    for source in find_sources(folders):
        try:
            prepared += [prepare(source)] if isinstance(source, SourceFile) else []
        except SourceError as error:
            sys.stderr.write(f"left out: {error}\n")
    passages = sum(len(one.passages) for one in prepared)
    figures = sum(len(read_passages(one.document, one.passages).statistics) for one in prepared)
    best = min(seconds(prepared) for _ in range(ROUNDS))
    sys.stdout.write(f"{passages} passages, {figures} figures, {passages / best:,.0f} passages/s\n")


def seconds(prepared: list[Prepared]) -> float:
    """Process time for reading all documents once."""
    start = time.process_time()
    for one in prepared:
        read_passages(one.document, one.passages)
    return time.process_time() - start


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or [SAMPLES])
