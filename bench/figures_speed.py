"""How many passages a second figures are read of, on one core, by the grammar and the trees, then with the bundled
model too: ``python -m bench.figures_speed [FOLDER …]``.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path

from index.model.bulk_encoder import load_bulk_encoder
from ingest.figures import read_figures
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
    model = load_bulk_encoder(threads=1)
    for name, embedder, rounds in (("alone", None, ROUNDS), ("with the model", lambda: model, 2)):
        figures = sum(len(read_figures(one.document, one.passages, embedder)) for one in prepared)
        best = min(seconds(prepared, embedder) for _ in range(rounds))
        sys.stdout.write(f"{name}: {passages} passages, {figures} figures, {passages / best:,.0f} passages/s\n")


def seconds(prepared: list[Prepared], embedder: Callable[[], object] | None) -> float:
    """Process time for reading all documents once."""
    start = time.process_time()
    for one in prepared:
        read_figures(one.document, one.passages, embedder)
    return time.process_time() - start


if __name__ == "__main__":
    main([Path(name) for name in sys.argv[1:]] or [SAMPLES])
