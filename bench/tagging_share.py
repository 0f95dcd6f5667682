"""What giving topics adds to ingestion: seconds of processor in the tagger, and those that passages take longer where
they are read for their topics too, over those of the rest of the run.

    python -m bench.tagging_share [PATH ...]

Ingests the files under the paths (the bundled samples unless others are named) into a base that is thrown away, in this
process, three times, with the bundled model on one thread; of each part the shortest. The aim is at most 15 %.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import partial
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

_TIMES = 3
SAMPLES = Path(__file__).parents[1] / "samples" / "articles"


class _Timed(Tagger):
    """The tagger, and the seconds of processor that it took."""

    seconds = 0.0

    def tag(
        self,
        texts: Sequence[TextToTag],
        vectors: FloatArray | None = None,
        sentence_vectors: SentenceVectors | None = None,
        topic_vectors: FloatArray | None = None,
    ) -> list[tuple[TopicAssignment, ...]]:
        """As the tagger does, timed."""
        start = time.process_time()
        given = super().tag(texts, vectors, sentence_vectors, topic_vectors)
        self.seconds += time.process_time() - start
        return given


def main() -> None:
    """Measure and print one line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paths", nargs="*", type=Path, default=[SAMPLES])
    paths = parser.parse_args().paths
    embedder = load_bulk_encoder(threads=1)
    tagger = _Timed.load(embedder.stamp)
    read = (embedder.encode_passages_with_tokens, embedder.encode_passages_for_topics)
    seconds = []
    for _ in range(_TIMES):
        with tempfile.TemporaryDirectory() as folder:
            store = Store.open(Path(folder) / "base", create=True)
            pipeline = Pipeline(store, lambda: embedder, lexical, lambda _: tagger)
            tagger.seconds = 0.0
            whole = _seconds(partial(pipeline.run, find_sources(paths)))
            texts = [one.text for one in store.passages(list(store.vector_keys())).values()]
            store.close()
        seconds.append((whole, tagger.seconds, *(_seconds(partial(one, texts)) for one in read)))
    whole, tagging, plain, twice = (min(some) for some in zip(*seconds, strict=True))
    topics = tagging + twice - plain
    sys.stdout.write(
        f"{len(texts)} passages: {whole:.1f} s of processor, {tagging:.2f} s of them in the tagger and "
        f"{twice - plain:.2f} s for its vectors, which adds {100 * topics / (whole - topics):.1f} % to the rest\n"
    )


def _seconds(work: Callable[[], object]) -> float:
    """The seconds of processor of some work."""
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
