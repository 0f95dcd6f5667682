"""Search of a large base through the whole product: p50 and p95, and how much of it comparing all would have found.

    python -m bench.large_search [BASE] [--questions 87] [--without-recall]

BASE is a folder; without one it is the base that ``KB_STORE`` names. Asks the bundled questions of both languages in
one process, without a filter, for two years, and for one language and topic; prints milliseconds of the clock and of a
processor, of which the stages are parts (languages are looked into side by side, so they add up to more than the
clock). Each is then asked of the same base with every vector compared in place of codes: recall@10 is the share of its
first ten hits that are among the product's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # without stubs

from api.cli.wiring import Wiring
from api.service.knowledge_base import KnowledgeBase
from api.settings import Settings
from bench.answer_time import questions
from bench.output import machine, say
from index.search.candidates import CandidateFinder
from index.search.query_vectors import QuestionReader
from index.search.searcher import Searcher
from index.vectors.growing import Growth
from index.vectors.sync import IndexKeeper
from index.vectors.vectors import VectorIndex
from kb.records.language import Language
from kb.records.search import Filters, Query
from kb.records.topics import Topic

WAYS = {
    "no filter": Filters(),
    "two years": Filters(year_from=2019, year_to=2020),
    "Spanish, empathy": Filters(languages=frozenset({Language.ES}), topics=frozenset({Topic.EMPATHY})),
}
# What is looked at by itself, as parts of a search that do not overlap, with the ways in which each is entered.
STAGES: Mapping[str, Sequence[tuple[type, str]]] = {
    "question": [(QuestionReader, "read")],
    "words": [(CandidateFinder, "_word_scores")],
    "nearest vectors": [(VectorIndex, "search")],
    "vectors and sentences of candidates": [(CandidateFinder, "_vectors")],
    "tokens": [(Searcher, "_token_scores")],
    "reasons": [(Searcher, "explained")],
}


def main(argv: list[str]) -> int:
    """Ask, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("base", type=Path, nargs="?")
    parser.add_argument("--questions", type=int, default=87)
    parser.add_argument("--without-recall", action="store_true")
    asked = parser.parse_args(argv)
    # As the program has it: a second thread of BLAS waits at full speed for its turn (tokens took 70 ms in place of 3).
    with threadpool_limits(1, "blas"):
        _measure(asked.base, asked.questions, with_recall=not asked.without_recall)
    return 0


def _measure(folder: Path | None, count: int, *, with_recall: bool) -> None:
    every = questions()[:: max(1, len(questions()) // count)][:count]
    spent: dict[str, float] = defaultdict(float)
    base = Wiring(Settings(), folder).knowledge_base(serving=True)
    base.warm_up()
    started = time.process_time()
    for thread in threading.enumerate():
        if thread.name == "words":  # which reads the common words beside the first questions
            thread.join()
    say(f"{time.process_time() - started:.1f} s of a processor to read the common words")
    say(f"{base.records.counts()['passages']:,} passages, {len(every)} questions; {machine()}")
    found = {}
    with _watched(spent):
        for name, filters in WAYS.items():
            _ask(base, every[:1], filters, spent)  # what a filter leaves is listed once
            found[name], parts = _ask(base, every, filters, spent)
            _say(name, parts)
            _say(f"{name}, the same again", _ask(base, every, filters, spent)[1])
    if with_recall:
        _compare(base, every, found)


@contextmanager
def _watched(spent: dict[str, float]) -> Iterator[None]:
    """Inside, the seconds of a processor that each stage takes are added to ``spent``."""
    usual = [(owner, name, getattr(owner, name)) for ways in STAGES.values() for owner, name in ways]

    def timed(stage: str, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def watched(*values: Any, **named: Any) -> Any:
            started = time.thread_time()
            try:
                return call(*values, **named)
            finally:
                spent[stage] += time.thread_time() - started

        return watched

    for stage, ways in STAGES.items():
        for owner, name in ways:
            setattr(owner, name, timed(stage, getattr(owner, name)))
    try:
        yield
    finally:
        for owner, name, call in usual:
            setattr(owner, name, call)


def _say(name: str, parts: Sequence[Mapping[str, float]]) -> None:
    say(f"  {name}")
    for part in ("clock", "processor", *STAGES):
        p50, p95 = np.quantile([1000 * one[part] for one in parts], (0.5, 0.95))
        say(f"    {part:<36} p50 {p50:7.1f} ms  p95 {p95:7.1f} ms")


def _ask(
    base: KnowledgeBase, every: Sequence[str], filters: Filters, spent: dict[str, float]
) -> tuple[list[list[str]], list[dict[str, float]]]:
    """The ids of the first ten hits of each question, and the seconds that each took, by part."""
    found, parts = [], []
    for question in every:
        spent.clear()
        clock, processor = time.perf_counter(), time.process_time()
        hits = base.search(Query(question, filters)).hits
        seconds = {"clock": time.perf_counter() - clock, "processor": time.process_time() - processor}
        parts.append({**dict.fromkeys(STAGES, 0.0), **spent, **seconds})
        found.append([hit.passage.id for hit in hits])
    return found, parts


def _compare(base: KnowledgeBase, every: Sequence[str], found: dict[str, list[list[str]]]) -> None:
    searcher = base._searcher
    with tempfile.TemporaryDirectory(prefix="kb-all-") as folder:
        # As many as there will ever be are compared one by one.
        searcher._keeper = IndexKeeper(base.store, Path(folder), waited_for=sys.maxsize, growth=Growth(sys.maxsize))
        for name, filters in WAYS.items():
            whole = _ask(base, every, filters, {})[0]
            shares = [
                len(set(own) & set(all_)) / len(all_) for own, all_ in zip(found[name], whole, strict=True) if all_
            ]
            same = sum(own == all_ for own, all_ in zip(found[name], whole, strict=True))
            say(f"  {name:<34} recall@10 {np.mean(shares):.4f}, {same} of {len(every)} the same ten in the same order")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
