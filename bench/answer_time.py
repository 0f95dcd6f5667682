"""How long an answer takes beside its search, over ten thousand passages.

    python -m bench.answer_time [--passages 10000] [--questions 87] [--base FOLDER] [--profile]

Makes a base of the bundled samples, ingested with the real model, and repeats it: each copy has every fifth word
exchanged for another of its length, and the real vectors of its original moved a little at random, so that no copy is
a reprint. Then asks the bundled questions of both languages and prints p50 and p95 of search, of answer, and of their
ratio. Wants an otherwise idle machine; making the base takes some minutes, ``--base`` keeps or takes it.
"""

from __future__ import annotations

import argparse
import cProfile
import hashlib
import json
import pstats
import random
import re
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from pathlib import Path

import numpy as np

from api.cli.wiring import Wiring
from api.service.knowledge_base import KnowledgeBase
from api.settings import Settings
from index.search import lexical
from ingest.sources.sources import find_sources
from kb.records.document import Document, Passage, content_id, document_id, passage_id
from kb.records.ports import FloatArray, PassageVectors
from kb.records.search import Filters, Query, StatisticQuery
from kb.records.statistic import Statistic
from kb.store import Entry, PassageIndexing, Store
from kb.store.base import DATABASE

ROOT = Path(__file__).parents[1]
_WORD = re.compile(r"[^\W\d_]{4,}")
_EVERY = 5
# About the distance between two sentences of one article that say the same.
_MOVED = 0.02


@dataclass(frozen=True, slots=True)
class Original:
    """An ingested document with all that a copy of it needs."""

    document: Document
    passages: tuple[Passage, ...]
    vectors: tuple[PassageVectors, ...]
    statistics: tuple[Statistic, ...]


def make_base(wiring: Wiring, passages: int) -> None:
    """Ingest the samples and repeat them until there are at least so many passages."""
    wiring.pipeline(create=True).run(find_sources([ROOT / "samples" / "articles"]))
    store = wiring.store()
    originals = [_original(store, document) for document in store.documents()]
    chance = random.Random(20_261_122)  # noqa: S311 - words and noise, not a secret
    words = _by_length([one.document.text for one in originals])
    for number in count(1):
        for one in originals:
            if store.counts()["passages"] >= passages:
                return
            store.add(*_copy(one, number, words, chance))


def _original(store: Store, document: Document) -> Original:
    homes = store.homes_of([passage.id for passage in store.passages_of(document.id)])
    passages = tuple(store.passages_of(document.id))
    keys = [homes[passage.id][0] for passage in passages]
    tokens = store.token_blobs(keys)
    vectors = tuple(
        PassageVectors(vector, store.sentence_vectors(key), tokens.get(key, b""))
        for key, vector in zip(keys, store.vectors(keys), strict=True)
    )
    statistics = tuple(store.statistics(StatisticQuery(), passages=[passage.id for passage in passages]))
    return Original(document, passages, vectors, statistics)


def _by_length(texts: Sequence[str]) -> dict[int, list[str]]:
    found: dict[int, set[str]] = {}
    for text in texts:
        for word in _WORD.findall(text):
            found.setdefault(len(word), set()).add(word.lower())
    return {length: sorted(words) for length, words in found.items()}


