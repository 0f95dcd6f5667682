"""What giving topics adds to ingestion: seconds of processor in the tagger over those of the whole run.

    python -m bench.tagging_share [PATH ...]

Ingests the files under the paths (the bundled samples unless others are named) into a base that is thrown away, in this
process, with the bundled model, which is loaded before the clock runs. The aim is at most 15 in a hundred.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from index.model.bulk_encoder import load_bulk_encoder
from index.search import lexical
from ingest.pipeline import Pipeline
from ingest.sources.sources import find_sources
from ingest.tagging import Tagger, TextToTag
from ingest.tagging.tagger import SentenceVectors
from kb.records.ports import FloatArray
from kb.records.topics import TopicAssignment
from kb.store import Store

SAMPLES = Path(__file__).parents[1] / "samples" / "articles"


class _Timed(Tagger):
    """The tagger, and the seconds of processor that it took."""

    seconds = 0.0

    def tag(
        self,
        texts: Sequence[TextToTag],
        vectors: FloatArray | None = None,
        sentence_vectors: SentenceVectors | None = None,
    ) -> list[tuple[TopicAssignment, ...]]:
        """As the tagger does, timed."""
        start = time.process_time()
        given = super().tag(texts, vectors, sentence_vectors)
        self.seconds += time.process_time() - start
        return given


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[SAMPLES])
    paths = parser.parse_args().paths
    embedder = load_bulk_encoder()
    tagger = _Timed.load(embedder.stamp)
    embedder.encode_passages(["warm"])
    with tempfile.TemporaryDirectory() as folder:
        store = Store.open(Path(folder) / "base", create=True)
        start = time.process_time()
        report = Pipeline(store, lambda: embedder, lexical, lambda _: tagger).run(find_sources(paths))
        whole = time.process_time() - start
        store.close()
    passages = sum(file.passages or 0 for file in report.files)
    share = tagger.seconds / (whole - tagger.seconds)
    sys.stdout.write(
        f"{passages} passages: {whole:.1f} s of processor, {tagger.seconds:.2f} s of them for topics, "
        f"which adds {100 * share:.1f} % to the rest\n"
    )


if __name__ == "__main__":
    main()
