"""Search of a large base through the whole product: p50 and p95, and how much of it comparing all would have found.

    python -m bench.large_search BASE [--questions 87] [--without-recall]

Asks the bundled questions of both languages in one process, without a filter, for two years, and for one language and
topic. Each is then asked of the same base with every vector compared in place of codes: recall@10 is the share of its
first ten hits that are among the product's.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # without stubs

from api.cli.wiring import Wiring
from api.service.knowledge_base import KnowledgeBase
from api.settings import Settings
from bench.answer_time import questions
from bench.output import machine, say
from index.vectors.growing import Growth
from index.vectors.sync import IndexKeeper
from kb.records.language import Language
from kb.records.search import Filters, Query
from kb.records.topics import Topic

WAYS = {
    "no filter": Filters(),
    "two years": Filters(year_from=2019, year_to=2020),
    "Spanish, empathy": Filters(languages=frozenset({Language.ES}), topics=frozenset({Topic.EMPATHY})),
}


def main(argv: list[str]) -> int:
    """Ask, compare, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("base", type=Path)
    parser.add_argument("--questions", type=int, default=87)
    parser.add_argument("--without-recall", action="store_true")
    asked = parser.parse_args(argv)
    # As the program has it: a second thread of BLAS waits at full speed for its turn (tokens took 70 ms in place of 3).
    with threadpool_limits(1, "blas"):
        _measure(asked.base, asked.questions, with_recall=not asked.without_recall)
    return 0


def _measure(folder: Path, count: int, *, with_recall: bool) -> None:
    every = questions()[:: max(1, len(questions()) // count)][:count]
    base = Wiring(Settings(), folder).knowledge_base(serving=True)
    base.warm_up()
    say(f"{base.records.counts()['passages']:,} passages, {len(every)} questions; {machine()}")
    found = {}
    for name, filters in WAYS.items():
        _ask(base, every[:1], filters)  # what a filter leaves is listed once
        found[name], seconds = _ask(base, every, filters)
        _say(name, seconds)
        _say(f"{name}, the same again", _ask(base, every, filters)[1])
    if with_recall:
        _compare(base, every, found)


def _say(name: str, seconds: Sequence[float]) -> None:
    p50, p95 = np.quantile([1000 * one for one in seconds], (0.5, 0.95))
    say(f"  {name:<34} p50 {p50:7.1f} ms  p95 {p95:7.1f} ms")


def _ask(base: KnowledgeBase, every: Sequence[str], filters: Filters) -> tuple[list[list[str]], list[float]]:
    """The ids of the first ten hits of each question, and the seconds that each took."""
    found, seconds = [], []
    for question in every:
        started = time.perf_counter()
        hits = base.search(Query(question, filters)).hits
        seconds.append(time.perf_counter() - started)
        found.append([hit.passage.id for hit in hits])
    return found, seconds


def _compare(base: KnowledgeBase, every: Sequence[str], found: dict[str, list[list[str]]]) -> None:
    searcher = base._searcher
    with tempfile.TemporaryDirectory(prefix="kb-all-") as folder:
        # As many as there will ever be are compared one by one.
        searcher._keeper = IndexKeeper(base.store, Path(folder), waited_for=sys.maxsize, growth=Growth(sys.maxsize))
        for name, filters in WAYS.items():
            whole = _ask(base, every, filters)[0]
            shares = [
                len(set(own) & set(all_)) / len(all_) for own, all_ in zip(found[name], whole, strict=True) if all_
            ]
            same = sum(own == all_ for own, all_ in zip(found[name], whole, strict=True))
            say(f"  {name:<34} recall@10 {np.mean(shares):.4f}, {same} of {len(every)} the same ten in the same order")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