def _copy(one: Original, number: int, words: dict[int, list[str]], chance: random.Random) -> tuple[Entry, bytes]:
    """The document with other words at the same places; what is inside a figure stays as it is."""
    kept = [statistic.span for statistic in one.statistics]
    letters = list(one.document.text)
    for position, match in enumerate(_WORD.finditer(one.document.text)):
        if position % _EVERY == number % _EVERY and not any(
            span.start < match.end() and match.start() < span.end for span in kept
        ):
            letters[match.start() : match.end()] = chance.choice(words[len(match[0])])
    text = "".join(letters)
    original = f"{number}\n{text}".encode()
    sha256 = hashlib.sha256(original).hexdigest()
    name = f"copy-{number:03}/{one.document.source_id}"
    document = replace(
        one.document, id=document_id(sha256), sha256=sha256, source_id=name, text=text, duplicate_of=None,
        translation_of=None, version=1,
    )  # fmt: skip
    passages = [_passage(passage, document) for passage in one.passages]
    ids = {old.id: new.id for old, new in zip(one.passages, passages, strict=True)}
    indexing = tuple(
        PassageIndexing(
            replace(made, passage=_moved(made.passage, chance)),
            lexical.plain(passage.text),
            lexical.analyse(passage.text, passage.language),
        )
        for passage, made in zip(passages, one.vectors, strict=True)
    )
    statistics = tuple(
        replace(
            statistic,
            id=content_id("s", document.id, statistic.id),
            passage_id=ids[statistic.passage_id],
            quote=statistic.quote_span.cut(text),
        )
        for statistic in one.statistics
    )
    return Entry(document, tuple(passages), indexing, statistics, "bench"), original


def _passage(passage: Passage, document: Document) -> Passage:
    text = passage.span.cut(document.text)
    made = passage_id(document.id, passage.span, text)
    return replace(passage, id=made, document_id=document.id, text=text)


def _moved(vector: FloatArray, chance: random.Random) -> FloatArray:
    noise = np.random.default_rng(chance.getrandbits(32)).normal(0, _MOVED, len(vector)).astype(np.float32)
    moved = vector + noise
    return np.asarray(moved / np.linalg.norm(moved), np.float32)


def questions() -> list[str]:
    """The bundled questions of both languages."""
    lines = (ROOT / "tests" / "samples" / "answer_questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [row["question"] for row in map(json.loads, lines) if "question" in row]


def measure(searched: KnowledgeBase, answered: KnowledgeBase, asked: Sequence[str]) -> list[tuple[float, float]]:
    """Seconds of search and of answer for each question, in turns which of them is first.

    Each has its own parts over the same base: questions are remembered, and neither may profit from the other.
    """
    for base in (searched, answered):
        base.answer("What is effort?", None, Filters())
        base.search(Query("esfuerzo"))
    rows = []
    for number, question in enumerate(asked):
        work: list[Callable[[], object]] = [
            partial(searched.search, Query(question)),
            partial(answered.answer, question, None, Filters()),
        ]
        order = (0, 1) if number % 2 else (1, 0)
        seconds = {place: _seconds(work[place]) for place in order}
        rows.append((seconds[0], seconds[1]))
    return rows


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def main() -> None:
    """Make or take a base, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--passages", type=int, default=10_000)
    parser.add_argument("--questions", type=int, default=87)
    parser.add_argument("--base", type=Path)
    parser.add_argument("--profile", action="store_true", help="also print where answers spend their time")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        wiring = Wiring(Settings(), asked.base or Path(folder) / "base")
        if not (wiring.base / DATABASE).exists():
            make_base(wiring, asked.passages)
        base = wiring.knowledge_base()
        say(f"{base.records.counts()['passages']} passages: the samples, repeated with changed words and moved vectors")
        rows = np.array(
            measure(wiring.knowledge_base(), base, questions()[:: max(1, len(questions()) // asked.questions)])
        )
        for name, values in (("search", 1000 * rows[:, 0]), ("answer", 1000 * rows[:, 1])):
            say(f"{name}  p50 {np.percentile(values, 50):6.1f} ms   p95 {np.percentile(values, 95):6.1f} ms")
        ratios = rows[:, 1] / rows[:, 0]
        whole = rows[:, 1].sum() / rows[:, 0].sum()
        say(f"answer / search  p50 {np.percentile(ratios, 50):.2f}   p95 {np.percentile(ratios, 95):.2f}   "
            f"all together {whole:.2f}")  # fmt: skip
        if asked.profile:
            _profile(base)


def say(line: str) -> None:
    """A line of the result, at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _profile(base: KnowledgeBase) -> None:
    profile = cProfile.Profile()
    for question in questions()[:30]:
        profile.runcall(base.answer, question, None, Filters())
    pstats.Stats(profile, stream=sys.stdout).sort_stats("cumulative").print_stats(40)


if __name__ == "__main__":
    main()
